// SPDX-License-Identifier: BSL-1.0
// Derivatives by arrays. What diff, gradient, jvp, vjp and hvp of numbers are is said in
// formula/derivative.hpp and formula/directional.hpp; here is what is different where one array is meant, and
// what is refused.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../directional.hpp"
#include "calls.hpp"

namespace tg {

/// The symbol of an array.
template <class T>
concept ArraySymbol = Symbol<T> && requires {
  T::primitive::shaped;
};

namespace detail {

template <auto Function, class F>
constexpr bool is_number() {
  if constexpr (decltype(shape_of(std::declval<const F&>()))::rank != 0)
    return refuse<join(Function, text{": the formula is an array, and its derivative by an array would be a "
                                      "Jacobian; take vjp(f, weights(u), x) or jvp(f, along(x = v))."}),
                  F>();
  else
    return true;
}

}  // namespace detail

/// The derivative of f, a number, by one array is a formula of that array's shape.
template <Formula F, ArraySymbol S, std::same_as<allow_zero_t>... Allow>
TYPEGRAD_NEVER_EMITTED constexpr auto diff(const F& f, const S&, const Allow&...) {
  static_assert(detail::is_number<text{"diff"}, F>());
  static_assert(detail::symbols_found<detail::diff_call, detail::sources_t<F>, S, Allow...>());
  return detail::diff_in_turn(f, detail::symbol_list<S>{});
}
/// The same: the gradient by one array is no list of formulas.
template <Formula F, ArraySymbol S, std::same_as<allow_zero_t>... Allow>
TYPEGRAD_NEVER_EMITTED constexpr auto gradient(const F& f, const S&, const Allow&...) {
  static_assert(detail::is_number<text{"gradient"}, F>());
  static_assert(detail::symbols_found<detail::gradient_call, detail::sources_t<F>, S, Allow...>());
  return detail::diff_in_turn(f, detail::symbol_list<S>{});
}

/// Weights times Jacobian by one array, in that array's shape.
template <detail::Inspectable Outputs, class... W, ArraySymbol S>
TYPEGRAD_NEVER_EMITTED constexpr auto vjp(const Outputs& outputs, const weight_list<W...>& w, const S& x) {
  return get<0>(vjp(outputs, w, x, allow_zero));
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
