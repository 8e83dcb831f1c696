// SPDX-License-Identifier: BSL-1.0
// Outputs that are added to the caller's memory by tg::add_to: what is there before plus what the function
// gives, for outputs of every kind of step, and the gradients of a batch as the sum over its parts.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <span>
#include <typegrad/array.hpp>
#include <typegrad/program/threads.hpp>
#include <vector>

namespace {

using numbers = std::vector<double>;

numbers some(std::size_t count, unsigned phase) {
  numbers all(count);
  for (std::size_t k = 0; k < count; ++k) all[k] = std::sin(static_cast<double>(7 * k + phase));
  return all;
}
/// Sums of thousands of numbers in another order.
void near(const numbers& own, const numbers& expected) {
  BOOST_REQUIRE_EQUAL(own.size(), expected.size());
  for (std::size_t k = 0; k < own.size(); ++k)
    BOOST_TEST(std::fabs(own[k] - expected[k]) <= 1e-11 * (1 + std::fabs(expected[k])),
               k << ": " << own[k] << ", " << expected[k]);
}

constexpr auto x = tg::array<"x", tg::rows, 40>;
constexpr auto w = tg::array<"w", 40, 33>;
constexpr auto b = tg::array<"b", 33>;
constexpr auto c = tg::symbol<"c">;
constexpr auto h = tanh(matmul(x, w) + b);

/// How many steps a call has whose one output is added.
template <class Inputs, class Tag, class Numbers, class... Shapes>
constexpr int steps_that_add(const tg::array_function<Inputs, Tag, Numbers, Shapes...>&) {
  return tg::detail::array_code<Tag, 0, 1>::plan.steps;
}

constexpr std::size_t rows = 2000;  // enough for two threads
const numbers in = some(rows * 40, 1), in_w = some(40 * 33, 2), in_b = some(33, 3);

/// The first output of fn, in one thread and in two, beside others that are not added.
template <class Function>
void is_added(const Function& fn) {
  auto run = tg::bound<double>(fn);
  numbers value(fn.output_sizes(in, in_w, in_b, 0.5)[0]), both = some(value.size(), 4), in_threads = both,
                                                          sum = both;
  run(in, in_w, in_b, 0.5, value);
  run(in, in_w, in_b, 0.5, tg::add_to(both));
  run(in, in_w, in_b, 0.5, tg::add_to(std::span(in_threads)), tg::threads(2));
  for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += value[k];
  near(both, sum);
  BOOST_TEST(in_threads == both);
}
/// An output alone; read by another; and as two outputs, of which only the first is added.
template <class F>
void is_added_everywhere(const F& f) {
  is_added(tg::function(tg::inputs(x, w, b, c), tg::outputs(f)));
  is_added(tg::function(tg::inputs(x, w, b, c), tg::outputs(f, tg::sum(f * f))));
  const auto twice = tg::function(tg::inputs(x, w, b, c), tg::outputs(f, f));
  numbers first(twice.output_sizes(in, in_w, in_b, 0.5)[0], 1.0), second = first;
  auto run = tg::bound<double>(twice);
  run(in, in_w, in_b, 0.5, tg::add_to(first), second);
  for (double& each : second) each += 1;
  near(first, second);
}

}  // namespace

BOOST_AUTO_TEST_CASE(outputs_of_every_kind_are_added) {
  is_added_everywhere(matmul(x, w));                 // a product
  is_added_everywhere(h);                            // a loop
  is_added_everywhere(c * matmul(transpose(x), h));  // a loop over a product
  is_added_everywhere(tg::sum<0>(h));                // a sum of rows, of columns
  is_added_everywhere(tg::sum<1>(h));
  is_added_everywhere(tg::max<0>(x));            // a reduction that is no sum
  is_added_everywhere(transpose(matmul(x, w)));  // a view
  is_added_everywhere(tg::concatenate<1>(x, h));
  is_added_everywhere(x);                        // an input
  is_added_everywhere(tg::broadcast<5, 33>(c));  // a number
  is_added_everywhere(tg::gradient(tg::sum(h * h), w));
}

// Products and loops add as they go; what else there is, is added by one more loop.
BOOST_AUTO_TEST_CASE(no_second_pass_over_memory) {
  const auto fn = [](const auto& f) { return tg::function(tg::inputs(x, w, b, c), tg::outputs(f)); };
  constexpr auto product = fn(matmul(x, w));
  constexpr auto gradient = fn(tg::gradient(tg::sum(h), w));
  constexpr auto loop = fn(c * x);
  static_assert(steps_that_add(product) == product.steps() && product.steps() == 1);
  static_assert(steps_that_add(gradient) == gradient.steps());
  static_assert(steps_that_add(loop) == loop.steps() && loop.steps() == 1);
  constexpr auto sum = fn(tg::sum<0>(x));
  static_assert(steps_that_add(sum) == sum.steps() + 1);
}

// A batch in parts: the loss is a sum over rows, so its gradient is that of all rows.
BOOST_AUTO_TEST_CASE(gradients_of_parts_of_a_batch) {
  constexpr auto theta = tg::parameters(w, b, c);
  constexpr auto loss = tg::sum(h * h * c);
  constexpr auto step = tg::function(tg::inputs(x, theta), tg::outputs(loss, tg::gradient(loss, theta)));
  auto run = tg::bound<double>(step);
  numbers parameters = some(theta.size(), 5), whole(theta.size()), parts(theta.size());
  const double value = run(in, parameters, whole);
  double sum = 0;
  for (std::size_t first = 0; first < rows; first += 400)
    sum += run(std::span(in).subspan(first * 40, 400 * 40), parameters, tg::add_to(parts));
  BOOST_TEST(std::fabs(sum - value) <= 1e-12 * std::fabs(value));
  near(parts, whole);
}
