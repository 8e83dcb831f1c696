// SPDX-License-Identifier: BSL-1.0
// Quotients of exponentials and their derivatives to third order (lower/scale_exponentials.hpp), over the
// whole range of their arguments: the worst error of the program, which is at most 6 units, and that of the
// formula as it is written; and what the program costs.
#include <algorithm>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <string_view>
#include <typegrad/typegrad.hpp>
#include <utility>
#include <vector>

namespace {

using namespace tg::literals;

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
constexpr auto z = tg::symbol<"z">;

/// Enough digits for 1 - 1 + e^-740, as the derivatives are written.
using wide =
    boost::multiprecision::number<boost::multiprecision::cpp_bin_float<420>, boost::multiprecision::et_off>;

/// A formula evaluated node by node, as it is written.
template <class T, class F>
T as_written(const F&, const T (&at)[3]) {
  using std::exp;
  constexpr auto graph = [] {
    tg::detail::builder b;
    tg::detail::buffer<int> root;
    F::load(b, root);
    return tg::detail::pack<F::size() + 8, 4 * F::size() + 8, 1>(b, root);
  }();
  std::vector<T> value(static_cast<std::size_t>(graph.nodes));
  for (int i = 0; i < graph.nodes; ++i) {
    const auto operand = [&](int k) { return value[static_cast<std::size_t>(graph.arg(i, k))]; };
    T v = 0;
    switch (graph.op[i]->what) {
      case tg::detail::kind::constant:
        v = T(graph.value(i).n) / T(graph.value(i).d);
        break;
      case tg::detail::kind::variable:
        v = at[graph.op[i]->name[0] - 'x'];
        break;
      case tg::detail::kind::add:
        for (int k = 0; k < graph.count[i]; ++k) v += operand(k);
        break;
      case tg::detail::kind::multiply:
        v = 1;
        for (int k = 0; k < graph.count[i]; ++k) v *= operand(k);
        break;
      case tg::detail::kind::divide:
        v = operand(0) / operand(1);
        break;
      case tg::detail::kind::negate:
        v = -operand(0);
        break;
      case tg::detail::kind::power:
        v = 1;
        for (int k = 0; k < graph.value(graph.arg(i, 1)).n; ++k) v *= operand(0);
        break;
      default:
        BOOST_REQUIRE(graph.op[i]->name == "exp");
        v = exp(operand(0));
    }
    value[static_cast<std::size_t>(i)] = v;
  }
  return value[static_cast<std::size_t>(graph.root[0])];
}

/// The error in units of epsilon (|truth| + condition), where the condition is what one unit in the last
/// place of the arguments would change: no program can be asked for more.
template <class F>
struct answer {
  wide truth, unit;
  answer(const F& formula, const wide (&at)[3]) : truth{as_written(formula, at)}, unit{abs(truth)} {
    const wide step = wide(1e-60);
    for (int k = 0; k < 3; ++k) {
      wide moved[3] = {at[0], at[1], at[2]};
      moved[k] *= 1 + step;
      unit += abs(as_written(formula, moved) - truth) / step;
    }
    unit *= std::numeric_limits<double>::epsilon();
  }
  double error(double found) const {
    return std::isfinite(found) ? static_cast<double>(wide(abs(wide(found) - truth) / unit)) : 1e300;
  }
};

/// What is known of a derivative: `before` is at most the worst error of the formula as it is written, and
/// `price` is the weight of the program by itself minus that of the formula.
struct row {
  double before;
  int price;
};

/// The worst error of the program, alone and together with the function and its other derivatives.
template <int order, class F, class Joint>
void sweep(std::string_view name, const F& formula, const Joint& joint, const row& known) {
  const auto alone = tg::function(tg::inputs(x, y, z), tg::outputs(formula));
  double before = 0, after = 0;
  for (const auto& [b, c] : {std::pair{0.3, 0.7}, std::pair{-12.7, 303.2}, std::pair{500.25, 500.2}})
    for (double size = 1e-9; size <= 750; size *= size < 0.1 ? 301 : 4)
      for (const double a : {size, -size, b + size / 100, b - size / 100}) {
        const answer<F> right{formula, {wide(a), wide(b), wide(c)}};
        if (abs(right.truth) < wide(1e-300) || abs(right.truth) > wide(1e300)) continue;
        before = std::max(before, right.error(as_written<double>(formula, {a, b, c})));
        after = std::max({after, right.error(alone(a, b, c)), right.error(tg::get<order>(joint(a, b, c)))});
      }
  const int price = tg::cost(alone).weight() - tg::cost(formula).weight();
  BOOST_TEST(after <= 6, name << ", derivative " << order << ": the worst error is " << after);
  BOOST_TEST(before >= known.before, name << ", derivative " << order << ": as written it is " << before);
  BOOST_TEST(price == known.price, name << ", derivative " << order << ": the price is " << price);
}

template <class F>
void orders(std::string_view name, const F& f, const row (&known)[4]) {
  constexpr auto first = tg::diff(F{}, x);
  constexpr auto second = tg::diff(first, x);
  constexpr auto third = tg::diff(second, x);
  const auto joint = tg::function(tg::inputs(x, y, z), tg::outputs(f, first, second, third));
  sweep<0>(name, f, joint, known[0]);
  sweep<1>(name, first, joint, known[1]);
  sweep<2>(name, second, joint, known[2]);
  sweep<3>(name, third, joint, known[3]);
}

#define ORDERS(formula, ...) orders(#formula, formula, {__VA_ARGS__})

BOOST_AUTO_TEST_CASE(quotients_of_exponentials_keep_range_and_digits) {
  constexpr double no = 0, lost = 1e12, wrong = 1e38;
  ORDERS(exp(x) / (1_c + exp(x)), {no, 2}, {lost, 1}, {wrong, 16}, {wrong, -10});
  ORDERS(1_c / (1_c + exp(-x)), {no, 0}, {lost, 1}, {wrong, 17}, {wrong, -9});
  ORDERS(exp(x) / (exp(x) + exp(y)), {no, -18}, {wrong, -20}, {wrong, -5}, {wrong, -34});
  ORDERS(exp(x) / (exp(x) + exp(y) + exp(z)), {no, 1}, {wrong, -2}, {wrong, 2}, {wrong, -10});
  ORDERS(exp(y) / (exp(x) + exp(y) + exp(z)), {no, 1}, {wrong, 2}, {wrong, 0}, {wrong, 1});
  ORDERS(exp(x) / (exp(x) - 1_c), {1e8, 22}, {lost, 19}, {wrong, 18}, {wrong, 10});
  ORDERS(1_c / (exp(x) + exp(-x)), {no, 0}, {lost, 21}, {wrong, 3}, {wrong, 19});
  ORDERS((exp(x) - exp(-x)) / (exp(x) + exp(-x)), {1e7, -1}, {no, 0}, {1e7, 22}, {no, 3});
  ORDERS(y * exp(x) / (z + exp(x)), {no, 4}, {wrong, -1}, {wrong, -9}, {wrong, -49});
  // Planck's law, whose third derivative cancels near 0.
  constexpr auto planck = x * x * x / (exp(x) - 1_c);
  constexpr auto slope = tg::diff(planck, x);
  const auto all = tg::function(tg::inputs(x, y, z), tg::outputs(planck, slope, tg::diff(slope, x)));
  sweep<0>("Planck", planck, all, {1e8, -1});
  sweep<1>("Planck", slope, all, {lost, 24});
  sweep<2>("Planck", tg::diff(slope, x), all, {wrong, 25});
}

}  // namespace
