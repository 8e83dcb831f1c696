// SPDX-License-Identifier: BSL-1.0
// Checks of exact derivatives against differences: gradient, Jacobian and Hessian of any callable of a point.
#pragma once
#include "../support/compiler/begin.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "check_options.hpp"
#include "claim.hpp"
#include "point.hpp"
#include "report.hpp"

namespace tg {

namespace detail {

/// The rounding of an exact derivative, for each of its numbers: sixth differences of a smooth function over
/// short steps are nothing else. Two lengths of step, because rounding may stay the same over many
/// neighbouring numbers.
template <class T, class P, class G>
std::vector<T> rounding_of(G& exact, const P& point, const std::vector<T>& steps,
                           const std::vector<T>& at_point, int& evaluations) {
  constexpr T epsilon = std::numeric_limits<T>::epsilon();
  constexpr T binomial[] = {1, -6, 15, -20, 15, -6, 1};
  std::vector<T> error(at_point.size());
  const T crowd = std::sqrt(static_cast<T>(steps.size()));
  for (const bool wide : {false, true}) {
    std::vector<T> difference(at_point.size()), unit(steps.size());
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const T step =
          wide ? steps[i] / (32 * crowd) : std::max(std::abs(point[i]), steps[i] / 64) * 16 * epsilon;
      if (step > 0 && detail::is_finite(step)) unit[i] = std::exp2(std::floor(std::log2(step)));
    }
    for (int k = -3; k <= 3; ++k) {
      P moved = point;
      for (std::size_t i = 0; i < steps.size(); ++i) moved[i] += static_cast<T>(k) * unit[i];
      const auto values = exact(std::as_const(moved));
      ++evaluations;
      for (std::size_t i = 0; i < difference.size(); ++i)
        difference[i] += binomial[k + 3] * static_cast<T>(values[i]);
    }
    for (std::size_t i = 0; i < error.size(); ++i)  // a non-finite value near by tells nothing
      if (const T seen = 4 * std::abs(difference[i]) / T(30.4); detail::is_finite(seen))
        error[i] = std::max(error[i], seen);
  }
  for (std::size_t i = 0; i < error.size(); ++i)
    error[i] = detail::is_finite(at_point[i]) ? error[i] + 8 * epsilon * std::abs(at_point[i]) : T(0);
  return error;
}

/// Where nothing at all changed, nothing was tested; where something did, a derivative of zero by what did
/// not is confirmed.
template <class T>
void settle_unvaried(check_report<T>& report, std::size_t first, std::size_t count) {
  bool varied = false;
  for (std::size_t k = 0; k < count; ++k) varied = varied || !report.components[first + k].unvaried;
  for (std::size_t k = 0; k < count; ++k) {
    component_check<T>& c = report.components[first + k];
    if (!c.unvaried || c.verdict != verdict::inconclusive) continue;
    if (varied && c.exact == 0)
      c.verdict = verdict::pass, c.reason.clear();
    else if (!varied)
      c.reason = "the function does not change with any variable, so that nothing is tested";
  }
}

/// One function along one line, for all of its outputs: a point is evaluated once, whatever the number of
/// outputs that ask for it.
template <class T, class Line>
class output_lines {
 public:
  output_lines(Line& along, std::size_t outputs) : line_(along), alone_(outputs == 1) {}
  T operator()(std::size_t row, T at) {
    if (alone_) return ++evaluations_, line_(at)[0];
    for (std::size_t i = at_.size(); i-- > 0;)
      if (at_[i] == at) return values_[i][row];
    const auto found = line_(at);
    ++evaluations_;
    at_.push_back(at);
    values_.emplace_back(found.begin(), found.end());
    return values_.back()[row];
  }
  int evaluations() const { return evaluations_; }

