// SPDX-License-Identifier: BSL-1.0
// Formulas of arrays as types: shapes, broadcasting, reductions, parts, and the laws of their derivatives.
#include <boost/test/unit_test.hpp>

#include <typegrad/array.hpp>

using namespace tg;
using namespace tg::literals;

namespace {

constexpr auto n = extent<"n">;
constexpr auto x = array<"x", rows, 4>;
constexpr auto w = array<"w", 4, 3>;
constexpr auto v = array<"v", 3, 2>;
constexpr auto b = array<"b", 3>;
constexpr auto c = array<"c", 3, 1>;
constexpr auto t = array<"t", 2, 3, 4>;
constexpr auto s = symbol<"s">;

template <auto... E>
constexpr bool has_shape(const auto& f) {
  return shape_of(f) == extents<E...>{};
}
constexpr extent_name<text{"rows"}> row;

// A number is an array without axes.
static_assert(has_shape<>(s));
static_assert(has_shape<>(1_c));
static_assert(has_shape<row, 4>(x));
static_assert(has_shape<extent_name<text{"n"}>{}, 2>(array<"y", n, 2>));

// Broadcasting as in NumPy: aligned at the last axis, an extent of 1 fits every other.
static_assert(has_shape<4, 3>(w + b));
static_assert(has_shape<4, 3>(b * w));
static_assert(has_shape<4, 3>(s * w));
static_assert(has_shape<3, 3>(b / c));
static_assert(has_shape<4, 3>(where(w < b, w, s)));
static_assert(has_shape<4, 3>(max(w, 0_c)));
static_assert(has_shape<4, 3>(pow(w, b)));
static_assert(has_shape<4, 3>(hypot(w, b)));
static_assert(has_shape<row, 4>(tanh(x)));
static_assert(has_shape<row, 4>(clamp(x, -1_c, 1_c)));
static_assert(has_shape<row, 4>(gelu(x)));

// Algebra may leave a number, the formula keeps its shape.
static_assert(has_shape<4, 3>(w - w));
static_assert(has_shape<4, 3>(0_c * w));
static_assert(has_shape<4, 3>(w / w));
static_assert(has_shape<3>(pow(b, 0_c)));
static_assert(has_shape<4, 3>(w - w + b));
static_assert(sum(w - w + 1_c) == 12_c);
static_assert(sum(x - x + 1_c) == 4_c * mean(x - x + 1_c) * sum(x - x + 1_c) / 4_c);
static_assert(mean(x - x + 1_c) == 1_c);

// Products.
static_assert(has_shape<row, 3>(matmul(x, w)));
static_assert(has_shape<row, 2>(matmul(x, w, v)));
static_assert(has_shape<row>(matmul(x, array<"u", 4>)));
static_assert(has_shape<3>(matmul(array<"u", 4>, w)));
static_assert(has_shape<2, 3, 3>(matmul(t, w)));
static_assert(has_shape<2, 3, 5>(matmul(t, array<"u", 2, 4, 5>)));
static_assert(has_shape<3, 4>(outer(b, array<"u", 4>)));
static_assert(has_shape<4, 3, 2>(transpose(t)));
static_assert(has_shape<2, 4, 3>(permute<0, 2, 1>(t)));
static_assert(has_shape<2, 4, 3>(permute<0, -1, 1>(t)));
static_assert(has_shape<2, 3>(einsum<"ijk,k->ij">(t, array<"u", 4>)));
static_assert(has_shape<3, 4>(einsum<"i...->...">(t)));
static_assert(einsum<"...k,kj->...j">(t, w) == matmul(t, w));
static_assert(permute<1, 0>(w) == transpose(w));

// What takes the place of an array, in its shape.
static_assert(substitute(matmul(x, w), w = tanh(w)) == matmul(x, tanh(w)));
static_assert(substitute(s * matmul(x, w), s = 2_c, w = broadcast<4, 3>(b)) ==
              2_c * matmul(x, broadcast<4, 3>(b)));
static_assert(substitute(matmul(x, w), w = b) == matmul(x, broadcast<4, 3>(b)));
static_assert(has_shape<row, 3>(substitute(matmul(x, w), w = 0_c)));
static_assert(substitute(matmul(x, w), s = x) == matmul(x, w));  // a symbol that is not there
static_assert(gradient(substitute(sum(w * w), w = tanh(w)), w) == 2_c * tanh(w) * gradient(sum(tanh(w)), w));

// Reductions over axes.
static_assert(has_shape<>(sum(t)));
static_assert(has_shape<3, 4>(sum<0>(t)));
static_assert(has_shape<2, 3>(sum<-1>(t)));
static_assert(has_shape<3>(sum<0, 2>(t)));
static_assert(has_shape<2, 1, 4>(sum<1>(t, keep)));
static_assert(has_shape<1, 1, 1>(max(t, keep)));
static_assert(has_shape<row>(max<1>(x)));
static_assert(has_shape<4>(mean<0>(x)));
static_assert(has_shape<4>(variance<0>(x)));
static_assert(has_shape<row>(norm<1>(x)));
static_assert(has_shape<row>(logsumexp<-1>(x)));
static_assert(has_shape<row, 4>(softmax<1>(x)));
static_assert(has_shape<row, 4>(log_softmax<1>(x)));
static_assert(has_shape<row, 4>(layer_norm<1>(x)));
static_assert(sum<0, 1>(w) == sum(w));
static_assert(sum(sum<0>(w)) == sum(w));
static_assert(sum<0>(sum<1>(t)) == sum<0, 1>(t));
static_assert(mean<1>(w) == sum<1>(w) / 3_c);
static_assert(norm(b) == sqrt(sum(b * b)));
static_assert(variance(b) == mean(pow(b - mean(b), 2_c)));
static_assert(log_softmax<1>(x) == x - logsumexp<1>(x, keep));
static_assert(sum(2_c * s * w) == 2_c * s * sum(w));
static_assert(max(b) == max<0>(b));

// Parts.
static_assert(has_shape<2, 3>(slice<0, 1, 3>(w)));
static_assert(has_shape<7, 3>(pad<0, 1, 2>(w)));
static_assert(has_shape<row, 6>(pad<1, 1, 1>(x)));
static_assert(has_shape<8, 3>(concatenate<0>(w, w)));
static_assert(has_shape<4, 6>(concatenate<-1>(w, 2_c * w)));
static_assert(has_shape<2, 3>(stack<0>(b, b)));
static_assert(has_shape<3, 2>(stack<-1>(b, b)));
static_assert(has_shape<12>(reshape<12>(w)));
static_assert(has_shape<row, 2, 2>(reshape<rows, 2, 2>(x)));
static_assert(has_shape<2, 6>(reshape<2, -1>(w)) && has_shape<12>(reshape<-1>(w)));
static_assert(has_shape<row, 2, 2>(reshape<rows, -1, 2>(x)) && has_shape<2, row, 2>(reshape<2, -1, 2>(x)));
static_assert(has_shape<1, row, 4>(reshape<-1, rows, 4>(x)));
static_assert(has_shape<5, 3>(broadcast<5, 3>(b)));
static_assert(slice<0, 1, 5>(pad<0, 1, 2>(w)) == w);
static_assert(slice<0, 4, 8>(concatenate<0>(w, tanh(w))) == tanh(w));
static_assert(slice<0, 1, 2>(slice<0, 1, 4>(w)) == slice<0, 2, 3>(w));
static_assert(reshape<4, 3>(reshape<2, 6>(w)) == w);
static_assert(b + broadcast<4, 3>(s) == broadcast<4, 3>(b + s));

// A network, traced and written operator by operator, is one formula, and its gradients agree however they
// are asked for.
constexpr auto logits = matmul(tanh(matmul(x, w) + b), v);
constexpr auto y = array<"y", rows, 2>;
constexpr auto loss = -mean(sum<1>(y * log_softmax<1>(logits)));
constexpr auto traced = trace(x, y, w, b, v, [](auto x_, auto y_, auto w_, auto b_, auto v_) {
  auto z = matmul(tanh(matmul(x_, w_) + b_), v_);
  return -mean(sum<1>(y_ * log_softmax<1>(z)));
});
static_assert(loss == traced);
constexpr auto slopes = gradient(loss, w, b, v);
static_assert(get<0>(slopes) == gradient(loss, w));
static_assert(get<1>(slopes) == gradient(loss, b));
static_assert(get<2>(slopes) == diff(loss, v));
static_assert(has_shape<4, 3>(get<0>(slopes)) && has_shape<3>(get<1>(slopes)) &&
              has_shape<3, 2>(get<2>(slopes)));
static_assert(vjp(loss, weights(1_c), w) == gradient(loss, w));
static_assert(trace(x, w, [](auto x_, auto) { return sum(0 * x_ + 1); }) == sum(x - x + 1_c));

// Products with a Jacobian: both modes.
constexpr auto u = array<"u", 3>;
constexpr auto d = array<"d", 4, 3>;
static_assert(jvp(sum(w * w), along(w = d)) == 2_c * sum(w * d));
static_assert(vjp(w * s, weights(d), w) == s * d);
static_assert(jvp(b, along(b = u)) == u);
static_assert(has_shape<3>(jvp(matmul(array<"u", 4>, w), along(w = d))));
static_assert(hvp(sum(b * b * b), along(b = u))[0_c] == 6_c * b * u);
static_assert(diff(tanh(s * b), s) == b * diff(tanh(s * b), s) / b);

// What is constant along an axis is counted, what is repeated is summed.
static_assert(gradient(sum(w + b), b) == broadcast<3>(4_c));
static_assert(gradient(sum(w * b), b) == sum<0>(w));
static_assert(gradient(sum(x * s), s)[0_c] == sum(x));
static_assert(gradient(sum(broadcast<5, 3>(b)), b) == broadcast<3>(5_c));

}  // namespace

BOOST_AUTO_TEST_CASE(shapes_and_laws_of_types) {}
