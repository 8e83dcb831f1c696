// SPDX-License-Identifier: BSL-1.0
// The handle: a node of a graph as a number that one can calculate with. It is the language in which
// derivative rules are written and the argument of a traced function; whatever is done to it adds nodes to
// its graph.
#pragma once
#include "../support/compiler/begin.hpp"

#include <concepts>

#include "../support/decimal.hpp"
#include "../support/error.hpp"
#include "../support/list.hpp"
#include "algebra.hpp"

namespace tg {

namespace detail {

/// A condition that a trace met in an `if`, `while` or `?:`. The name is the sentence that the compiler
/// prints.
inline bool trace_cannot_branch_on_the_value_of_a_symbol__write_where_condition_a_b_instead() {
  return false;
}
/// A function of a plain number inside a trace, which has no graph to add it to.
inline int trace_function_of_a_plain_number__apply_it_to_a_double_or_to_a_symbol_instead() { return 0; }
/// Division by the constant zero.
inline int trace_division_of_a_plain_number_by_zero() { return 0; }

}  // namespace detail

/// What a formula can be made of: handles while tracing and in rules, formulas everywhere else.
template <class T>
concept Symbolic = requires {
  typename T::symbolic;
};
template <class T>
concept Handle = requires {
  typename T::is_handle;
};

namespace detail {

/// What has a graph of its own: a formula. `as_handle(builder*, f)`, found with its type, makes a handle of
/// it.
template <class T>
concept OwnGraph = Symbolic<T> && !Handle<T>;

}  // namespace detail

/// A node of the graph `graph`; or, where that is null, what belongs to no graph yet: a formula, which `load`
/// adds to one with `number` in the place of the one that it captured, or else a plain exact number.
struct handle {
  using symbolic = handle;
  using is_handle = handle;

  detail::builder* graph = nullptr;
  int id = -1;
  detail::exact number{};
  int (*load)(detail::builder&, const detail::exact*) = nullptr;

  constexpr handle() = default;
  constexpr handle(detail::builder& b, int node) : graph{&b}, id{node} {}
  constexpr handle(const detail::exact& v) : number{v} {}
  /// 2_c, tg::pi, 2 * tg::pi, and any other formula.
  template <detail::OwnGraph F>
  constexpr handle(const F& f) : handle{as_handle(static_cast<detail::builder*>(nullptr), f)} {}
  template <class T>
  requires std::integral<T> || std::floating_point<T>
  constexpr handle(T ordinary) : number{detail::exact_from(ordinary)} {}

  /// The node in graph b.
  constexpr int in(detail::builder& b) const {
    return graph != nullptr ? id : load != nullptr ? load(b, &number) : b.constant(number);
  }

  constexpr explicit operator bool() const {
    if (graph != nullptr || load != nullptr)
      detail::trace_cannot_branch_on_the_value_of_a_symbol__write_where_condition_a_b_instead();
    return number.n != 0;
  }

  friend constexpr handle operator+(const handle& x, const handle& y) {
    if (detail::builder* b = common(x, y)) return combined(*b, &detail::add, x.in(*b), y.in(*b));
    return folded(x.number + y.number);
  }
  friend constexpr handle operator*(const handle& x, const handle& y) {
    if (detail::builder* b = common(x, y)) return combined(*b, &detail::multiply, x.in(*b), y.in(*b));
    return folded(x.number * y.number);
  }
  friend constexpr handle operator/(const handle& x, const handle& y) {
    if (detail::builder* b = common(x, y)) return combined(*b, &detail::divide, x.in(*b), y.in(*b));
    const detail::exact_result r = detail::inverse(y.number);
    if (!r.valid) detail::trace_division_of_a_plain_number_by_zero();
    return folded(x.number * r.value);
  }
  friend constexpr handle operator-(const handle& x) {
    if (x.graph != nullptr) return {*x.graph, detail::negate(*x.graph, x.id)};
    common(x, x);
    return -x.number;
  }
  friend constexpr handle operator-(const handle& x, const handle& y) {
    if (detail::builder* b = common(x, y))
      return combined(*b, &detail::add, x.in(*b), detail::negate(*b, y.in(*b)));
    return folded(x.number + -y.number);
  }
  friend constexpr handle operator+(const handle& x) { return x; }
  template <class Y>
  constexpr handle& operator+=(const Y& y) {
    return *this = *this + y;
  }
  template <class Y>
  constexpr handle& operator-=(const Y& y) {
    return *this = *this - y;
  }
  template <class Y>
  constexpr handle& operator*=(const Y& y) {
    return *this = *this * y;
  }
  template <class Y>
  constexpr handle& operator/=(const Y& y) {
    return *this = *this / y;
  }

