// SPDX-License-Identifier: BSL-1.0
// The handle: a node of a graph as a number that one can calculate with. It is the language in which
// derivative rules are written and the argument of a traced function; whatever is done to it adds nodes to
// its graph.
#pragma once

#include <concepts>

#include "../support/decimal.hpp"
#include "../support/error.hpp"
#include "../support/list.hpp"
#include "algebra.hpp"

namespace tg {

/// A condition that a trace met in an `if`, `while` or `?:`. The name is the sentence that the compiler
/// prints.
inline bool trace_cannot_branch_on_the_value_of_a_symbol__write_where_condition_a_b_instead() {
  return false;
}
/// A function of a plain number inside a trace, which has no graph to add it to.
inline int trace_function_of_a_plain_number__apply_it_to_a_double_or_to_a_symbol_instead() { return 0; }
/// Division by the constant zero.
inline int trace_division_of_a_plain_number_by_zero() { return 0; }

template <class... Nodes>
struct formula;

/// A formula of several captured numbers, such as 2 * tg::pi + 3, as a variable of the traced type: it has no
/// graph, and room for one number.
inline int trace_formula_with_several_numbers_as_a_plain_variable__write_its_numbers_as_2_c() { return 0; }

namespace detail {

/// Adds the formula to a graph, with exact constants in the place of its captured numbers; see
/// formula/as_constants.hpp.
template <class F>
constexpr int load_with(builder& b, const exact* numbers);
template <class F>
constexpr int load_with_own(builder& b, const F& f);
template <class T>
constexpr exact constant_from(const T& number);

}  // namespace detail

/// A node of the graph `graph`; or, where that is null, what belongs to no graph yet: a formula, which `load`
/// adds to one with `number` in the place of the one that it captured, or else a plain exact number.
struct handle {
  using symbolic = handle;
  using is_handle = handle;

  builder* graph = nullptr;
  int id = -1;
  exact number{};
  int (*load)(builder&, const exact*) = nullptr;

  constexpr handle() = default;
  constexpr handle(builder& b, int node) : graph{&b}, id{node} {}
  constexpr handle(const exact& v) : number{v} {}
  /// 2_c, 0.1_c and rational<1, 3> in a traced function.
  template <std::int64_t N, std::int64_t D, int E>
  constexpr handle(const formula<node::constant<N, D, E>>&) : number{N, D, E} {}
  /// tg::pi, 2 * tg::pi, and any other formula.
  template <class... Nodes>
  constexpr handle(const formula<Nodes...>& f) {
    if constexpr (constexpr int slots = formula<Nodes...>::slots(); slots > 0) {
      builder alone;
      const int root_node = detail::load_with_own(alone, f);
      const bool plain = alone.is_constant(root_node);
      if (plain)
        number = alone.value(root_node);
      else if constexpr (slots == 1)
        number = detail::constant_from(get<0>(f.numbers));
      else
        trace_formula_with_several_numbers_as_a_plain_variable__write_its_numbers_as_2_c();
      if (plain) return;
    }
    load = &detail::load_with<formula<Nodes...>>;
  }
  template <class T>
  requires std::integral<T> || std::floating_point<T>
  constexpr handle(T ordinary) : number{detail::exact_from(ordinary)} {}

  /// The node in graph b.
  constexpr int in(builder& b) const {
    return graph != nullptr ? id : load != nullptr ? load(b, &number) : b.constant(number);
  }

  constexpr explicit operator bool() const {
    if (graph != nullptr || load != nullptr)
      trace_cannot_branch_on_the_value_of_a_symbol__write_where_condition_a_b_instead();
    return number.n != 0;
  }

  friend constexpr handle operator+(const handle& x, const handle& y) {
    if (builder* b = common(x, y)) return {*b, tg::add(*b, x.in(*b), y.in(*b))};
    return folded(x.number + y.number);
  }
  friend constexpr handle operator*(const handle& x, const handle& y) {
    if (builder* b = common(x, y)) return {*b, tg::multiply(*b, x.in(*b), y.in(*b))};
    return folded(x.number * y.number);
  }
  friend constexpr handle operator/(const handle& x, const handle& y) {
    if (builder* b = common(x, y)) return {*b, tg::divide(*b, x.in(*b), y.in(*b))};
    const exact_result r = inverse(y.number);
    if (!r.valid) trace_division_of_a_plain_number_by_zero();
    return folded(x.number * r.value);
  }
  friend constexpr handle operator-(const handle& x) {
    if (x.graph != nullptr) return {*x.graph, tg::negate(*x.graph, x.id)};
    common(x, x);
    return -x.number;
  }
  friend constexpr handle operator-(const handle& x, const handle& y) {
    if (builder* b = common(x, y)) return {*b, tg::add(*b, x.in(*b), tg::negate(*b, y.in(*b)))};
    return folded(x.number + -y.number);
  }
  friend constexpr handle operator+(const handle& x) { return x; }
  constexpr handle& operator+=(const handle& y) { return *this = *this + y; }
  constexpr handle& operator-=(const handle& y) { return *this = *this - y; }
  constexpr handle& operator*=(const handle& y) { return *this = *this * y; }
  constexpr handle& operator/=(const handle& y) { return *this = *this / y; }

