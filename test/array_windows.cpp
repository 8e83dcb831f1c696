// SPDX-License-Identifier: BSL-1.0
// Convolutions and pools of random shapes with random options, and their derivatives, against loops over
// every index.
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <limits>
#include <random>
#include <typegrad/convolution.hpp>
#include <vector>

namespace {

/// What a seed stands for.
struct sizes {
  int rows = 1, groups = 1, in = 1, out = 1;  // channels of a group
  int length[2]{}, size[2]{}, stride[2]{}, dilation[2]{}, before[2]{}, after[2]{};

  constexpr explicit sizes(unsigned seed) {
    const auto choose = [&](int least, int most) {
      seed = seed * 1664525u + 1013904223u;
      return least + static_cast<int>((seed >> 16) % static_cast<unsigned>(most - least + 1));
    };
    rows = choose(0, 3), groups = choose(1, 3), in = choose(1, 3), out = choose(1, 5);
    for (int k = 0; k < 2; ++k) {
      size[k] = choose(1, 4), stride[k] = choose(1, 3), dilation[k] = choose(1, 2);
      before[k] = choose(0, 2), after[k] = choose(0, 2);
      length[k] = choose(0, seed % 3 == 0 ? 40 : 9) + (size[k] - 1) * dilation[k] + 1 - before[k] - after[k];
      if (length[k] < 1) length[k] = 1;
    }
  }
  constexpr int places(int k) const {
    return (length[k] + before[k] + after[k] - dilation[k] * (size[k] - 1) - 1) / stride[k] + 1;
  }
};

/// For every product of a convolution its place in the result, in x and in the weights.
template <class Use>
void every_product(const sizes& s, Use use) {
  for (int n = 0; n < s.rows; ++n)
    for (int g = 0; g < s.groups; ++g)
      for (int o = 0; o < s.out; ++o)
        for (int c = 0; c < s.in; ++c)
          for (int p = 0; p < s.places(0); ++p)
            for (int q = 0; q < s.places(1); ++q)
              for (int i = 0; i < s.size[0]; ++i)
                for (int j = 0; j < s.size[1]; ++j) {
                  const int u = p * s.stride[0] + i * s.dilation[0] - s.before[0],
                            v = q * s.stride[1] + j * s.dilation[1] - s.before[1];
                  if (u < 0 || v < 0 || u >= s.length[0] || v >= s.length[1]) continue;
                  const auto at = [](std::initializer_list<int> index_and_extents) {
                    std::size_t place = 0;
                    for (auto each = index_and_extents.begin(); each != index_and_extents.end(); each += 2)
                      place = place * static_cast<std::size_t>(each[1]) + static_cast<std::size_t>(each[0]);
                    return place;
                  };
                  use(at({n, 1, g, s.groups, o, s.out, p, s.places(0), q, s.places(1)}),
                      at({n, 1, g, s.groups, c, s.in, u, s.length[0], v, s.length[1]}),
                      at({g, 1, o, s.out, c, s.in, i, s.size[0], j, s.size[1]}));
                }
}

template <unsigned Seed, class T>
void check() {
  constexpr sizes s(Seed);
  constexpr auto x = tg::array<"x", tg::rows, s.groups * s.in, s.length[0], s.length[1]>;
  constexpr auto w = tg::array<"w", s.groups * s.out, s.in, s.size[0], s.size[1]>;
  constexpr auto weight = tg::array<"weight", tg::rows, s.groups * s.out, s.places(0), s.places(1)>;
  constexpr auto y =
      conv2d(x, w, tg::stride<s.stride[0], s.stride[1]>, tg::dilation<s.dilation[0], s.dilation[1]>,
             tg::padding<s.before[0], s.after[0], s.before[1], s.after[1]>, tg::groups<s.groups>);
  constexpr auto fn =
      tg::function(tg::inputs(x, w, weight), tg::outputs(y, tg::vjp(y, tg::weights(weight), x, w)));

  constexpr auto product = [](auto... factors) { return (static_cast<std::size_t>(factors) * ...); };
  std::vector<T> X(product(s.rows, s.groups, s.in, s.length[0], s.length[1])),
      W(product(s.groups, s.out, s.in, s.size[0], s.size[1])),
      V(product(s.rows, s.groups, s.out, s.places(0), s.places(1))), Y(V.size()), X1(X.size()), W1(W.size());
  std::mt19937 random(Seed);
  for (auto* each : {&X, &W, &V})
    for (T& number : *each) number = static_cast<T>(random() % 33) / 16 - 1;  // sums of products are exact
  std::vector<T> Y2(Y.size()), X2(X.size()), W2(W.size()), space(fn.template workspace<T>(s.rows));
  fn(X, W, V, Y, X1, W1, space);
  every_product(s, [&](std::size_t to, std::size_t from, std::size_t by) {
    Y2[to] += X[from] * W[by], X2[from] += V[to] * W[by], W2[by] += V[to] * X[from];
  });
  BOOST_TEST(Y == Y2, "seed " << Seed);
  BOOST_TEST(X1 == X2, "seed " << Seed);
  BOOST_TEST(W1 == W2, "seed " << Seed);
}

/// max_pool of few different numbers, so that many are equal, its adjoint and its tangent.
template <unsigned Seed, class T>
void check_pool() {
  constexpr sizes s(Seed * 77 + 5);
  constexpr int before[] = {s.before[0] * 2 > s.size[0] ? 0 : s.before[0],
                            s.before[1] * 2 > s.size[1] ? 0 : s.before[1]};
  constexpr auto places = [=](int k) {
    return (s.length[k] + s.after[k] + before[k] - s.dilation[k] * (s.size[k] - 1) - 1) / s.stride[k] + 1;
  };
  if constexpr (places(0) > 0 && places(1) > 0 &&
                s.length[0] + before[0] + s.after[0] > s.dilation[0] * (s.size[0] - 1) &&
                s.length[1] + before[1] + s.after[1] > s.dilation[1] * (s.size[1] - 1)) {
    constexpr int P = places(0), Q = places(1), L = s.length[0], M = s.length[1];
    constexpr auto x = tg::array<"x", tg::rows, L, M>;
    constexpr auto dx = tg::array<"dx", tg::rows, L, M>;
    constexpr auto weight = tg::array<"weight", tg::rows, P, Q>;
    constexpr auto y = tg::max_pool<s.size[0], s.size[1]>(
        x, tg::stride<s.stride[0], s.stride[1]>, tg::dilation<s.dilation[0], s.dilation[1]>,
        tg::padding<before[0], s.after[0], before[1], s.after[1]>);
    constexpr auto fn =
        tg::function(tg::inputs(x, dx, weight),
                     tg::outputs(y, tg::vjp(y, tg::weights(weight), x), tg::jvp(y, tg::along(x = dx))));
    const auto rows = static_cast<std::size_t>(s.rows);
    std::vector<T> X(rows * L * M), D(X.size()), V(rows * P * Q), Y(V.size()), X1(X.size()), Y1(V.size());
    std::mt19937 random(Seed);
    for (auto* each : {&X, &D, &V})
      for (T& number : *each) number = static_cast<T>(random() % (each == &X ? 5 : 100));
    std::vector<T> Y2(Y.size()), X2(X.size()), Y3(Y.size()), space(fn.template workspace<T>(s.rows));
    fn(X, D, V, Y, X1, Y1, space);
    for (std::size_t n = 0; n < rows; ++n)
      for (int p = 0; p < P; ++p)
        for (int q = 0; q < Q; ++q) {
          const std::size_t to = (n * P + static_cast<std::size_t>(p)) * Q + static_cast<std::size_t>(q);
          std::size_t first = X.size();
          for (int i = 0; i < s.size[0]; ++i)
            for (int j = 0; j < s.size[1]; ++j) {
              const int u = p * s.stride[0] + i * s.dilation[0] - before[0],
                        v = q * s.stride[1] + j * s.dilation[1] - before[1];
              if (u < 0 || v < 0 || u >= L || v >= M) continue;
              const std::size_t at = (n * L + static_cast<std::size_t>(u)) * M + static_cast<std::size_t>(v);
              if (first == X.size() || X[at] > X[first]) first = at;
            }
          Y2[to] = first == X.size() ? -std::numeric_limits<T>::infinity() : X[first];
          if (first == X.size()) continue;
          Y3[to] = D[first], X2[first] += V[to];
        }
    BOOST_TEST(Y == Y2, "seed " << Seed);
    BOOST_TEST(X1 == X2, "seed " << Seed);
    BOOST_TEST(Y1 == Y3, "seed " << Seed);
  }
}

template <class T, std::size_t... Seed>
void check_pools(std::index_sequence<Seed...>) {
  (check_pool<Seed, T>(), ...);
}
template <class T, std::size_t... Seed>
void check_all(std::index_sequence<Seed...>) {
  (check<Seed, T>(), ...);
}

}  // namespace

