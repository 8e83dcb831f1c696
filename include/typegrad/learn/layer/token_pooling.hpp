// SPDX-License-Identifier: BSL-1.0
// One vector for a sequence of vectors.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "attention.hpp"

namespace tg {

/// The mean of the places at which the mask is 1: (..., time, width) and (..., time) to (..., width). Where
/// no place counts it is 0. (The pooling of sentence-transformers.)
constexpr handle mean_of_tokens(const handle& x, const handle& mask) {
  detail::builder& b = *x.graph;
  const handle m = x.beside(mask);
  const int places = detail::shape_before(b, x, 1);
  if (b.shape(m.in(b)) != places) return b.refuse_shapes("mean_of_tokens", places, b.shape(m.in(b))), x;
  const handle each = detail::reshaped(b, m, detail::shape_before(b, m, 0, {detail::as_extent(1)}));
  return sum<-2>(x * each) / max(sum<-2>(each), detail::exact{1, 1000000000});
}
/// The vector of the first place: (..., time, width) to (..., width).
constexpr handle first_token(const handle& x) {
  detail::builder& b = *x.graph;
  const int rank = b.lists.rank(b.shape(x.in(b)));
  const detail::extent width = detail::length_from_end(b, x, 1);
  if (detail::axis_of(b, "first_token", b.shape(x.in(b)), -2) < 0) return x;
  const handle first(b, detail::slice(b, x.in(b), rank, rank - 2, 0, detail::as_extent(1)));
  return detail::reshaped(b, first, detail::shape_before(b, x, 2, {width}));
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
