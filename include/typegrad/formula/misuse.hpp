// SPDX-License-Identifier: BSL-1.0
// What operators that formulas do not have say, one sentence each.
#pragma once
#include "../support/compiler/begin.hpp"

#include <array>

#include "symbol.hpp"

namespace tg {

namespace detail {

/// What a formula is compared with by ==, if not with a formula.
struct no_formula {
  template <class T>
  requires(!Formula<T>) constexpr no_formula(const T&) {
    refuse<text{"operator ==: it tells whether two formulas are the same; a condition is equal(x, 2.0), and "
                "a value for a symbol x = 2.0."},
           T>();
  }
};

template <class... Dependent>
constexpr void refuse_in_place() {
  refuse<text{"a formula is not changed in place, because what it computes is its type; write auto g = f + "
              "h, or trace a function with loops."},
         Dependent...>();
}

/// The array that stands for a group in a traced function.
template <class... Dependent>
constexpr handle refuse_traced_array() {
  refuse<text{"trace: an array of symbols is no number; calculate with its elements, p[0], in a loop."},
         Dependent...>();
  return {};
}

}  // namespace detail

// clang-format off
template <class X, class Y> requires FormulaAnd<X, Y>
constexpr auto operator^(const X&, const Y&) { return refuse<text{"operator ^: this is no power in C++; write pow(x, 2_c)."}, X>(); }
template <class X, class Y> requires FormulaAnd<X, Y>
constexpr auto operator%(const X&, const Y&) { return refuse<text{"operator %: a formula has no such operator; write fmod(x, y)."}, X>(); }
template <Formula X, class Y> constexpr void operator+=(const X&, const Y&) { detail::refuse_in_place<X, Y>(); }
template <Formula X, class Y> constexpr void operator-=(const X&, const Y&) { detail::refuse_in_place<X, Y>(); }
template <Formula X, class Y> constexpr void operator*=(const X&, const Y&) { detail::refuse_in_place<X, Y>(); }
template <Formula X, class Y> constexpr void operator/=(const X&, const Y&) { detail::refuse_in_place<X, Y>(); }
template <std::size_t N, class Y> constexpr handle operator+(const std::array<handle, N>&, const Y&) { return detail::refuse_traced_array<Y>(); }
template <std::size_t N, class Y> constexpr handle operator-(const std::array<handle, N>&, const Y&) { return detail::refuse_traced_array<Y>(); }
template <std::size_t N, class Y> constexpr handle operator*(const std::array<handle, N>&, const Y&) { return detail::refuse_traced_array<Y>(); }
template <std::size_t N, class Y> constexpr handle operator/(const std::array<handle, N>&, const Y&) { return detail::refuse_traced_array<Y>(); }
template <std::size_t N, class X> requires(Symbolic<X> || Numeric<X>) constexpr handle operator+(const X&, const std::array<handle, N>&) { return detail::refuse_traced_array<X>(); }
template <std::size_t N, class X> requires(Symbolic<X> || Numeric<X>) constexpr handle operator-(const X&, const std::array<handle, N>&) { return detail::refuse_traced_array<X>(); }
template <std::size_t N, class X> requires(Symbolic<X> || Numeric<X>) constexpr handle operator*(const X&, const std::array<handle, N>&) { return detail::refuse_traced_array<X>(); }
template <std::size_t N, class X> requires(Symbolic<X> || Numeric<X>) constexpr handle operator/(const X&, const std::array<handle, N>&) { return detail::refuse_traced_array<X>(); }
template <Formula X> constexpr X operator<(const X& x, detail::no_operand<"<">) { return x; }
template <Formula X> constexpr X operator<=(const X& x, detail::no_operand<"<=">) { return x; }
template <Formula X> constexpr X operator>(const X& x, detail::no_operand<">">) { return x; }
template <Formula X> constexpr X operator>=(const X& x, detail::no_operand<">=">) { return x; }
template <Formula X> constexpr bool operator==(const X&, detail::no_formula) { return false; }
// clang-format on

}  // namespace tg

#include "../support/compiler/end.hpp"