 private:
  Line& line_;
  bool alone_;
  int evaluations_ = 0;
  std::vector<T> at_;
  std::vector<std::vector<T>> values_;
};

/// Measures the derivatives of `rows` outputs along a line through `x`, where the outputs are `center`.
template <class T, class Line>
std::vector<measurement<T>> measure_outputs(Line&& line, T x, const std::vector<T>& center,
                                            const difference_options& options, int& evaluations) {
  output_lines<T, Line> lines(line, center.size());
  std::vector<measurement<T>> found;
  for (std::size_t row = 0; row < center.size(); ++row) {
    auto one = [&](T place) { return lines(row, place); };
    found.push_back(measure(one, x, center[row], options));
  }
  evaluations += lines.evaluations();
  return found;
}

/// The numbers of a matrix given as rows of rows, or by (row, column) as Eigen's are, row by row.
template <class T, class M>
std::vector<T> flat_matrix(const char* function, const M& matrix, std::size_t rows, std::size_t columns) {
  std::vector<T> flat;
  const auto fits = [&](bool good) {
    if (good) return;  // without making a sentence, for this is asked in every evaluation
    require(false, std::string(function) + ": the exact matrix is not " + std::to_string(rows) + " by " +
                       std::to_string(columns) + ".");
  };
  if constexpr (requires { matrix[0][0]; }) {
    fits(std::size(matrix) == rows);
    for (const auto& row : matrix) {
      fits(std::size(row) == columns);
      for (const auto& entry : row) flat.push_back(static_cast<T>(entry));
    }
  } else {
    fits(static_cast<std::size_t>(matrix.rows()) == rows &&
         static_cast<std::size_t>(matrix.cols()) == columns);
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < columns; ++j)
        flat.push_back(static_cast<T>(matrix(static_cast<int>(i), static_cast<int>(j))));
  }
  return flat;
}

/// Judges every component. `numeric` and `values` go together; names are there already. `claimed(k, offset)`
/// is the exact derivative k so far along the line that it was measured on, `again(k, step)` a measurement of
/// it from a step of that size on.
template <class T, class Claimed, class Again>
void judge_all(check_report<T>& report, const std::vector<measurement<T>>& numeric,
               const std::vector<T>& values, const std::vector<T>& rounding, const check_options& options,
               Claimed&& claimed, Again&& again) {
  for (std::size_t k = 0; k < values.size(); ++k) {
    component_check<T>& c = report.components[k];
    c.exact = values[k];
    c.exact_error = rounding[k];
    judge_claim(
        c, numeric[k], static_cast<T>(options.resolution),
        [&](T offset) {
          ++report.exact_evaluations;
          return static_cast<T>(claimed(k, offset));
        },
        [&](T step) {
          const measurement<T> found = again(k, step);
          report.evaluations += found.evaluations;
          return found;
        });
  }
}

/// Derivatives that are differenced once, in rows: a gradient is one row without a name. Rows of a Jacobian
/// stand alone; in the others one that never changes is confirmed by others that do.
enum class rows { of_gradient, of_jacobian, of_hessian };

