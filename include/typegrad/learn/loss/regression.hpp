// SPDX-License-Identifier: BSL-1.0
// Losses of numbers: mse, l1, smooth_l1, huber, log_cosh, poisson_nll, gaussian_nll.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "call.hpp"

namespace tg {

namespace detail {

/// A loss of predictions and targets of one shape, by their difference.
template <class Rule>
struct difference_loss : Rule, loss_of_arrays<2> {
  static constexpr elementwise_loss of(loss_terms& terms) {
    return {Rule::by(terms, terms.array(0) - terms.array(1))};
  }
};

struct mse_rule {
  static constexpr std::string_view name = "mse";
  static constexpr unsigned takes = 0;
  static constexpr handle by(const loss_terms&, const handle& d) { return d * d; }
};
struct l1_rule {
  static constexpr std::string_view name = "l1";
  static constexpr unsigned takes = 0;
  static constexpr handle by(const loss_terms&, const handle& d) { return abs(d); }
};
struct smooth_l1_rule {
  static constexpr std::string_view name = "smooth_l1";
  static constexpr unsigned takes = bit_of(loss_option::beta);
  static constexpr handle by(const loss_terms& terms, const handle& d) {
    const handle beta = terms.value(loss_option::beta, 1), size = abs(d);
    return where(size < beta, d * d / (2 * beta), size - beta / 2);
  }
};
struct huber_rule {
  static constexpr std::string_view name = "huber";
  static constexpr unsigned takes = bit_of(loss_option::delta);
  static constexpr handle by(const loss_terms& terms, const handle& d) {
    const handle delta = terms.value(loss_option::delta, 1), size = abs(d);
    return where(size < delta, d * d / 2, delta * (size - delta / 2));
  }
};
struct log_cosh_rule {
  static constexpr std::string_view name = "log_cosh";
  static constexpr unsigned takes = 0;
  static constexpr handle by(const loss_terms& terms, const handle& d) {
    return softplus(2 * d) - d - log(terms.constant({2}));
  }
};

struct poisson_loss : loss_of_arrays<2> {
  static constexpr std::string_view name = "poisson_nll";
  static constexpr unsigned takes = 0;
  static constexpr elementwise_loss of(loss_terms& terms) {
    return {exp(terms.array(0)) - terms.array(1) * terms.array(0)};
  }
};
struct gaussian_loss : loss_of_arrays<3> {
  static constexpr std::string_view name = "gaussian_nll";
  static constexpr unsigned takes = bit_of(loss_option::epsilon);
  static constexpr elementwise_loss of(loss_terms& terms) {
    const handle least = terms.value(loss_option::epsilon, handle{exact{1, 1000000}}),
                 variance = max(terms.array(2), least), d = terms.array(0) - terms.array(1);
    return {(log(variance) + d * d / variance) / 2};
  }
};

}  // namespace detail

namespace loss {

// clang-format off
/// (p - t)^2, of predictions and targets of one shape; the mean is over all elements.
template <class P, class T, class... O> requires AnySymbolic<P, T> constexpr auto mse(const P& p, const T& t, const O&... options) { return detail::loss_of<detail::difference_loss<detail::mse_rule>, P, T>::with(p, t, options...); }
/// |p - t|. The derivative where they are equal is 0.
template <class P, class T, class... O> requires AnySymbolic<P, T> constexpr auto l1(const P& p, const T& t, const O&... options) { return detail::loss_of<detail::difference_loss<detail::l1_rule>, P, T>::with(p, t, options...); }
/// d^2/(2 beta) where |d| = |p - t| is less than beta, else |d| - beta/2; beta is 1. A beta of 0 makes it l1.
template <class P, class T, class... O> requires AnySymbolic<P, T> constexpr auto smooth_l1(const P& p, const T& t, const O&... options) { return detail::loss_of<detail::difference_loss<detail::smooth_l1_rule>, P, T>::with(p, t, options...); }
/// d^2/2 where |d| = |p - t| is less than delta, else delta (|d| - delta/2); delta is 1 (Huber 1964).
template <class P, class T, class... O> requires AnySymbolic<P, T> constexpr auto huber(const P& p, const T& t, const O&... options) { return detail::loss_of<detail::difference_loss<detail::huber_rule>, P, T>::with(p, t, options...); }
/// log(cosh(p - t)), without overflow.
template <class P, class T, class... O> requires AnySymbolic<P, T> constexpr auto log_cosh(const P& p, const T& t, const O&... options) { return detail::loss_of<detail::difference_loss<detail::log_cosh_rule>, P, T>::with(p, t, options...); }
/// exp(p) - t p: counts t, of which p is the logarithm of the expected number, without the term of t alone.
template <class P, class T, class... O> requires AnySymbolic<P, T> constexpr auto poisson_nll(const P& p, const T& t, const O&... options) { return detail::loss_of<detail::poisson_loss, P, T>::with(p, t, options...); }
/// (log(v) + (p - t)^2/v)/2 with v = max(variance, epsilon), which is 1e-6: normal targets, without the constant.
template <class P, class T, class V, class... O> requires AnySymbolic<P, T, V> constexpr auto gaussian_nll(const P& p, const T& t, const V& variance, const O&... options) { return detail::loss_of<detail::gaussian_loss, P, T, V>::with(p, t, variance, options...); }
// clang-format on

}  // namespace loss

}  // namespace tg

#include "../../support/compiler/end.hpp"
