// SPDX-License-Identifier: BSL-1.0
// The operations that formulas are calculated with: sum, product, quotient, negation, power, square root and
// choice. Each is a primitive like any other; what sets them apart is that passes know their laws.
// `make_node` applies the laws that one look at the operands can decide; pass/simplify.hpp applies those that
// need the whole sum or product.
#pragma once
#include "../support/compiler/begin.hpp"

#include <cmath>

#include "norms.hpp"

namespace tg::detail {

constexpr int make_node(builder& b, const record* op, const buffer<int>& args);
constexpr int add(builder& b, int x, int y);
constexpr int multiply(builder& b, int x, int y);
constexpr int divide(builder& b, int x, int y);
constexpr int negate(builder& b, int x);
constexpr int power(builder& b, int x, const exact& exponent);
constexpr int make_where(builder& b, int c, int x, int y);
template <class Op, class... Ids>
constexpr int make(builder& b, Ids... ids) {
  buffer<int> args;
  (args.push_back(ids), ...);
  return make_node(b, known<Op>, args);
}

}  // namespace tg::detail

namespace tg::op {

/// x + y + ...
struct add {
  static constexpr std::string_view name = "add";
  static constexpr tg::facts facts{.commutative = true, .calls = 0, .infix = "+"};
  static constexpr detail::kind what = detail::kind::add;
  template <class... T>
  static constexpr auto value(const T&... x) {
    return (x + ...);
  }
  static constexpr void graph_partials(detail::builder&, const detail::rule_call& call) {
    for (int k = 0; k < call.count; ++k)
      if (call.wanted[k]) call.out[k] = detail::one_node;
  }
};

/// x * y * ...
struct multiply {
  static constexpr std::string_view name = "multiply";
  static constexpr tg::facts facts{.commutative = true, .calls = 0, .infix = "*"};
  static constexpr detail::kind what = detail::kind::multiply;
  template <class... T>
  static constexpr auto value(const T&... x) {
    return (x * ...);
  }
  /// Each partial is the product of the other factors: directly for a few, by running products from both ends
  /// for many (linear).
  static constexpr void graph_partials(detail::builder& b, const detail::rule_call& call) {
    const int n = call.count;
    if (n == 2) {
      if (call.wanted[0]) call.out[0] = call.args[1];
      if (call.wanted[1]) call.out[1] = call.args[0];
      return;
    }
    detail::buffer<int> after(n + 1, detail::one_node);
    for (int k = n - 1; k > 0; --k)
      after[k] = detail::multiply(b, call.args[k], after[k + 1 <= n - 1 ? k + 1 : n]);
    int product = detail::one_node;
    for (int k = 0; k < n; ++k) {
      if (call.wanted[k]) call.out[k] = detail::multiply(b, product, after[k + 1]);
      product = detail::multiply(b, product, call.args[k]);
    }
  }
};

/// x / y, for y != 0.
struct divide {
  static constexpr std::string_view name = "divide";
  static constexpr tg::facts facts{.calls = 0, .infix = "/"};
  static constexpr detail::kind what = detail::kind::divide;
  static constexpr int arity = 2;
  template <class T>
  static constexpr auto value(const T& x, const T& y) {
    return x / y;
  }
  static constexpr void graph_partials(detail::builder& b, const detail::rule_call& call) {
    if (call.wanted[0]) call.out[0] = detail::divide(b, detail::one_node, call.args[1]);
    if (call.wanted[1]) call.out[1] = detail::negate(b, detail::divide(b, call.self, call.args[1]));
  }
};

/// -x.
struct negate {
  static constexpr std::string_view name = "negate";
  static constexpr tg::facts facts{.calls = 0, .infix = "-"};
  static constexpr detail::kind what = detail::kind::negate;
  static constexpr int arity = 1;
  template <class T>
  static constexpr auto value(const T& x) {
    return -x;
  }
  static constexpr void graph_partials(detail::builder&, const detail::rule_call& call) {
    call.out[0] = detail::minus_one_node;
  }
};

/// sqrt(x), for x >= 0; the derivative is infinite at 0.
struct sqrt {
  static constexpr std::string_view name = "sqrt";
  static constexpr detail::kind what = detail::kind::root;
  static constexpr int arity = 1;
  static constexpr tg::facts facts{.range = tg::facts::positive, .domain = "$1 > 0"};
  template <class T>
  static constexpr auto value(const T& x) {
    using std::sqrt;
    return static_cast<T>(sqrt(x));
  }
  static constexpr void graph_partials(detail::builder& b, const detail::rule_call& call) {
    call.out[0] = detail::divide(b, b.constant(detail::exact{1, 2}), call.self);
  }
};

/// x^k for an exact rational k, evaluated by multiplications and square roots where 2k is an integer. For x <
/// 0 the exponent has to be an integer; at x = 0 it has to be positive.
struct power {
  static constexpr std::string_view name = "power";
  static constexpr detail::kind what = detail::kind::power;
  static constexpr int arity = 2;
  static constexpr tg::facts facts{.calls = 1};
  static constexpr void graph_partials(detail::builder& b, const detail::rule_call& call) {
    if (!call.wanted[0]) return;
    const int x = call.args[0], k = call.args[1];
    const detail::exact_result lower = b.value(k) + detail::exact{-1, 1};
    call.out[0] = lower.valid ? detail::multiply(b, k, detail::power(b, x, lower.value))
                              : detail::multiply(b, k, detail::divide(b, call.self, x));
  }
};

/// c ? x : y; only the chosen operand is evaluated.
struct where {
  static constexpr std::string_view name = "where";
  static constexpr detail::kind what = detail::kind::where;
  static constexpr int arity = 3;
  static constexpr tg::facts facts{.calls = 0};
  static constexpr void graph_partials(detail::builder& b, const detail::rule_call& call) {
    if (call.wanted[1]) call.out[1] = make_where(b, call.args[0], detail::one_node, detail::zero_node);
    if (call.wanted[2]) call.out[2] = make_where(b, call.args[0], detail::zero_node, detail::one_node);
  }
};

}  // namespace tg::op

