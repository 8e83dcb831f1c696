// SPDX-License-Identifier: BSL-1.0
// What is chosen by order and by places: argmax, cumsum, flip, triangles, masks. Their canonical form, text
// and cost, no elements and one element, and their values in all ways through memory.
#include <boost/test/unit_test.hpp>

#include <string>
#include <typegrad/convolution.hpp>
#include <typegrad/selection.hpp>
#include <vector>

#include "array_interpreter_selections.hpp"
#include "refusal.hpp"

using namespace tg::literals;

namespace {

constexpr auto x = tg::array<"x", tg::rows, 5>;
constexpr auto y = tg::array<"y", 3, tg::rows, 2>;
constexpr auto W = tg::array<"W", 5, 5>;
constexpr auto v = tg::array<"v", 5>;
constexpr auto one = tg::array<"one", 1, 4>;
constexpr auto u = tg::array<"u", tg::rows, 5>;

/// f as a function and node by node, in T, with so many rows.
template <class T, class F>
void check(const F&, std::size_t rows, double tolerance, const char* what) {
  constexpr F f{};
  constexpr auto fn = tg::function(tg::inputs(x, y, W), tg::outputs(f));
  array_values::setting s{rows, {}};
  unsigned state = 5;
  const auto fill = [&](array_values::shape_t shape) {  // few values, so that some are equal
    return array_values::filled(shape, [&](const array_values::shape_t&) {
      return ((state = state * 1664525u + 1013904223u) >> 27) % 9 / 4.0 - 1;
    });
  };
  s.symbols = {{"x", fill({rows, 5})}, {"y", fill({3, rows, 2})}, {"W", fill({5, 5})}};
  const auto numbers = [&](const char* name) {
    return std::vector<T>(s.symbols[name].data.begin(), s.symbols[name].data.end());
  };
  const auto expected = array_values::value_of(f, s).data;
  std::vector<T> own(expected.size()), space(fn.template workspace<T>(rows));
  fn(numbers("x"), numbers("y"), numbers("W"), own, space);
  for (std::size_t k = 0; k < own.size(); ++k)
    BOOST_TEST(
        std::fabs(static_cast<double>(own[k]) - expected[k]) <= tolerance * (1 + std::fabs(expected[k])),
        what << ", " << rows << " rows, element " << k << ": " << own[k] << ", not " << expected[k]);
}
template <class F>
void check(const F& f, const char* what) {
  for (const std::size_t rows : {0u, 1u, 2u, 7u, 40u}) {
    check<double>(f, rows, 1e-13, what);
    check<float>(f, rows, 2e-5, what);
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(reversed_axes_are_read_everywhere) {
  check(tg::flip<0>(x), "a copy");
  check(tg::flip<0, 1>(x) * x + tanh(tg::flip<1>(x)), "a loop");
  check(matmul(tg::flip<0>(x), tg::flip<1>(W)) - matmul(x, tg::flip<0>(W)), "a product");
  check(matmul(transpose(tg::flip<1>(x)), x), "a product with a transpose");
  check(tg::sum<0>(tg::flip<1>(x)) + tg::sum<1>(tg::flip<0>(W)), "a sum");
  check(tg::max<1>(tg::flip<1>(x)) - tg::logsumexp<1>(tg::flip<0>(x)), "a reduction");
  check(tg::reshape<tg::rows, 6>(tg::permute<1, 0, 2>(flip(y))), "another shape");
  check(tg::pad<1, 1, 1>(tg::slice<1, 1, 4>(tg::flip<1>(x))), "a part");
  check(tg::gather<1>(tg::flip<1>(x), tg::argmax<1>(tg::flip<0>(W))), "a selection");
  check(inverse(tg::flip<0>(W) / 4_c + 3_c * tg::lower_triangle(tg::upper_triangle(W * W + 1_c))),
        "a matrix");
}
BOOST_AUTO_TEST_CASE(sums_up_to_each_element) {
  check(tg::cumsum<0>(x), "rows");
  check(tg::cumsum<1>(tg::flip<0>(x)), "columns");
  check(tg::cumsum<1>(y) - tg::cumsum<0>(y), "an axis in the middle and the first one");
  check(tg::cumsum<2>(tg::cumsum<0>(y)), "one after the other");
  check(tg::cumsum<0>(tg::broadcast<tg::rows, 5>(2_c)) * x, "a number");
}
BOOST_AUTO_TEST_CASE(places) {
  check(tg::argmax<1>(x), "of rows");
  check(tg::argmin<1>(x) + tg::argmax<1>(x * 0_c), "of equal elements");
  check(tg::argmax<0, 2>(tg::flip<1>(y)), "of two axes");
  check(tg::take_along<0>(W, tg::argmax<0>(W)) - tg::take_along<1>(W, tg::argmin<0>(W)), "as indices");
  check(tg::one_hot<7>(tg::argmax<1>(x)), "as ones");
  check(tg::scatter_add<5>(x, tg::argmax<1>(x)), "as places of sums");
  check(gather(W, argmax(tg::sum<0>(W))), "of a single one");
  check(tg::lower_triangle<-1>(x) - tg::upper_triangle<2>(matmul(x, W)), "in triangles");
  check(tg::arange<tg::rows> * tg::arange<tg::rows> - tg::sum<1>(x), "as numbers");
}

BOOST_AUTO_TEST_CASE(a_row_without_elements_has_no_weights) {
  constexpr auto lengths = tg::array<"lengths", tg::rows>;
  constexpr auto weights = tg::softmax<1>(masked(x, tg::sequence_mask<5>(lengths)));
  constexpr auto loss = sum(weights * u);
  constexpr auto fn = tg::function(tg::inputs(x, u, lengths), tg::outputs(weights, tg::gradient(loss, x),
                                                                          tg::hvp(loss, tg::along(x = u))));
  std::vector<double> of_x{1, 2, 3, 4, 5, 5, 4, 3, 2, 1}, of_u{1, 2, 3, 4, 5, 6, 7, 8, 9, 1},
      of_lengths{0, 2}, w(10), slope(10), second(10), space(fn.workspace<double>(2));
  fn(of_x, of_u, of_lengths, w, slope, second, space);
  for (std::size_t k = 0; k < 10; ++k)
    if (k < 5 || k > 6) BOOST_TEST((w[k] == 0 && slope[k] == 0 && second[k] == 0), k);
  const double first = 1 / (1 + std::exp(-1.0));
  BOOST_TEST(std::fabs(w[5] - first) < 1e-15);
  BOOST_TEST(std::fabs(slope[5] + first * (1 - first)) < 1e-14);
}

BOOST_AUTO_TEST_CASE(no_elements) {
  constexpr auto fn = tg::function(tg::inputs(x), tg::outputs(tg::argmax<0>(x)));
  std::vector<double> none, five(5);
  BOOST_TEST(refusal([&] { fn(none, five, none); }) ==
             "function: the extent 'rows' is 0, and of no elements there is no mean, no largest and no "
             "smallest one.");
}

BOOST_AUTO_TEST_CASE(canonical_form) {
  static_assert(flip(flip(x)) == x);
  static_assert(tg::flip<0>(tg::flip<1>(x)) == flip(x));
  static_assert(tg::flip<-1>(-2_c * x / 3_c) == -2_c * tg::flip<1>(x) / 3_c);
  static_assert(tg::flip<0>(one) == one);
  static_assert(tg::cumsum<0>(one) == one);
  static_assert(tg::cumsum<1>(-2_c * x) == -2_c * tg::cumsum<1>(x));
  static_assert(tg::gradient(sum(tg::cumsum<0>(x) * u), x) == tg::flip<0>(tg::cumsum<0>(tg::flip<0>(u))));
  static_assert(tg::gradient(sum(tg::flip<0>(tg::cumsum<0>(tg::flip<0>(x))) * u), x) == tg::cumsum<0>(u));
  static_assert(tg::jvp(tg::cumsum<1>(x), tg::along(x = u)) == tg::cumsum<1>(u));
  static_assert(tg::gradient(sum(tg::lower_triangle(x) * u), x) == tg::lower_triangle(u));
  static_assert(tg::gradient(sum(tg::argmax<1>(x) * tg::sum<1>(x)), x) ==
                tg::broadcast<tg::rows, 5>(tg::argmax<1>(x, tg::keep)));
  static_assert(tg::gradient(sum(gather(W, tg::argmax<1>(x)) * u), W) ==
                tg::scatter_add<5>(u, tg::argmax<1>(x)));
  static_assert(argmin(v) == argmax(-v));
  static_assert(tg::shape_of(tg::causal_mask<tg::extent<"time">>) ==
                tg::extents<tg::extent<"time">, tg::extent<"time">>{});
  static_assert(tg::trace(x, W, [](auto a, auto b) {
                  return gather(b, tg::argmax<1>(a)) * tg::cumsum<1>(a);
                }) == gather(W, tg::argmax<1>(x)) * tg::cumsum<1>(x));
}

BOOST_AUTO_TEST_CASE(text) {
  const auto row = [](const auto& f, const std::string& infix) { BOOST_TEST(tg::to_string(f) == infix); };
  row(tg::argmax<1>(x), "argmax<1>(x)");
  row(argmax(x), "argmax(x)");
  row(tg::argmin<0>(x, tg::keep), "argmax<0>(-x, keep)");
  row(tg::cumsum<1>(x), "cumsum<1>(x)");
  row(tg::flip<0, 1>(x) - tg::flip<1>(x), "flip<0, 1>(x) - flip<1>(x)");
  row(tg::arange<tg::rows>, "arange(rows)");
  row(tg::lower_triangle(W), "where(arange(5) <= reshape(arange(5), (5, 1)), W, 0)");
  row(masked(v, v > 0_c), "where(v > 0, v, -infinity)");
  BOOST_TEST(tg::to_latex(tg::cumsum<1>(x)) == "\\operatorname{cumsum}_{1}\\left(x\\right)");
}

// The text of a selection or of windows is the code that makes it, and so means that.
#define IS_ITS_OWN_TEXT(...) BOOST_TEST(to_string(__VA_ARGS__).view() == #__VA_ARGS__)
BOOST_AUTO_TEST_CASE(text_that_can_be_compiled) {
  using namespace tg;
  constexpr auto i = tg::index<"i", rows>;
  constexpr auto j = tg::index<"j", rows, 5>;
  IS_ITS_OWN_TEXT(gather(W, i));
  IS_ITS_OWN_TEXT(gather<1>(x, argmax<0>(W)));
  IS_ITS_OWN_TEXT(take_along<1>(x, i));
  IS_ITS_OWN_TEXT(scatter_add<4>(tanh(x), i));
  IS_ITS_OWN_TEXT(scatter_add<7, 1>(x, argmax<0>(W)));
  IS_ITS_OWN_TEXT(scatter_add_along<9, 1>(x, j));
  IS_ITS_OWN_TEXT(one_hot<5>(i));
  IS_ITS_OWN_TEXT(cumsum<1>(flip<0, 1>(x)));
  IS_ITS_OWN_TEXT(window<1, 3>(x));
  IS_ITS_OWN_TEXT(window<1, 2>(tanh(x), stride<2>, dilation<3>));
  IS_ITS_OWN_TEXT(fold<0, 9>(W));
  IS_ITS_OWN_TEXT(fold<0, 13>(W, stride<2>));
  IS_ITS_OWN_TEXT(sum<2>(window<1, 3>(cumsum<0>(x))));
}
#undef IS_ITS_OWN_TEXT

BOOST_AUTO_TEST_CASE(costs) {
  constexpr auto of = [](const auto& f) { return tg::cost(tg::function(tg::inputs(x), tg::outputs(f)), 10); };
  static_assert(of(tg::cumsum<1>(x)).additions == 50 && of(tg::cumsum<1>(x)).read == 50);
  static_assert(of(tg::argmax<1>(x)).other == 100 && of(tg::argmax<1>(x)).written == 10);
  static_assert(of(tg::sum<1>(tg::flip<1>(x))).kernels == 1);  // nothing is copied
}
