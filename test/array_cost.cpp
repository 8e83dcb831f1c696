// SPDX-License-Identifier: BSL-1.0
// The cost of functions of arrays: what the steps of known sizes must do, as constants, and how it grows with
// the lengths of a call.
#include <boost/test/unit_test.hpp>
#include <typegrad/array.hpp>

namespace {

using namespace tg::literals;

constexpr auto x = tg::array<"x", tg::rows, 64>;
constexpr auto w = tg::array<"w", 64, 32>;
constexpr auto b = tg::array<"b", 32>;
constexpr auto s = tg::symbol<"s">;

template <class... F>
constexpr auto function_of(const F&... f) {
  return tg::function(tg::inputs(x, w, b, s), tg::outputs(f...));
}

// A product and a loop: each element of the product is 64 multiplications and additions.
constexpr auto layer = function_of(tanh(matmul(x, w) + b));
constexpr auto layer_cost = tg::cost(layer, 100);
static_assert(layer_cost.multiplications == 100 * 64 * 32);
static_assert(layer_cost.additions == 100 * 64 * 32 + 100 * 32);
static_assert(layer_cost.transcendental == 100 * 32);
static_assert(layer_cost.read == 100 * 64 + 64 * 32 + 100 * 32 + 32);  // and b, not once for each row
static_assert(layer_cost.written == 2 * 100 * 32);
static_assert(layer_cost.bytes<float>() == 4 * (layer_cost.read + layer_cost.written));
static_assert(layer_cost.loops == 1 && layer_cost.kernels == 1);

// Sums, reductions and choices.
constexpr auto sums = tg::cost(function_of(tg::sum<0>(x), tg::sum<1>(x)), 10);
static_assert(sums.additions == 2 * 10 * 64 && sums.read == 2 * 10 * 64 && sums.written == 64 + 10);
constexpr auto largest = tg::cost(function_of(tg::max<1>(x)), 10);
static_assert(largest.other == 10 * 64 && largest.operations() == largest.other && largest.written == 10);
constexpr auto logs = tg::cost(function_of(tg::logsumexp<1>(x)), 10);
static_assert(logs.transcendental == 10 * 64);

// What moves elements calculates nothing, and a view is no step.
constexpr auto moved = tg::cost(function_of(tg::concatenate<1>(x, x)), 7);
static_assert(moved.operations() == 0 && moved.read == 2 * 7 * 64 && moved.written == moved.read);
constexpr auto turned = tg::cost(function_of(sum(transpose(w) * 2_c)), 7);
static_assert(turned.additions == 32 * 64 && turned.kernels == 1);
constexpr auto squared = tg::cost(function_of(s * s), 0);
static_assert(squared.multiplications == 1 && squared.read == 1 && squared.written == 1);

// Square matrices, several of them.
constexpr auto m = tg::array<"m", 7, 5, 5>;
constexpr auto inverse = tg::cost(tg::function(tg::inputs(m), tg::outputs(tg::inverse(m))));
static_assert(inverse.multiplications == 7 * (4 * 5 * 9 / 6 + 5 * 5 * 4) &&
              inverse.divisions == 7 * (5 * 4 / 2 + 5 * 5));
constexpr auto n = tg::array<"n", 7, 5, 2>;
constexpr auto solution = tg::cost(tg::function(tg::inputs(m, n), tg::outputs(solve(m, n))));
static_assert(solution.multiplications == 7 * (4 * 5 * 9 / 6 + 2 * 5 * 4) &&
              solution.divisions == 7 * (5 * 4 / 2 + 5 * 2));
static_assert(solution.read == 7 * 5 * 7 && solution.written == 7 * 5 * 2 && solution.kernels == 1);
static_assert(inverse.read == 7 * 5 * 5 && inverse.written == 7 * 5 * 5);

}  // namespace

// What a function does grows linearly with its rows, and the workspace holds what the cost says.
BOOST_AUTO_TEST_CASE(costs_of_rows) {
  constexpr auto hidden = tanh(matmul(x, w) + b);
  constexpr auto loss = tg::mean(tg::sum<1>(hidden * tg::softmax<1>(hidden * s)));
  constexpr auto step = function_of(loss, gradient(loss, w, b, s));
  constexpr auto at_0 = tg::cost(step, 0);
  constexpr auto per_row = tg::cost(step, 1).operations() - at_0.operations();
  static_assert(per_row > 3 * 2 * 64 * 32 / 2);  // at least the product and that of its derivative
  for (const int rows : {1, 2, 10, 1000}) {
    const auto cost = tg::cost(step, rows);
    BOOST_TEST(cost.operations() == at_0.operations() + rows * per_row);
    BOOST_TEST(cost.loops == at_0.loops);
    BOOST_TEST(cost.loops + cost.kernels == step.steps());
    BOOST_TEST(cost.stored <= static_cast<std::int64_t>(step.workspace<double>(rows)));
  }
  BOOST_TEST(tg::cost(step, 1000).stored >= 1000 * 32);
}