namespace tg::detail {

constexpr int add(builder& b, int x, int y) {
  if (x == zero_node || y == zero_node) return x + y;  // zero_node is 0: what is left is the other one
  if (b.is_constant(x) && b.is_constant(y))
    if (const exact_result r = b.value(x) + b.value(y); r.valid) return b.constant(r.value);
  return b.intern(known<op::add>, x, y);
}

/// A choice with zero on one side, `where(c, x, 0)` or `where(c, 0, x)`: which operand is not zero; 0 if it
/// is no such node.
constexpr int gated_operand(const builder& b, int id) {
  if (b.what(id) != kind::where) return 0;
  return b.operand(id, 2) == zero_node ? 1 : b.operand(id, 1) == zero_node ? 2 : 0;
}

/// That choice with `inner` in the place of its operand k, the one that is not zero.
constexpr int with_gated(builder& b, int choice, int k, int inner) {
  const int c = b.operand(choice, 0);
  return k == 1 ? make_where(b, c, inner, zero_node) : make_where(b, c, zero_node, inner);
}

constexpr int multiply(builder& b, int x, int y) {
  if (x <= minus_one_node || y <= minus_one_node) {
    if (x == zero_node || y == zero_node) return zero_node;
    return x == one_node ? y : y == one_node ? x : x == minus_one_node ? negate(b, y) : negate(b, x);
  }
  const kind p = b.vertices.items[x].op->what, q = b.vertices.items[y].op->what;
  if (p == kind::constant && q == kind::constant)
    if (const exact_result r = b.value(x) * b.value(y); r.valid) return b.constant(r.value);
  // A factor outside a choice moves to the side that is not zero: where that side is not taken, the factor
  // may be infinite.
  if (p == kind::where || q == kind::where)
    for (int swap = 0; swap < 2; ++swap) {
      const int choice = swap == 0 ? x : y, factor = swap == 0 ? y : x;
      if (const int k = gated_operand(b, choice); k != 0)
        return with_gated(b, choice, k, multiply(b, b.operand(choice, k), factor));
    }
  return b.intern(known<op::multiply>, x, y);
}

constexpr int divide(builder& b, int x, int y) {
  if (y == one_node) return x;
  if (b.is_constant(y))
    if (const exact_result r = inverse(b.value(y)); r.valid) return multiply(b, x, b.constant(r.value));
  if (x == zero_node) return x;
  if (const int k = gated_operand(b, x); k != 0) return with_gated(b, x, k, divide(b, b.operand(x, k), y));
  return b.intern(known<op::divide>, x, y);
}

constexpr int negate(builder& b, int x) {
  if (b.is_constant(x)) return b.constant(-b.value(x));
  if (b.what(x) == kind::negate) return b.operand(x, 0);
  return b.intern(known<op::negate>, x);
}

/// The root of a perfect square, or -1.
constexpr std::int64_t integer_root(std::int64_t v) {
  if (v < 0 || v > (std::int64_t{1} << 52)) return -1;
  std::int64_t low = 0, high = 1;
  for (; high * high < v; high *= 2) low = high;
  while (low < high) {
    const std::int64_t middle = (low + high) / 2;
    if (middle * middle < v)
      low = middle + 1;
    else
      high = middle;
  }
  return low * low == v ? low : -1;
}

constexpr int root(builder& b, int x) {
  if (b.is_constant(x) && b.value(x).e == 0) {
    const std::int64_t n = integer_root(b.value(x).n), d = integer_root(b.value(x).d);
    if (n >= 0 && d > 0) return b.constant(exact{n, d});
  }
  return b.intern(known<op::sqrt>, x);
}

/// x^exponent in its canonical form: 1/x^k for negative exponents, sqrt for one half, constants and powers of
/// powers folded.
constexpr int power(builder& b, int x, const exact& exponent) {
  if (exponent.is(1)) return x;
  if (exponent.is(0)) return one_node;
  if (x == one_node) return x;
  if (b.is_constant(x) && exponent.is_integer())
    if (const exact_result r = integer_power(b.value(x), exponent.n); r.valid) return b.constant(r.value);
  if (exponent.is_negative()) return divide(b, one_node, power(b, x, -exponent));
  // Where the side is not taken, nothing is divided by the power's zero.
  if (const int k = gated_operand(b, x); k != 0)
    return with_gated(b, x, k, power(b, b.operand(x, k), exponent));
  if (exponent.is_integer()) {  // (u^k)^n = u^(k n) for every u where u^k is defined
    if (b.what(x) == kind::negate) {
      const int inner = power(b, b.operand(x, 0), exponent);
      return exponent.n % 2 == 0 ? inner : negate(b, inner);
    }
    if (b.what(x) == kind::power && b.is_constant(b.operand(x, 1)))
      if (const exact_result r = b.value(b.operand(x, 1)) * exponent;
          r.valid && (b.value(b.operand(x, 1)).is_integer() || !r.value.is_integer()))
        return power(b, b.operand(x, 0), r.value);
    if (b.what(x) == kind::root && (exponent.n % 2 != 0 || is_never_negative(b, b.operand(x, 0))))
      return power(b, b.operand(x, 0), (exponent * exact{1, 2}).value);
  }
  if (exponent == exact{1, 2}) return root(b, x);
  return b.intern(known<op::power>, x, b.constant(exponent));
}

constexpr int make_where(builder& b, int c, int x, int y) {
  if (x == y) return x;
  if (b.is_constant(c)) return c == zero_node ? y : x;
  // The same question twice: where(c, where(c, p, q), y) = where(c, p, y).
  if (b.what(x) == kind::where && b.operand(x, 0) == c) return make_where(b, c, b.operand(x, 1), y);
  if (b.what(y) == kind::where && b.operand(y, 0) == c) return make_where(b, c, x, b.operand(y, 2));
  buffer<int> args;
  args.push_back(c), args.push_back(x), args.push_back(y);
  return b.intern(known<op::where>, args);
}

/// A comparison of exact constants, and the logic of conditions of which one is known. -1 where that does not
/// decide.
constexpr int fold_condition(builder& b, const record* op, const buffer<int>& args) {
  const int x = args.items[0], y = args.items[args.used - 1];
  if (!b.is_constant(x) && !b.is_constant(y)) return -1;
  if (op->relation == facts::negation) return b.constant(x == zero_node);
  if (op->relation == facts::both || op->relation == facts::either) {
    const int known_operand = b.is_constant(x) ? x : y, other = b.is_constant(x) ? y : x;
    if ((known_operand == zero_node) == (op->relation == facts::both))
      return b.constant(op->relation == facts::either);  // decided by that one
    if (b.is_constant(other)) return b.constant(other != zero_node);
    return b.what(other) == kind::condition ? other : -1;  // the truth of a number is not the number
  }
  if (!b.is_constant(x) || !b.is_constant(y)) return -1;
  const comparison c = compare(b.value(x), b.value(y));
  if (!c.known) return -1;
  return b.constant(op->relation == facts::below     ? c.sign < 0
                    : op->relation == facts::at_most ? c.sign <= 0
                                                     : c.sign == 0);
}

/// A primitive applied to nodes, with the laws that hold for its record: values at 0 and 1, f(g(x)) = x,
/// parity, order of commuting operands.
constexpr int make_call(builder& b, const record* op, const buffer<int>& args) {
  const int n = args.used;
  if (op->at_zero.valid && args.items[0] == zero_node) return b.constant(op->at_zero.value);
  if (n == 1) {
    const int x = args.items[0];
    if (op->at_one.valid && x == one_node) return b.constant(op->at_one.value);
    if (op->undoes != nullptr && b[x].op == op->undoes) return b.operand(x, 0);
    if (op->norm && n == 1)
      if (const int size = norm_of_powers(b, op, x); size >= 0) return size;
    if (op->parity != 0) {
      int inner = -1;
      if (b.what(x) == kind::negate)
        inner = b.operand(x, 0);
      else if (b.is_constant(x) && b.value(x).is_negative())
        inner = b.constant(-b.value(x));
      else if (b.what(x) == kind::multiply && b.is_constant(b.operand(x, 0)) &&
               b.value(b.operand(x, 0)).is_negative()) {
        buffer<int> factors;
        factors.push_back(b.constant(-b.value(b.operand(x, 0))));
        for (int k = 1; k < b.count(x); ++k) factors.push_back(b.operand(x, k));
        inner = b.intern(known<op::multiply>, factors);
      }
      if (inner >= 0) {
        buffer<int> opposite;
        opposite.push_back(inner);
        const int f = make_node(b, op, opposite);
        return op->parity < 0 ? negate(b, f) : f;
      }
    }
  }
  if (op->commutative && n > 1) {
    buffer<int> sorted;
    for (int k = 0; k < n; ++k) sorted.push_back(args.items[k]);
    sort(sorted.items, n, [&](int p, int q) { return before(b, p, q); });
    return b.intern(op, sorted);
  }
  return b.intern(op, args);
}

/// Node i with other operands of the same shapes, or of smaller ones.
constexpr int remake(builder& b, int i, const buffer<int>& args) {
  if (b.attribute(i) == 0) return make_node(b, b[i].op, args);
  buffer<int> declared;
  for (int k = 0; k < args.size(); ++k) declared.push_back(b.shape(b.operand(i, k)));
  return b[i].op->shaped->construct(b, {b[i].op, b.attribute(i), args, declared});
}

/// The node of a primitive applied to args, in the shape that they have together even where algebra has made
/// it smaller.
constexpr int in_full_shape(builder& b, const record* op, const buffer<int>& args, int node) {
  if (b.arrays == nullptr) return node;
  int all = b.shape(args[0]);
  for (int k = 1; k < args.size(); ++k)
    if (const int joined = b.arrays->join_shapes(b, all, b.shape(args[k])); joined >= 0)
      all = joined;
    else
      b.refuse_shapes(op->name, all, b.shape(args[k]));
  return b.arrays->broadcast(b, node, all);
}

/// The same for a sum, product or quotient of two nodes.
constexpr int in_shape_of_both(builder& b, int node, int x, int y) {
  buffer<int> args;
  args.push_back(x), args.push_back(y);
  return in_full_shape(b, known<op::add>, args, node);
}

constexpr int make_node(builder& b, const record* op, const buffer<int>& args) {
  switch (op->what) {
    case kind::add: {
      int sum = args.items[0];
      for (int k = 1; k < args.used; ++k) sum = add(b, sum, args.items[k]);
      return sum;
    }
    case kind::multiply: {
      int product = args.items[0];
      for (int k = 1; k < args.used; ++k) product = multiply(b, product, args.items[k]);
      return product;
    }
    case kind::divide:
      return divide(b, args.items[0], args.items[1]);
    case kind::negate:
      return negate(b, args.items[0]);
    case kind::root:
      return root(b, args.items[0]);
    case kind::power:
    case kind::pow:
      if (b.is_constant(args.items[1])) return power(b, args.items[0], b.value(args.items[1]));
      return make_call(b, op, args);
    case kind::where:
      return make_where(b, args.items[0], args.items[1], args.items[2]);
    case kind::condition:
      if (const int known_condition = fold_condition(b, op, args); known_condition >= 0)
        return known_condition;
      return make_call(b, op, args);
    default:
      return make_call(b, op, args);
  }
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
