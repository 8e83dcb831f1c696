// SPDX-License-Identifier: BSL-1.0
// What formulas are made from: symbols, groups of symbols, exact constants and ordinary numbers; and the
// application of a primitive.
#pragma once
#include "../support/compiler/begin.hpp"

#include <array>

#include "../primitive/all.hpp"
#include "../support/decimal.hpp"
#include "as_constants.hpp"
#include "type.hpp"

namespace tg {

/// The symbol of that name. Its object and its type stand for each other: `constexpr auto x =
/// tg::symbol<"x">;`
template <text Name>
inline constexpr formula<node::leaf::variable<Name>> symbol{};

/// The exact fraction N/D.
template <std::int64_t N, std::int64_t D = 1>
inline constexpr auto rational = [] {
  static_assert(D != 0, "typegrad: rational: the denominator must not be 0.");
  constexpr detail::exact fraction = detail::make_exact(N, D).value;
  return formula<node::constant<fraction.n, fraction.d, fraction.e>>{};
}();

/// The circle number and Euler's number, exact in every number type.
inline constexpr formula<node::apply<op::pi>> pi{};
inline constexpr formula<node::apply<op::e>> e{};

namespace literals {

/// Exact constants: 2_c, 0.1_c (one tenth), 6.02e23_c.
template <char... Digits>
constexpr auto operator""_c() {
  constexpr char spelled[] = {Digits..., 0};
  constexpr detail::exact_result r = detail::parse_decimal(spelled);
  static_assert(r.valid,
                "typegrad: this _c constant is no decimal number of at most 18 digits; write it as an "
                "ordinary number.");
  return formula<node::constant<r.value.n, r.value.d, r.value.e>>{};
}

}  // namespace literals

namespace detail {

constexpr int digits_of(int k) { return k < 10 ? 1 : 1 + digits_of(k / 10); }

template <auto Stem, int K>
constexpr auto element_name() {
  text<sizeof(Stem.data) + digits_of(K)> name;
  std::size_t end = 0, last = sizeof(name.data) - 1;
  for (char c : Stem.view()) name.data[end++] = c;
  for (int rest = K; last > end; rest /= 10) name.data[--last] = static_cast<char>('0' + rest % 10);
  return name;
}

/// Refuses an index that is an ordinary number.
template <class I>
constexpr auto refuse_index() {
  return refuse<text{"operator []: the index is part of the type, so it is no ordinary number; write p[0_c], "
                     "or get<0>(p)."},
                I>();
}
/// Refuses arithmetic with a whole group.
template <text Operator, class Other>
constexpr auto refuse_group() {
  return refuse<join(text{"operator "}, Operator,
                     text{": a group of symbols is no number; take its elements, p[0_c], or trace a function "
                          "with a loop."}),
                Other>();
}

}  // namespace detail

/// The values for a whole group of symbols: what `p = array` makes.
template <auto Stem, int N, class T>
struct [[nodiscard(
    "a group is not assigned to: p = values is an argument, as in f(p = values)")]] group_binding {
  T values;
};

/// A group of N symbols: p0, p1, ... for the stem "p". Elements are p[0_c], tg::get<0>(p), or a structured
/// binding.
template <auto Stem, int N>
struct symbol_group {
  static_assert(N > 0, "typegrad: symbols: a group has at least one symbol.");
  static constexpr int size = N;
  template <int K>
  using element = formula<node::variable<detail::element_name<Stem, K>()>>;

