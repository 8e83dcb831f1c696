// SPDX-License-Identifier: BSL-1.0
// Parameters in one vector: where each lies, functions that take and write them, what is refused, and that
// the methods of tg::minimize, optimizers and checkpoints take them.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstdio>
#include <random>
#include <span>
#include <sstream>
#include <string>
#include <typegrad/array.hpp>
#include <typegrad/optimize/array_problem.hpp>
#include <typegrad/optimize/first_order.hpp>
#include <typegrad/optimize/minimize.hpp>
#include <vector>

#include "allocations.hpp"
#include "minimize_methods.hpp"
#include "refusal.hpp"

namespace {

using namespace tg::literals;

template <class T>
std::vector<T> numbers(std::size_t count, unsigned seed) {
  std::mt19937 source(seed);
  std::vector<T> all(count);
  for (T& each : all) each = static_cast<T>((static_cast<double>(source() >> 8) / (1 << 23) - 1) / 2);
  return all;
}

constexpr auto x = tg::array<"x", tg::rows, 4>;
constexpr auto y = tg::array<"y", tg::rows>;
constexpr auto w = tg::array<"w", 4, 3>;
constexpr auto b = tg::array<"b", 3>;
constexpr auto v = tg::array<"v", 3>;
constexpr auto c = tg::symbol<"c">;
constexpr auto s = tg::symbol<"s">;
constexpr auto k = tg::symbol<"k">;
constexpr auto score = s * matmul(tanh(matmul(x, w) + b), v) + c;
constexpr auto loss = tg::mean(softplus(-y * score)) +
                      k * (tg::sum(w * w) + tg::sum(b * b) + tg::sum(v * v) + c * c + pow(s, 2));

constexpr auto theta = tg::parameters(c, w, b, s, v);
static_assert(theta.size() == 20);
static_assert(theta.parts[2].name == "b" && theta.parts[2].first == 13 && theta.parts[2].size == 3);
static_assert(theta.parts[1].shape().size() == 2 && theta.parts[1].shape()[0] == 4);
static_assert(theta.parts[0].shape().empty());
static_assert(theta.sizes == std::array<std::size_t, 5>{1, 12, 3, 1, 3});
static_assert(tg::parameters(tg::symbols<"p", 3>, w).size() == 15);

constexpr auto delta = tg::parameters(tg::symbol<"dc">, tg::array<"dw", 4, 3>, tg::array<"db", 3>,
                                      tg::symbol<"ds">, tg::array<"dv", 3>);

/// What a function of one vector writes, against one that is given each parameter by itself.
template <class T, class Parameters>
void same_bits(const Parameters& all) {
  constexpr auto in_one = tg::function(tg::inputs(x, Parameters{}, y, k),
                                       tg::outputs(score, tg::gradient(loss, Parameters{}), loss, k * c));
  constexpr auto by_each = tg::function(tg::inputs(x, c, w, b, s, v, y, k),
                                        tg::outputs(score, tg::gradient(loss, c, w, b, s, v), loss, k * c));
  for (const std::size_t n : {std::size_t{1}, std::size_t{7}, std::size_t{100}}) {
    const auto points = numbers<T>(4 * n, 1), sides = numbers<T>(n, 2);
    const auto values = numbers<T>(all.size(), 3);
    std::vector<T> scores(n), slopes(all.size()), space(in_one.template workspace<T>(n)), scores_each(n),
        dw(12), db(3), dv(3), space_each(by_each.template workspace<T>(n));
    const auto number = [&](const auto& vector, auto one) { return all.view(vector, one)[0]; };
    allocations = 0;
    const auto [value, product] = in_one(points, values, sides, 0.1, scores, slopes, space);
    BOOST_TEST(allocations == 0);
    const auto [dc, ds, value_each, product_each] =
        by_each(points, number(values, c), all.view(values, w), all.view(values, b), number(values, s),
                all.view(values, v), sides, 0.1, scores_each, dw, db, dv, space_each);
    BOOST_TEST(value == value_each);
    BOOST_TEST(product == product_each);
    BOOST_TEST(scores == scores_each, boost::test_tools::per_element());
    BOOST_TEST(number(slopes, c) == dc);
    BOOST_TEST(number(slopes, s) == ds);
    BOOST_TEST(std::ranges::equal(all.view(slopes, w), dw));
    BOOST_TEST(std::ranges::equal(all.view(slopes, b), db));
    BOOST_TEST(std::ranges::equal(all.view(slopes, v), dv));
  }
}

struct table {
  std::vector<double> points = numbers<double>(400, 1), sides = numbers<double>(100, 2);
  auto problem() const { return tg::objective(loss, theta, x = points, y = std::span(sides), k = 0.01); }
};

}  // namespace