template <rows Kind, class F, class J, Point P>
check_report<number_t<P>> check_rows(F&& f, J&& jacobian, const P& point, const check_options& options) {
  using T = detail::number_t<P>;
  constexpr bool named = Kind != rows::of_gradient, alone = Kind == rows::of_jacobian;
  const std::size_t n = std::size(point);
  const char* const who = alone ? "check_jacobian" : named ? "check_hessian" : "check_gradient";
  detail::check_sizes(who, options, n);
  auto moved = detail::own_point(point);
  const auto outputs = f(std::as_const(moved));
  const std::vector<T> center(std::begin(outputs), std::end(outputs));
  const std::size_t m = center.size();
  detail::require(m > 0, std::string(who) + ": the function has no outputs.");
  detail::require(!named || alone || m == n, "check_hessian: the gradient has " + std::to_string(m) +
                                                 " components where " + std::to_string(n) + " are needed.");
  if (named) detail::check_outputs(who, options, m);
  auto exact = [&](const auto& place) { return detail::flat_matrix<T>(who, jacobian(place), m, n); };
  const std::vector<T> values = exact(std::as_const(moved));

  check_report<T> report;
  report.title = !options.title.empty() ? options.title : named ? "Jacobian" : "gradient";
  report.evaluations = report.exact_evaluations = 1;
  report.components.resize(m * n);
  std::vector<detail::measurement<T>> numeric(m * n);
  std::vector<T> steps(n);
  for (std::size_t i = 0; i < n; ++i) {
    const T x = moved[i];
    const auto column = detail::measure_outputs(
        [&](T coordinate) {
          moved[i] = coordinate;
          return f(std::as_const(moved));
        },
        x, center, detail::differences_for(options, i), report.evaluations);
    moved[i] = x;
    for (std::size_t row = 0; row < m; ++row) {
      numeric[row * n + i] = column[row];
      report.components[row * n + i].name =
          (named ? detail::output_name(options, row) + " by " : "") + detail::name_of(options, i);
      steps[i] = row == 0             ? column[row].reach()
                 : column[row].varied ? std::min(steps[i], column[row].reach())
                                      : steps[i];
    }
    if (options.progress) options.progress(i + 1, n);
  }
  const std::vector<T> rounding = detail::rounding_of(exact, moved, steps, values, report.exact_evaluations);
  const auto claimed = [&](std::size_t k, T offset) {
    auto beyond = moved;
    beyond[k % n] += offset;
    return exact(std::as_const(beyond))[k];
  };
  detail::judge_all(report, numeric, values, rounding, options, claimed, [&](std::size_t k, T step) {
    const std::size_t i = k % n;
    const T x = moved[i];
    auto line = [&](T coordinate) {
      moved[i] = coordinate;
      return static_cast<T>(f(std::as_const(moved))[k / n]);
    };
    const auto found = detail::measure(line, x, center[k / n], detail::differences_for(options, i, step));
    moved[i] = x;
    return found;
  });
  if (!alone)
    detail::settle_unvaried(report, 0, m * n);
  else
    for (std::size_t row = 0; row < m; ++row) detail::settle_unvaried(report, row * n, n);
  return report;
}

}  // namespace detail

/// Checks the gradient of f at a point. `f(point)` gives a number, `gradient(point)` a container of n
/// numbers; a point is a std::array, std::vector or std::span of floating-point numbers.
/// Errors: std::invalid_argument for a gradient, names or scales of the wrong size. Cost: some 20 to 45
/// evaluations of f for each variable (more at kinks, edges and in noise), 15 of the gradient.
template <class F, class G, detail::Point P>
check_report<detail::number_t<P>> check_gradient(F&& f, G&& gradient, const P& point,
                                                 const check_options& options = {}) {
  using T = detail::number_t<P>;
  const auto row = [&](const auto& place) {
    const auto exact = gradient(place);
    if (std::size(exact) != std::size(point))
      detail::require(false, "check_gradient: the gradient has " + std::to_string(std::size(exact)) +
                                 " components at a point with " + std::to_string(std::size(point)) +
                                 " coordinates.");
    return std::array{std::vector<T>(std::begin(exact), std::end(exact))};
  };
  return detail::check_rows<detail::rows::of_gradient>(
      [&](const auto& place) { return std::array{static_cast<T>(f(place))}; }, row, point, options);
}

/// Checks the Jacobian of f at a point. `f(point)` gives a container of m numbers, `jacobian(point)` rows of
/// rows or a matrix of Eigen, m by n. Every output is judged by itself; f is evaluated once for all of them.
/// An output that never changes is not tested. Errors and cost: as check_gradient.
template <class F, class J, detail::Point P>
check_report<detail::number_t<P>> check_jacobian(F&& f, J&& jacobian, const P& point,
                                                 const check_options& options = {}) {
  return detail::check_rows<detail::rows::of_jacobian>(f, jacobian, point, options);
}