  template <std::int64_t K>
  constexpr auto operator[](formula<node::constant<K>>) const {
    static_assert(K >= 0 && K < N,
                  "typegrad: the index of a symbol in a group must be below the group's size.");
    return element<static_cast<int>(K)>{};
  }
  template <std::integral I>
  constexpr auto operator[](I) const {
    return detail::refuse_index<I>();
  }
  template <class T>
  constexpr group_binding<Stem, N, T> operator=(const T& values) const {
    return {values};
  }
  /// A built-in array, or `p = {1.0, 2.0}`.
  template <class T, std::size_t M>
  constexpr group_binding<Stem, N, std::array<T, M>> operator=(const T (&values)[M]) const {
    return {std::to_array(values)};
  }
  // clang-format off
  template <class Y> friend constexpr auto operator+(const symbol_group&, const Y&) { return detail::refuse_group<"+", Y>(); }
  template <class Y> friend constexpr auto operator-(const symbol_group&, const Y&) { return detail::refuse_group<"-", Y>(); }
  template <class Y> friend constexpr auto operator*(const symbol_group&, const Y&) { return detail::refuse_group<"*", Y>(); }
  template <class Y> friend constexpr auto operator/(const symbol_group&, const Y&) { return detail::refuse_group<"/", Y>(); }
  template <Numeric X> friend constexpr auto operator+(const X&, const symbol_group&) { return detail::refuse_group<"+", X>(); }
  template <Numeric X> friend constexpr auto operator-(const X&, const symbol_group&) { return detail::refuse_group<"-", X>(); }
  template <Numeric X> friend constexpr auto operator*(const X&, const symbol_group&) { return detail::refuse_group<"*", X>(); }
  template <Numeric X> friend constexpr auto operator/(const X&, const symbol_group&) { return detail::refuse_group<"/", X>(); }
  // clang-format on
  constexpr symbol_group() = default;
  constexpr symbol_group(const symbol_group&) = default;
  template <class F>
  static constexpr decltype(auto) unpack(F&& f) {
    return [&]<int... K>(std::integer_sequence<int, K...>)->decltype(auto) { return f(element<K>{}...); }
    (std::make_integer_sequence<int, N>{});
  }
};

template <std::size_t K, auto Stem, int N>
constexpr auto get(const symbol_group<Stem, N>&) {
  static_assert(K < N, "typegrad: get: the index of a symbol in a group must be below the group's size.");
  return typename symbol_group<Stem, N>::template element<static_cast<int>(K)>{};
}

/// The symbols Stem0 ... Stem(N-1).
template <text Stem, int N>
inline constexpr symbol_group<Stem, N> symbols{};

namespace detail {

/// The symbols that a list of symbols and groups stands for, as one list.
template <class... S>
struct symbol_list {
  static constexpr int size = static_cast<int>(sizeof...(S));
};

template <class... S>
constexpr symbol_list<S...> symbols_in(const symbol_list<S...>&) {
  return {};
}
template <Symbol S>
constexpr symbol_list<S> symbols_in(const S&) {
  return {};
}
template <auto Stem, int N>
constexpr auto symbols_in(const symbol_group<Stem, N>&) {
  return []<int... K>(std::integer_sequence<int, K...>) {
    return symbol_list<typename symbol_group<Stem, N>::template element<K>...>{};
  }
  (std::make_integer_sequence<int, N>{});
}
/// One list of several.
template <class... Lists>
struct joined_lists {
  using type = symbol_list<>;
};
template <class... A>
struct joined_lists<symbol_list<A...>> {
  using type = symbol_list<A...>;
};
template <class... A, class... B, class... Rest>
struct joined_lists<symbol_list<A...>, symbol_list<B...>, Rest...>
    : joined_lists<symbol_list<A..., B...>, Rest...> {};

template <class... S>
using symbols_of_t = typename joined_lists<decltype(symbols_in(std::declval<const S&>()))...>::type;

/// Adds the nodes of the symbols, in their order. (A list in braces, because clang's fold expressions stop at
/// 256 terms.)
template <class... S>
constexpr void load_symbols(builder& b, buffer<int>& out, symbol_list<S...>) {
  for (const record* op : {known<typename S::primitive>..., static_cast<const record*>(nullptr)})
    if (op != nullptr) out.push_back(b.intern_symbol(op));
}

/// The name of a symbol, for a sentence.
template <const record* Symbol>
constexpr auto name_text() {
  return text_of([] { return Symbol->name; });
}

/// Refuses a symbol that is given twice. Symbols are compared as nodes of a graph, not as types each with
/// each: of hundreds that took g++ longer than all the rest.
template <const called& Call, class Symbols>
struct symbols_distinct;
template <const called& Call, class... S>
struct symbols_distinct<Call, symbol_list<S...>> {
  /// The record of the first symbol that is there already; null if there is none.
  static constexpr const record* find_repeated() {
    builder b;
    buffer<int> all;
    const int given = b.size();
    load_symbols(b, all, symbol_list<S...>{});
    for (int k = 0; k < all.size(); ++k)
      if (all[k] != given + k) return b[all[k]].op;
    return nullptr;
  }
  static constexpr bool check() {
    constexpr const record* repeated = find_repeated();
    if constexpr (repeated != nullptr)
      return refuse<join(name_of<Call>(), text{": the symbol '"}, name_text<repeated>(),
                         text{"' is given twice."})>();
    else
      return true;
  }
};

template <class S>
concept SymbolOrGroup = requires(const S& s) {
  symbols_in(s);
};

/// A formula as it is; a number as a formula of one captured node. Integers become double, or long double
/// where they are wide.
template <Formula F>
constexpr const F& lift(const F& f) {
  return f;
}
template <class T>
requires(!Symbolic<T>) constexpr auto lift(const T& v) {
  if constexpr (!Numeric<T>) {
    refuse_operand<T>();
    return formula<node::constant<0>>{};
  } else if constexpr (std::integral<T>) {
    using wide = std::conditional_t<(sizeof(T) > 4), long double, double>;
    return formula<node::captured<0, wide>>{{static_cast<wide>(v)}};
  } else if constexpr (std::floating_point<T>) {
    using wide = std::common_type_t<T, double>;
    return formula<node::captured<0, wide>>{{static_cast<wide>(v)}};
  } else {
    return formula<node::captured<0, T>>{{v}};
  }
}

template <class Op, class... F>
struct applied {
  static consteval int roots() { return 1; }
  static consteval int guess() { return (F::size() + ... + 8); }
  static constexpr void build(builder& b, buffer<int>& out) {
    buffer<int> args;
    int slots = 0;
    ((F::load(b, args, slots), slots += F::slots()), ...);
    out.push_back(in_full_shape(b, known<Op>, args, make_node(b, known<Op>, args)));
  }
};

template <class Op, class... F>
TYPEGRAD_NEVER_EMITTED constexpr auto apply_formulas(const F&... f) {
  using request = applied<Op, from<F>...>;
  return with_numbers<formula_t<request>, result<request>>(f.numbers...);
}

}  // namespace detail

/// The primitive Op, built-in or a user's own struct, applied to formulas and numbers.
template <class Op, class... X>
requires((Formula<X> || ...) && !(Handle<X> || ...)) constexpr auto apply(const X&... x) {
  if constexpr (detail::operands_accepted<Op, static_cast<int>(sizeof...(X))>())
    return detail::apply_formulas<Op>(detail::lift(x)...);
  else
    return formula<node::constant<0>>{};
}

template <class X, class Y>
concept FormulaAnd = (Formula<X> && (Formula<Y> || Numeric<Y>)) || (Numeric<X> && Formula<Y>);

// clang-format off
template <class X, class Y> requires FormulaAnd<X, Y> constexpr auto operator+(const X& x, const Y& y) { return apply<op::add>(x, y); }
template <class X, class Y> requires FormulaAnd<X, Y> constexpr auto operator-(const X& x, const Y& y) { return apply<op::add>(x, apply<op::negate>(detail::lift(y))); }
template <class X, class Y> requires FormulaAnd<X, Y> constexpr auto operator*(const X& x, const Y& y) { return apply<op::multiply>(x, y); }
template <class X, class Y> requires FormulaAnd<X, Y> constexpr auto operator/(const X& x, const Y& y) { return apply<op::divide>(x, y); }
template <Formula X> constexpr auto operator-(const X& x) { return apply<op::negate>(x); }
template <Formula X> constexpr auto operator+(const X& x) { return x; }
// clang-format on

namespace detail {

/// Anything that is neither a formula nor a number, as an operand. Only a conversion leads here, so that an
/// operator which another library has for its own type and a formula is the better match.
template <text Operator>
struct no_operand {
  template <class T>
  requires(!Symbolic<T> && !Numeric<T>) constexpr no_operand(const T&) {
    refuse<join(text{"operator "}, Operator, text{": an operand of type '"}, operand_spelling<T>(),
                text{"' is neither a formula nor a number."})>();
  }
};

}  // namespace detail

// clang-format off
template <Formula X> constexpr X operator+(const X& x, detail::no_operand<"+">) { return x; }
template <Formula X> constexpr X operator+(detail::no_operand<"+">, const X& x) { return x; }
template <Formula X> constexpr X operator-(const X& x, detail::no_operand<"-">) { return x; }
template <Formula X> constexpr X operator-(detail::no_operand<"-">, const X& x) { return x; }
template <Formula X> constexpr X operator*(const X& x, detail::no_operand<"*">) { return x; }
template <Formula X> constexpr X operator*(detail::no_operand<"*">, const X& x) { return x; }
template <Formula X> constexpr X operator/(const X& x, detail::no_operand<"/">) { return x; }
template <Formula X> constexpr X operator/(detail::no_operand<"/">, const X& x) { return x; }
// clang-format on

/// Whether two formulas are the same: the same type, and the same captured numbers.
template <Formula F, Formula G>
constexpr bool operator==(const F& f, const G& g) {
  if constexpr (!std::same_as<F, G>)
    return false;
  else
    return [&]<int... K>(std::integer_sequence<int, K...>) {
      return ((F::numbers_type::template at<K>(f.numbers) == F::numbers_type::template at<K>(g.numbers)) &&
              ... && true);
    }
  (std::make_integer_sequence<int, F::slots()>{});
}

}  // namespace tg

template <auto Stem, int N>
struct std::tuple_size<tg::symbol_group<Stem, N>>
    : std::integral_constant<std::size_t, static_cast<std::size_t>(N)> {};
template <std::size_t K, auto Stem, int N>
struct std::tuple_element<K, tg::symbol_group<Stem, N>> {
  using type = typename tg::symbol_group<Stem, N>::template element<static_cast<int>(K)>;
};

#include "../support/compiler/end.hpp"
