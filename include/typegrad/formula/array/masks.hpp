// SPDX-License-Identifier: BSL-1.0
// Places as numbers, and what is made of comparing them: triangles of matrices, and masks.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../array/arange.hpp"
#include "../../array/masked.hpp"
#include "movements.hpp"

namespace tg {

namespace detail {

template <auto Length>
struct arange_call {
  static constexpr int build(builder& b, const buffer<int>&) {
    return arange(b, as_extent(spelled_extent<Length>()));
  }
};
template <int Offset, bool Upper>
struct triangle_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    const int shape = b.shape(args[0]), rank = b.lists.rank(shape);
    if (rank < 2) return b.refuse_axis(Upper ? "upper_triangle" : "lower_triangle", shape, 1), zero_node;
    const int inside =
        in_triangle(b, b.lists.at(shape, rank - 2), b.lists.at(shape, rank - 1), Offset, Upper);
    return broadcast(b, make_where(b, inside, args[0], zero_node), shape);
  }
};
template <auto Queries, auto Keys>
struct causal_mask_call {
  static constexpr int build(builder& b, const buffer<int>&) {
    return in_triangle(b, as_extent(spelled_extent<Queries>()), as_extent(spelled_extent<Keys>()), 0, false);
  }
};
template <auto Length>
struct sequence_mask_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    buffer<extent> standing;
    b.lists.read(b.shape(args[0]), standing);
    standing.push_back(as_extent(1));
    return make<op::less>(b, arange(b, as_extent(spelled_extent<Length>())),
                          reshape(b, args[0], b.lists.find(standing)));
  }
};
struct masked_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    const bool fits = b.misfit.function.empty();
    const int chosen = masked(b, args[0], args[1]);
    if (fits && !b.misfit.function.empty()) b.misfit.function = "masked";
    return chosen;
  }
};

}  // namespace detail

// clang-format off
/// The places along an axis of that length: 0, 1, 2, ... (numpy.arange).
template <auto Length> inline constexpr auto arange = detail::call_with_formulas<detail::arange_call<Length>>();
/// The elements of matrices, the last two axes of x, on and below diagonal number Offset, and zeros above it; 0 is the main diagonal, 1 the one above that (numpy.tril).
template <int Offset = 0, Symbolic X> constexpr auto lower_triangle(const X& x) { return detail::call_structural<detail::triangle_call<Offset, false>>(x); }
/// The elements of matrices on and above diagonal number Offset, and zeros below it (numpy.triu).
template <int Offset = 0, Symbolic X> constexpr auto upper_triangle(const X& x) { return detail::call_structural<detail::triangle_call<Offset, true>>(x); }
/// The condition, of shape (Queries, Keys), that a key comes no later than the query: what attention may look at where nothing in the future is known. causal_mask<tg::extent<"time">>
template <auto Queries, auto Keys = Queries> inline constexpr auto causal_mask = detail::call_with_formulas<detail::causal_mask_call<Queries, Keys>>();
/// The condition, of the shape of the lengths and an axis of Length more, that a place is within the length: sequences of different lengths in one array (tf.sequence_mask). The lengths are numbers, as those of a tg::index.
template <auto Length, Symbolic X> constexpr auto sequence_mask(const X& lengths) { return detail::call_structural<detail::sequence_mask_call<Length>>(lengths); }
/// x where the condition holds, and -infinity elsewhere, which a softmax gives no weight: softmax<-1>(masked(scores, mask)). A row without any element has weights of 0, where PyTorch has NaN. Derivatives go to what is kept.
template <class X, class Condition> requires AnySymbolic<X, Condition> constexpr auto masked(const X& x, const Condition& condition) { return detail::call_structural<detail::masked_call>(x, condition); }
// clang-format on

}  // namespace tg

#include "../../support/compiler/end.hpp"