/// Checks the Hessian at a point. `f` is the function, which is differenced twice, or its gradient, which is
/// differenced once: the gradient costs n times less and is good for twice as many digits, but it has to be
/// right itself. `hessian(point)` gives rows of rows or a matrix of Eigen, n by n. Entries i, j and j, i are
/// judged each.
template <class F, class H, detail::Point P>
check_report<detail::number_t<P>> check_hessian(F&& f, H&& hessian, const P& point,
                                                check_options options = {}) {
  using T = detail::number_t<P>;
  const std::size_t n = std::size(point);
  detail::check_sizes("check_hessian", options, n);
  if (options.title.empty()) options.title = "Hessian";
  if constexpr (
      requires { std::begin(f(point)); } || requires { std::begin(f(detail::own_point(point))); }) {
    if (options.outputs.empty())
      for (std::size_t i = 0; i < n; ++i) options.outputs.push_back(detail::name_of(options, i));
    return detail::check_rows<detail::rows::of_hessian>(f, hessian, point, options);
  } else {
    auto moved = detail::own_point(point);
    auto exact = [&](const auto& place) {
      return detail::flat_matrix<T>("check_hessian", hessian(place), n, n);
    };
    const std::vector<T> values = exact(std::as_const(moved));
    check_report<T> report;
    report.title = options.title;
    report.evaluations = report.exact_evaluations = 1;
    report.components.resize(n * n);
    const T center = static_cast<T>(f(std::as_const(moved)));
    std::vector<detail::measurement<T>> numeric(n * n);
    std::vector<T> steps(n);
    const auto scale_of = [&](std::size_t which) {
      return std::exp2(std::floor(std::log2(
          detail::scale_at(static_cast<T>(point[which]), detail::differences_for(options, which)))));
    };
    const auto measure_from = [&](std::size_t k, T step) {
      const std::size_t i = std::max(k / n, k % n), j = std::min(k / n, k % n);
      const T x = moved[i], y = moved[j], a = scale_of(i), b = scale_of(j);
      difference_options twice = detail::differences_for(options, i, step);
      twice.derivative = 2;
      detail::measurement<T> found;
      if (i == j) {
        auto line = [&](T coordinate) {
          moved[i] = coordinate;
          return f(std::as_const(moved));
        };
        found = detail::measure(line, x, center, twice);
      } else {  // along two diagonals; see the mixed microderivative
        twice.scale = 1;
        twice.noise = static_cast<double>(T(0.5) * std::numeric_limits<T>::epsilon() * std::abs(center));
        auto line = detail::diagonal_difference(f, moved, i, j, a, b);
        found = detail::measure(line, T(0), detail::is_finite(center) ? T(0) : center, twice);
        found.rescale(1 / (4 * a * b));
        found.evaluations *= 2;
      }
      moved[i] = x;
      moved[j] = y;
      return found;
    };
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j <= i; ++j) {
        const detail::measurement<T> found = measure_from(i * n + j, T(0));
        if (i == j) steps[i] = found.reach();
        report.evaluations += found.evaluations;
        numeric[i * n + j] = numeric[j * n + i] = found;
        report.components[i * n + j].name =
            detail::name_of(options, i) + " by " + detail::name_of(options, j);
        report.components[j * n + i].name =
            detail::name_of(options, j) + " by " + detail::name_of(options, i);
      }
      if (options.progress) options.progress(i + 1, n);
    }
    const std::vector<T> rounding =
        detail::rounding_of(exact, moved, steps, values, report.exact_evaluations);
    const auto claimed = [&](std::size_t k, T offset) {
      auto beyond = moved;
      const std::size_t i = std::max(k / n, k % n), j = std::min(k / n, k % n);
      beyond[i] += offset * (i == j ? T(1) : scale_of(i));
      if (i != j) beyond[j] += offset * scale_of(j);
      return exact(std::as_const(beyond))[k];
    };
    detail::judge_all(report, numeric, values, rounding, options, claimed, measure_from);
    detail::settle_unvaried(report, 0, n * n);
    return report;
  }
}

}  // namespace tg

#include "../support/compiler/end.hpp"