BOOST_AUTO_TEST_CASE(one_vector_for_all_in_any_order) {
  same_bits<double>(theta);
  same_bits<float>(tg::parameters(w, b, v, s, c));
  same_bits<double>(tg::parameters(v, s, c, b, w));
}

BOOST_AUTO_TEST_CASE(products_with_derivatives_are_laid_out_as_the_parameters) {
  constexpr auto u = tg::array<"u", tg::rows>;
  constexpr auto pulled =
      tg::function(tg::inputs(x, u, theta), tg::outputs(tg::vjp(score, tg::weights(u), theta)));
  constexpr auto pushed =
      tg::function(tg::inputs(x, theta, delta), tg::outputs(tg::jvp(score, tg::along(theta = delta))));
  constexpr auto curved =
      tg::function(tg::inputs(x, y, k, theta, delta), tg::outputs(tg::hvp(loss, tg::along(theta = delta))));
  constexpr auto slope = tg::function(tg::inputs(x, y, k, theta), tg::outputs(tg::gradient(loss, theta)));
  const auto points = numbers<double>(40, 1), sides = numbers<double>(10, 2),
             weights = numbers<double>(10, 3), values = numbers<double>(20, 4),
             direction = numbers<double>(20, 5);
  const auto dot = [](const auto& a, const auto& other) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * other[i];
    return sum;
  };
  std::vector<double> adjoint(20), tangent(10), product(20), back(20), ahead(20);
  tg::bound<double>(pulled)(points, weights, values, adjoint);
  tg::bound<double>(pushed)(points, values, direction, tangent);
  BOOST_TEST(dot(adjoint, direction) == dot(tangent, weights), boost::test_tools::tolerance(1e-13));
  tg::bound<double>(curved)(points, sides, 0.1, values, direction, product);
  auto moved = values;
  constexpr double h = 1e-5;  // central differences of second order: errors of h^2
  for (std::size_t i = 0; i < 20; ++i) moved[i] = values[i] - h * direction[i];
  tg::bound<double>(slope)(points, sides, 0.1, moved, back);
  for (std::size_t i = 0; i < 20; ++i) moved[i] = values[i] + h * direction[i];
  tg::bound<double>(slope)(points, sides, 0.1, moved, ahead);
  for (std::size_t i = 0; i < 20; ++i)
    BOOST_TEST(std::fabs((ahead[i] - back[i]) / (2 * h) - product[i]) < 1e-8);
}

BOOST_AUTO_TEST_CASE(numbers_alone_can_be_parameters) {
  constexpr auto pair = tg::parameters(c, s);
  constexpr auto f = exp(c) * s;
  constexpr auto slope = tg::function(tg::inputs(pair), tg::outputs(f, tg::gradient(f, pair)));
  const std::vector<double> at{0.5, 2};
  std::vector<double> slopes(2);
  BOOST_TEST(tg::bound<double>(slope)(at, slopes) == 2 * std::exp(0.5));
  BOOST_TEST(slopes[0] == 2 * std::exp(0.5));
  BOOST_TEST(slopes[1] == std::exp(0.5));
}

BOOST_AUTO_TEST_CASE(vectors_that_do_not_fit_are_refused) {
  constexpr auto slope = tg::function(tg::inputs(theta, x, y, k), tg::outputs(tg::gradient(loss, theta)));
  auto run = tg::bound<double>(slope);
  const std::vector<double> points(8), sides(2);
  std::vector<double> values(20), few(19), slopes(20);
  BOOST_TEST(refusal([&] { run(few, points, sides, 1, slopes); }) ==
             "function: argument 0 has 19 numbers; the parameters are 20.");
  BOOST_TEST(refusal([&] { run(values, points, sides, 1, few); }) ==
             "function: argument 4 has 19 numbers; the parameters are 20.");
  BOOST_TEST(refusal([&] { run(values, points, sides, 1, values); }) ==
             "function: output 1 overlaps the input 'w'.");
  BOOST_TEST(refusal([&] { theta.view(few, w); }) ==
             "parameters: the vector has 19 numbers; the parameters are 20.");
}

