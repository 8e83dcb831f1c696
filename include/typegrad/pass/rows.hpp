// SPDX-License-Identifier: BSL-1.0
// The rewrites of the canonical form that are rows: one line is one identity (pass/pattern.hpp says how it is
// written, and test/rewrites.cpp tests each). What the fast path of the canonical form may skip follows from
// the patterns.
//
// Rows hold for every operand for which both sides are finite. A row must not lead to the pattern of another
// one and back: each takes a term or a call away, or moves what it keeps towards the canonical order.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../primitive/activation.hpp"
#include "../primitive/hyperbolic.hpp"
#include "../primitive/logsumexp.hpp"
#include "../primitive/piecewise.hpp"
#include "pattern.hpp"

namespace tg::detail {

namespace row_notation {

inline constexpr function_name exp{"exp"}, log{"log"}, log1p{"log1p"}, sin{"sin"}, cos{"cos"}, sinh{"sinh"},
    cosh{"cosh"}, tanh{"tanh"}, tanh_slope{"tanh_slope"}, sigmoid{"sigmoid"}, softplus{"softplus"},
    logsumexp{"logsumexp"}, hypot{"hypot"}, abs{"abs"}, asinh{"asinh"}, atanh{"atanh"};

constexpr row_table canonical_table() {
  row_table t;
  const pattern u = t.any(0), v = t.any(1), w = t.any(2), zero = t.add({kind::constant, 0});

  // Logarithms of what exponentials make: they overflow, or lose what a small exponential says, only because
  // of the detour. The right sides keep their digits everywhere, and so do their derivatives.
  t.row(log(sigmoid(u)), -softplus(-u));
  t.row(log(1 - sigmoid(u)), -softplus(u));
  t.row(log(1 + exp(u)), softplus(u));
  t.row(log1p(exp(u)), softplus(u));
  t.row(log(1 / (1 + exp(u))), -softplus(u));
  t.row(log(exp(u) / (1 + exp(u))), -softplus(-u));
  t.row(log(exp(u) + exp(v)), logsumexp(u, v));
  t.row(log(exp(u) + exp(v) + exp(w)), logsumexp(u, v, w));
  t.row(log(1 + exp(u) + exp(v)), logsumexp(zero, u, v));
  t.row(log(exp(u) / (exp(u) + exp(v))), -softplus(v - u));
  t.row(log(exp(u) / (exp(u) + exp(v) + exp(w))), -softplus(logsumexp(v - u, w - u)));

  // Pythagoras.
  t.row(pow(sin(u), 2) + pow(cos(u), 2), 1);
  t.row(pow(cosh(u), 2) - pow(sinh(u), 2), 1);
  t.row(sigmoid(u) + sigmoid(v), 1, opposite(u, v));

  // Inverse functions by their definitions.
  t.row(log(u + sqrt(1 + pow(u, 2))), asinh(u));
  t.row(log((1 + u) / (1 - u)), 2 * atanh(u));

  // A length along one axis.
  t.row(hypot(zero, u), abs(u));

  // tanh_slope(u, tanh(u)) is 1 - tanh(u)^2, and keeps its digits where tanh(u) is nearly 1. The
  // last row keeps sums of several such terms in one form, whichever of them met the number first.
  t.row(pow(tanh(u), 2) + tanh_slope(u, tanh(u)), 1);
  t.row(tanh_slope(u, tanh(u)) - 1, -pow(tanh(u), 2));
  t.row(1 - pow(tanh(u), 2), tanh_slope(u, tanh(u)));
  t.row(tanh_slope(u, tanh(u)) - pow(tanh(v), 2), tanh_slope(v, tanh(v)) - pow(tanh(u), 2), before(v, u));
  return t;
}

}  // namespace row_notation

/// The rows, and the record of a function that a result names. Templates, so that they are made where a graph
/// is simplified, not by including this.
template <class = void>
inline constexpr row_table canonical_rows = row_notation::canonical_table();
template <class = void>
constexpr const record* record_of_key(std::uint64_t key) {
  return record_with<op::softplus, op::logsumexp, op::tanh, op::tanh_slope, op::abs, op::asinh, op::atanh>(
      key);
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
