// SPDX-License-Identifier: BSL-1.0
// Losses against PyTorch's table, which loss_tables.py has written.
#include <typegrad/loss.hpp>

#include "array_truth_gradients.hpp"

using array_truth_gradients::by;
using array_truth_gradients::check;
using namespace tg::literals;
namespace loss = tg::loss;

namespace {

constexpr auto X = tg::array<"X", tg::rows, 3>;  // 4 of them
constexpr auto Y = tg::array<"Y", tg::rows, 3>;
constexpr auto Z = tg::array<"Z", tg::rows, 3>;
constexpr auto U = tg::array<"U", tg::rows, 3>;  // in (0, 1)
constexpr auto V = tg::array<"V", tg::rows, 3>;  // above 0
constexpr auto H = tg::array<"H", tg::rows, 3>;
constexpr auto B = tg::array<"B", 2, 3, 5>;
constexpr auto i = tg::index<"i", tg::rows>;
constexpr auto j = tg::index<"j", tg::rows, 3>;
constexpr auto s = tg::index<"s", tg::rows>;
constexpr auto g = tg::index<"g", tg::rows>;  // some of which are -100
constexpr auto k = tg::index<"k", 2, 5>;
constexpr auto w = tg::index<"w", 3>;
constexpr auto by_class = loss::class_weights(w / 2_c);
constexpr auto signs = 2_c * j - 1_c;
constexpr auto sign = 2_c * s - 1_c;
constexpr auto probabilities = tg::softmax<1>(Y);

}  // namespace

BOOST_AUTO_TEST_CASE(of_numbers) {
  check("mse", loss::mse(X, Y), X, Y);
  check("mse_sum", loss::mse(X, Y, loss::sum), X, Y);
  check("mse_none", loss::mse(X, Y, loss::none), X, Y);
  check("l1", loss::l1(X, Y), X, Y);
  check("smooth_l1", loss::smooth_l1(X, Y), X, Y);
  check("huber", loss::huber(X, Y), X, Y);
  check("poisson_nll", by(j), loss::poisson_nll(X, j), X);
  check("gaussian_nll", loss::gaussian_nll(X, Y, V), X, Y, V);
  check("smooth_l1_beta", loss::smooth_l1(X, Y, loss::beta(0.5_c)), X, Y);
  check("smooth_l1_of_no_width", loss::smooth_l1(X, Y, loss::beta(0_c)), X, Y);
  check("huber_delta", loss::huber(X, Y, loss::delta(0.5_c)), X, Y);
}
BOOST_AUTO_TEST_CASE(of_classes) {
  check("cross_entropy", by(i), loss::cross_entropy(X, i), X);
  check("cross_entropy_sum", by(i), loss::cross_entropy(X, i, loss::sum), X);
  check("cross_entropy_none", by(i), loss::cross_entropy(X, i, loss::none), X);
  check("cross_entropy_of_probabilities", loss::cross_entropy(X, probabilities), X, Y);
  check("nll", by(i), loss::nll(X, i), X);
  check("multi_margin", by(i), loss::multi_margin(X, i), X);
  check("cross_entropy_of_sequences", by(k), loss::cross_entropy(B, k), B);
  check("cross_entropy_weights", by(i, w), loss::cross_entropy(X, i, by_class), X);
  check("cross_entropy_weights_sum", by(i, w), loss::cross_entropy(X, i, by_class, loss::sum), X);
  check("cross_entropy_weights_of_sequences", by(k, w), loss::cross_entropy(B, k, by_class), B);
  check("cross_entropy_smooth", by(i), loss::cross_entropy(X, i, loss::label_smoothing(0.15_c)), X);
  check("cross_entropy_smooth_weights", by(i, w),
        loss::cross_entropy(X, i, by_class, loss::label_smoothing(0.15_c)), X);
  check("cross_entropy_of_weighted_probabilities", by(w),
        loss::cross_entropy(X, probabilities, loss::label_smoothing(0.2_c), by_class), X, Y);
  constexpr auto without = loss::ignore_index<-100>;
  check("cross_entropy_ignored", by(g), loss::cross_entropy(X, g, without), X);
  check("cross_entropy_ignored_sum", by(g), loss::cross_entropy(X, g, without, loss::sum), X);
  check("cross_entropy_ignored_weights", by(g, w),
        loss::cross_entropy(X, g, without, by_class, loss::label_smoothing(0.15_c)), X);
  check("nll_ignored", by(g), loss::nll(X, g, without), X);
  check("cross_entropy_far_out", by(i), loss::cross_entropy(H, i), H);
  check("nll_weights", by(i, w), loss::nll(X, i, by_class), X);
  check("multi_margin_options", by(i, w),
        loss::multi_margin(X, i, loss::power<2>, loss::margin(0.75_c), by_class), X);
}
BOOST_AUTO_TEST_CASE(of_two_classes) {
  check("binary_cross_entropy", by(j), loss::binary_cross_entropy(U, j), U);
  check("binary_cross_entropy_with_logits", by(j), loss::binary_cross_entropy_with_logits(X, j), X);
  check("soft_margin", by(j), loss::soft_margin(X, signs), X);
  check("binary_cross_entropy_far_out", by(j), loss::binary_cross_entropy_with_logits(H, j), H);
  check("binary_cross_entropy_pos_weight", by(j, w),
        loss::binary_cross_entropy_with_logits(X, j, loss::pos_weight(w / 2_c)), X);
  check("soft_margin_far_out", by(j), loss::soft_margin(H, signs), H);
}
BOOST_AUTO_TEST_CASE(of_distances) {
  check("hinge_embedding", by(j), loss::hinge_embedding(V, signs), V);
  check("margin_ranking", by(j), loss::margin_ranking(X, Y, signs), X, Y);
  check("kl_divergence", loss::kl_divergence(X, V), X, V);
  check("cosine_embedding", by(s), loss::cosine_embedding(X, Y, sign), X, Y);
  check("triplet", loss::triplet(X, Y, Z), X, Y, Z);
  check("triplet_sum", loss::triplet(X, Y, Z, loss::sum), X, Y, Z);
  check("triplet_none", loss::triplet(X, Y, Z, loss::none), X, Y, Z);
  check("hinge_embedding_margin", by(j), loss::hinge_embedding(V, signs, loss::margin(0.7_c)), V);
  check("margin_ranking_margin", by(j), loss::margin_ranking(X, Y, signs, loss::margin(0.5_c)), X, Y);
  check("kl_divergence_of_logarithms", loss::kl_divergence(X, Y, loss::log_target), X, Y);
  check("kl_divergence_batch_mean", loss::kl_divergence(X, V, loss::batch_mean), X, V);
  check("cosine_embedding_margin", by(s), loss::cosine_embedding(X, Y, sign, loss::margin(-0.4_c)), X, Y);
  check("triplet_options", loss::triplet(X, Y, Z, loss::margin(2_c), loss::swap), X, Y, Z);
  check("triplet_l1", loss::triplet(X, Y, Z, loss::power<1>), X, Y, Z);
  check("mse_sample_weights", by(s), loss::mse(X, Y, loss::sample_weights(tg::reshape<tg::rows, 1>(s))), X,
        Y);
  check("cross_entropy_sample_weights", by(i, w, s),
        loss::cross_entropy(X, i, loss::sample_weights(s), by_class), X);
  check("triplet_p3", loss::triplet(X, Y, Z, loss::power<3>), X, Y, Z);
}
