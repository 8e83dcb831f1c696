// SPDX-License-Identifier: BSL-1.0
// One random formula as data: its derivatives by the library, and the formula of 50-digit numbers from which
// the true derivatives are found by differences.
#pragma once

#include <concepts>
#include <span>
#include <string_view>
#include <typegrad/special.hpp>
#include <typegrad/typegrad.hpp>
#include <vector>

#include "../oracle.hpp"

namespace random_formulas {

/// How the derivatives are asked for: one program each, one program for value and gradient, or one for value,
/// gradient and Hessian.
enum class request { each, gradient, hessian };

constexpr int result_count(request r, int n) { return r == request::hessian ? 1 + n + n * n : 1 + n; }

/// Whether the symbol is among the formula's nodes: its canonical form may lack a symbol that the text has,
/// as x/x does.
template <class Formula, class Symbol>
inline constexpr bool holds = false;
template <class... Nodes, class Variable>
inline constexpr bool holds<tg::formula<Nodes...>, tg::formula<Variable>> = (std::same_as<Nodes, Variable> ||
                                                                             ...);

/// The value, the n first derivatives, and for a Hessian the n*n second ones, to `out`. Where a symbol is
/// missing the derivatives are asked for one by one, with zeros allowed.
template <request how, class Formula, class Inputs, class... Symbols>
void evaluate(Formula formula, Inputs inputs, const double* at, double* out, Symbols... symbols) {
  constexpr std::size_t n = sizeof...(Symbols);
  constexpr bool jointly = (holds<Formula, Symbols> && ...);
  const std::span<const double, n> in(at, n);
  if constexpr (jointly && how == request::gradient) {
    tg::function(inputs, tg::outputs(formula, tg::gradient(formula, symbols...)))(
        in, std::span<double, 1 + n>(out, 1 + n));
  } else if constexpr (jointly && how == request::hessian) {
    tg::function(inputs,
                 tg::outputs(formula, tg::gradient(formula, symbols...), tg::hessian(formula, symbols...)))(
        in, std::span<double, 1 + n + n * n>(out, 1 + n + n * n));
  } else {
    const auto to_out = [&](const auto derivative) {
      tg::function(inputs, tg::outputs(derivative))(in, std::span<double, 1>(out++, 1));
    };
    const auto row = [&](const auto derivative) {
      (to_out(tg::diff(derivative, symbols, tg::allow_zero)), ...);
    };
    to_out(formula);
    row(formula);
    if constexpr (how == request::hessian) (row(tg::diff(formula, symbols, tg::allow_zero)), ...);
  }
}

struct random_case {
  int number;
  int variables;
  request how;
  void (*by_library)(const double* at, double* out);
  std::vector<oracle::digits50> (*by_oracle)(oracle::digits50 (*)(const oracle::digits50*), request,
                                             const double* at);
  oracle::digits50 (*function)(const oracle::digits50*);
  const double* points;
  int point_count;
  std::string_view text;
};

template <int n>
std::vector<oracle::digits50> by_differences(oracle::digits50 (*f)(const oracle::digits50*), request how,
                                             const double* at) {
  using T = oracle::digits50;
  constexpr auto size = static_cast<std::size_t>(n);
  std::array<T, size> wide;
  for (std::size_t i = 0; i < size; ++i) wide[i] = at[i];
  std::vector<T> all{f(wide.data())};
  for (std::size_t i = 0; i < size; ++i) {
    std::array<int, size> orders{};
    orders[i] = 1;
    all.push_back(oracle::derivative<T, size>(f, wide.data(), orders));
  }
  if (how != request::hessian) return all;
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = 0; j < size; ++j) {
      std::array<int, size> orders{};
      ++orders[i];
      ++orders[j];
      all.push_back(oracle::derivative<T, size>(f, wide.data(), orders));
    }
  return all;
}

template <int n>
random_case make_case(int number, request how, void (*by_library)(const double*, double*),
                      oracle::digits50 (*function)(const oracle::digits50*), const double* points,
                      int point_count, std::string_view text) {
  return {number, n, how, by_library, by_differences<n>, function, points, point_count, text};
}

// Both are defined by the generated random_formulas_list.cpp.
unsigned long long seed();
std::vector<std::vector<random_case>> all_cases();

}  // namespace random_formulas
