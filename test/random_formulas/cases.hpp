// SPDX-License-Identifier: BSL-1.0
// One random formula as data: its derivatives by the library, and the formula of 50-digit numbers from which
// the true derivatives are found by differences.
#pragma once

#include <concepts>
#include <span>
#include <string_view>
#include <tuple>
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

template <class Left, class Right>
inline constexpr bool same = std::same_as<std::remove_cvref_t<Left>, std::remove_cvref_t<Right>>;

/// The laws by which derivatives agree however they are asked for, as identities of types: an entry of a
/// gradient, a product with a unit vector and diff are one; an entry of a Hessian is nested diff, whose
/// symbols (given in canonical order) may be asked for in any order.
template <class Formula, class... Symbols>
constexpr bool first_order_laws(Formula f, Symbols... symbols) {
  const auto gradient = tg::gradient(f, symbols..., tg::allow_zero);
  const auto row = tg::vjp(tg::outputs(f), tg::weights(tg::rational<1>), symbols..., tg::allow_zero);
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return (same<decltype(tg::get<I>(gradient)), decltype(tg::diff(f, symbols, tg::allow_zero))> && ...) &&
           (same<decltype(tg::get<I>(row)), decltype(tg::get<I>(gradient))> && ...) &&
           (same<decltype(tg::jvp(f, tg::along(symbols = tg::rational<1>), tg::allow_zero)),
                 decltype(tg::diff(f, symbols, tg::allow_zero))> &&
            ...);
  }
  (std::index_sequence_for<Symbols...>{});
}
template <class Formula, class... Symbols>
constexpr bool second_order_laws(Formula f, Symbols... symbols) {
  constexpr std::size_t n = sizeof...(Symbols);
  const std::tuple<Symbols...> all{symbols...};
  const auto hessian = tg::hessian(f, symbols..., tg::allow_zero);
  const auto entry = [&]<std::size_t I, std::size_t J>(std::integral_constant<std::size_t, I>,
                                                       std::integral_constant<std::size_t, J>) {
    if constexpr (I > J) {
      return true;
    } else {
      const auto x = std::get<I>(all);
      const auto y = std::get<J>(all);
      const auto nested = tg::diff(tg::diff(f, x, tg::allow_zero), y, tg::allow_zero);
      return same<decltype(nested), decltype(tg::diff(f, x, y, tg::allow_zero))> &&
             same<decltype(nested), decltype(tg::diff(f, y, x, tg::allow_zero))> &&
             same<decltype(nested), decltype(tg::get<I, J>(hessian))> &&
             same<decltype(nested), decltype(tg::get<J, I>(hessian))>;
    }
  };
  return [&]<std::size_t... K>(std::index_sequence<K...>) {
    return (
        entry(std::integral_constant<std::size_t, K / n>{}, std::integral_constant<std::size_t, K % n>{}) &&
        ...);
  }
  (std::make_index_sequence<n * n>{});
}

/// The value, the n first derivatives, and for a Hessian the n*n second ones, to `out`. Where a symbol is
/// missing the derivatives are asked for one by one, with zeros allowed. Returns what law is broken, if one
/// is.
template <request how, class Formula, class Inputs, class... Symbols>
const char* evaluate(Formula formula, Inputs inputs, const double* at, double* out, Symbols... symbols) {
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
  if (!first_order_laws(formula, symbols...)) return "first derivatives depend on how they are asked for";
  if constexpr (how == request::hessian)
    if (!second_order_laws(formula, symbols...)) return "second derivatives depend on how they are asked for";
  return nullptr;
}

struct random_case {
  int number;
  int variables;
  request how;
  const char* (*by_library)(const double* at, double* out);
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
random_case make_case(int number, request how, const char* (*by_library)(const double*, double*),
                      oracle::digits50 (*function)(const oracle::digits50*), const double* points,
                      int point_count, std::string_view text) {
  return {number, n, how, by_library, by_differences<n>, function, points, point_count, text};
}

// Both are defined by the generated random_formulas_list.cpp.
unsigned long long seed();
std::vector<std::vector<random_case>> all_cases();

}  // namespace random_formulas
