// SPDX-License-Identifier: BSL-1.0
// Reductions against PyTorch's table.
#include "array_truth.hpp"

using array_truth::check, array_truth::check_not_finite, array_truth::N;
using namespace tg::literals;

namespace {

constexpr auto R = tg::array<"T", tg::rows, 3>;  // 4 of them
constexpr auto B = tg::array<"B", 2, 3, 3>;
constexpr auto E = tg::array<"E", tg::rows, 3>;

}  // namespace

BOOST_AUTO_TEST_CASE(equal_extremes) {
  check("max_of_equal", tg::max<1>(E), E);
  check("max_of_equal_rows", tg::max<0>(E), E);
  check("max_of_all_equal", tg::max(E), E);
  check("min_of_equal", tg::min<1>(E), E);
  check("min_of_all_equal", tg::min(E), E);
}

BOOST_AUTO_TEST_CASE(sums_and_means) {
  check("sum", tg::sum(B), B);
  check("sum_over_rows", tg::sum<0>(R), R);
  check("sum_over_two", tg::sum<0, 2>(B), B);
  check("sum_kept", tg::sum<1>(B, tg::keep), B);
  check("mean", tg::mean(B), B);
  check("mean_over_rows", tg::mean<0>(R), R);
  check("mean_over_two", tg::mean<0, 2>(B), B);
  check("mean_kept", tg::mean<1>(B, tg::keep), B);
  check("variance", tg::variance(B), B);
  check("variance_over_rows", tg::variance<0>(R), R);
  check("variance_over_two", tg::variance<0, 2>(B), B);
  check("variance_kept", tg::variance<1>(B, tg::keep), B);
  check("norm", tg::norm(B), B);
  check("norm_over_rows", tg::norm<0>(R), R);
  check("norm_over_two", tg::norm<0, 2>(B), B);
  check("norm_kept", tg::norm<1>(B, tg::keep), B);
}

BOOST_AUTO_TEST_CASE(extremes) {
  check("max", tg::max(B), B);
  check("max_over_rows", tg::max<0>(R), R);
  check("max_over_two", tg::max<0, 2>(B), B);
  check("max_kept", tg::max<1>(B, tg::keep), B);
  check("min", tg::min(B), B);
  check("min_over_rows", tg::min<0>(R), R);
  check("min_over_two", tg::min<0, 2>(B), B);
  check("min_kept", tg::min<1>(B, tg::keep), B);
  check("logsumexp", tg::logsumexp(B), B);
  check("logsumexp_over_rows", tg::logsumexp<0>(R), R);
  check("logsumexp_over_two", tg::logsumexp<0, 2>(B), B);
  check("logsumexp_kept", tg::logsumexp<1>(B, tg::keep), B);
}

BOOST_AUTO_TEST_CASE(maps) {
  check("softmax", tg::softmax<-1>(B), B);
  check("softmax_over_rows", tg::softmax<0>(R), R);
  check("softmax_over_two", tg::softmax<0, 2>(B), B);
  check("log_softmax", tg::log_softmax<-1>(B), B);
  check("log_softmax_over_rows", tg::log_softmax<0>(R), R);
  check("log_softmax_over_two", tg::log_softmax<0, 2>(B), B);
  check("layer_norm", tg::layer_norm<-1>(B), B);
  check("layer_norm_over_rows", tg::layer_norm<0>(R), R);
  check("layer_norm_over_two", tg::layer_norm<0, 2>(B), B);
}

BOOST_AUTO_TEST_CASE(what_is_not_finite) {
  check_not_finite("sum", tg::sum<1>(N));
  check_not_finite("mean", tg::mean<1>(N));
  check_not_finite("variance", tg::variance<1>(N));
  check_not_finite("norm", tg::norm<1>(N));
  check_not_finite("max", tg::max<1>(N));
  check_not_finite("min", tg::min<1>(N));
  check_not_finite("logsumexp", tg::logsumexp<1>(N));
  check_not_finite("softmax", tg::softmax<1>(N));
  check_not_finite("log_softmax", tg::log_softmax<1>(N));
  check_not_finite("layer_norm", tg::layer_norm<1>(N));
}
