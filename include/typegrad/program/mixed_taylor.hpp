// SPDX-License-Identifier: BSL-1.0
// All mixed partial derivatives of a formula up to an order in each of several symbols: taylor(f,
// up_to<3>(x), up_to<2>(y)). The formula's own program is run on truncated series (series.hpp), so that the
// compiler's work is that of the formula, not of its derivatives.
#pragma once
#include "../support/compiler/begin.hpp"

#include <type_traits>

#include "../formula/taylor_polynomial.hpp"
#include "function.hpp"
#include "series_functions.hpp"

namespace tg {

/// A symbol and the highest order of derivatives by it: what up_to<3>(x) makes.
template <int N, class S>
struct order_bound {};

template <int N, Symbol S>
constexpr order_bound<N, S> up_to(const S&) {
  static_assert(N >= 0, "typegrad: up_to: the order must not be negative.");
  return {};
}

namespace detail {

/// The coefficients that a series may have.
inline constexpr double most_coefficients = 100000;

template <class T>
struct number_of_binding {
  using type = absent;
};
template <auto Name, class T>
struct number_of_binding<binding<Name, T>> {
  using type = real_t<T>;
};

/// The place of a symbol among bounds; their number if it is not there.
template <auto Name, class... S>
constexpr std::size_t place_among() {
  std::size_t place = 0;
  static_cast<void>(((std::same_as<S, formula<node::leaf::variable<Name>>> || (++place, false)) || ...));
  return place;
}

template <class F, class... Bounds>
class mixed_taylor;
template <class F, int... N, class... S>
class mixed_taylor<F, order_bound<N, S>...> {
 public:
  constexpr explicit mixed_taylor(const F& expanded) : f_{expanded} {}

  /// The series about the point; every symbol of the formula is bound to a number.
  template <class... B>
  auto operator()(const B&... at) const {
    if constexpr ((std::same_as<typename number_of_binding<B>::type, absent> || ...)) {
      return refuse<text{"taylor: the point is given as numbers for symbols, t(x = 1.0, y = 2.0)."}, B...>(),
             said;
    } else {
      using number = std::common_type_t<typename number_of_binding<B>::type...>;
      using result = series<number, N...>;
      return static_cast<result>(f_(as_series<result>(at)...));
    }
  }

 private:
  template <class Series, auto Name, class T>
  static auto as_series(const binding<Name, T>& given) {
    using number = typename Series::value_type;
    constexpr std::size_t place = place_among<Name, S...>();
    const number value = static_cast<number>(given.value);
    if constexpr (place < sizeof...(S))
      return binding<Name, Series>{Series::variable(value, place)};
    else
      return binding<Name, Series>{Series(value)};
  }

  F f_;
};

inline constexpr called mixed_taylor_call{"taylor"};

}  // namespace detail

/// All mixed partial derivatives of f up to order N in each symbol, as a function of the point: taylor(f,
/// up_to<3>(x), up_to<2>(y))(x = 1.0, y = 2.0) is a tg::series, whose derivative(2, 1) is that of order 2 in
/// x and 1 in y. Cost: for each node of f, to compile what one of a program costs; to run a product of
/// series, of the product of (N+1)(N+2)/2 multiplications, and one such for each total order for a function
/// such as exp.
template <Formula F, int... N, class... S>
requires(sizeof...(S) > 0) constexpr auto taylor(const F& f, const order_bound<N, S>&...) {
  static_assert(detail::symbols_found<detail::mixed_taylor_call, detail::sources_t<F>, S...>());
  static_assert(detail::symbols_distinct<detail::mixed_taylor_call, detail::symbol_list<S...>>::check());
  static_assert((static_cast<double>(N + 1) * ... * 1.0) <= detail::most_coefficients,
                "typegrad: taylor: these orders make more than 100000 derivatives; ask for lower ones.");
  return detail::mixed_taylor<F, order_bound<N, S>...>{f};
}

}  // namespace tg

#include "../support/compiler/end.hpp"
