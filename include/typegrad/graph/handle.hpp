// SPDX-License-Identifier: BSL-1.0
// The handle: a node of a graph as a number that one can calculate with. It is the language in which
// derivative rules are written and the argument of a traced function; whatever is done to it adds nodes to
// its graph.
#pragma once
#include "../support/compiler/begin.hpp"

#include <concepts>
#include <string_view>

#include "../support/decimal.hpp"
#include "../support/error.hpp"
#include "../support/list.hpp"
#include "algebra.hpp"

namespace tg {

namespace detail {

/// In a rule, which runs on graphs of its own, what follows stops the compiler. The name is the sentence.
inline void a_rule_cannot_branch_on_a_value__nor_take_a_function_of_a_plain_number() {}

/// A trace goes on after a mistake, and its answer is the sentence.
constexpr int refuse_in_trace(builder& b, std::string_view sentence) {
  if (b.misfit.branches < 0) a_rule_cannot_branch_on_a_value__nor_take_a_function_of_a_plain_number();
  b.refuse(sentence);
  return zero_node;
}

// What plain numbers that have no exact value say when they come into a graph, each as a handle's `load`.
constexpr int refuse_inexact(builder& b, const exact*) {
  return refuse_in_trace(b,
                         "trace: a function of a plain number is not exact; apply it to a double, sqrt(2.0), "
                         "or to a symbol.");
}
constexpr int refuse_division(builder& b, const exact*) {
  return refuse_in_trace(b, "trace: a plain number is divided by zero.");
}
constexpr int refuse_several(builder& b, const exact*) {
  return refuse_in_trace(b,
                         "trace: a formula with several numbers stands for a plain number, as in T k = 2 * "
                         "tg::pi + 3; write its numbers as 2_c.");
}

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

  /// Nothing is known of a symbol's value: the answer to the request is a sentence. Meanwhile the condition
  /// is false, but not always, so that every loop ends.
  constexpr explicit operator bool() const {
    if (graph != nullptr) {
      detail::refuse_in_trace(*graph,
                              "trace: it cannot branch on the value of a symbol, which has none yet; write "
                              "where(condition, a, b) instead of 'if', 'while' or '?:'.");
      return ++graph->misfit.branches % 1000 == 0;
    }
    if (load != nullptr) detail::a_rule_cannot_branch_on_a_value__nor_take_a_function_of_a_plain_number();
    return number.n != 0;
  }

  friend constexpr handle operator+(const handle& x, const handle& y) {
    if (detail::builder* b = common(x, y)) return combined(*b, &detail::add, x.in(*b), y.in(*b));
    return folded(x, y, x.number + y.number);
  }
  friend constexpr handle operator*(const handle& x, const handle& y) {
    if (detail::builder* b = common(x, y)) return combined(*b, &detail::multiply, x.in(*b), y.in(*b));
    return folded(x, y, x.number * y.number);
  }
  friend constexpr handle operator/(const handle& x, const handle& y) {
    if (detail::builder* b = common(x, y)) return combined(*b, &detail::divide, x.in(*b), y.in(*b));
    const detail::exact_result r = detail::inverse(y.number);
    if (!r.valid && y.load == nullptr) return refused(&detail::refuse_division);
    return folded(x, y, x.number * r.value);
  }
  friend constexpr handle operator-(const handle& x) {
    if (x.graph != nullptr) return {*x.graph, detail::negate(*x.graph, x.id)};
    return x.load == nullptr ? handle(-x.number) : refused(&detail::refuse_inexact);
  }
  friend constexpr handle operator-(const handle& x, const handle& y) {
    if (detail::builder* b = common(x, y))
      return combined(*b, &detail::add, x.in(*b), detail::negate(*b, y.in(*b)));
    return folded(x, y, x.number + -y.number);
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
    return x.graph != nullptr ? x.graph : y.graph;
  }

  /// A plain number without an exact value, which is refused when it comes into a graph.
  static constexpr handle refused(int (*why)(detail::builder&, const detail::exact*)) {
    handle none;
    none.load = why;
    return none;
  }

 private:
  /// Of arrays algebra may make the result smaller, as 0*x is the number 0.
  static constexpr handle combined(detail::builder& b, int (*operation)(detail::builder&, int, int), int x,
                                   int y) {
    const int node = operation(b, x, y);
    return {b, b.arrays == nullptr ? node : detail::in_shape_of_both(b, node, x, y)};
  }
  static constexpr handle folded(const handle& x, const handle& y, const detail::exact_result& r) {
    if (x.load == nullptr && y.load == nullptr && r.valid) return r.value;
    return refused(&detail::refuse_inexact);
  }
};

/// An ordinary number of any kind, as opposed to a symbolic one, and to a vector of numbers that is no batch.
template <class T>
concept Numeric = !Symbolic<T> && std::constructible_from<T, signed char> && requires(const T& t) {
  -t;
}
&&(
    !requires(const T& t) { t.size(); } || requires { typename T::mask_type; });
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
template <class... X>
constexpr void refuse_operand() {
  refuse<text{"an operand is neither a formula nor a number."}, X...>();
}

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
  alone.misfit.branches = 0;
  const int id = node_of(alone, op, x...);
  return alone.is_constant(id) && alone.misfit.function.empty() ? handle(alone.value(id))
                                                                : handle::refused(&refuse_inexact);
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
  if constexpr (!((Symbolic<X> || Numeric<X>)&&...)) detail::refuse_operand<X...>();
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