BOOST_AUTO_TEST_CASE(parameters_print_by_name_and_shape) {
  constexpr auto m = tg::array<"m", 2, 8>;
  std::vector<float> all(25);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<float>(i) / 2;
  std::ostringstream text;
  text << tg::parameters(m, c, tg::array<"l", 8, 1>).named(all);
  BOOST_TEST(text.str() ==
             "m (2, 8)\n  0 0.5 1 1.5 2 2.5 ...\n  4 4.5 5 5.5 6 6.5 ...\n"
             "c 8\n"
             "l (8, 1)\n  8.5\n  9\n  9.5\n  10\n  10.5\n  11\n  ...\n");
}

BOOST_AUTO_TEST_CASE(every_method_of_minimize_takes_a_loss_of_arrays) {
  const table data;
  const auto start = numbers<double>(20, 6);
  const auto best = tg::minimize(data.problem(), start, tg::newton{});
  BOOST_TEST(best.converged);
  minimize_test::each_objective_method([&](const char* name, const auto& method) {
    const auto found = tg::minimize(data.problem(), start, method);
    BOOST_TEST_CONTEXT(name << ": " << found.why()) {
      BOOST_TEST(found.converged);
      BOOST_TEST(found.value == best.value, boost::test_tools::tolerance(1e-9));
    }
  });
  const auto trained = tg::minimize(data.problem(), start, tg::adam{.rate = 0.01}, {.max_iterations = 3000});
  BOOST_TEST(trained.value == best.value, boost::test_tools::tolerance(1e-4));
  const tg::lamb by_layer{.rate = 0.01, .segments = {theta.sizes.begin(), theta.sizes.end()}};
  BOOST_TEST(tg::minimize(data.problem(), start, by_layer, {.max_iterations = 300}).value <
             tg::minimize(data.problem(), start, by_layer, {.max_iterations = 1}).value);
}

BOOST_AUTO_TEST_CASE(the_hessian_is_the_slope_of_the_gradient) {
  const table data;
  const auto problem = data.problem();
  const auto at = numbers<double>(20, 6);
  std::vector<double> slopes(20), curvature(400), ahead(20), back(20);
  const double value = problem.value_gradient_hessian(at, slopes, curvature);
  BOOST_TEST(value == problem.value(at));
  for (std::size_t i = 0; i < 20; ++i) {
    constexpr double h = 1e-5;
    auto moved = at;
    moved[i] = at[i] + h;
    problem.value_and_gradient(moved, ahead);
    moved[i] = at[i] - h;
    problem.value_and_gradient(moved, back);
    for (std::size_t j = 0; j < 20; ++j)
      BOOST_TEST(std::fabs((ahead[j] - back[j]) / (2 * h) - curvature[i * 20 + j]) < 1e-8);
  }
}

BOOST_AUTO_TEST_CASE(a_run_goes_on_from_its_checkpoint) {
  const table data;
  const auto start = numbers<double>(20, 6);
  const std::string file = "parameters_checkpoint.txt";
  const auto whole = tg::minimize(data.problem(), start, tg::l_bfgs{}, {.max_iterations = 20});
  std::remove(file.c_str());
  const tg::minimize_options<double> some{.max_iterations = 7, .checkpoint = file};
  tg::minimize(data.problem(), start, tg::l_bfgs{}, some);
  const auto rest = tg::minimize(data.problem(), start, tg::l_bfgs{},
                                 {.max_iterations = 20, .checkpoint = file, .resume = true});
  std::remove(file.c_str());
  BOOST_TEST(rest.resumed);
  BOOST_TEST(rest.parameters == whole.parameters, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(data_that_do_not_fit_end_a_run_with_the_sentence) {
  const auto problem =
      tg::objective(loss, theta, x = std::vector<double>(9), y = std::vector<double>(2), k = 1);
  const auto found = tg::minimize(problem, std::vector<double>(20), tg::l_bfgs{});
  BOOST_TEST((found.reason == tg::stop_reason::exception_thrown));
  BOOST_TEST(std::string(found.why()).find("function: the input 'x' has 9 elements") != std::string::npos);
  const auto wrong_start = tg::minimize(table{}.problem(), std::vector<double>(7), tg::l_bfgs{});
  BOOST_TEST((wrong_start.reason == tg::stop_reason::wrong_size));
}
