// SPDX-License-Identifier: BSL-1.0
// Models: their formulas are those that one would write with symbols, their parameters have names, shapes and
// first values.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <string>
#include <string_view>
#include <typegrad/model.hpp>
#include <vector>

using namespace tg::literals;
using tg::rows;

namespace {

constexpr auto x = tg::array<"x", rows, 6>;
constexpr auto signal = tg::array<"signal", rows, 4, 9>;
constexpr auto image = tg::array<"image", rows, 2, 6, 5>;
constexpr auto words = tg::index<"words", rows, 7>;

constexpr auto two_layers =
    tg::model([](auto& net, auto in) { return dense<3>(net, tanh(dense<8>(net, in, "hidden")), "out"); });

/// A block of its own, as a user would write it.
constexpr auto block = [](auto&& net, auto in) {
  return in + dense<6>(net, relu(in), "inner", {.bias = false});
};
constexpr auto nested = tg::model([](auto& net, auto in) {
  auto first = net.part("first"), second = net.part("second");
  return layer_norm(net, block(second, block(first.part("deep"), in)), "norm");
});
constexpr auto tied = tg::model([](auto& net, auto in) {
  auto again = net.shared();
  return dense<6>(again, tanh(dense<6>(again, in, "one")), "one");
});
constexpr auto dropping = tg::model([](auto& net, auto in) {
  return dense<2>(net, dropout(net, dropout(net, in, 0.25, "first"), 0.5, "second"), "out");
});

template <class Parameters>
std::string names_of(const Parameters& all) {
  std::string names;
  for (const auto& part : all.parts) {
    names += std::string(part.name) + "(";
    for (std::size_t extent : part.shape()) names += std::to_string(extent) + ",";
    names.back() = ')', names += ' ';
  }
  return names;
}

struct moments {
  explicit moments(const std::vector<double>& all) {
    for (double each : all)
      mean += each / static_cast<double>(all.size()), largest = std::fmax(largest, std::fabs(each));
    for (double each : all) deviation += (each - mean) * (each - mean) / static_cast<double>(all.size());
    deviation = std::sqrt(deviation);
  }
  double mean = 0, deviation = 0, largest = 0;
};
std::vector<double> filled(const tg::initial_rule& rule, std::size_t count, std::size_t rows_of = 1,
                           const char* name = "w") {
  std::vector<double> all(count);
  tg::detail::fill(std::span{all}, rule, rows_of, 7, name);
  return all;
}

}  // namespace

