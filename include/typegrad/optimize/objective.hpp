// SPDX-License-Identifier: BSL-1.0
// What a problem is to an optimizer that knows nothing of residuals: a value with its gradient and, for
// Newton's method, its Hessian. Makers turn ordinary callables into one; formula_problem.hpp makes one from a
// formula; tg::sum_over is one as it is.
#pragma once
#include "../support/compiler/begin.hpp"

#include <concepts>
#include <cstddef>
#include <span>
#include <utility>

#include "problem/parameters.hpp"

namespace tg {

namespace detail {

template <class V>
using numbers_out = std::span<number_in<V>>;

/// f(v, out) fills out; f(v) returns something with one or two indices.
template <class F, class V>
concept Fills = std::invocable<const F&, const V&, numbers_out<V>>;
template <class F, class V>
concept Returns = requires(const F& f, const V& v) {
  { f(v)[0] } -> std::convertible_to<number_in<V>>;
}
|| requires(const F& f, const V& v) {
  { f(v)(0, 0) } -> std::convertible_to<number_in<V>>;
}
|| requires(const F& f, const V& v) {
  { f(v)[0][0] } -> std::convertible_to<number_in<V>>;
};

struct nothing {};

}  // namespace detail

/// A problem with a value and a gradient: `value(v)` and `gradient(v)`, or both at once as
/// `value_and_gradient(v, g)`, which fills the span g and returns the value.
template <class Problem, class V>
concept Objective = requires(const Problem& p, const V& v, detail::numbers_out<V> out) {
  { p.value_and_gradient(v, out) } -> std::convertible_to<detail::number_in<V>>;
}
|| requires(const Problem& p, const V& v) {
  { p.value(v) } -> std::convertible_to<detail::number_in<V>>;
  { p.gradient(v)[0] } -> std::convertible_to<detail::number_in<V>>;
};

/// An Objective that also has its matrix of second derivatives: `hessian(v)`, indexed h[i][j] or h(i, j), or
/// all at once as `value_gradient_hessian(v, g, h)`, which fills g (n) and h (n x n by rows) and returns the
/// value.
template <class Problem, class V>
concept CurvedObjective = Objective<Problem, V> &&(
    requires(const Problem& p, const V& v, detail::numbers_out<V> out) {
      { p.value_gradient_hessian(v, out, out) } -> std::convertible_to<detail::number_in<V>>;
    } ||
    requires(const Problem& p, const V& v) {
      { p.hessian(v)[0][0] } -> std::convertible_to<detail::number_in<V>>;
    } ||
    requires(const Problem& p, const V& v) {
      { p.hessian(v)(0, 0) } -> std::convertible_to<detail::number_in<V>>;
    });

/// The objective made by `tg::objective` from callables.
template <class Value, class Gradient, class Hessian = detail::nothing>
class callable_objective {
 public:
  constexpr callable_objective(Value value, Gradient gradient, Hessian hessian = {})
      : value_(std::move(value)), gradient_(std::move(gradient)), hessian_(std::move(hessian)) {}

  template <ParameterVector V>
  requires std::invocable<const Value&, const V&>
  constexpr detail::number_in<V> value(const V& v) const {
    return static_cast<detail::number_in<V>>(value_(v));
  }

  template <ParameterVector V>
  requires detail::Returns<Gradient, V> &&
      (!detail::Fills<Gradient, V>)constexpr auto gradient(const V& v) const {
    return gradient_(v);
  }

  template <ParameterVector V>
  requires detail::Fills<Gradient, V>
  constexpr detail::number_in<V> value_and_gradient(const V& v, detail::numbers_out<V> slopes) const {
    gradient_(v, slopes);
    return value(v);
  }

  template <ParameterVector V>
  requires detail::Returns<Hessian, V> &&
      (!detail::Fills<Hessian, V>)constexpr auto hessian(const V& v) const {
    return hessian_(v);
  }

  template <ParameterVector V>
  requires detail::Fills<Hessian, V>
  constexpr detail::number_in<V> value_gradient_hessian(const V& v, detail::numbers_out<V> slopes,
                                                        detail::numbers_out<V> curvature) const {
    hessian_(v, curvature);
    if constexpr (detail::Fills<Gradient, V>) {
      return value_and_gradient(v, slopes);
    } else {
      const auto& given = gradient_(v);
      if constexpr (requires { given.size(); })
        detail::require_size(detail::size_of(given), slopes.size(), "the gradient");
      for (std::size_t i = 0; i < slopes.size(); ++i) slopes[i] = given[i];
      return value(v);
    }
  }

 private:
  Value value_;
  Gradient gradient_;
  [[no_unique_address]] Hessian hessian_;
};

/// The objective made by `tg::objective` from one callable for value and gradient.
template <class Both>
class joint_objective {
 public:
  constexpr explicit joint_objective(Both both) : both_(std::move(both)) {}

  template <ParameterVector V>
  requires detail::Fills<Both, V>
  constexpr detail::number_in<V> value_and_gradient(const V& v, detail::numbers_out<V> slopes) const {
    return static_cast<detail::number_in<V>>(both_(v, slopes));
  }

 private:
  Both both_;
};

/// A problem from callables. `value(v)` gives a number. `gradient(v)` returns n numbers, or `gradient(v, g)`
/// fills the span g. `hessian(v)` returns n x n numbers, indexed h[i][j] or h(i, j), or `hessian(v, h)` fills
/// the span h by rows; it may be left out. v has the type of the start.
template <class Value, class Gradient>
requires(!requires { typename Value::is_formula; }) constexpr auto objective(Value value, Gradient gradient) {
  return callable_objective<Value, Gradient>(std::move(value), std::move(gradient));
}
template <class Value, class Gradient, class Hessian>
requires(!requires { typename Value::is_formula; }) constexpr auto objective(Value value, Gradient gradient,
                                                                             Hessian hessian) {
  return callable_objective<Value, Gradient, Hessian>(std::move(value), std::move(gradient),
                                                      std::move(hessian));
}

/// A problem from one callable: `both(v, g)` fills the span g with the gradient and returns the value.
template <class Both>
requires(!requires { typename Both::is_formula; }) constexpr auto objective(Both both) {
  return joint_objective<Both>(std::move(both));
}

}  // namespace tg

#include "../support/compiler/end.hpp"
