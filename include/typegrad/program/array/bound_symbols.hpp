// SPDX-License-Identifier: BSL-1.0
// The symbols of formulas of arrays that values are bound to: a binding x = values has the name alone. And
// symbols of the same shapes under other names, for directions.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "array_function.hpp"

namespace tg::detail {

/// The symbol of that name in one of the sources, a symbol_list.
template <const called& Call, class Sources, auto Name>
struct symbol_named;
template <const called& Call, class... F, auto Name>
struct symbol_named<Call, symbol_list<F...>, Name> {
  static constexpr const record* find() {
    builder b;
    (load_symbols_of<F>(b), ...);
    for (int i = 0; i < b.size(); ++i)
      if (b.what(i) == kind::variable && b[i].op->name == Name.view()) return b[i].op;
    return nullptr;
  }
  static constexpr const record* found = find();
  static constexpr auto choose() {
    if constexpr (found == nullptr) {
      refuse<join(name_of<Call>(), text{": '"}, Name,
                  text{"' has a value and does not occur in the formula; it has "}, symbol_names_text<F...>(),
                  text{"."})>();
      return formula<node::leaf::variable<Name>>{};
    } else {
      return formula<typename leaf_type<operation_of<found>>::type>{};
    }
  }
  using type = decltype(choose());
};

/// The symbols that a binding stands for, as a list.
template <const called& Call, class Sources, class B>
struct symbols_bound;
template <const called& Call, class Sources, auto Name, class T>
struct symbols_bound<Call, Sources, binding<Name, T>> {
  using type = symbol_list<typename symbol_named<Call, Sources, Name>::type>;
};
template <const called& Call, class Sources, class... S, class T>
struct symbols_bound<Call, Sources, parameter_binding<parameter_list<S...>, T>> {
  using type = symbol_list<S...>;
};
template <const called& Call, class Sources, class... B>
using symbols_bound_t = typename joined_lists<typename symbols_bound<Call, Sources, B>::type...>::type;

template <class... Lists>
constexpr auto inputs_of_lists() {
  return []<class... S>(symbol_list<S...>) {
    return input_list<S...>{};
  }(typename joined_lists<Lists...>::type{});
}

/// A symbol of the same shape, with a mark behind its name.
template <class S>
struct marked_symbol;
template <auto Name>
struct marked_symbol<formula<node::leaf::variable<Name>>> {
  using type = formula<node::leaf::variable<join(Name, text{"'"})>>;
};
template <auto Name, auto... Extents>
struct marked_symbol<formula<node::array<Name, Extents...>>> {
  using type = formula<node::array<join(Name, text{"'"}), Extents...>>;
};
template <class S>
using marked_t = typename marked_symbol<S>::type;

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
