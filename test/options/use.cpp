// SPDX-License-Identifier: BSL-1.0
// A use of everything that the headers offer, with no test framework, so that it can be compiled under any
// option of the compiler: what is a template in the headers is looked at by the compiler only here. Exits
// with the number of failures.
#include <cmath>
#include <cstdio>
#include <sstream>
#include <typegrad/special.hpp>
#include <typegrad/typegrad.hpp>

#ifndef TYPEGRAD_TEST_CORE_ONLY
#include <typegrad/optimize/adaptive_schedule.hpp>
#include <typegrad/optimize/conjugate_gradient.hpp>
#include <typegrad/optimize/first_order.hpp>
#include <typegrad/optimize/formula_problem.hpp>
#include <typegrad/optimize/gradient_treatment.hpp>
#include <typegrad/optimize/hyperparameter_search.hpp>
#include <typegrad/optimize/l_bfgs.hpp>
#include <typegrad/optimize/minimize.hpp>
#include <typegrad/optimize/robust_loss.hpp>
#include <typegrad/optimize/schedule.hpp>
#include <typegrad/validate.hpp>
#if __has_include(<Eigen/Core>)
#include <typegrad/optimize/default_method.hpp>
#include <typegrad/optimize/dogleg.hpp>
#include <typegrad/optimize/gauss_newton.hpp>
#include <typegrad/optimize/newton.hpp>
#endif
#endif

