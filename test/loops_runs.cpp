// SPDX-License-Identifier: BSL-1.0
// Loops in loops, and calls of functions with loops: lengths of a call, no steps, other number types,
// threads, costs, and loops that are joined.
#include <typegrad/program/threads.hpp>
#include <typegrad/selection.hpp>

#include "loops.hpp"

using namespace loops;

namespace {

/// A loop in a loop, whose parameters are carried by the outer one.
struct nested {
  template <class L>
  constexpr auto operator()(L, auto x, auto s, auto m, auto v) const {
    const auto outer = [&](auto y, auto z) {
      const auto inner = [&](auto u, auto p) { return sin(u) * z + matmul(y, m) * sum(p) + v; };
      return L::iterate(inner, y, x);
    };
    return sum(sin(L::iterate(outer, s, x)));
  }
};

/// Loops over what other loops give, in a larger shape: as a sequence, also that of an adjoint, and as what
/// is carried at first.
struct in_a_row {
  template <class L>
  constexpr auto operator()(L, auto x, auto s, auto m, auto v) const {
    const auto cell = [&](auto y, auto z) { return sin(y) * z + matmul(y, m); };
    const auto row = L::iterate([&](auto y, auto z) { return y * v + tg::sum<0>(z); }, v, x);
    const auto all = L::scan(cell, L::iterate(cell, s, 2 * x), x);
    return sum(all * L::iterate(cell, s, x)) + sum(L::scan(cell, tg::broadcast<2, 3>(row), x));
  }
};

/// Loops that begin with one constant, which the first one's steps must leave as it is.
struct begins_with_zero {
  template <class L>
  constexpr auto operator()(L, auto x, auto s, auto m, auto v) const {
    const auto add = [&](auto y, auto p, auto z) {
      return tg::carry(y * v + z, p + tg::logsumexp(y * v + z));
    };
    const auto r = L::iterate(add, tg::carry(s, 0), x);
    return sum(matmul(r[0], m) * s) * r[1];
  }
};
/// Each step selects by what it carries.
struct selecting {
  template <class L>
  constexpr auto operator()(L, auto x, auto s, auto m, auto v) const {
    return sum(
        L::scan([&](auto y, auto z) { return z * sin(tg::gather(m, tg::argmax<1>(y)) + y * v); }, s, x));
  }
};

constexpr auto xs = tg::array<"xs", tg::extent<"time">, tg::rows, 3>;
constexpr auto cell = [](auto y, auto z) { return tanh(matmul(y, w) + z); };
constexpr auto h0 = tg::array<"h0", tg::rows, 3>;
constexpr auto all = tg::scan(cell, h0, xs);

}  // namespace

BOOST_AUTO_TEST_CASE(a_loop_in_a_loop) { check_first<nested, 2>(); }
BOOST_AUTO_TEST_CASE(loops_over_what_loops_give) { check_first<in_a_row, 2>(); }
BOOST_AUTO_TEST_CASE(loops_that_begin_with_a_constant) { check_first<begins_with_zero, 2>(); }
BOOST_AUTO_TEST_CASE(selections_in_a_loop) { check_first<selecting, 2>(); }

namespace {

std::vector<double> numbers(std::size_t n, double from) {
  std::vector<double> made(n);
  for (std::size_t k = 0; k < n; ++k) made[k] = std::sin(from + 3.0 * static_cast<double>(k));
  return made;
}
constexpr auto last = tg::iterate(cell, h0, xs);
constexpr auto loss = sum(last * last) + sum(all);
constexpr auto step =
    tg::function(tg::inputs(xs, h0, w), tg::outputs(loss, all, last, tg::gradient(loss, w)));

}  // namespace