BOOST_AUTO_TEST_CASE(formulas_are_those_of_symbols) {
  constexpr auto w1 = tg::array<"hidden.weight", 8, 6>;
  constexpr auto b1 = tg::array<"hidden.bias", 8>;
  constexpr auto w2 = tg::array<"out.weight", 3, 8>;
  constexpr auto b2 = tg::array<"out.bias", 3>;
  static_assert(two_layers(x) == matmul(tanh(matmul(x, transpose(w1)) + b1), transpose(w2)) + b2);
  static_assert(std::is_same_v<decltype(two_layers.parameters(x)),
                               std::remove_const_t<decltype(tg::parameters(w1, b1, w2, b2))>>);
  static_assert(two_layers(sin(x)) == tg::substitute(two_layers(x), x = sin(x)));

  constexpr auto v1 = tg::array<"first.deep.inner.weight", 6, 6>;
  constexpr auto v2 = tg::array<"second.inner.weight", 6, 6>;
  constexpr auto scale = tg::array<"norm.weight", 6>;
  constexpr auto shift = tg::array<"norm.bias", 6>;
  constexpr auto once = x + matmul(relu(x), transpose(v1));
  static_assert(nested(x) == tg::layer_norm<-1>(once + matmul(relu(once), transpose(v2))) * scale + shift);

  constexpr auto w = tg::array<"one.weight", 6, 6>;
  constexpr auto b = tg::array<"one.bias", 6>;
  static_assert(tied(x) == matmul(tanh(matmul(x, transpose(w)) + b), transpose(w)) + b);
  static_assert(tied.parameters(x).size() == 42);

  constexpr auto conv =
      tg::model([](auto& net, auto in) { return conv1d<6, 3>(net, in, "c", tg::groups<2>, tg::stride<2>); });
  static_assert(conv(signal) == conv1d(signal, tg::array<"c.weight", 6, 2, 3>, tg::array<"c.bias", 6>,
                                       tg::groups<2>, tg::stride<2>));
  constexpr auto wide =
      tg::model([](auto& net, auto in) { return conv2d<5, 3, 2>(net, in, "c", tg::padding<1>); });
  static_assert(wide(image) ==
                conv2d(image, tg::array<"c.weight", 5, 2, 3, 2>, tg::array<"c.bias", 5>, tg::padding<1>));
  constexpr auto longer =
      tg::model([](auto& net, auto in) { return conv_transpose1d<3, 2>(net, in, "c", tg::stride<2>); });
  static_assert(longer(signal) == conv_transpose1d(signal, tg::array<"c.weight", 4, 3, 2>,
                                                   tg::array<"c.bias", 3>, tg::stride<2>));
  constexpr auto larger =
      tg::model([](auto& net, auto in) { return conv_transpose2d<4, 2, 3>(net, in, "c", tg::groups<2>); });
  static_assert(larger(image) == conv_transpose2d(image, tg::array<"c.weight", 2, 2, 2, 3>,
                                                  tg::array<"c.bias", 4>, tg::groups<2>));
  constexpr auto table = tg::model([](auto& net, auto i) { return embedding<20, 5>(net, i, "table"); });
  static_assert(table(words) == gather(tg::array<"table.weight", 20, 5>, words));
}
/// What has no parameters is a function of formulas, in models as elsewhere.
BOOST_AUTO_TEST_CASE(functions_without_parameters) {
  constexpr auto seen = tg::model([](auto&, auto in) {
    const auto half = tg::max_pool<2, 1>(tg::pad<-1, 1, 1>(in));
    return softmax<-1>(tg::mean<2>(tg::mean_pool<2, 2>(half, tg::stride<1>)));
  });
  constexpr auto half = tg::max_pool<2, 1>(tg::pad<-1, 1, 1>(image));
  static_assert(seen(image) == tg::softmax<-1>(tg::mean<2>(tg::mean_pool<2, 2>(half, tg::stride<1>))));
}
BOOST_AUTO_TEST_CASE(parameters_have_names_and_shapes) {
  BOOST_TEST(names_of(nested.parameters(x)) ==
             "first.deep.inner.weight(6,6) second.inner.weight(6,6) norm.weight(6) norm.bias(6) ");
  BOOST_TEST(names_of(dropping.parameters(x)) == "out.weight(2,6) out.bias(2) ");
}
BOOST_AUTO_TEST_CASE(dropout_is_for_training) {
  constexpr auto out = tg::model([](auto& net, auto in) { return dense<2>(net, in, "out"); });
  static_assert(dropping(x) == out(x));
  constexpr auto dropped = tg::dropout<"second">(tg::dropout<"first">(x, 0.25_c, tg::seed), 0.5_c, tg::seed);
  static_assert(dropping.training(x) == out(dropped));
}
BOOST_AUTO_TEST_CASE(states_change_by_training) {
  constexpr auto counting = tg::model([](auto& net, auto in) {
    auto again = net.shared();
    auto y = in;
    for (int k = 0; k < 2; ++k) {
      const auto before = again.state("total", {6}, tg::initial::constant(2));
      again.next_state("total", tanh(before) + tg::sum<0>(in));
      y = y - before;
    }
    return dense<1>(net, y, "out") + net.state("kept", {1}, tg::initial::constant(3));
  });
  constexpr auto total = tg::array<"total", 6>;
  constexpr auto kept = tg::array<"kept", 1>;
  constexpr auto out = tg::model([](auto& net, auto in) { return dense<1>(net, in, "out"); });
  constexpr auto once = tanh(total) + tg::sum<0>(x);
  static_assert(counting(x) == out(x - 2_c * total) + kept);
  static_assert(counting.training(x) == out(x - total - once) + kept);
  static_assert(tg::get<0>(counting.next_states(x)) == tanh(once) + tg::sum<0>(x));
  static_assert(tg::get<1>(counting.next_states(x)) == kept);
  BOOST_TEST(names_of(counting.parameters(x)) == names_of(out.parameters(x)));
  BOOST_TEST(names_of(counting.states(x)) == "total(6) kept(1) ");
  std::vector<double> first(7);
  counting.initialise_states(first, x);
  BOOST_TEST(first == (std::vector<double>{2, 2, 2, 2, 2, 2, 3}));
}
BOOST_AUTO_TEST_CASE(first_values_of_layers) {
  constexpr auto theta = two_layers.parameters(x);
  std::vector<double> values(theta.size()), again(theta.size()), other(theta.size());
  two_layers.initialise(values, 3, x);
  two_layers.initialise(again, 3, x);
  two_layers.initialise(other, 4, x);
  BOOST_TEST(values == again);
  BOOST_TEST(values != other);
  for (const auto& part : theta.parts) {
    const double bound = 1 / std::sqrt(part.name.starts_with("hidden") ? 6.0 : 8.0);
    for (std::size_t k = part.first; k < part.first + part.size; ++k)
      BOOST_TEST(std::fabs(values[k]) < bound);
  }
  // A parameter begins alike in every model that has one of its name, and in float.
  constexpr auto one = tg::model([](auto& net, auto in) { return dense<8>(net, in, "hidden"); });
  std::vector<float> hidden(one.parameters(x).size());
  one.initialise(hidden, 3, x);
  for (std::size_t k = 0; k < hidden.size(); ++k) BOOST_TEST(std::fabs(hidden[k] - values[k]) < 1e-6);
}
/// The moments of 40,000 numbers: three standard errors are 1.5 % of a mean's deviation and 1.1 % of a
/// deviation.
BOOST_AUTO_TEST_CASE(first_values_by_rule) {
  namespace initial = tg::initial;
  const struct {
    tg::initial_rule rule;
    double deviation, largest;
  } table[] = {
      {initial::uniform(0.3), 0.3 / std::sqrt(3.0), 0.3},
      {initial::fan_in_uniform(16), 0.25 / std::sqrt(3.0), 0.25},
      {initial::normal(0.7), 0.7, 5},
      {initial::truncated_normal(0.02), 0.02 * 0.8796, 0.04},  // of a normal cut at two deviations
      {initial::kaiming_uniform(50), std::sqrt(2.0 / 50), std::sqrt(6.0 / 50)},
      {initial::kaiming_normal(50), std::sqrt(2.0 / 50), 2},
      {initial::xavier_uniform(30, 20), std::sqrt(2.0 / 50), std::sqrt(6.0 / 50)},
      {initial::xavier_normal(30, 20, 2), 2 * std::sqrt(2.0 / 50), 3},
  };
  for (const auto& row : table) {
    const moments of(filled(row.rule, 40000));
    BOOST_TEST(std::fabs(of.mean) < 0.015 * row.deviation);
    BOOST_TEST(std::fabs(of.deviation / row.deviation - 1) < 0.012);
    BOOST_TEST(of.largest <= row.largest);
    if (row.rule.kind != tg::initial_rule::normal) BOOST_TEST(of.largest > 0.995 * row.largest);
  }
  BOOST_TEST(filled(initial::constant(0.5), 3) == (std::vector{0.5, 0.5, 0.5}),
             boost::test_tools::per_element());
  BOOST_TEST(filled(initial::normal(1), 4, 1, "v") != filled(initial::normal(1), 4, 1, "w"));
}
BOOST_AUTO_TEST_CASE(orthogonal_first_values) {
  for (const auto& [m, n] : {std::pair<std::size_t, std::size_t>{3, 8}, {8, 3}, {40, 40}, {1, 5}, {5, 1}}) {
    const auto w = filled(tg::initial::orthogonal(1.5), m * n, m);
    const std::size_t lines = m < n ? m : n, length = m < n ? n : m;
    for (std::size_t i = 0; i < lines; ++i)
      for (std::size_t j = 0; j < lines; ++j) {
        double dot = 0;
        for (std::size_t k = 0; k < length; ++k)
          dot += m < n ? w[i * n + k] * w[j * n + k] : w[k * n + i] * w[k * n + j];
        BOOST_TEST(std::fabs(dot - (i == j ? 2.25 : 0)) < 1e-13);
      }
  }
}
