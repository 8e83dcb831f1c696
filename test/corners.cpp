// SPDX-License-Identifier: BSL-1.0
// Formulas with |u| and hypot in them that are smooth all the same: their derivatives to second order are
// those of a formula without corners, at the corner and elsewhere, however they are written. And those that
// are not smooth, whose derivatives are NaN at the corner from the order on of which there is none.
#include "edges.hpp"

namespace {

constexpr auto z = tg::symbol<"z">;
constexpr double c = 3;

/// The derivatives by x, y and z, then the second ones.
std::array<double, 12> to_second(auto f, const std::array<double, 3>& at) {
  std::array<double, 12> out{};
  tg::function(tg::inputs(x, y, z), tg::outputs(tg::gradient(f, x, y, z), tg::hessian(f, x, y, z)))(at, out);
  return out;
}

/// What both formulas give at points on and off the axes agrees.
template <class F, class G>
void same(std::string_view name, F f, G smooth) {
  for (const double u : {0.0, -2.0})
    for (const double v : {0.0, 1.0})
      for (const double w : {0.0, 3.0}) {
        const auto found = to_second(f, {u, v, w}), expected = to_second(smooth, {u, v, w});
        for (std::size_t k = 0; k < found.size(); ++k)
          BOOST_TEST(agrees(found[k] + 1, expected[k] + 1, 64),
                     name << " at (" << u << ", " << v << ", " << w << "), entry " << k << ": is " << found[k]
                          << ", should be " << expected[k]);
      }
}
/// The value at 0 is 0, and so are the derivatives by x to an order; NaN beyond it.
template <class F>
void smooth_to(std::string_view name, int order, F f) {
  four expected{};
  for (std::size_t k = 1; k < 4; ++k) expected[k] = static_cast<int>(k) > order ? not_a_number : 0;
  check({edge(name, to_third(f, 0.0), expected)});
}
#define SAME(f, smooth) same(#f, f + x * y * z, smooth + x * y * z)
#define SMOOTH_TO(order, f) smooth_to(#f, order, f)

}  // namespace

BOOST_AUTO_TEST_CASE(even_powers_of_absolute_values) {
  SAME(abs(x) * abs(x), x * x);
  SAME(pow(abs(x), 2), x * x);
  SAME(pow(abs(x), 2.0), x * x);
  SAME(pow(abs(x), 4), x * x * x * x);
  SAME(pow(abs(c * x), 2_c), 9_c * x * x);
  SAME(pow(abs(c * x), 2), 9_c * x * x);
  SAME(abs(c * x) * abs(c * x), 9_c * x * x);
  SAME(abs(x) * abs(c * x), 3_c * x * x);
  SAME(abs(x) * abs(-2_c * x), 2_c * x * x);
  SAME(pow(abs(x) / c, 2), x * x / 9_c);
  SAME(pow(c * abs(x), 4), 81_c * pow(x, 4_c));
  SAME(pow(abs(abs(x)), 2_c), x * x);
  SAME(abs(abs(x) * abs(y)) * abs(x * y), x * x * y * y);
  SAME(abs(x * y) + sqrt(1_c + z * z) - abs(x) * abs(y), sqrt(1_c + z * z));
  SAME(x * x * x * abs(x) * abs(x), pow(x, 5_c));
  SAME(exp(-pow(abs(x), 2)), exp(-x * x));
  SAME(cos(abs(x)), cos(x));
  SAME(cosh(abs(x) * 2_c), cosh(2_c * x));
  SAME(hypot(1_c, abs(x)), hypot(1_c, x));
  SAME(pow(abs(x) + 0_c * y, 2), x * x);
}

BOOST_AUTO_TEST_CASE(even_powers_of_lengths) {
  constexpr auto s = x * x + y * y + z * z;
  constexpr auto left = hypot(hypot(x, y), z);
  constexpr auto right = hypot(x, hypot(y, z));
  constexpr auto root = sqrt(s);
  SAME(pow(hypot(x, y), 2), x * x + y * y);
  SAME(pow(left, 2_c), s);
  SAME(pow(right, 2), s);
  SAME(pow(left, 4_c), s * s);
  SAME(pow(right, 4), s * s);
  SAME(exp(-pow(left, 2_c)), exp(-s));
  SAME(1_c / (1_c + pow(left, 2)), 1_c / (1_c + s));
  SAME(pow(c * hypot(x, y), 2), 9_c * (x * x + y * y));
  SAME(pow(hypot(x, y) / c, 2_c), (x * x + y * y) / 9_c);
  SAME(hypot(1_c, hypot(x, y)), sqrt(1_c + x * x + y * y));
  SAME(pow(hypot(hypot(x - y, z), x + y), 2), pow(x - y, 2_c) + z * z + pow(x + y, 2_c));
  SAME(pow(root, 2), s);
  SAME(pow(root, 4_c), s * s);
  SAME(pow(root, 4), s * s);
  SAME(root * root, s);
}

BOOST_AUTO_TEST_CASE(no_further_than_there_are_derivatives) {
  SMOOTH_TO(1, abs(c * x));
  SMOOTH_TO(1, x * abs(x));
  SMOOTH_TO(1, abs(abs(x)));
  SMOOTH_TO(1, pow(abs(x), 1));
  SMOOTH_TO(2, x * x * abs(x));
  SMOOTH_TO(2, pow(abs(x), 3));
  SMOOTH_TO(2, pow(abs(c * x), 3_c));
  SMOOTH_TO(2, pow(c * abs(x), 3));
  SMOOTH_TO(2, abs(x) * abs(x) * abs(x));
  SMOOTH_TO(2, pow(abs(x), tg::rational<5, 2>));
  SMOOTH_TO(3, x * x * x * abs(x));
  SMOOTH_TO(3, pow(abs(x), tg::rational<7, 2>));
}

// A length of three has curvature everywhere but at the origin, on its axes too, where the length of two in
// it is at its corner.
BOOST_AUTO_TEST_CASE(lengths_of_lengths) {
  constexpr auto smooth = sqrt(x * x + y * y + z * z);
  for (const auto& at : {std::array{0.0, 0.0, 1.0}, {0.0, -2.0, 0.0}, {3.0, 0.0, 0.0}, {2.0, -3.0, 6.0}}) {
    const auto expected = to_second(smooth, at), left = to_second(hypot(hypot(x, y), z), at),
               right = to_second(hypot(x, hypot(y, z)), at);
    for (std::size_t k = 0; k < expected.size(); ++k) {
      BOOST_TEST(agrees(left[k], expected[k], 16));
      BOOST_TEST(agrees(right[k], expected[k], 16));
    }
  }
  const auto corner = to_second(hypot(hypot(x, y), z), {0, 0, 0});
  for (std::size_t k = 3; k < corner.size(); ++k) BOOST_TEST(std::isnan(corner[k]));
}
