// SPDX-License-Identifier: BSL-1.0
// Checks of products with derivatives: Jacobian times vector, vector times Jacobian, Hessian times vector,
// the agreement of the first two, and of gradients with many variables by random projections and by Taylor's
// remainder.
#pragma once
#include "../support/compiler/begin.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "../support/compiler/finite.hpp"
#include "check.hpp"

namespace tg {

namespace detail {

/// Random directions, the same for a seed on every machine: entries are +- powers of two times the scale of
/// the coordinate, so that x + t v is exact but for carries where t is a power of two as well.
class direction_source {
 public:
  explicit direction_source(std::uint64_t seed) : generator_(seed) {}

  template <class P>
  P like(const P& point, const check_options& options) {
    using T = number_t<P>;
    P v = point;
    for (std::size_t i = 0; i < std::size(point); ++i)
      v[i] = scale_at(static_cast<T>(point[i]), differences_for(options, i)) * entry<T>();
    return v;
  }
  /// Weights of outputs, in the container of the outputs.
  template <class T, class Outputs>
  Outputs weights(Outputs w) {
    for (auto& weight : w) weight = entry<T>();
    return w;
  }

 private:
  /// +- 1/2, 1 or 2. No distribution of the standard library, whose results differ between libraries.
  template <class T>
  T entry() {
    const std::uint64_t bits = generator_();
    return (bits & 1 ? T(1) : T(-1)) * (bits & 2 ? T(1) : bits & 4 ? T(2) : T(0.5));
  }
  std::mt19937_64 generator_;
};

template <class P>
void round_to_powers(P& v) {
  using T = number_t<P>;
  for (auto& entry : v)
    entry = std::copysign(std::exp2(std::floor(std::log2(std::abs(static_cast<T>(entry))))), entry);
}

/// x + t v
template <class P, class T>
void move_along(P& moved, const P& point, const P& v, T t) {
  for (std::size_t i = 0; i < std::size(point); ++i) moved[i] = point[i] + t * v[i];
}

/// Where a line x + (t - origin) v begins: t has then the rounding that the coordinates have, which decides
/// how small a step can be.
template <class T, class P>
T line_origin(const P& point, const P& v) {
  T most = 0;
  for (std::size_t i = 0; i < std::size(point); ++i) most = std::max(most, std::abs(point[i] / v[i]));
  return most > 0 && detail::is_finite(most) ? std::exp2(std::ceil(std::log2(most))) : T(0);
}

template <class T>
check_report<T> random_report(const check_options& options, const char* title) {
  check_report<T> report;
  report.title = options.title.empty() ? title : options.title;
  report.seed = options.seed;
  return report;
}

inline difference_options unit_scale() {
  difference_options d;
  d.scale = 1;
  return d;
}

/// The sum of products, and of their sizes. `what`, for the sentence of a refusal, is the first of both.
template <class T, class A, class B>
std::pair<T, T> inner(const char* what, const A& a, const B& b) {
  require(std::size(a) == std::size(b), std::string(what) + " has " + std::to_string(std::size(a)) +
                                            " components where " + std::to_string(std::size(b)) +
                                            " are needed.");
  T sum = 0, size = 0;
  for (std::size_t i = 0; i < std::size(a); ++i) {
    const T product = static_cast<T>(a[i]) * static_cast<T>(b[i]);
    sum += product, size += std::abs(product);
  }
  return {sum, size};
}

}  // namespace detail

/// Checks jvp(point, v), the Jacobian of f times v, for `options.directions` random directions v: every
/// output is the derivative of f along v. Cost: some 40 evaluations of f and 13 of jvp for each direction. An
/// error in one entry of the Jacobian is seen if it is more than options.resolution of the whole product.
/// Errors: std::invalid_argument for products, names or scales of the wrong size, as in all checks here.
template <class F, class Jvp, detail::Point P>
check_report<detail::number_t<P>> check_jvp(F&& f, Jvp&& jvp, const P& point,
                                            const check_options& options = {}) {
  using T = detail::number_t<P>;
  detail::check_sizes("check_jvp", options, std::size(point));
  const auto start = detail::own_point(point);
  auto report = detail::random_report<T>(options, "Jacobian times vector");
  const auto outputs = f(start);
  ++report.evaluations;
  const std::vector<T> center(std::begin(outputs), std::end(outputs));
  const std::size_t m = center.size();
  detail::require(m > 0, "check_jvp: the function has no outputs.");
  detail::check_outputs("check_jvp", options, m);
  detail::direction_source directions(options.seed);
  for (int k = 0; k < options.directions; ++k) {
    auto v = directions.like(start, options);
    detail::round_to_powers(v);
    auto moved = start;
    const T origin = detail::line_origin<T>(start, v);
    const auto numeric = detail::measure_outputs(
        [&](T place) {
          detail::move_along(moved, start, v, place - origin);
          return f(std::as_const(moved));
        },
        origin, center, detail::unit_scale(), report.evaluations);
    auto exact = [&](const auto& place) { return jvp(place, v); };
    const auto product = exact(start);
    ++report.exact_evaluations;
    detail::require(std::size(product) == m, "check_jvp: the product has " +
                                                 std::to_string(std::size(product)) + " components for " +
                                                 std::to_string(m) + " outputs.");
    const std::vector<T> values(std::begin(product), std::end(product));
    std::vector<T> steps(std::size(point));
    T least = numeric[0].reach();
    for (const auto& one : numeric) least = one.varied ? std::min(least, one.reach()) : least;
    for (std::size_t i = 0; i < steps.size(); ++i) steps[i] = std::abs(v[i]) * least;
    const std::vector<T> rounding =
        detail::rounding_of(exact, start, steps, values, report.exact_evaluations);
    check_report<T> part;
    part.components.resize(m);
    for (std::size_t row = 0; row < m; ++row)
      part.components[row].name = detail::output_name(options, row) + " along direction " + std::to_string(k);
    const auto claimed = [&](std::size_t row, T along) {
      detail::move_along(moved, start, v, along);
      return exact(std::as_const(moved))[row];
    };
    detail::judge_all(part, numeric, values, rounding, options, claimed, [](std::size_t, T) {
      return detail::measurement<T>{};  // not again, because all rows are measured at once
    });
    report.exact_evaluations += part.exact_evaluations;
    detail::settle_unvaried(part, 0, m);
    report.components.insert(report.components.end(), part.components.begin(), part.components.end());
    if (options.progress)
      options.progress(static_cast<std::size_t>(k) + 1, static_cast<std::size_t>(options.directions));
  }
  return report;
}

/// Checks vjp(point, w), w times the Jacobian of f, for one random w: it is the gradient of the sum of w_i
/// f_i, and every component of it is judged. Errors and cost: as check_gradient.
template <class F, class Vjp, detail::Point P>
check_report<detail::number_t<P>> check_vjp(F&& f, Vjp&& vjp, const P& point, check_options options = {}) {
  using T = detail::number_t<P>;
  if (options.title.empty()) options.title = "vector times Jacobian";
  const auto w = detail::direction_source(options.seed).weights<T>(f(detail::own_point(point)));
  detail::check_outputs("check_vjp", options, std::size(w));
  auto report = check_gradient(
      [&](const auto& place) { return detail::inner<T>("check_vjp: the function", f(place), w).first; },
      [&](const auto& place) { return vjp(place, w); }, point, options);
  report.seed = options.seed;
  return report;
}

/// Checks hvp(point, v), the Hessian times v, for random directions. `f` is the gradient, whose derivative
/// along v is the product; or the function itself, of which the second derivative along v is <v, H v>, one
/// number for each direction.
template <class F, class Hvp, detail::Point P>
check_report<detail::number_t<P>> check_hvp(F&& f, Hvp&& hvp, const P& point, check_options options = {}) {
  using T = detail::number_t<P>;
  if (options.title.empty()) options.title = "Hessian times vector";
  if constexpr (requires { std::begin(f(detail::own_point(point))); }) {
    if (options.outputs.empty())
      for (std::size_t i = 0; i < std::size(point); ++i)
        options.outputs.push_back(detail::name_of(options, i));
    const auto gradient = [&](const auto& place) {
      auto slopes = f(place);
      detail::require(std::size(slopes) == std::size(point),
                      "check_hvp: the gradient has " + std::to_string(std::size(slopes)) +
                          " components where " + std::to_string(std::size(point)) + " are needed.");
      return slopes;
    };
    return check_jvp(gradient, hvp, point, options);
  } else {
    detail::check_sizes("check_hvp", options, std::size(point));
    const auto start = detail::own_point(point);
    auto report = detail::random_report<T>(options, "");
    const T center = static_cast<T>(f(start));
    detail::direction_source directions(options.seed);
    difference_options twice = detail::unit_scale();
    twice.derivative = 2;
    for (int k = 0; k < options.directions; ++k) {
      auto v = directions.like(start, options);
      detail::round_to_powers(v);
      auto moved = start;
      const T origin = detail::line_origin<T>(start, v);
      auto line = [&](T place) {
        detail::move_along(moved, start, v, place - origin);
        return f(std::as_const(moved));
      };
      const auto measure_from = [&](std::size_t, T step) {
        difference_options options_from = twice;
        options_from.step = static_cast<double>(step);
        return detail::measure(line, origin, center, options_from);
      };
      const auto numeric = measure_from(0, T(0));
      report.evaluations += numeric.evaluations;
      auto exact = [&](const auto& place) {
        return std::array{detail::inner<T>("check_hvp: the product", hvp(place, v), v).first};
      };
      const std::vector<T> values{exact(start)[0]};
      std::vector<T> steps(std::size(point));
      for (std::size_t i = 0; i < steps.size(); ++i) steps[i] = std::abs(v[i]) * numeric.reach();
      check_report<T> part;
      part.components.resize(1);
      part.components[0].name = "<v, H v> along direction " + std::to_string(k);
      detail::judge_all(
          part, {numeric}, values, detail::rounding_of(exact, start, steps, values, report.exact_evaluations),
          options,
          [&](std::size_t, T along) {
            detail::move_along(moved, start, v, along);
            return exact(std::as_const(moved))[0];
          },
          measure_from);
      report.evaluations += part.evaluations;
      report.exact_evaluations += part.exact_evaluations;
      ++report.exact_evaluations;
      report.components.push_back(part.components[0]);
      if (options.progress)
        options.progress(static_cast<std::size_t>(k) + 1, static_cast<std::size_t>(options.directions));
    }
    return report;
  }
}

/// Checks that products with a Jacobian and with its transpose belong together: <w, J v> = <w J, v> for
/// random v and w. No differences are taken, so that the equation holds to rounding; both may still be wrong
/// in the same way.
/// An agreement to 256 epsilon of the sum of all |products| passes, 16 times as much is wrong.
template <class Jvp, class Vjp, detail::Point P>
check_report<detail::number_t<P>> check_adjoint(Jvp&& jvp, Vjp&& vjp, const P& point,
                                                const check_options& options = {}) {
  using T = detail::number_t<P>;
  detail::check_sizes("check_adjoint", options, std::size(point));
  const auto start = detail::own_point(point);
  auto report = detail::random_report<T>(options, "adjoint and tangent");
  detail::direction_source directions(options.seed);
  for (int k = 0; k < options.directions; ++k) {
    const auto v = directions.like(start, options);
    const auto tangent = jvp(start, v);
    const auto w = directions.weights<T>(tangent);
    const auto adjoint = vjp(start, w);
    report.exact_evaluations += 2;
    detail::check_outputs("check_adjoint", options, std::size(tangent));
    const auto [forward, size] = detail::inner<T>("check_adjoint: the Jacobian times vector", tangent, w);
    const auto [backward, other_size] =
        detail::inner<T>("check_adjoint: the vector times Jacobian", adjoint, v);
    component_check<T> c;
    c.name = "direction " + std::to_string(k);
    c.exact = backward;
    c.numeric = forward;
    c.error = 256 * std::numeric_limits<T>::epsilon() * std::max(size, other_size);
    const T apart = std::abs(forward - backward);
    if (!detail::is_finite(apart))
      c.verdict = verdict::domain, c.reason = "a product is not finite";
    else if (!(c.error > 0))
      c.reason = "both products are zero, so that nothing is tested";
    else if (apart <= c.error)
      c.verdict = verdict::pass;
    else if (apart > 16 * c.error)
      c.verdict = verdict::wrong, c.reason = "the two products belong to different Jacobians";
    else
      c.reason = "off by more than rounding should make";
    report.components.push_back(c);
    if (options.progress)
      options.progress(static_cast<std::size_t>(k) + 1, static_cast<std::size_t>(options.directions));
  }
  return report;
}

/// Checks a gradient of many variables along random directions: <gradient, v> is the derivative of f along v.
/// Cost: some 40 evaluations of f for each direction, whatever n is. An error in one component is seen if it
/// is more than options.resolution of the whole product: one that is wrong altogether among a thousand, but
/// not one part in a thousand of it. The seed is in the report.
template <class F, class G, detail::Point P>
check_report<detail::number_t<P>> check_projections(F&& f, G&& gradient, const P& point,
                                                    check_options options = {}) {
  using T = detail::number_t<P>;
  if (options.title.empty()) options.title = "gradient along random directions";
  if (options.outputs.empty()) options.outputs = {"f"};
  return check_jvp(
      [&](const auto& place) { return std::array{static_cast<T>(f(place))}; },
      [&](const auto& place, const auto& direction) {
        return std::array{
            detail::inner<T>("check_projections: the gradient", gradient(place), direction).first};
      },
      point, options);
}

}  // namespace tg

#include "../support/compiler/end.hpp"