  // A formula with numbers of its own goes into the graph at once, however many they are.
  template <class... Nodes>
  friend constexpr handle operator+(const handle& x, const formula<Nodes...>& y) {
    return x + x.beside(y);
  }
  template <class... Nodes>
  friend constexpr handle operator+(const formula<Nodes...>& x, const handle& y) {
    return y.beside(x) + y;
  }
  template <class... Nodes>
  friend constexpr handle operator-(const handle& x, const formula<Nodes...>& y) {
    return x - x.beside(y);
  }
  template <class... Nodes>
  friend constexpr handle operator-(const formula<Nodes...>& x, const handle& y) {
    return y.beside(x) - y;
  }
  template <class... Nodes>
  friend constexpr handle operator*(const handle& x, const formula<Nodes...>& y) {
    return x * x.beside(y);
  }
  template <class... Nodes>
  friend constexpr handle operator*(const formula<Nodes...>& x, const handle& y) {
    return y.beside(x) * y;
  }
  template <class... Nodes>
  friend constexpr handle operator/(const handle& x, const formula<Nodes...>& y) {
    return x / x.beside(y);
  }
  template <class... Nodes>
  friend constexpr handle operator/(const formula<Nodes...>& x, const handle& y) {
    return y.beside(x) / y;
  }
  template <class... Nodes>
  constexpr handle& operator+=(const formula<Nodes...>& y) {
    return *this = *this + y;
  }
  template <class... Nodes>
  constexpr handle& operator-=(const formula<Nodes...>& y) {
    return *this = *this - y;
  }
  template <class... Nodes>
  constexpr handle& operator*=(const formula<Nodes...>& y) {
    return *this = *this * y;
  }
  template <class... Nodes>
  constexpr handle& operator/=(const formula<Nodes...>& y) {
    return *this = *this / y;
  }

  /// An operand as a handle, in the same graph where it is a formula with numbers of its own.
  template <class X>
  constexpr handle beside(const X& x) const {
    if constexpr (requires {
                    requires X::slots()
                    > 0;
                  })
      if (graph != nullptr) return {*graph, detail::load_with_own(*graph, x)};
    return x;
  }

  /// The graph of both; null for two plain numbers.
  static constexpr builder* common(const handle& x, const handle& y) {
    if (x.graph == nullptr && y.graph == nullptr && (x.load != nullptr || y.load != nullptr))
      trace_function_of_a_plain_number__apply_it_to_a_double_or_to_a_symbol_instead();
    return x.graph != nullptr ? x.graph : y.graph;
  }

