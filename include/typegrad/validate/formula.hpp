// SPDX-License-Identifier: BSL-1.0
// Checks of formulas: the value and the exact derivatives come from one formula, the names in the report are
// those of its symbols, and the same formula in wider numbers is the second oracle.
#pragma once
#include "../support/compiler/begin.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "../program/function.hpp"
#include "check.hpp"
#include "second_opinion.hpp"

namespace tg {

namespace detail {

template <class B>
struct bound_numbers;
template <auto Name, class T>
struct bound_numbers<binding<Name, T>> {
  using number = real_t<T>;
  static constexpr std::size_t size = 1;
  template <class Out>
  static void put(const binding<Name, T>& b, Out& out, std::size_t& at) {
    out[at++] = static_cast<std::remove_cvref_t<decltype(out[0])>>(b.value);
  }
  static void name(std::vector<std::string>& names) { names.emplace_back(Name.view()); }
};
template <auto Stem, int N, class T>
struct bound_numbers<group_binding<Stem, N, T>> {
  using number = number_at<T>;
  static constexpr std::size_t size = static_cast<std::size_t>(N);
  template <class Out>
  static void put(const group_binding<Stem, N, T>& b, Out& out, std::size_t& at) {
    require(std::size(b.values) == size, "at: the group '" + std::string(Stem.view()) + "' has " +
                                             std::to_string(N) + " symbols and was given " +
                                             std::to_string(std::size(b.values)) + " numbers.");
    for (const auto& value : b.values) out[at++] = static_cast<std::remove_cvref_t<decltype(out[0])>>(value);
  }
  static void name(std::vector<std::string>& names) {
    for (int k = 0; k < N; ++k) names.push_back(std::string(Stem.view()) + std::to_string(k));
  }
};

/// Whether a symbol is bound to a number, or a group to several; not an array.
template <class B>
inline constexpr bool binds_numbers = Binding<B>;
template <auto Name, class T>
inline constexpr bool binds_numbers<binding<Name, T>> = Numeric<T>;

}  // namespace detail

/// A point by name: `tg::at(x = 1.0, y = 2.0)`; the derivatives by these symbols are checked.
template <class... B>
struct named_point {
  using number = std::common_type_t<typename detail::bound_numbers<B>::number...>;
  static constexpr std::size_t size = (detail::bound_numbers<B>::size + ...);
  std::array<number, size> values{};

