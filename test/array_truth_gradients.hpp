// SPDX-License-Identifier: BSL-1.0
// Formulas of arrays with their gradients, in double and in float, against a table that PyTorch has written.
#pragma once
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "array_truth.hpp"

namespace array_truth_gradients {

using array_truth::table;
using namespace tg::literals;

template <class... I>
constexpr tg::input_list<I...> by(const I&...) {
  return {};
}
template <class T, class S>
std::vector<T> operand() {
  const auto& row = table().at("operand " + std::string{S::name.view()});
  return {row.begin(), row.end()};
}
template <class I>
std::vector<int> integers() {
  const auto& row = table().at("index " + std::string{I::name.view()});
  return {row.begin(), row.end()};
}
template <class T>
void compare(const std::string& row, const std::vector<T>& own) {
  const auto found = table().find(row);
  BOOST_REQUIRE_MESSAGE(found != table().end(), "the table has no row " << row);
  BOOST_REQUIRE_EQUAL(own.size(), found->second.size());
  double scale = 1;
  for (double each : found->second) scale = std::fmax(scale, std::fabs(each));
  // Sums of a dozen terms, and exp(x - logsumexp(x)) where both are 1000.
  for (std::size_t at = 0; at < own.size(); ++at)
    BOOST_TEST(std::fabs(double{own[at]} - found->second[at]) <=
                   300 * double{std::numeric_limits<T>::epsilon()} * scale,
               row << ", element " << at << ": " << own[at] << "; PyTorch: " << found->second[at]);
}

/// The elements of a formula, and the gradients of the sum of their squares with the table's weights.
template <class T, class F, class... S, class... I>
void check_in(const std::string& name, const tg::input_list<S...>&, const tg::input_list<I...>&) {
  constexpr auto weight = array_truth::like<"weight">(F{});
  constexpr auto total = array_truth::total(weight * F{} * F{});
  constexpr auto value = [] {
    if constexpr (array_truth::is_array<F>)
      return F{};
    else
      return tg::broadcast<1>(F{});
  }();
  auto run = tg::bound<T>(
      tg::function(tg::inputs(S{}..., weight, I{}...), tg::outputs(value, tg::gradient(total, S{}...))));
  const std::vector<double> of_elements = array_truth::weights<F>({4, {}}, 3).data;
  const std::vector<T> weights(of_elements.begin(), of_elements.end());
  const auto weight_argument = [&] {
    if constexpr (array_truth::is_array<F>)
      return std::span{weights};
    else
      return weights[0];
  }();
  std::vector<T> values(weights.size());
  std::tuple gradients{operand<T, S>()...};
  std::apply(
      [&](auto&... place) { run(operand<T, S>()..., weight_argument, integers<I>()..., values, place...); },
      gradients);
  compare(name + " value", values);
  std::apply([&](const auto&... own) { (compare(name + " first " + std::string{S::name.view()}, own), ...); },
             gradients);
}
template <class... I, class F, class... S>
void check(const std::string& name, const tg::input_list<I...>& indices, const F&, const S&...) {
  check_in<double, F>(name, tg::input_list<S...>{}, indices);
  check_in<float, F>(name, tg::input_list<S...>{}, indices);
}
template <class F, class... S>
requires tg::Formula<F>
void check(const std::string& name, const F& f, const S&... operands) { check(name, by(), f, operands...); }

}  // namespace array_truth_gradients