BOOST_AUTO_TEST_CASE(convolutions_of_random_shapes) {
  check_all<float>(std::make_index_sequence<16>{});
  check_all<double>(std::make_index_sequence<16>{});
  check_all<long double>(std::make_index_sequence<3>{});
}
BOOST_AUTO_TEST_CASE(pools_of_random_shapes) {
  check_pools<float>(std::make_index_sequence<16>{});
  check_pools<double>(std::make_index_sequence<16>{});
  check_pools<long double>(std::make_index_sequence<3>{});
}
/// Weights that algebra makes smaller keep the channels and groups that they stand for.
BOOST_AUTO_TEST_CASE(weights_that_are_all_alike) {
  constexpr auto x = tg::array<"x", 2, 4, 9>;
  constexpr auto k = tg::symbol<"k">;
  constexpr auto w = tg::array<"w", 6, 2, 3>;
  constexpr auto alike = conv1d(x, tg::broadcast<6, 2, 3>(k), tg::groups<2>);
  static_assert(tg::shape_of(alike) == tg::extents<2, 6, 7>{});
  std::vector<double> data(72), of_alike(84), of_weights(84);
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<double>(i * i % 17);
  tg::bound<double>(tg::function(tg::inputs(x, k), tg::outputs(alike)))(data, 0.5, of_alike);
  tg::bound<double>(tg::function(tg::inputs(x, w), tg::outputs(conv1d(x, w, tg::groups<2>))))(
      data, std::vector<double>(36, 0.5), of_weights);
  BOOST_TEST(of_alike == of_weights, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(text) {
  constexpr auto s = tg::array<"s", tg::rows, 7>;
  constexpr auto k = tg::array<"k", 2, 3>;
  const auto row = [](const auto& f, const char* infix) { BOOST_TEST(tg::to_string(f).view() == infix); };
  row(tg::window<1, 3>(s), "window<1, 3>(s)");
  row(tg::window<1, 2>(s, tg::stride<2>, tg::dilation<3>), "window<1, 2>(s, stride<2>, dilation<3>)");
  row(tg::fold<0, 6>(k, tg::stride<3>), "reshape(k, (6))");
  row(tg::fold<0, 5>(k, tg::stride<2>), "fold<0, 5>(k, stride<2>)");
  row(tg::gradient(sum(tg::window<1, 3>(s) * tg::window<1, 3>(s)), s), "2*fold<1, 7>(window<1, 3>(s))");
  row(tg::mean_pool<3>(s, tg::stride<1>), "sum<2>(window<1, 3>(s))/3");
  row(tg::max_pool<2>(s, tg::stride<1>), "first_max<2>(window<1, 2>(s))");
  BOOST_TEST(tg::to_latex(tg::window<1, 2>(s, tg::stride<2>)).view() ==
             "\\operatorname{window}_{1, 2}\\left(s, \\operatorname{stride}_{2}\\right)");
}

BOOST_AUTO_TEST_CASE(costs) {
  constexpr auto s = tg::array<"s", 10, 7>;
  constexpr auto of = [](const auto& f) {
    return tg::cost(tg::function(tg::inputs(tg::array<"s", 10, 7>), tg::outputs(f)));
  };
  static_assert(of(tg::sum<2>(tg::window<1, 3>(s))).additions == 10 * 5 * 3);
  static_assert(of(tg::max_pool<3>(s)).other == 10 * 2 * 3 && of(tg::max_pool<3>(s)).written == 20);
  static_assert(of(tg::fold<0, 10>(tg::window<0, 2>(s))).additions == 9 * 2 * 7);
}