  explicit named_point(const B&... bindings) {
    std::size_t next = 0;
    (detail::bound_numbers<B>::put(bindings, values, next), ...);
  }
  static std::vector<std::string> names() {
    std::vector<std::string> all;
    (detail::bound_numbers<B>::name(all), ...);
    return all;
  }
  static constexpr auto inputs() { return input_list<typename detail::bound_symbols<B>::item...>{}; }
};

/// The point at which a formula is checked.
template <detail::Binding... B>
requires(sizeof...(B) > 0 && (detail::binds_numbers<B> && ...)) auto at(const B&... bindings) {
  return named_point<B...>(bindings...);
}

namespace detail {

/// A compiled function as a callable of one point, for every number type; one output is a number, several are
/// an array.
template <std::size_t Outputs, class Function>
auto on_points(const Function& function) {
  return [function]<class T, std::size_t n>(const std::array<T, n>& place) {
    std::array<T, Outputs> out;
    function(place, out);
    if constexpr (Outputs == 1)
      return out[0];
    else
      return out;
  };
}

/// Rows of `Columns` numbers.
template <std::size_t Columns, class T, std::size_t n>
auto in_rows(std::span<T, n> flat) {
  std::array<std::array<T, Columns>, n / Columns> rows;
  for (std::size_t i = 0; i < n; ++i) rows[i / Columns][i % Columns] = flat[i];
  return rows;
}

template <class... S, class... Outputs>
constexpr auto function_of(const input_list<S...>& inputs, const Outputs&... outputs) {
  return function(inputs, tg::outputs(outputs...));
}

template <class Point>
check_options named(check_options options) {
  if (options.names.empty()) options.names = Point::names();
  return options;
}

/// The next wider type of the machine.
template <class T>
using wider_t = std::conditional_t<std::is_same_v<T, float>, double, long double>;

template <class F, class... S>
constexpr auto gradient_at(const F& f, const input_list<S...>&) {
  return gradient(f, S{}...);
}
template <class F, class... S>
constexpr auto hessian_at(const F& f, const input_list<S...>&) {
  return hessian(f, S{}...);
}
template <class F, class... S>
constexpr auto jacobian_at(const F& f, const input_list<S...>&) {
  return jacobian(f, S{}...);
}

}  // namespace detail

namespace detail {

/// The value and the gradient of a formula from one program, as callables of a point; for every number type.
template <class P, class F>
auto value_and_gradient(const F& f) {
  static constexpr std::size_t n = P::size;
  const auto value = on_points<1>(function_of(P::inputs(), f));
  const auto joint = on_points<n + 1>(function_of(P::inputs(), f, gradient_at(f, P::inputs())));
  const auto exact = [joint]<class W>(const std::array<W, n>& where) {
    std::array<W, n> slopes;
    const auto all = joint(where);
    for (std::size_t which = 0; which < n; ++which) slopes[which] = all[which + 1];
    return slopes;
  };
  return std::pair{value, exact};
}

}  // namespace detail

/// Checks the gradient of a formula by the symbols of the point. Components that differences cannot settle,
/// and those that they contradict, are asked for in the next wider type (float: double, double: long double);
/// tg::second_opinion<W> asks in others.
template <Formula F, class... B>
auto check_gradient(const F& f, const named_point<B...>& point, const check_options& options = {}) {
  using P = named_point<B...>;
  using T = typename P::number;
  const check_options named = detail::named<P>(options);
  const auto [value, exact] = detail::value_and_gradient<P>(f);
  auto report = check_gradient(value, exact, point.values, named);
  second_opinion<detail::wider_t<T>>(report, value, exact, point.values, named,
                                     std::is_same_v<T, float> ? "double" : "long double");
  return report;
}

/// The opinion of the number type W, Boost.Multiprecision's for example, on a report of a formula's gradient.
template <class W, Formula F, class... B>
void second_opinion(check_report<typename named_point<B...>::number>& report, const F& f,
                    const named_point<B...>& point, const check_options& options = {},
                    const std::string& oracle = "a wider number type") {
  const auto [value, exact] = detail::value_and_gradient<named_point<B...>>(f);
  second_opinion<W>(report, value, exact, point.values, options, oracle);
}

/// Checks the Hessian of a formula by the symbols of the point, against differences of its exact gradient.
template <Formula F, class... B>
auto check_hessian(const F& f, const named_point<B...>& point, const check_options& options = {}) {
  using P = named_point<B...>;
  static constexpr std::size_t n = P::size;
  const auto gradient = detail::function_of(P::inputs(), detail::gradient_at(f, P::inputs()));
  const auto joint = detail::function_of(P::inputs(), detail::gradient_at(f, P::inputs()),
                                         detail::hessian_at(f, P::inputs()));
  using point_type = std::array<typename P::number, n>;
  return check_hessian(
      [&](const point_type& where) {
        point_type slopes;
        gradient(where, slopes);
        return slopes;
      },
      [&](const point_type& where) {
        std::array<typename P::number, n + n * n> all;
        joint(where, all);
        return detail::in_rows<n>(std::span(all).template subspan<n>());
      },
      point.values, detail::named<P>(options));
}

/// Checks the Jacobian of several formulas, `tg::outputs(...)`, by the symbols of the point.
template <class... F, class... B>
auto check_jacobian(const output_list<F...>& outputs, const named_point<B...>& point,
                    const check_options& options = {}) {
  using P = named_point<B...>;
  static constexpr std::size_t n = P::size;
  const auto values = function(P::inputs(), outputs);
  static constexpr std::size_t m = static_cast<std::size_t>(decltype(values)::output_size);
  const auto matrix = detail::function_of(P::inputs(), detail::jacobian_at(outputs, P::inputs()));
  using T = typename P::number;
  return check_jacobian(
      [&](const std::array<T, n>& where) {
        std::array<T, m> out;
        values(where, out);
        return out;
      },
      [&](const std::array<T, n>& where) {
        std::array<T, m * n> out;
        matrix(where, out);
        return detail::in_rows<n>(std::span(out));
      },
      point.values, detail::named<P>(options));
}

}  // namespace tg

#include "../support/compiler/end.hpp"
