// SPDX-License-Identifier: BSL-1.0
// log(e^x + e^y + ...) and its derivatives, the weights of its terms (also called softmax): without overflow,
// with all digits where one term outweighs the others, and with a value where terms are infinite.
#pragma once
#include "../support/compiler/begin.hpp"

#include "activation.hpp"

namespace tg {

namespace op {

/// log(e^x + e^y + ...), without overflow.
struct logsumexp : rules {
  static constexpr std::string_view name = "logsumexp";
  static constexpr tg::facts facts{
      .commutative = true,
      .latex = "\\operatorname{logsumexp}\\left($*\\right)",
      .c = "logsumexp((const double[]){$*}, $#)",
      .c_helper =
          "static double logsumexp(const double* x, int n) {\n"
          "  double largest = x[0], sum = 0.0;\n"
          "  int at = 0;\n"
          "  for (int i = 1; i < n; ++i) if (largest < x[i]) largest = x[at = i];\n"
          "  if (!(largest - largest == 0.0)) return largest;\n"
          "  for (int i = 0; i < n; ++i) if (i != at) sum += exp(x[i] - largest);\n"
          "  return largest + log1p(sum);\n"
          "}\n"};
  template <class T, class... U>
  static constexpr T value(const T& first, const U&... rest) {
    using std::exp;
    using std::log;
    using std::log1p;
    if constexpr (!Ordered<T>) {  // complex numbers have no largest one
      return static_cast<T>(log((exp(first) + ... + exp(rest))));
    } else {
      T largest = first, others[sizeof...(U) + 1] = {};
      int k = 0;
      const auto meet = [&](const T& next) {
        others[k++] = select(largest < next, largest, next);
        largest = select(largest < next, next, largest);
      };
      (meet(rest), ...);
      T sum = T(0);
#pragma GCC unroll 8
      for (int i = 0; i < static_cast<int>(sizeof...(U)); ++i)
        sum = static_cast<T>(sum + exp(static_cast<T>(others[i] - largest)));
      return select(largest - largest == T(0), static_cast<T>(largest + log1p(sum)),
                    largest);  // an infinite term
    }
  }
  static constexpr int arity = -1;
  /// Of two terms the weight is a function of both, which has not got the rounding error of logsumexp;
  /// sigmoid(x - c), if one is a constant.
  template <class Weight = struct logsumexp_weight, class PairWeight = struct pair_weight>
  static constexpr void partials_of_many(detail::builder& b, const detail::rule_call& call);
};

/// A weight of logsumexp for the term x, where it is the infinite y: of terms that are all -infinity none has
/// a weight, those of +infinity share it.
template <class T>
constexpr T weight_at_infinity(const T& x, const T& y, const T& ordinary, const T& share) {
  if constexpr (Ordered<T>)
    return select(x == y, select(x - x == T(0), ordinary, select(x < T(0), T(0), share)), ordinary);
  else
    return ordinary;
}

/// The derivative of l = logsumexp(terms...) by the term x, written with the operands x, l, terms...: exp(x -
/// l). Its own derivatives are products of weights; 1 - w is the sum of the others, which has digits where w
/// is nearly 1.
struct logsumexp_weight : rules {
  static constexpr std::string_view name = "logsumexp_weight";
  static constexpr tg::facts facts{.range = tg::facts::not_negative,
                                   .infix = "exp($1 - $2)",
                                   .latex = "e^{$1-$2}",
                                   .c = "logsumexp_weight((const double[]){$*}, $#)",
                                   .c_helper =
                                       "static double logsumexp_weight(const double* x, int n) {\n"
                                       "  int ties = 0;  /* x[1] is the logsumexp of x[2], x[3], ... */\n"
                                       "  if (x[0] != x[1] || x[0] - x[0] == 0.0) return exp(x[0] - x[1]);\n"
                                       "  for (int i = 2; i < n; ++i) ties += x[i] == x[1];\n"
                                       "  return x[0] < 0.0 ? 0.0 : 1.0 / ties;\n"
                                       "}\n"};
  template <class T, class... U>
  static constexpr T value(const T& x, const T& l, const U&... terms) {
    using std::exp;
    if constexpr (Ordered<T>)
      if (!detail::may_hold(!(x - x == T(0)))) return static_cast<T>(exp(static_cast<T>(x - l)));
    T ties = T(0);
    ((ties = static_cast<T>(ties + select(terms == l, T(1), T(0)))), ...);
    return weight_at_infinity(x, l, static_cast<T>(exp(static_cast<T>(x - l))), static_cast<T>(T(1) / ties));
  }
  /// The weight of the term k among `count` terms, which begin at args[first].
  static constexpr int node(detail::builder& b, const detail::buffer<int>::storage& args, int first,
                            int count, int k, int l) {
    detail::buffer<int> operands;
    operands.push_back(args[first + k]), operands.push_back(l);
    for (int j = 0; j < count; ++j) operands.push_back(args[first + j]);
    return make_node(b, detail::known<logsumexp_weight>, operands);
  }
  static constexpr void graph_partials(detail::builder& b, const detail::rule_call& call) {
    const int count = call.count - 2;
    int own = 0;
    while (call.args[2 + own] != call.args[0]) ++own;
    const auto weight = [&](int k) { return node(b, call.args, 2, count, k, call.args[1]); };
    for (int k = 0; k < count; ++k) {
      if (!call.wanted[2 + k]) continue;
      int slope = k == own ? detail::zero_node : detail::negate(b, weight(k));
      for (int j = 0; j < count && k == own; ++j)
        if (j != own) slope = detail::add(b, slope, weight(j));
      call.out[2 + k] = detail::multiply(b, call.self, slope);
    }
  }
};

/// The same of two terms: the weight of x in logsumexp(x, y).
struct pair_weight : rules {
  static constexpr std::string_view name = "pair_weight";
  static constexpr tg::facts facts{
      .range = tg::facts::not_negative,
      .infix = "sigmoid($1 - $2)",
      .latex = "\\sigma\\left($1-$2\\right)",
      .c = "($1 == $2 && $1 - $1 != 0.0 ? ($1 < 0.0 ? 0.0 : 0.5) : 1.0 / (1.0 + exp($2 - $1)))"};
  static constexpr int arity = 2;
  template <class T>
  static constexpr T value(const T& x, const T& y) {
    return weight_at_infinity(x, y, sigmoid::value(static_cast<T>(x - y)), static_cast<T>(T(1) / T(2)));
  }
  static constexpr auto partials(auto x, auto y) {
    const auto slope = call<pair_slope>(x, y);
    return partials_of(slope, -slope);
  }
};

/// The product of the weights of x and y.
struct pair_slope : rules {
  static constexpr std::string_view name = "pair_slope";
  static constexpr tg::facts facts{.range = tg::facts::not_negative,
                                   .commutative = true,
                                   .infix = "sigmoid($1 - $2)*sigmoid($2 - $1)",
                                   .latex = "\\sigma\\left($1-$2\\right) \\sigma\\left($2-$1\\right)",
                                   .c = "($1 == $2 && $1 - $1 != 0.0 ? ($1 < 0.0 ? 0.0 : 0.25) : 1.0 / (1.0 "
                                        "+ exp($2 - $1)) / (1.0 + exp($1 - "
                                        "$2)))"};
  static constexpr int arity = 2;
  template <class T>
  static constexpr T value(const T& x, const T& y) {
    return weight_at_infinity(x, y, sigmoid_slope::value(static_cast<T>(x - y)), static_cast<T>(T(1) / T(4)));
  }
  static constexpr auto partials(auto x, auto y, auto self) {
    const auto turn = self * tanh((x - y) / 2);
    return partials_of(-turn, turn);
  }
};

template <class Weight, class PairWeight>
constexpr void logsumexp::partials_of_many(detail::builder& b, const detail::rule_call& call) {
  for (int k = 0; k < call.count; ++k) {
    if (!call.wanted[k]) continue;
    const int other = call.args[1 - (call.count == 2 ? k : 0)];
    if (call.count != 2)
      call.out[k] = Weight::node(b, call.args, 0, call.count, k, call.self);
    else if (b.is_constant(call.args[k]) || b.is_constant(other))
      call.out[k] = detail::make<op::sigmoid>(b, detail::add(b, call.args[k], detail::negate(b, other)));
    else
      call.out[k] = detail::make<PairWeight>(b, call.args[k], other);
  }
}

}  // namespace op

template <class... X>
requires AnySymbolic<X...>
constexpr auto logsumexp(const X&... x) { return apply<op::logsumexp>(x...); }

}  // namespace tg

#include "../support/compiler/end.hpp"
