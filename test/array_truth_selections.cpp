// SPDX-License-Identifier: BSL-1.0
// Selections by indices, by order and by places against PyTorch's table.
#include "array_interpreter_selections.hpp"
#include "array_truth.hpp"

using array_truth::check, array_truth::check_not_finite, array_truth::N;
using namespace tg::literals;

namespace {

constexpr auto T = tg::array<"T", tg::rows, 3>;  // 4 of them
constexpr auto T4 = tg::array<"T", 4, 3>;
constexpr auto W = tg::array<"W", 3, 4>;
constexpr auto B = tg::array<"B", 2, 3, 3>;
constexpr auto Q = tg::array<"Q", 2, 3, 2>;
constexpr auto E = tg::array<"E", tg::rows, 3>;  // with equal elements
constexpr auto u = tg::array<"u", 3>;
constexpr auto t = tg::array<"t", tg::rows>;
constexpr auto i = tg::index<"i", tg::rows>;
constexpr auto four = tg::index<"i", 4>;
constexpr auto k = tg::index<"k", 2, 3>;
constexpr auto m = tg::index<"m", 2, 3, 2>;
template <class... I>
constexpr tg::input_list<I...> by(const I&...) {
  return {};
}

}  // namespace

BOOST_AUTO_TEST_CASE(selections) {
  check("gather", by(i), gather(W, i), W);
  check("gather_by_table", by(k), gather(W, k), W);
  check("gather_last_axis", by(four), tg::gather<-1>(T, four), T);
  check("gather_middle_axis", by(k), tg::gather<1>(B, k), B);
  check("gather_twice", by(four), tanh(gather(W, four)) * tg::sum<-1>(tg::gather<1>(T4, four), tg::keep), W,
        T4);
  check("take_along", by(i), tg::take_along<-1>(T, i), T);
  check("take_along_first_axis", by(four), tg::take_along<0>(W, four), W);
  check("take_along_middle_axis", by(k), tg::take_along<1>(B, k), B);
  check("take_several", by(m), tg::take_along<2>(B, m), B);
}
BOOST_AUTO_TEST_CASE(sums_in_places) {
  check("scatter_add", by(i), tg::scatter_add<3>(T, i), T);
  check("scatter_add_by_table", by(k), tg::scatter_add<4>(B, k), B);
  check("scatter_add_last_axis", by(four), tg::scatter_add<5, 1>(W, four), W);
  check("scatter_add_along", by(m), tg::scatter_add_along<3, -1>(Q, m), Q);
}
BOOST_AUTO_TEST_CASE(indices) {
  check("one_hot", by(i), matmul(tg::one_hot<3>(i), W), W);
  check("index_as_numbers", by(i), where(equal(i, 2_c), sin(t * i), t * t), t);
  check("cross_entropy_of_classes", by(i), -mean(tg::take_along<-1>(tg::log_softmax<-1>(T), i)), T);
}
BOOST_AUTO_TEST_CASE(places_of_extremes) {
  check("argmax_as_index", gather(W, tg::argmax<1>(T)) * tg::sum<1>(T, tg::keep), T, W);
  check("argmin_along", tg::take_along<1>(B, tg::argmin<1>(B, tg::keep)), B);
  check("argmax_of_equal", E * tg::argmax<1>(E, tg::keep), E);
  check("argmin_of_all_equal", E * argmin(E), E);
}
BOOST_AUTO_TEST_CASE(order) {
  check("flip", tanh(tg::flip<0, 2>(B)) * B, B);
  check("cumsum", tg::cumsum<1>(B), B);
  check("cumsum_of_rows", tg::cumsum<0>(T), T);
  check("cumsum_reversed", flip(tg::cumsum<0>(flip(exp(u)))), u);
}
BOOST_AUTO_TEST_CASE(triangles_and_masks) {
  check("lower_triangle", tg::lower_triangle<-1>(W), W);
  check("upper_triangle", tg::upper_triangle<1>(sin(B)), B);
  check("causal_softmax", tg::softmax<-1>(masked(B, tg::causal_mask<3>)), B);
  check("masked_softmax", by(k), tg::softmax<-1>(masked(B, tg::sequence_mask<3>(k + 1_c))), B);
}
BOOST_AUTO_TEST_CASE(what_is_not_finite) {
  check_not_finite("argmax", tg::argmax<1>(N));
  check_not_finite("argmin", tg::argmin<1>(N));
  check_not_finite("cumsum", tg::cumsum<1>(N));
}
