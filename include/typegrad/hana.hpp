// SPDX-License-Identifier: BSL-1.0
// Opt-in: formulas as Boost.Hana sees them. The nodes of a formula as a hana::tuple of types, hana::equal,
// symbols named by hana strings, values bound by a hana::map, and several outputs as a sequence that
// hana::unpack, transform, to_tuple and length take.
#pragma once
#include "support/compiler/begin.hpp"

#include <boost/hana.hpp>

#include "typegrad.hpp"

namespace tg {

struct formula_tag {};
struct formulas_tag {};

namespace detail {

template <char... C>
constexpr auto text_of(boost::hana::string<C...>) {
  return text<sizeof...(C) + 1>{{C..., 0}};
}

}  // namespace detail

/// The symbol of that name, a hana::string: tg::symbol_of(BOOST_HANA_STRING("x")), or "x"_s where Hana's
/// literal is enabled.
template <class Name>
constexpr auto symbol_of(Name) {
  return symbol<detail::text_of(Name{})>;
}

/// The nodes of a formula, or of several, as a hana::tuple of hana::type, in topological order.
template <class... Nodes>
constexpr auto nodes_of(const formula<Nodes...>&) {
  return boost::hana::tuple_t<Nodes...>;
}
template <class Shape, class Roots, class... Nodes>
constexpr auto nodes_of(const formulas<Shape, Roots, Nodes...>&) {
  return boost::hana::tuple_t<Nodes...>;
}

/// The value of a formula, or the values of several, for a hana::map from names to numbers: evaluate(f,
/// make_map(make_pair("x"_s, 2.0))). Every symbol must be in the map.
template <FormulaOrFormulas F, class Map>
constexpr auto evaluate(const F& f, const Map& values) {
  static_assert(boost::hana::is_a<boost::hana::map_tag, Map>,
                "typegrad: evaluate: the values must be a hana::map from names to numbers.");
  return boost::hana::unpack(values, [&](const auto&... pairs) {
    return f((symbol_of(boost::hana::first(pairs)) = boost::hana::second(pairs))...);
  });
}

}  // namespace tg

namespace boost::hana {

template <class... Nodes>
struct tag_of<tg::formula<Nodes...>> {
  using type = tg::formula_tag;
};
template <class Shape, class Roots, class... Nodes>
struct tag_of<tg::formulas<Shape, Roots, Nodes...>> {
  using type = tg::formulas_tag;
};

/// Formulas are equal if their types are, a constant; and, where they carry captured numbers, if those are
/// equal too, a bool.
template <>
struct equal_impl<tg::formula_tag, tg::formula_tag> {
  template <class F, class G>
  static constexpr auto apply(const F& f, const G& g) {
    if constexpr (!std::is_same_v<F, G>)
      return false_c;
    else if constexpr (F::slots() == 0)
      return true_c;
    else
      return f == g;
  }
};

/// The outputs of several formulas, one by one.
template <>
struct unpack_impl<tg::formulas_tag> {
  template <class F, class Function>
  static constexpr decltype(auto) apply(const F& f, Function&& function) {
    return [&]<std::size_t... I>(std::index_sequence<I...>)->decltype(auto) {
      return static_cast<Function&&>(function)(tg::get<I>(f)...);
    }
    (std::make_index_sequence<static_cast<std::size_t>(F::outputs())>{});
  }
};
template <>
struct length_impl<tg::formulas_tag> {
  template <class F>
  static constexpr auto apply(const F&) {
    return size_c<static_cast<std::size_t>(F::outputs())>;
  }
};
/// The function applied to each output, as a hana::tuple: what it makes need not be formulas over one graph.
template <>
struct transform_impl<tg::formulas_tag> {
  template <class F, class Function>
  static constexpr auto apply(const F& f, Function&& function) {
    return unpack(f, [&](const auto&... each) { return make_tuple(function(each)...); });
  }
};

}  // namespace boost::hana

#include "support/compiler/end.hpp"