namespace {

int failures = 0;
void expect(bool holds, const char* what, const char* found = "") {
  if (holds) return;
  ++failures;
  std::printf("failed: %s %s\n", what, found);
}
bool near(double value, double wanted, double within) { return std::abs(value - wanted) <= within; }

using namespace tg::literals;
constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
constexpr auto p = tg::symbols<"p", 2>;
constexpr auto f = x * sin(y) + exp(x * y) / 2_c + where(x < y, pow(x, 3_c), log(y));

// The derivatives by hand, as values of <cmath>.
void formulas() {
  const double a = 1.25, b = 2.5;
  const auto compiled =
      tg::function(tg::inputs(x, y), tg::outputs(f, tg::gradient(f, x, y), tg::hessian(f, x, y)));
  const auto [value, slopes, curvature] = compiled(a, b);
  expect(near(value, a * std::sin(b) + std::exp(a * b) / 2 + a * a * a, 1e-12), "a value");
  expect(near(slopes[0], std::sin(b) + b * std::exp(a * b) / 2 + 3 * a * a, 1e-12), "a derivative by x");
  expect(near(slopes[1], a * std::cos(b) + a * std::exp(a * b) / 2, 1e-12), "a derivative by y");
  expect(near(curvature[0][1], std::cos(b) + (1 + a * b) * std::exp(a * b) / 2, 1e-12),
         "a second derivative");
  const auto traced = tg::trace<"p[2]">([](auto q) {
    auto sum = q[0] * q[1];
    for (int k = 1; k < 4; ++k) sum = sum * q[0] + tanh(q[1]) * k;
    return sum;
  });
  expect(near(tg::diff(traced, p[0_c])(p = {0.5, 0.25}), 1.0 / 8 * 0.25 * 4 + std::tanh(0.25) * 3, 1e-12),
         "a traced function");
  expect(near(tg::jvp(f, tg::along(x = 1.0))(x = a, y = b), slopes[0], 1e-12), "a product with a direction");
  expect(near(tg::vjp(f, tg::weights(2.0), x, y)(x = a, y = b)[1], 2 * slopes[1], 1e-12),
         "a product with a weight");
  expect(near(tg::taylor<2>(exp(x), x, 0_c)(x = 0.1), 1.105, 1e-12), "a Taylor polynomial");
  expect(near(tg::diff(lgamma(x), x)(x = 1.0), -0.57721566490153286, 1e-12), "digamma");
  expect(tg::to_string(tg::diff(x * sin(y), y)).view() == "x*cos(y)", "a text");
  expect(tg::to_c(f, "height").view().size() > 200 && tg::to_latex(2.5 * f).view().size() > 20,
         "a C function");
  expect(tg::nonzeros(tg::hessian(x * y, x, y)) == 2 && tg::cost(f).transcendental > 2, "inspection");
}

#ifndef TYPEGRAD_TEST_CORE_ONLY

constexpr auto valley = pow(1_c - x, 2_c) + 100_c * pow(y - x * x, 2_c);

template <class Method>
void minimizes(const char* name, const Method& method, double within, std::size_t steps = 10'000) {
  const auto found =
      tg::minimize(tg::objective(valley, x, y), std::array{-1.2, 1.0}, method, {.max_iterations = steps});
  expect(near(found.parameters[0], 1, within) && near(found.parameters[1], 1, within), name,
         found.why().c_str());
}

// Values and slopes that leave the range of double on the way: the first step from there is far too long.
constexpr auto steep = exp(x * x / 2_c) + exp(10_c * (x + y)) + pow(y + 3_c, 2_c);
template <class Method>
void survives(const char* name, const Method& method) {
  const auto found =
      tg::minimize(tg::objective(steep, x, y), std::array{1.5, 1.0}, method, {.max_skipped = 100});
  expect(near(found.parameters[1], -3, 1e-3) && near(found.parameters[0], 0, 1e-3), name,
         found.why().c_str());
}

template <class Method>
void fits(const char* name, const Method& method) {
  const auto problem = tg::least_squares(tg::outputs(10_c * (y - x * x), 1_c - x), x, y);
  const auto found = tg::minimize(problem, std::array{-1.2, 1.0}, method);
  expect(near(found.parameters[0], 1, 1e-6) && near(found.parameters[1], 1, 1e-6), name, found.why().c_str());
}

void optimizers() {
  minimizes("l_bfgs:", tg::l_bfgs{}, 1e-6);
  minimizes("conjugate_gradient:", tg::conjugate_gradient{}, 1e-6);
  minimizes("adam:", tg::adam{.rate = 0.02}, 1e-2, 4000);
  survives("l_bfgs on a steep function:", tg::l_bfgs{});
  survives("conjugate_gradient on a steep function:", tg::conjugate_gradient{});
#if __has_include(<Eigen/Core>)
  minimizes("newton:", tg::newton{}, 1e-6);
  survives("newton on a steep function:", tg::newton{});
  fits("levenberg_marquardt:", tg::levenberg_marquardt_method{});
  fits("dogleg:", tg::dogleg{});
  fits("gauss_newton:", tg::gauss_newton{});
  const std::vector<double> times{0, 1, 2, 3, 4}, heights{5, 3, 1.8, 1.1, 0.7};
  constexpr auto t = tg::symbol<"t">;
  constexpr auto h = tg::symbol<"h">;
  const auto data = tg::rows(t = times, h = heights);
  const auto fit =
      tg::levenberg_marquardt(tg::sum_over(data, p[0_c] * exp(-p[1_c] * t) - h, p), std::array{1.0, 1.0});
  expect(fit.converged && near(fit.parameters[0], 5, 0.1) && fit.standard_errors()[0] > 0, "a fit");
  const auto bounded = tg::minimize(tg::objective(valley, x, y), std::array{-1.2, 1.0}, tg::newton{},
                                    {.lower = {-2, -2}, .upper = {0.5, 2}});
  expect(near(bounded.parameters[0], 0.5, 1e-6), "bounds:", bounded.why().c_str());
  expect(tg::minimize(tg::objective(valley, x, y), std::array{-1.2, 1.0}).converged, "the default method");
#endif
  const auto one = tg::minimize(tg::objective(valley, x, y), std::array{-1.2, 1.0}, tg::l_bfgs{},
                                {.target = 1e-3, .max_seconds = 100, .watch = tg::gradient_watch_options{}});
  expect(one.reason == tg::stop_reason::target_reached, "a target:", one.why().c_str());
  const auto table = tg::random_search({tg::log_range("rate", 1e-3, 1e-1)},
                                       [](const tg::trial_point& at) { return at["rate"]; }, {.trials = 4});
  expect(table.rows.size() == 4 && table.rows[0].score < 0.1, "a search");
}

void validation() {
  const auto right = tg::check_gradient(f, tg::at(x = 1.0, y = 0.5));
  expect(static_cast<bool>(right), "a right gradient passes");
  const auto wrong = tg::check_gradient([](const std::vector<double>& v) { return v[0] * v[0]; },
                                        [](const std::vector<double>& v) { return std::vector{3 * v[0]}; },
                                        std::vector{1.5});
  expect(!wrong && wrong.components[0].verdict == tg::verdict::wrong, "a wrong gradient does not");
  std::ostringstream text;
  text << wrong;
  expect(text.str().find("WRONG") != std::string::npos, "a report");
}

#else
void optimizers() {}
void validation() {}
#endif

}  // namespace

int main() {
  formulas();
  optimizers();
  validation();
  return failures;
}
