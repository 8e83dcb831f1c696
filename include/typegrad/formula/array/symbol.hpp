// SPDX-License-Identifier: BSL-1.0
// Array symbols, extents that are known only when a function is called, and the shape of a formula.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../array/matrix.hpp"
#include "../../array/symbol.hpp"
#include "../../array/table.hpp"
#include "../derivative_symbols.hpp"
#include "../trace.hpp"

namespace tg {

/// An extent that is known when a function is called: tg::array<"x", tg::extent<"time">, 64>.
template <text Name>
inline constexpr extent_name<Name> extent{};

/// The shape of an array, as a type and as its value.
template <auto... E>
struct extents {
  static constexpr int rank = static_cast<int>(sizeof...(E));
  template <auto... Other>
  constexpr bool operator==(extents<Other...>) const {
    return std::is_same_v<extents, extents<Other...>>;
  }
};

namespace detail {

/// An extent as it stands in a type.
template <auto Given>
constexpr auto spelled_extent() {
  if constexpr (std::integral<decltype(Given)>) {
    static_assert(Given > 0, "typegrad: array: an extent must be at least 1.");
    static_assert(Given <= 0x7fffffff, "typegrad: array: an extent must be below 2^31.");
    return static_cast<int>(Given);
  } else if constexpr (std::is_same_v<std::remove_const_t<decltype(Given)>, symmetric_t>) {
    return Given;
  } else {
    return extent_name<Given.name>{};
  }
}
/// Whether tg::symmetric stands only at the end of a square matrix's extents.
template <auto... Given>
constexpr bool symmetry_fits() {
  if constexpr (!(std::is_same_v<std::remove_const_t<decltype(Given)>, symmetric_t> || ...))
    return true;
  else if constexpr (sizeof...(Given) == 3) {
    constexpr extent all[] = {as_extent(Given)...};
    constexpr bool marks[] = {std::is_same_v<std::remove_const_t<decltype(Given)>, symmetric_t>...};
    return !marks[0] && !marks[1] && all[0] == all[1];
  } else
    return false;
}

template <class Primitive>
struct extent_of_primitive;
template <auto Name>
struct extent_of_primitive<op::extent<Name>> {
  static constexpr extent_name<Name> value{};
};
/// Element K of list L of a finished graph, as it stands in a type.
template <class Result, int L, int K>
constexpr auto extent_at() {
  if constexpr (Result::graph.element(L, K).name != nullptr)
    return extent_of_primitive<operation_of<Result::graph.element(L, K).name>>::value;
  else
    return Result::graph.element(L, K).size;
}

template <auto Name, auto... Extents>
inline constexpr int traced_room<formula<node::array<Name, Extents...>>> = 512;
template <auto Name, auto... Extents>
inline constexpr bool is_variable<node::array<Name, Extents...>> = true;

template <auto Name, auto... Extents>
inline constexpr bool is_index<formula<node::array<Name, Extents...>>> =
    op::array<Name, Extents...>::integers;

template <auto Name, auto... Extents>
constexpr int load_node(builder& b, const buffer<int>&, int, node::array<Name, Extents...>*) {
  return b.intern(known<op::array<Name, Extents...>>);
}
template <auto Name, auto... Extents>
struct leaf_type<op::array<Name, Extents...>> {
  using type = node::array<Name, Extents...>;
};

}  // namespace detail

/// The symbol of an array is a formula of one node, as that of a number is.
template <auto Name, auto... Extents>
struct formula<node::array<Name, Extents...>> {
  using symbolic = formula;
  using is_formula = formula;
  using numbers_type = list<>;
  static constexpr int size() { return 1; }
  static constexpr int slots() { return 0; }
  static constexpr int outputs() { return 1; }
  static consteval int symbols() { return 1; }
  static constexpr text name = Name;
  using primitive = op::array<Name, Extents...>;
  static_assert(!Name.view().empty(), "typegrad: array: the name is empty; write tg::array<\"w\", 64, 32>.");
  static_assert(sizeof...(Extents) <= 8, "typegrad: array: at most 8 axes.");
  static_assert(!primitive::integers || primitive::shaped.rank > 0,
                "typegrad: index: give it a length, tg::index<\"i\", 1> for a single one.");
  static_assert(
      detail::symmetry_fits<Extents...>(),
      "typegrad: array: only a square matrix can be symmetric: tg::array<\"A\", 3, 3, tg::symmetric>.");

  [[no_unique_address]] numbers_type numbers;

  constexpr explicit operator bool() const { return detail::no_condition<formula>(); }

  static constexpr void load(detail::builder& b, detail::buffer<int>& roots, int = 0) {
    roots.push_back(b.intern(detail::known<primitive>));
  }

  /// `x = values` binds the symbol for an evaluation, `x = g` for a substitution.
  template <class T>
  constexpr binding<Name, T> operator=(const T& value) const {
    return {value};
  }
  constexpr formula() = default;
  constexpr formula(const formula&) = default;
  constexpr binding<Name, formula> operator=(const formula& value) const { return {value}; }

  template <class... Bindings>
  constexpr auto operator()(const Bindings&... bindings) const;
};

/// The symbol of an array of that name and shape: tg::array<"w", 64, 32>.
template <text Name, auto... Extents>
inline constexpr formula<node::array<Name, detail::spelled_extent<Extents>()...>> array{};

namespace detail {

/// The shape of a formula's root, as a list with room for it.
template <class F>
struct root_shape {
  struct finished {
    static constexpr auto graph = [] {
      builder b;
      buffer<int> roots;
      F::load(b, roots);
      packed<1, 1, 1> p;
      buffer<extent> shape;
      b.lists.read(b.shape(roots[0]), shape);
      p.list_count[0] = shape.size();
      for (const extent& e : shape) {
        p.entry[p.entries] = e.size;
        p.entry_name[p.entries++] = e.name;
      }
      return p;
    }();
  };
  template <class Sequence>
  struct spelled;
  template <int... K>
  struct spelled<std::integer_sequence<int, K...>> {
    using type = extents<extent_at<finished, 1, K>()...>;
  };
  using type = typename spelled<std::make_integer_sequence<int, finished::graph.entries>>::type;
};

}  // namespace detail

/// The shape of a formula, a constant: shape_of(matmul(x, w)) == tg::extents<tg::rows, 32>{}.
template <Formula F>
constexpr auto shape_of(const F&) {
  return typename detail::root_shape<detail::from<F>>::type{};
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
