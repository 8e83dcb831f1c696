// SPDX-License-Identifier: BSL-1.0
// tg::numeric: a black-box function inside a formula. Its value is the function's, its partial derivatives
// are microderivatives, so that a formula with one opaque part can still be differentiated, to second order,
// and trained.
#pragma once
#include "../support/compiler/begin.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include "../formula/formulas.hpp"
#include "../formula/symbol.hpp"
#include "microderivative.hpp"

namespace tg {

namespace detail {

/// An argument for a parameter of whatever number type.
template <class T>
struct any_number {
  T value;
  template <class U>
  requires std::is_arithmetic_v<U>
  operator U() const { return static_cast<U>(value); }
};

/// The black box at a point in an array. A generic one gets numbers of the program's type, another one what
/// it has asked for.
template <class F, class T, std::size_t n>
T call_box(const std::array<T, n>& point) {
  return [&]<std::size_t... K>(std::index_sequence<K...>) {
    if constexpr (can_be_asked<F>)
      return static_cast<T>(F{}(any_number<T>{point[K]}...));
    else
      return static_cast<T>(F{}(point[K]...));
  }
  (std::make_index_sequence<n>{});
}

/// The derivative by the operands I, one or two of them, with its bar.
template <class F, int... I, class... T>
auto box_derivative(const T&... x) {
  const std::array point{x...};
  return microderivative(call_box<F, typename decltype(point)::value_type, sizeof...(T)>, point,
                         static_cast<std::size_t>(I)...);
}

/// The second derivative by the operands I <= J.
template <class F, int N, int I, int J>
struct numeric_second {
  static constexpr std::string_view name = "numeric_second";
  static constexpr int arity = N;
  static constexpr tg::facts facts{.calls = 40};
  template <class... T>
  requires(sizeof...(T) == static_cast<std::size_t>(N) &&
           (std::floating_point<T> && ...)) static auto value(const T&... x) {
    return box_derivative<F, I, J>(x...).value;
  }
  template <class... X>
  requires(sizeof...(X) == static_cast<std::size_t>(N)) static constexpr auto partials(const X&... x) {
    refuse_when_reached<text{
        "numeric: a black box has derivatives of first and second order only; write it as a formula for "
        "more."}>();
    return partials_of(x...);
  }
};

/// The first derivative by the operand I.
template <class F, int N, int I>
struct numeric_first {
  static constexpr std::string_view name = "numeric_first";
  static constexpr int arity = N;
  static constexpr tg::facts facts{.calls = 40};
  template <class... T>
  requires(sizeof...(T) == static_cast<std::size_t>(N) &&
           (std::floating_point<T> && ...)) static auto value(const T&... x) {
    return box_derivative<F, I>(x...).value;
  }
  template <class... X>
  requires(sizeof...(X) == static_cast<std::size_t>(N)) static constexpr auto partials(const X&... x) {
    return [&]<int... J>(std::integer_sequence<int, J...>) {
      return partials_of(apply<numeric_second<F, N, (I < J ? I : J), (I < J ? J : I)>>(x...)...);
    }
    (std::make_integer_sequence<int, N>{});
  }
};

/// The function itself.
template <class F, int N>
struct numeric_call {
  static constexpr std::string_view name = "numeric";
  static constexpr int arity = N;
  template <class... T>
  requires(sizeof...(T) == static_cast<std::size_t>(N) &&
           (std::floating_point<T> && ...)) static auto value(const T&... x) {
    return call_box<F, std::common_type_t<T...>, sizeof...(T)>({x...});
  }
  template <class... X>
  requires(sizeof...(X) == static_cast<std::size_t>(N)) static constexpr auto partials(const X&... x) {
    return [&]<int... I>(std::integer_sequence<int, I...>) {
      return partials_of(apply<numeric_first<F, N, I>>(x...)...);
    }
    (std::make_integer_sequence<int, N>{});
  }
};

}  // namespace detail

/// A black box that can be applied to formulas, handles and numbers.
template <class F>
struct numeric_function {
  template <class... X>
  constexpr auto operator()(const X&... x) const {
    if constexpr ((Symbolic<X> || ...))
      return apply<detail::numeric_call<F, static_cast<int>(sizeof...(X))>>(x...);
    else
      return F{}(x...);
  }

  /// The partial derivative that formulas take, by the operand I (counted from 0), or of second order by I
  /// and J, with the bar of its error: `drag.derivative<0>(30.0, 1.2).error`. What formulas compute has no
  /// place for a bar; look here whether it is small where they are used.
  template <int... I, class... X>
  requires(sizeof...(X) > 0 && (std::is_arithmetic_v<X> && ...)) auto derivative(const X&... x) const {
    constexpr int operands = static_cast<int>(sizeof...(X));
    static_assert((sizeof...(I) == 1 || sizeof...(I) == 2) && ((I >= 0 && I < operands) && ...),
                  "typegrad: numeric: a derivative is by one operand or by two, counted from 0.");
    using T = std::common_type_t<std::conditional_t<std::is_floating_point_v<X>, X, double>...>;
    return detail::box_derivative<F, I...>(static_cast<T>(x)...);
  }
};

/// The callable as a function of formulas: `constexpr auto drag = tg::numeric([](double speed, double area) {
/// ... });` and then `tg::diff(x * drag(x, y), x)`. It takes one number for each operand and returns one; in
/// a program of floats or long doubles it is called with those, and a generic callable then computes in them.
/// It must not capture anything, since a formula keeps types and no objects, and is taken for smooth: the
/// partial derivatives are those of tg::microderivative, some 20 to 40 calls for each, good to about 10
/// digits in double and 5 in float; NaN outside the domain. Second derivatives are good to about 8 digits in
/// double; a third is refused by the compiler.
template <class F>
constexpr numeric_function<F> numeric(const F&) {
  static_assert(
      std::is_empty_v<F> && std::default_initializable<F>,
      "typegrad: numeric takes a callable without captures: a formula keeps its type only, not the object.");
  return {};
}

}  // namespace tg

#include "../support/compiler/end.hpp"
