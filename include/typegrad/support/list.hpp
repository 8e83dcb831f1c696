// SPDX-License-Identifier: BSL-1.0
// A list of values of different types, held by value: the partials that a rule returns, the outputs of a
// function. The standard tuple would do and costs more to compile than the rest of the library's includes
// together.
#pragma once
#include "../support/compiler/begin.hpp"

#include <cstddef>
#include <type_traits>
#include <utility>

namespace tg {

namespace detail {

/// Whether one of them is true. A fold of more than 256 operands needs a flag in clang (19).
template <bool... Each>
constexpr bool some() {
  constexpr bool each[] = {false, Each...};
  for (const bool one : each)
    if (one) return true;
  return false;
}

template <int I, class T>
struct cell {
  [[no_unique_address]] T value;
};

template <class Indices, class... T>
struct cells;
template <int... I, class... T>
struct cells<std::integer_sequence<int, I...>, T...> : cell<I, T>... {};

}  // namespace detail

/// Values of types T..., by position.
template <class... T>
struct list : detail::cells<std::make_integer_sequence<int, static_cast<int>(sizeof...(T))>, T...> {
  using base = detail::cells<std::make_integer_sequence<int, static_cast<int>(sizeof...(T))>, T...>;

  constexpr list() requires(sizeof...(T) == 0) = default;
  constexpr list(const T&... t) requires(sizeof...(T) > 0) : base{{t}...} {}

  template <class F>
  constexpr decltype(auto) unpack(F&& f) const {
    return [&]<int... I>(std::integer_sequence<int, I...>)->decltype(auto) { return f(at<I>(*this)...); }
    (std::make_integer_sequence<int, static_cast<int>(sizeof...(T))>{});
  }
  template <int I, class U>
  static constexpr const U& at(const detail::cell<I, U>& c) {
    return c.value;
  }
  template <int I, class U>
  static constexpr U& at(detail::cell<I, U>& c) {
    return c.value;
  }
};
template <class... T>
list(const T&...) -> list<T...>;

template <class T>
inline constexpr bool is_list = false;
template <class... T>
inline constexpr bool is_list<list<T...>> = true;

template <std::size_t I, class... T>
constexpr const auto& get(const list<T...>& l) {
  return list<T...>::template at<static_cast<int>(I)>(l);
}
template <std::size_t I, class... T>
constexpr auto& get(list<T...>& l) {
  return list<T...>::template at<static_cast<int>(I)>(l);
}
template <std::size_t I, class... T>
constexpr auto get(list<T...>&& l) {
  return list<T...>::template at<static_cast<int>(I)>(l);
}

}  // namespace tg

template <class... T>
struct std::tuple_size<tg::list<T...>> : std::integral_constant<std::size_t, sizeof...(T)> {};
template <std::size_t I, class... T>
struct std::tuple_element<I, tg::list<T...>> {
  using type = std::remove_cvref_t<decltype(tg::list<T...>::template at<static_cast<int>(I)>(
      std::declval<const tg::list<T...>&>()))>;
};

#include "../support/compiler/end.hpp"