BOOST_AUTO_TEST_CASE(any_number_of_steps) {
  // What is carried has room for what it begins with and for what the body makes of it.
  constexpr auto column = tg::array<"column", 3, 1>;
  constexpr auto lines = tg::array<"lines", 2, 1, 3>;
  static_assert(tg::shape_of(tg::iterate([](auto, auto z) { return sin(z); }, column, lines)) ==
                tg::extents<3, 3>{});
  static_assert(tg::shape_of(all) == tg::extents<tg::extent<"time">, tg::extent<"rows">, 3>{});
  static_assert(tg::shape_of(last) == tg::shape_of(h0));
  auto run = tg::bound<double>(step);
  const std::vector<double> begin = numbers(6, 1), weights = numbers(9, 2);
  for (const std::size_t time : {0u, 1u, 2u, 7u}) {
    const std::vector<double> x = numbers(6 * time, 5);
    std::vector<double> states(6 * time), end(6), slope(9), state = begin;
    const double value =
        run(tg::shaped(x, static_cast<std::ptrdiff_t>(time), 2, 3), begin, weights, states, end, slope);
    double expected = 0;
    for (std::size_t t = 0; t < time; ++t) {
      const std::vector<double> before = state;
      for (std::size_t row = 0; row < 2; ++row)
        for (std::size_t k = 0; k < 3; ++k) {
          double at = x[(2 * t + row) * 3 + k];
          for (std::size_t j = 0; j < 3; ++j) at += before[row * 3 + j] * weights[j * 3 + k];
          state[row * 3 + k] = std::tanh(at);
          expected += state[row * 3 + k];
          BOOST_TEST(std::abs(states[(2 * t + row) * 3 + k] - state[row * 3 + k]) < 1e-14);
        }
    }
    for (std::size_t k = 0; k < 6; ++k) {
      expected += state[k] * state[k];
      BOOST_TEST(std::abs(end[k] - state[k]) < 1e-14);
    }
    BOOST_TEST(std::abs(value - expected) < 1e-13);
    if (time == 0)
      for (double v : slope) BOOST_TEST(v == 0);
  }
}

BOOST_AUTO_TEST_CASE(threads_give_the_same_bits) {
  auto run = tg::bound<float>(step);
  std::vector<float> x(40 * 300), begin(300), weights(9), states[2], end[2], slope[2];
  for (std::size_t k = 0; k < x.size(); ++k) x[k] = std::sin(static_cast<float>(k));
  for (std::size_t k = 0; k < 9; ++k) weights[k] = std::cos(static_cast<float>(k));
  for (std::size_t k : {0u, 1u}) states[k].resize(x.size()), end[k].resize(300), slope[k].resize(9);
  const float alone = run(tg::shaped(x, 40, 100, 3), begin, weights, states[0], end[0], slope[0]);
  const float both =
      run(tg::shaped(x, 40, 100, 3), begin, weights, states[1], end[1], slope[1], tg::threads(3));
  BOOST_TEST(alone == both);
  BOOST_TEST((states[0] == states[1] && end[0] == end[1] && slope[0] == slope[1]));
}

BOOST_AUTO_TEST_CASE(a_loop_is_one_in_a_function) {
  // Value, states and gradient: one loop forward, one backward; each runs its steps once.
  constexpr auto forward = tg::function(tg::inputs(xs, h0, w), tg::outputs(loss, all, last));
  constexpr auto ten = tg::cost(forward, 10, 4), twenty = tg::cost(forward, 20, 4);
  static_assert(ten.transcendental == 10 * 4 * 3);
  static_assert(twenty.transcendental == 20 * 4 * 3);
  static_assert(ten.kernels == twenty.kernels);
  static_assert(tg::cost(step, 10, 4).transcendental <= 3 * ten.transcendental);
  // As many steps whatever their number: the code of 10 and of 1000 is that of one.
  constexpr auto fixed = []<int Steps>(std::integral_constant<int, Steps>) {
    constexpr auto seq = tg::array<"xs", Steps, 3>;
    return decltype(tg::function(
        tg::inputs(seq, h, w),
        tg::outputs(tg::gradient(sum(tg::scan(cell, h, tg::reshape<Steps, 1, 3>(seq))), w))))::steps();
  };
  static_assert(fixed(std::integral_constant<int, 10>{}) == fixed(std::integral_constant<int, 1000>{}));
}

BOOST_AUTO_TEST_CASE(layers_are_repeated) {
  constexpr auto ws = tg::array<"ws", 3, 3, 3>;
  constexpr auto layer = [](auto y, auto m) { return tanh(matmul(y, m)); };
  constexpr auto deep = tg::function(tg::inputs(h, ws), tg::outputs(sum(tg::repeat<3>(layer, h, ws))));
  constexpr auto by_hand = tg::trace(h, ws, [](auto y, auto all_of_them) {
    y = tanh(matmul(y, sum<0>(tg::slice<0, 0, 1>(all_of_them))));
    y = tanh(matmul(y, sum<0>(tg::slice<0, 1, 2>(all_of_them))));
    return sum(tanh(matmul(y, sum<0>(tg::slice<0, 2, 3>(all_of_them)))));
  });
  const std::vector<double> x = numbers(6, 1), weights = numbers(27, 4);
  const double value = tg::bound<double>(deep)(x, weights);
  const double expected =
      tg::bound<double>(tg::function(tg::inputs(h, ws), tg::outputs(by_hand)))(x, weights);
  BOOST_TEST(std::abs(value - expected) < 1e-14);
}
