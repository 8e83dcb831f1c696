// SPDX-License-Identifier: BSL-1.0
// Losses of distributions and distances: kl_divergence, cosine_embedding, triplet, margin_ranking,
// hinge_embedding.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "call.hpp"

namespace tg {

namespace detail {

struct kl_loss : loss_of_arrays<2> {
  static constexpr std::string_view name = "kl_divergence";
  static constexpr unsigned takes = bit_of(loss_option::log_target);
  static constexpr elementwise_loss of(loss_terms& terms) {
    const handle x = terms.array(0), t = terms.array(1);
    if (terms.has(loss_option::log_target)) return {exp(t) * (t - x)};
    return {where(equal(t, 0), 0, t * log(t)) - t * x};
  }
};

/// What is asked of pairs: of those with the target 1, and of those with -1.
struct cosine_loss : loss_of_arrays<3, 2, true> {
  static constexpr std::string_view name = "cosine_embedding";
  static constexpr unsigned takes = bit_of(loss_option::margin);
  static constexpr elementwise_loss of(loss_terms& terms) {
    const handle x = terms.array(0), y = terms.array(1), t = terms.array(2);
    const handle least = exact{1, 1000000000000};
    const handle cosine =
        tg::sum<-1>(x * y) / sqrt((tg::sum<-1>(x * x) + least) * (tg::sum<-1>(y * y) + least));
    if (!terms.fits_losses(t, cosine)) return {cosine};
    return {where(equal(t, 1), 1 - cosine, relu(cosine - terms.value(loss_option::margin, 0)))};
  }
};
struct ranking_loss : loss_of_arrays<3> {
  static constexpr std::string_view name = "margin_ranking";
  static constexpr unsigned takes = bit_of(loss_option::margin);
  static constexpr elementwise_loss of(loss_terms& terms) {
    return {relu(terms.value(loss_option::margin, 0) - terms.array(2) * (terms.array(0) - terms.array(1)))};
  }
};
struct hinge_embedding_loss : loss_of_arrays<2> {
  static constexpr std::string_view name = "hinge_embedding";
  static constexpr unsigned takes = bit_of(loss_option::margin);
  static constexpr elementwise_loss of(loss_terms& terms) {
    const handle x = terms.array(0);
    return {where(equal(terms.array(1), 1), x, relu(terms.value(loss_option::margin, 1) - x))};
  }
};

struct triplet_loss : loss_of_arrays<3, 3, true> {
  static constexpr std::string_view name = "triplet";
  static constexpr unsigned takes = bit_of(loss_option::margin) | bit_of(loss_option::power) |
                                    bit_of(loss_option::swap) | bit_of(loss_option::epsilon);
  static constexpr elementwise_loss of(loss_terms& terms) {
    const handle anchor = terms.array(0), positive = terms.array(1), negative = terms.array(2);
    handle far = distance(terms, anchor, negative);
    if (terms.has(loss_option::swap)) far = min(far, distance(terms, positive, negative));
    return {relu(distance(terms, anchor, positive) - far + terms.value(loss_option::margin, 1))};
  }
  static constexpr handle distance(const loss_terms& terms, const handle& x, const handle& y) {
    const handle d = x - y + terms.value(loss_option::epsilon, exact{1, 1000000});
    const int p = terms.number(loss_option::power, 2);
    if (p == 1) return tg::sum<-1>(abs(d));
    if (p == 2) return sqrt(tg::sum<-1>(d * d));
    return pow(tg::sum<-1>(pow(abs(d), p)), exact{1, p});
  }
};

}  // namespace detail

namespace loss {

// clang-format off
/// t (log(t) - x) of logarithms of probabilities x, with 0 log(0) = 0; exp(t) (t - x) with log_target. The mean is over all elements; batch_mean is the divergence.
template <class X, class T, class... O> requires AnySymbolic<X, T> constexpr auto kl_divergence(const X& log_probabilities, const T& target, const O&... options) { return detail::loss_of<detail::kl_loss, X, T>::with(log_probabilities, target, options...); }
/// 1 - c where the target is 1, else max(0, c - margin), for the cosine c of x and y along the last axis; margin is 0. The target has the shape without that axis.
template <class X, class Y, class T, class... O> requires AnySymbolic<X, Y, T> constexpr auto cosine_embedding(const X& x, const Y& y, const T& target, const O&... options) { return detail::loss_of<detail::cosine_loss, X, Y, T>::with(x, y, target, options...); }
/// max(0, |a - p| - |a - n| + margin) along the last axis; margin is 1. The norm is of a - p + epsilon, which is 1e-6, and of power<2>.
template <class A, class P, class N, class... O> requires AnySymbolic<A, P, N> constexpr auto triplet(const A& anchor, const P& positive, const N& negative, const O&... options) { return detail::loss_of<detail::triplet_loss, A, P, N>::with(anchor, positive, negative, options...); }
/// max(0, margin - t (x - y)): x is to be larger where t is 1, y where it is -1; margin is 0.
template <class X, class Y, class T, class... O> requires AnySymbolic<X, Y, T> constexpr auto margin_ranking(const X& x, const Y& y, const T& target, const O&... options) { return detail::loss_of<detail::ranking_loss, X, Y, T>::with(x, y, target, options...); }
/// x where the target is 1, else max(0, margin - x): of distances x; margin is 1.
template <class X, class T, class... O> requires AnySymbolic<X, T> constexpr auto hinge_embedding(const X& x, const T& target, const O&... options) { return detail::loss_of<detail::hinge_embedding_loss, X, T>::with(x, target, options...); }
// clang-format on

}  // namespace loss

}  // namespace tg

#include "../../support/compiler/end.hpp"