  // A formula with numbers of its own goes into the graph at once, however many they are.
  template <detail::OwnGraph F>
  friend constexpr handle operator+(const handle& x, const F& y) {
    return x + x.beside(y);
  }
  template <detail::OwnGraph F>
  friend constexpr handle operator+(const F& x, const handle& y) {
    return y.beside(x) + y;
  }
  template <detail::OwnGraph F>
  friend constexpr handle operator-(const handle& x, const F& y) {
    return x - x.beside(y);
  }
  template <detail::OwnGraph F>
  friend constexpr handle operator-(const F& x, const handle& y) {
    return y.beside(x) - y;
  }
  template <detail::OwnGraph F>
  friend constexpr handle operator*(const handle& x, const F& y) {
    return x * x.beside(y);
  }
  template <detail::OwnGraph F>
  friend constexpr handle operator*(const F& x, const handle& y) {
    return y.beside(x) * y;
  }
  template <detail::OwnGraph F>
  friend constexpr handle operator/(const handle& x, const F& y) {
    return x / x.beside(y);
  }
  template <detail::OwnGraph F>
  friend constexpr handle operator/(const F& x, const handle& y) {
    return y.beside(x) / y;
  }

  /// An operand as a handle, in the same graph where it is a formula.
  template <class X>
  constexpr handle beside(const X& x) const {
    if constexpr (detail::OwnGraph<X>)
      return as_handle(graph, x);
    else
      return x;
  }

  /// The graph of both; null for two plain numbers.
  static constexpr detail::builder* common(const handle& x, const handle& y) {
    if (x.graph == nullptr && y.graph == nullptr && (x.load != nullptr || y.load != nullptr))
      detail::trace_function_of_a_plain_number__apply_it_to_a_double_or_to_a_symbol_instead();
    return x.graph != nullptr ? x.graph : y.graph;
  }

 private:
  /// Of arrays algebra may make the result smaller, as 0*x is the number 0.
  static constexpr handle combined(detail::builder& b, int (*operation)(detail::builder&, int, int), int x,
                                   int y) {
    const int node = operation(b, x, y);
    return {b, b.arrays == nullptr ? node : detail::in_shape_of_both(b, node, x, y)};
  }
  static constexpr handle folded(const detail::exact_result& r) {
    if (!r.valid) detail::trace_function_of_a_plain_number__apply_it_to_a_double_or_to_a_symbol_instead();
    return r.value;
  }
};

/// An ordinary number of any kind, as opposed to a symbolic one.
template <class T>
concept Numeric = !Symbolic<T> && std::constructible_from<T, signed char> && requires(const T& t) {
  -t;
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

/// A primitive in the graph b; where that is null, folded. By its record, so that few functions serve all.
template <class... X>
constexpr int node_of(builder& b, const record* op, const X&... x) {
  buffer<int> args;
  (args.push_back(x.in(b)), ...);
  return in_full_shape(b, op, args, make_node(b, op, args));
}
template <class... X>
constexpr handle applied_in(builder* b, const record* op, const X&... x) {
  if (b != nullptr) return {*b, node_of(*b, op, x...)};
  builder alone;
  const int id = node_of(alone, op, x...);
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
  return detail::applied_in(other.graph, detail::known<Op>, other.beside(x)...);
}

/// The named constant Op in the graph of x.
template <class Op>
constexpr handle named(const handle& x) {
  return {*x.graph, x.graph->intern(detail::known<Op>)};
}

/// The partial derivatives of a rule with several operands, in the order of the operands.
template <class... T>
constexpr auto partials_of(const T&... t) {
  return list<T...>{t...};
}

}  // namespace tg

#include "../support/compiler/end.hpp"
