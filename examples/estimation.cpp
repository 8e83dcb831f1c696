// SPDX-License-Identifier: BSL-1.0
// Matrix calculus on data: the covariance of the irises as the zero of a likelihood's gradient, their first
// principal component by gradient, a ridge regression as one step of Newton's method, and a Kalman filter of
// the CO2 record whose gain is the zero of the gradient of the error. Usage: estimation [IRIS CO2] [--out
// SVG]. Status 0: all as asserted; 1: an error, in one sentence; 2: something else.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <iostream>
#include <numbers>
#include <string>
#include <typegrad/array.hpp>
#include <typegrad/optimize/array_problem.hpp>
#include <typegrad/optimize/l_bfgs.hpp>
#include <typegrad/optimize/minimize.hpp>
#include <vector>

#include "support/arguments.hpp"
#include "support/chart.hpp"
#include "support/co2_record.hpp"
#include "support/expect.hpp"
#include "support/labelled_table.hpp"
#include "support/svg.hpp"

namespace {

using example::expect;
using namespace tg::literals;

using rows = std::vector<std::array<double, 4>>;
using vector = std::array<double, 4>;
using matrix = std::array<vector, 4>;

double largest(const auto& numbers) {
  double most = 0;
  for (const auto& each : numbers)
    if constexpr (requires { each.size(); })
      most = std::max(most, largest(each));
    else
      most = std::max(most, std::abs(each));
  return most;
}

// [covariance]
constexpr auto x = tg::array<"x", tg::rows, 4>;
constexpr auto m = tg::array<"m", 4>;
constexpr auto S = tg::array<"S", 4, 4, tg::symmetric>;
constexpr auto deviation = x - tg::mean<0>(x, tg::keep);
constexpr auto moments = tg::function(
    tg::inputs(x), tg::outputs(tg::mean<0>(x), tg::mean<0>(tg::einsum<"ia,ib->iab">(deviation, deviation))));
// Minus the mean log-likelihood of a Gaussian, without its constant: 0 slope at mean and covariance.
constexpr auto gaussian =
    tg::log_determinant(S) / 2_c + tg::mean(tg::einsum<"ia,ab,ib->i">(x - m, inverse(S), x - m)) / 2_c;
constexpr auto likelihood_slope =
    tg::function(tg::inputs(x, m, S), tg::outputs(tg::gradient(gaussian, m, S)));
// [covariance]

// [component]
constexpr auto v = tg::array<"v", 4>;
constexpr auto rayleigh = matmul(v, S, v) / dot(v, v);  // largest along the first principal component
// [component]

// [ridge]
constexpr auto z = tg::array<"z", tg::rows, 3>;
constexpr auto y = tg::array<"y", tg::rows>;
constexpr auto w = tg::array<"w", 3>;
constexpr auto penalty = tg::symbol<"penalty">;
constexpr auto squares = sum(pow(matmul(z, w) - y, 2_c)) + penalty * dot(w, w);
constexpr auto newton_step = w - matmul(inverse(tg::hessian(squares, w)), tg::gradient(squares, w));
constexpr auto ridge =
    tg::function(tg::inputs(z, y, w, penalty), tg::outputs(newton_step, tg::gradient(squares, w)));
// [ridge]

// [gain]
constexpr auto P = tg::array<"P", 4, 4, tg::symmetric>;  // the covariance of the state
constexpr auto Q = tg::array<"Q", 4, 4>;                 // what a week adds to it
constexpr auto F = tg::array<"F", 4, 4>;                 // a week ahead
constexpr auto H = tg::array<"H", 1, 4>;                 // what of the state is measured
constexpr auto R = tg::array<"R", 1, 1, tg::symmetric>;  // the variance of a measurement
constexpr auto K = tg::array<"K", 4, 1>;                 // the gain
constexpr auto left = P - matmul(K, H, P) - matmul(P, transpose(H), transpose(K)) +
                      matmul(K, matmul(H, P, transpose(H)) + R, transpose(K));
constexpr auto gain = matmul(P, transpose(H), inverse(matmul(H, P, transpose(H)) + R));
constexpr auto ahead =
    tg::function(tg::inputs(F, m, P, Q), tg::outputs(matmul(F, m), matmul(F, P, transpose(F)) + Q));
constexpr auto best_gain = tg::function(tg::inputs(P, H, R), tg::outputs(gain));
constexpr auto measured =  // what is left of the covariance, and its trace's slope by the gain
    tg::function(tg::inputs(P, H, R, K), tg::outputs(left, tg::gradient(trace(left), K)));
// [gain]

/// What is told of the irises, for the picture.
struct irises {
  vector mean{}, component{};
  matrix covariance{};
  double variance = 0;  // along the component
};

irises describe(const rows& all, bool shipped) {
  irises found;
  tg::bound<double>(moments)(all, found.mean, found.covariance);
  vector slope_m{};
  matrix slope_S{};
  tg::bound<double>(likelihood_slope)(all, found.mean, found.covariance, slope_m, slope_S);
  const double at_sample = std::max(largest(slope_m), largest(slope_S));
  auto wider = found.covariance;
  for (auto& row : wider)
    for (double& each : row) each *= 1.01;
  tg::bound<double>(likelihood_slope)(all, found.mean, wider, slope_m, slope_S);
  std::printf("Covariance: the slope of the likelihood is %.1e at the sample's, %.1e at 1.01 times that\n",
              at_sample, largest(slope_S));
  expect(at_sample < 1e-10 && largest(slope_S) > 1e-2);

  const auto fit = tg::minimize(tg::objective(-rayleigh, tg::parameters(v), S = found.covariance),
                                std::vector<double>{1, 0, 0, 0}, tg::l_bfgs{});
  double length = 0;
  for (const double each : fit.parameters) length += each * each;
  for (std::size_t f = 0; f < 4; ++f) found.component[f] = fit.parameters[f] / std::sqrt(length);
  found.variance = -fit.value;
  std::printf("Principal component: variance %.12f along (%.6f, %.6f, %.6f, %.6f); %s\n", found.variance,
              found.component[0], found.component[1], found.component[2], found.component[3],
              std::string(fit.why()).c_str());
  expect(fit.converged);

  std::vector<std::array<double, 3>> others;
  std::vector<double> petal_width;
  for (const auto& row : all) others.push_back({row[0], row[1], row[2]}), petal_width.push_back(row[3]);
  std::array<double, 3> weights{}, slope{}, next{};
  auto step = tg::bound<double>(ridge);
  step(others, petal_width, std::array<double, 3>{}, 1.0, weights, slope);
  const double before = largest(slope);
  step(others, petal_width, weights, 1.0, next, slope);
  std::printf(
      "Ridge regression: petal width by (%.9f, %.9f, %.9f); slope %.1e before the one step, %.1e after\n",
      weights[0], weights[1], weights[2], before, largest(slope));
  expect(largest(slope) < 1e-12 * before);
  if (shipped) {  // scikit-learn 1.2.1: PCA, Ridge(alpha=1, fit_intercept=False)
    const auto same = [](double a, double b, double tolerance) { return std::abs(a - b) < tolerance; };
    expect(same(found.variance, 4.200053427994631, 1e-12));
    expect(same(found.component[2], 0.8566706059498351, 1e-6));
    expect(same(weights[0], -0.21741298089861283, 1e-12) && same(weights[1], 0.17061850161209233, 1e-12) &&
           same(weights[2], 0.5189661723205101, 1e-12));
  }
  return found;
}

/// The filtered level, and the deviation of a week's forecast.
struct filtered {
  std::vector<demo::point> level, low, high, measured;
  double error = 0, of_last = 0;  // of forecasts, and of the last measurement as one: root mean squares
};

/// A level with a slope and a yearly swing, week by week. Where weeks are missing the state goes on without a
/// measurement.
filtered filter(const demo::co2_record& record, bool shipped) {
  constexpr double week = 7 / 365.25, turn = 2 * std::numbers::pi;
  filtered result;
  vector state{record.ppm[0], 1, 0, 0};
  matrix covariance{}, add{};
  for (std::size_t i = 0; i < 4; ++i) covariance[i][i] = i == 1 ? 1 : 25;
  const double noise[] = {5e-2, 1e-4, 3e-2, 3e-2};  // a week's, in ppm squared
  for (std::size_t i = 0; i < 4; ++i) add[i][i] = noise[i];
  const std::array<std::array<double, 4>, 1> what{{{1, 0, 1, 0}}};
  const std::array<std::array<double, 1>, 1> variance{{{0.1}}};
  auto go = tg::bound<double>(ahead);
  auto choose = tg::bound<double>(best_gain);
  auto look = tg::bound<double>(measured);
  double steepest = 0, time = record.years[0];
  std::size_t forecasts = 0;
  for (std::size_t i = 0; i < record.ppm.size(); ++i) {
    const double ahead_by = std::max(record.years[i] - time, week);
    time = record.years[i];
    const double c = std::cos(turn * ahead_by), s = std::sin(turn * ahead_by);
    const matrix transition{{{1, ahead_by, 0, 0}, {0, 1, 0, 0}, {0, 0, c, s}, {0, 0, -s, c}}};
    vector state_ahead{};
    matrix covariance_ahead{};
    go(transition, state, covariance, add, state_ahead, covariance_ahead);
    std::array<std::array<double, 1>, 4> best{}, slope{};
    choose(covariance_ahead, what, variance, best);
    look(covariance_ahead, what, variance, best, covariance, slope);
    steepest = std::max(steepest, largest(slope) / largest(covariance_ahead));
    const double surprise = record.ppm[i] - state_ahead[0] - state_ahead[2];
    for (std::size_t k = 0; k < 4; ++k) state[k] = state_ahead[k] + best[k][0] * surprise;
    const double forecast = std::sqrt(covariance_ahead[0][0] + covariance_ahead[2][2] +
                                      2 * covariance_ahead[0][2] + variance[0][0]);
    if (i >= 200) {
      const double change = record.ppm[i] - record.ppm[i - 1];
      result.error += surprise * surprise, result.of_last += change * change, ++forecasts;
    }
    result.level.push_back({time, state[0]});
    result.measured.push_back({time, record.ppm[i]});
    result.low.push_back({time, record.ppm[i] - surprise - 2 * forecast});
    result.high.push_back({time, record.ppm[i] - surprise + 2 * forecast});
  }
  for (double* const each : {&result.error, &result.of_last})
    *each = std::sqrt(*each / static_cast<double>(forecasts));
  std::printf(
      "Kalman filter: in %zu weeks the slope of the error by the gain is at most %.1e of the covariance; "
      "forecasts of a week are off by %.3f ppm, the last measurement by %.3f\n",
      record.ppm.size(), steepest, result.error, result.of_last);
  expect(steepest < 1e-12);
  if (shipped) expect(result.error < 0.9 * result.of_last);
  return result;
}

void draw(const rows& all, const irises& found, const filtered& co2, const std::string& path) {
  constexpr double left_edge = 92, width = 470, pitch = 590;
  demo::svg_page page = demo::headed_page(
      1200, 600, left_edge, "Estimates where a gradient is zero",
      "Covariance and principal component of the irises, and a Kalman filter of the CO2 record");
  std::vector<demo::point> flowers, ellipse;
  for (const auto& row : all) flowers.push_back({row[2], row[0]});
  const double a = std::sqrt(found.covariance[2][2]), b = found.covariance[2][0] / a,
               c = std::sqrt(found.covariance[0][0] - b * b), reach = std::sqrt(-2 * std::log(0.05));
  for (int i = 0; i <= 120; ++i) {
    const double angle = 2 * std::numbers::pi * i / 120, u = reach * std::cos(angle),
                 t = reach * std::sin(angle);
    ellipse.push_back({found.mean[2] + a * u, found.mean[0] + b * u + c * t});
  }
  const double size = 2 * std::sqrt(found.variance);
  std::vector<double> across, up;
  for (const auto* points : {&flowers, &ellipse})
    for (const demo::point& p : *points) across.push_back(p.x), up.push_back(p.y);
  demo::chart iris(page, {left_edge, 125}, width, 390, demo::rounded_range(across, 8),
                   demo::rounded_range(up, 8));
  iris.title("Irises: covariance and principal component");
  iris.axes("petal length (cm)", "sepal length (cm)", 8, 8);
  iris.dots(flowers, 5, demo::color::data, 0.8);
  iris.curve(ellipse, demo::color::fit, 2);
  iris.curve({{found.mean[2] - size * found.component[2], found.mean[0] - size * found.component[0]},
              {found.mean[2] + size * found.component[2], found.mean[0] + size * found.component[0]}},
             demo::color::ink, 2);
  iris.legend_at(0.3, 0.82);
  iris.legend(0, "ellipse of 95 %", demo::color::fit, 2);
  iris.legend(1, "two deviations along the component", demo::color::ink, 2);

  const auto last = [&](const std::vector<demo::point>& points) {
    return std::vector<demo::point>(points.end() - std::min<std::ptrdiff_t>(200, std::ssize(points)),
                                    points.end());
  };
  std::vector<double> heights;
  for (const auto* points : {&co2.low, &co2.high})
    for (const demo::point& p : last(*points)) heights.push_back(p.y);
  const auto shown = last(co2.measured);
  demo::chart air(page, {left_edge + pitch, 125}, width, 390, {shown.front().x, shown.back().x},
                  demo::rounded_range(heights, 8));
  char remark[60];
  std::snprintf(remark, sizeof remark, "a week ahead: %.2f ppm off", co2.error);
  air.title("CO2 of the last 200 weeks", remark);
  air.band(last(co2.low), last(co2.high), demo::color::band);
  air.axes("year", "CO2 (ppm)", 5, 8);
  air.dots(shown, 4, demo::color::data, 0.9);
  air.curve(last(co2.level), demo::color::fit, 2);
  air.legend(0, "measured", demo::color::data, 0);
  air.legend(1, "level", demo::color::fit, 2);
  air.legend(2, "forecast of the week, two deviations", demo::color::band, 12);
  page.save(path);
}

int run(const demo::arguments& given) {
  const demo::labelled_table table = demo::read_labelled(given.tables[0], 4, 3);
  const demo::co2_record record = demo::read_co2(given.tables[1], 400);
  rows all(table.rows.size());
  for (std::size_t i = 0; i < all.size(); ++i) std::ranges::copy(table.rows[i], all[i].begin());
  std::cout << "The gradient of the ridge regression by w: " << tg::gradient(squares, w)
            << "\nThat of the error by the gain: " << tg::gradient(trace(left), K) << '\n';
  const irises found = describe(all, given.shipped);
  const filtered co2 = filter(record, given.shipped);
  draw(all, found, co2, given.picture);
  std::printf("Picture: %s\n", given.picture.c_str());
  return example::status() == 0 ? 0 : 2;
}

}  // namespace

int main(int count, char** words) {
  return demo::guarded("estimation", [&] {
    return run(demo::parse_arguments(
        count, words,
        {.tables = {TYPEGRAD_EXAMPLE_DATA "/iris.csv", TYPEGRAD_EXAMPLE_DATA "/co2.csv"},
         .picture = "estimation.svg",
         .usage = "estimation [IRIS CO2] [--out SVG]"}));
  });
}