 private:
  static constexpr handle folded(const exact_result& r) {
    if (!r.valid) trace_function_of_a_plain_number__apply_it_to_a_double_or_to_a_symbol_instead();
    return r.value;
  }
};

/// What a formula can be made of: handles while tracing and in rules, formulas everywhere else.
template <class T>
concept Symbolic = requires {
  typename T::symbolic;
};
/// An ordinary number of any kind, as opposed to a symbolic one.
template <class T>
concept Numeric = !Symbolic<T> && std::constructible_from<T, signed char> && requires(const T& t) {
  -t;
};
template <class T>
concept Handle = requires {
  typename T::is_handle;
};
/// The arguments of one function, of which apply() then asks that each is symbolic or a number.
template <class... T>
concept AnySymbolic = (Symbolic<T> || ...);
/// The operands of a comparison: at least one symbolic, the others symbolic or numbers, so that types with
/// operators of their own keep them.
template <class... T>
concept SomeSymbolic = (Symbolic<T> || ...) && ((Symbolic<T> || Numeric<T>)&&...);

namespace detail {

template <class Op, int Operands>
constexpr bool operands_accepted();

}  // namespace detail

namespace detail {

template <class Op, class... X>
constexpr int node_of(builder& b, const X&... x) {
  return make<Op>(b, x.in(b)...);
}
template <class Op, class... X>
constexpr handle applied_in(builder* b, const X&... x) {
  if (b != nullptr) return {*b, node_of<Op>(*b, x...)};
  builder alone;
  const int id = node_of<Op>(alone, x...);
  if (!alone.is_constant(id)) trace_function_of_a_plain_number__apply_it_to_a_double_or_to_a_symbol_instead();
  return alone.value(id);
}
/// One of the operands that has a graph, if there is one.
template <class... X>
constexpr handle one_in_graph(const X&... x) {
  handle found;
  const auto look = [&]<class T>(const T& each_operand) {
    if constexpr (Handle<T>)
      if (found.graph == nullptr) found.graph = each_operand.graph;
  };
  (look(x), ...);
  return found;
}

}  // namespace detail

/// The primitive Op applied to handles and numbers. Plain numbers alone have no graph to go into: they are
/// folded where the result is exact, and refused otherwise.
template <class Op, class... X>
requires(Handle<X> || ...) constexpr handle apply(const X&... x) {
  static_assert(((Symbolic<X> || Numeric<X>)&&...),
                "typegrad: an operand is neither a formula nor a number.");
  static_assert(detail::operands_accepted<Op, static_cast<int>(sizeof...(X))>());
  const handle other = detail::one_in_graph(x...);
  return detail::applied_in<Op>(other.graph, other.beside(x)...);
}

/// The named constant Op in the graph of x.
template <class Op>
constexpr handle named(const handle& x) {
  return {*x.graph, x.graph->intern(known<Op>)};
}

/// The partial derivatives of a rule with several operands, in the order of the operands.
template <class... T>
constexpr auto partials_of(const T&... t) {
  return list<T...>{t...};
}

namespace detail {

/// Calls f with call.count handles.
template <int N, class F>
constexpr auto with_handles(builder& b, const buffer<int>::storage& args, F&& f) {
  return [&]<int... K>(std::integer_sequence<int, K...>) { return f(handle(b, args[K])...); }
  (std::make_integer_sequence<int, N>{});
}

/// Whether a primitive has a value or a definition for so many operands.
template <class Op, int... K>
constexpr bool takes_operands(std::integer_sequence<int, K...>) {
  return requires { Op::value((static_cast<void>(K), 1.0)...); }
  || requires(handle h) { Op::definition((static_cast<void>(K), h)...); };
}

/// The number of operands that a primitive takes, the smallest from 1 to 8; 0 if there is none.
template <class Op, int N = 1>
constexpr int arity_of() {
  if constexpr (requires { Op::arity; })
    return Op::arity;
  else if constexpr (takes_operands<Op>(std::make_integer_sequence<int, N>{}))
    return N;
  else if constexpr (N < 8)
    return arity_of<Op, N + 1>();
  else
    return 0;
}

template <class Op>
constexpr auto primitive_text() {
  constexpr std::string_view name = Op::name;
  text<name.size() + 1> letters;
  for (std::size_t at = 0; at < name.size(); ++at) letters.data[at] = name[at];
  return join(text{"primitive '"}, letters, text{"'"});
}

template <int N>
constexpr auto digit_text() {
  return text<2>{{static_cast<char>('0' + N % 10), 0}};
}

/// Whether a primitive says as a member of its own what belongs into its facts, where it would be overlooked.
template <class Op>
concept HasLooseFact = requires {
  Op::parity;
}
|| requires { Op::commutative; }
|| requires { Op::at_zero; }
|| requires { Op::at_one; }
|| requires { Op::calls; }
|| requires { Op::infix; }
|| requires { Op::latex; }
|| requires { Op::c; }
|| requires { Op::domain; };

/// Refuses, where a primitive is applied, a user's struct without a value for so many operands.
template <class Op, int Operands>
constexpr bool operands_accepted() {
  if constexpr (
      requires { Op::what; } || requires { Op::built_in; })
    return true;
  else if constexpr (!requires { Op::name; })
    return refuse<join(text{"apply: the primitive '"}, operand_spelling<Op>(),
                       text{"' has no name: give it static constexpr auto name = \"f\"."})>();
  else if constexpr (HasLooseFact<Op>)
    return refuse<join(
        primitive_text<Op>(),
        text{": notation, parity, domain and the like are said in one place, static constexpr tg::facts "
             "facts{.parity = 1, .latex = \"...\"}."})>();
  else if constexpr (takes_operands<Op>(std::make_integer_sequence<int, Operands>{}))
    return true;
  else if constexpr (arity_of<Op>() > 0 && arity_of<Op>() != Operands)
    return refuse<join(primitive_text<Op>(), text{" takes "}, digit_text<arity_of<Op>()>(),
                       text{" operands, not "}, digit_text<Operands>(), text{"."})>();
  else
    return refuse<join(primitive_text<Op>(), text{" has no value: give it value(x) or definition(x)."})>();
}

template <class Op, int Given, int Needed, class... Dependent>
constexpr void refuse_partials() {
  if constexpr (!requires { Op::arity; } && takes_operands<Op>(std::make_integer_sequence<int, Needed + 1>{}))
    refuse<join(primitive_text<Op>(),
                text{": say how many operands it has, by static constexpr int arity."})>();
  else
    refuse<join(primitive_text<Op>(), text{" gives "}, digit_text<Given>(), text{" partial derivatives for "},
                digit_text<Needed>(), text{" operands: return tg::partials_of(...) with one for each."})>();
}

/// The rule and the definition of a user's primitive. Their names are the sentence that the compiler prints
/// where it cannot run them.
template <class Op, class... X>
constexpr auto a_derivative_is_made_while_compiling__so_the_partials_of_a_primitive_must_be_constexpr(
    const X&... given) {
  return Op::partials(given...);
}
template <class Op, class... X>
constexpr handle a_derivative_is_made_while_compiling__so_the_definition_of_a_primitive_must_be_constexpr(
    const X&... given) {
  return handle(Op::definition(given...));
}

/// Runs the rule of Op on the graph; the rule may ask for the value of the node itself as one more argument.
template <class Op>
constexpr void run_rule(builder& b, const rule_call& call) {
  const auto put = [&](int to_place, const auto& partial) { call.out[to_place] = handle(partial).in(b); };
  constexpr int n = arity_of<Op>();
  if constexpr (n > 0) {
    with_handles<n>(b, call.args, [&](auto... given) {
      const auto read = [&](const auto& result) {
        if constexpr (requires { handle(result); }) {
          put(0, result);
          if constexpr (n != 1) refuse_partials<Op, 1, n, decltype(result)>();
        } else {
          result.unpack([&](const auto&... partial) {
            if constexpr (static_cast<int>(sizeof...(partial)) != n)
              refuse_partials<Op, static_cast<int>(sizeof...(partial)), n>();
            int next_place = 0;
            (put(next_place++, partial), ...);
          });
        }
      };
      if constexpr (
          !requires { Op::built_in; } && requires { Op::partials(given..., handle{}); })
        read(a_derivative_is_made_while_compiling__so_the_partials_of_a_primitive_must_be_constexpr<Op>(
            given..., handle(b, call.self)));
      else if constexpr (
          !requires { Op::built_in; } && requires { Op::partials(given...); })
        read(a_derivative_is_made_while_compiling__so_the_partials_of_a_primitive_must_be_constexpr<Op>(
            given...));
      else if constexpr (requires { Op::partials(given..., handle{}); })
        read(Op::partials(given..., handle(b, call.self)));
      else if constexpr (requires { Op::partials(given...); })
        read(Op::partials(given...));
      else
        refuse_when_reached<join(primitive_text<Op>(),
                                 text{" has no derivative: give it partials(x) or definition(x)."})>();
    });
    if (call.count != n)
      refuse_when_reached<join(primitive_text<Op>(),
                               text{": say how many operands it has, by static constexpr int arity."})>();
  } else if constexpr (requires { Op::partials_of_many(b, call); }) {
    Op::partials_of_many(b, call);
  }
}

template <class Op>
constexpr void run_definition(builder& b, const rule_call& call) {
  constexpr int n = arity_of<Op>();
  if constexpr (n > 0)
    with_handles<n>(b, call.args, [&](auto... given) {
      if constexpr (
          !requires { Op::built_in; } && requires { Op::definition(given...); })
        call.out[0] =
            a_derivative_is_made_while_compiling__so_the_definition_of_a_primitive_must_be_constexpr<Op>(
                given...)
                .in(b);
      else if constexpr (requires { Op::definition(given...); })
        call.out[0] = handle(Op::definition(given...)).in(b);
    });
}

}  // namespace detail

}  // namespace tg
