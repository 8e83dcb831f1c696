// SPDX-License-Identifier: BSL-1.0
// Checks of exact derivatives against differences: gradient, Jacobian and Hessian of any callable of a point.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "point.hpp"
#include "report.hpp"

namespace tg {

/// How a check is made. Every member has a default.
struct check_options {
  double resolution = 2e-4;          ///< the largest error, relative to a derivative, that a pass may leave open
  double scale = 0;                  ///< as in tg::difference_options, for all variables
  std::vector<double> scales = {};   ///< the same for each variable
  std::vector<std::string> names = {};  ///< of the variables; else x0, x1, ...
  std::string title = {};
  int directions = 8;                ///< how many random ones, where they are used
  std::uint64_t seed = 1;            ///< of random directions
  /// Called after each column of the check with how many are done, and how many there are.
  std::function<void(std::size_t done, std::size_t all)> progress = {};
};

namespace detail {

inline std::string name_of(const check_options& options, std::size_t i) {
  return i < options.names.size() ? options.names[i] : "x" + std::to_string(i);
}

inline difference_options differences_for(const check_options& options, std::size_t i) {
  difference_options d;
  d.scale = i < options.scales.size() ? options.scales[i] : options.scale;
  return d;
}

inline void check_sizes(const char* function, const check_options& options, std::size_t variables) {
  const std::string who = function;
  require(variables > 0, who + ": the point has no coordinates.");
  require(options.names.empty() || options.names.size() == variables, who + ": there are " + std::to_string(options.names.size()) + " names for " + std::to_string(variables) + " variables.");
  require(options.scales.empty() || options.scales.size() == variables, who + ": there are " + std::to_string(options.scales.size()) + " scales for " + std::to_string(variables) + " variables.");
  require(options.resolution > 0 && options.resolution < 1, who + ": the resolution is a number between 0 and 1.");
  for (std::size_t i = 0; i < variables; ++i) require_meaning(differences_for(options, i));
}

/// The values of an exact derivative near the point: seventh differences of a smooth function over short steps are its rounding.
/// Two lengths of step, because rounding may stay the same over many neighbouring numbers. `exact(point)` gives `count` numbers.
template <class T, class P, class G>
std::vector<T> rounding_of(G& exact, const P& point, const std::vector<T>& steps, const std::vector<T>& at_point, int& evaluations) {
  constexpr T epsilon = std::numeric_limits<T>::epsilon();
  constexpr T binomial[] = {1, -6, 15, -20, 15, -6, 1};
  std::vector<T> error(at_point.size());
  const T crowd = std::sqrt(static_cast<T>(steps.size()));
  for (const bool wide : {false, true}) {
    std::vector<T> difference(at_point.size());
    for (int k = -3; k <= 3; ++k) {
      P moved = point;
      for (std::size_t i = 0; i < steps.size(); ++i) {
        const T step = wide ? steps[i] / (32 * crowd) : std::max(std::abs(point[i]), steps[i] / 64) * 16 * epsilon;
        if (step > 0 && std::isfinite(step)) moved[i] += static_cast<T>(k) * std::exp2(std::floor(std::log2(step)));
      }
      const auto values = exact(std::as_const(moved));
      ++evaluations;
      for (std::size_t i = 0; i < difference.size(); ++i) difference[i] += binomial[k + 3] * static_cast<T>(values[i]);
    }
    for (std::size_t i = 0; i < error.size(); ++i)  // a non-finite value near by tells nothing
      if (const T seen = 4 * std::abs(difference[i]) / T(30.4); std::isfinite(seen)) error[i] = std::max(error[i], seen);
  }
  for (std::size_t i = 0; i < error.size(); ++i)
    error[i] = std::isfinite(at_point[i]) ? error[i] + 8 * epsilon * std::abs(at_point[i]) : T(0);
  return error;
}

/// Where nothing at all changed, nothing was tested; where something did, a derivative of zero by what did not is confirmed.
template <class T>
void settle_unvaried(check_report<T>& report, std::size_t first, std::size_t count, std::size_t stride) {
  bool varied = false;
  for (std::size_t k = 0; k < count; ++k) varied = varied || !report.components[first + k * stride].unvaried;
  for (std::size_t k = 0; k < count; ++k) {
    component_check<T>& c = report.components[first + k * stride];
    if (!c.unvaried || c.verdict != verdict::inconclusive) continue;
    if (varied && c.exact == 0) c.verdict = verdict::pass, c.reason.clear();
    else if (!varied) c.reason = "the function does not change with any variable, so that nothing is tested";
  }
}

}  // namespace detail

/// Checks the gradient of f at a point. `f(point)` gives a number, `gradient(point)` something with n elements; a point is a
/// std::array, std::vector or std::span of floating-point numbers.
/// Errors: std::invalid_argument for a gradient, names or scales of the wrong size. Cost: some 20 to 40 evaluations of f for each
/// variable (more at kinks, edges and in noise), 15 of the gradient.
template <class F, class G, detail::Point P>
check_report<detail::number_t<P>> check_gradient(F&& f, G&& gradient, const P& point, const check_options& options = {}) {
  using T = detail::number_t<P>;
  const std::size_t n = std::size(point);
  detail::check_sizes("check_gradient", options, n);
  auto moved = detail::own_point(point);
  const auto exact = gradient(std::as_const(moved));
  detail::require(std::size(exact) == n, "check_gradient: the gradient has " + std::to_string(std::size(exact)) + " components at a point with " + std::to_string(n) + ".");

  check_report<T> report;
  report.title = options.title.empty() ? "gradient" : options.title;
  report.evaluations = 1;
  report.exact_evaluations = 1;
  const T center = static_cast<T>(f(std::as_const(moved)));
  report.components.resize(n);
  std::vector<T> steps(n), values(exact.begin(), exact.end());
  std::vector<detail::measurement<T>> numeric(n);
  for (std::size_t i = 0; i < n; ++i) {
    const T x = moved[i];
    auto line = [&](T coordinate) {
      moved[i] = coordinate;
      return f(std::as_const(moved));
    };
    numeric[i] = detail::measure(line, x, center, detail::differences_for(options, i));
    moved[i] = x;
    report.evaluations += numeric[i].evaluations;
    steps[i] = numeric[i].step;
    if (options.progress) options.progress(i + 1, n);
  }
  const std::vector<T> rounding = detail::rounding_of(gradient, moved, steps, values, report.exact_evaluations);
  for (std::size_t i = 0; i < n; ++i) {
    component_check<T>& c = report.components[i];
    c.name = detail::name_of(options, i);
    c.exact = values[i];
    c.exact_error = rounding[i];
    detail::judge(c, numeric[i], static_cast<T>(options.resolution));
  }
  detail::settle_unvaried(report, 0, n, 1);
  return report;
}

}  // namespace tg
