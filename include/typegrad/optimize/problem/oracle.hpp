// SPDX-License-Identifier: BSL-1.0
// A problem as the loops of the optimizers see it: a few questions about a point, answered on plain memory.
// The loops are compiled once for a number type, not once for a problem and a type of vector; what an answer
// costs makes a virtual call free.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "../../support/compiler/exceptions.hpp"
#include "../../support/compiler/finite.hpp"
#include "../least_squares.hpp"
#include "../objective.hpp"
#include "../robust_loss.hpp"
#include "../tool/option_check.hpp"

namespace tg::detail {

template <class T>
class question {
 public:
  virtual ~question() = default;
  std::size_t evaluations = 0;  ///< points at which the problem was asked
};

/// f and its gradient.
template <class T>
class gradient_oracle : public question<T> {
 public:
  virtual T value_and_gradient(std::span<const T> x, std::span<T> slopes) = 0;
};

/// f alone, and f with both derivatives (the second by rows).
template <class T>
class hessian_oracle : public question<T> {
 public:
  virtual T value(std::span<const T> x) = 0;
  virtual T value_gradient_hessian(std::span<const T> x, std::span<T> slopes, std::span<T> curvature) = 0;
};

/// The cost 1/2 sum rho(r^2), r^2 of one residual or the squares of a row's together, and the residuals r
/// with their Jacobian (by rows), weighted so that J^T r is the cost's gradient. Asked in two halves, because
/// a rejected point needs the first only: `cost` may fill both spans already, `linearize` finishes them.
template <class T>
class residual_oracle : public question<T> {
 public:
  virtual std::size_t residual_count() const = 0;
  virtual T cost(std::span<const T> x, std::span<T> residual, std::span<T> jacobian) = 0;
  virtual void linearize(std::span<const T> x, std::span<T> residual, std::span<T> jacobian) = 0;
};

/// The cost with J^T r and J^T J.
template <class T>
class normal_oracle : public question<T> {
 public:
  virtual T gauss_newton(std::span<const T> x, std::span<T> slopes, std::span<T> product) = 0;
};

/// What a robust problem wraps, and what it does to a squared residual.
template <class Problem>
struct unwrapped {
  static const Problem& problem(const Problem& p) { return p; }
  template <class T>
  static rho<T> loss(const Problem&, T square) {
    return {square, 1};
  }
  static constexpr bool weighted = false;
};
template <class Problem, class Loss>
struct unwrapped<robust_problem<Problem, Loss>> {
  static const Problem& problem(const robust_problem<Problem, Loss>& p) { return p.problem; }
  template <class T>
  static rho<T> loss(const robust_problem<Problem, Loss>& p, T square) {
    return p.loss(square);
  }
  static constexpr bool weighted = true;
};
template <class Problem>
using plain_problem =
    std::remove_cvref_t<decltype(unwrapped<Problem>::problem(std::declval<const Problem&>()))>;

/// Refuses, before anything is asked, a point of another size than the problem tells of itself, and a loss
/// without a scale.
template <class T, class Problem>
void require_usable(const Problem& problem, std::size_t n) {
  const auto& plain = unwrapped<Problem>::problem(problem);
  if constexpr (requires { plain.parameter_count(); })
    require_size(n, static_cast<std::size_t>(plain.parameter_count()), "the vector of parameters");
  if constexpr (requires { option_check(problem.loss.name).positive("scale", problem.loss.scale); }) {
    const T square = static_cast<T>(problem.loss.scale * problem.loss.scale);
    TYPEGRAD_TRY {
      option_check(problem.loss.name)
          .positive("scale", problem.loss.scale)
          .that(square > 0 && detail::is_finite(square), "scale", problem.loss.scale,
                "a number whose square is not 0 or infinite");
    }
    TYPEGRAD_CATCH(const std::invalid_argument&, wrong) {
      detail::raise(problem_error(stop_reason::invalid_options, std::string("minimize: ") + wrong.what()));
    }
  }
}

/// A usable problem and a point of the type that it takes.
template <class Problem, class V>
class asked_problem {
 protected:
  asked_problem(const Problem& problem, const V& like) : problem_(problem), point_(like) {
    require_usable<number_in<V>>(problem, size_of(like));
  }

  const V& at(std::span<const number_in<V>> x) {
    assign_numbers(point_, x);
    return point_;
  }

  const Problem& problem_;
  V point_;
};

/// Copies an n x n matrix that is indexed [i][j], whose rows may be of any length.
template <class T, class Matrix>
void copy_square(const Matrix& matrix, std::size_t n, std::span<T> out, const char* what) {
  if constexpr (requires { matrix.size(); }) require_size(size_of(matrix), n, what);
  for (std::size_t i = 0; i < n; ++i) {
    const auto& row = matrix[i];
    if constexpr (requires { row.size(); }) require_size(size_of(row), n, what);
    for (std::size_t j = 0; j < n; ++j) out[i * n + j] = static_cast<T>(row[j]);
  }
}

/// Problems with residuals, row by row or all at once, with or without a robust loss.
template <class Problem, class V>
concept HasResiduals = ResidualRows<plain_problem<Problem>, V> || ResidualVector<plain_problem<Problem>, V>;

template <class Problem, class V>
concept LeastSquares = HasResiduals<Problem, V> || NormalEquations<Problem, V>;
template <class Problem, class V>
concept HasGradient = Objective<Problem, V> || LeastSquares<Problem, V>;

template <class Problem, class V>
class residuals_of final : public residual_oracle<number_in<V>>, asked_problem<Problem, V> {
  using T = number_in<V>;
  using wrapper = unwrapped<Problem>;
  static constexpr bool by_rows = ResidualRows<plain_problem<Problem>, V>;

 public:
  residuals_of(const Problem& problem, const V& like) : asked_problem<Problem, V>(problem, like) {}

  std::size_t residual_count() const override { return residual_count_of(inner()); }

  T cost(std::span<const T> x, std::span<T> residual, std::span<T> jacobian) override {
    ++this->evaluations;
    const V& v = this->at(x);
    if constexpr (by_rows) {
      std::size_t rows = 0;
      inner().residuals(v, [&](std::size_t i, const T& value, const auto& derivatives) {
        require_row(i, residual.size(), derivatives);
        residual[i] = value;
        // The constant length lets the compiler unroll where there is one.
        const std::size_t n = fixed_size<V> == std::dynamic_extent ? x.size() : fixed_size<V>;
        for (std::size_t j = 0; j < n; ++j) jacobian[i * n + j] = derivatives[j];
        ++rows;
      });
      require_size(rows, residual.size(), "residuals: the problem");
    } else {
      inner().residuals(v, residual);
    }
    T sum = 0;
    for (std::size_t i = 0; i < residual.size(); i += in_block)
      sum += wrapper::loss(this->problem_, square_of(residual, i)).value;
    return sum / 2;
  }

  void linearize(std::span<const T> x, std::span<T> residual, std::span<T> jacobian) override {
    if constexpr (!by_rows) inner().linearize(this->at(x), residual, jacobian);
    if constexpr (wrapper::weighted)
      for (std::size_t i = 0; i < residual.size(); i += in_block) {
        const T weight = std::sqrt(wrapper::loss(this->problem_, square_of(residual, i)).slope);
        for (T& value : residual.subspan(i, in_block)) value *= weight;
        for (T& entry : jacobian.subspan(i * x.size(), in_block * x.size())) entry *= weight;
      }
  }

 private:
  const auto& inner() const { return wrapper::problem(this->problem_); }

  /// Residuals under one loss: those of a row.
  static constexpr std::size_t in_block = [] {
    if constexpr (requires { plain_problem<Problem>::residuals_in_row(); })
      return plain_problem<Problem>::residuals_in_row();
    else
      return std::size_t{1};
  }();
  static T square_of(std::span<const T> residual, std::size_t first) {
    T sum = 0;
    for (const T& value : residual.subspan(first, in_block)) sum += value * value;
    return sum;
  }

  template <class Row>
  void require_row(std::size_t i, std::size_t rows, const Row& derivatives) const {
    if (i >= rows) require_size(i + 1, rows, "residuals: the problem");
    if constexpr (requires { derivatives.size(); })
      if (size_of(derivatives) != size_of(this->point_))
        require_size(size_of(derivatives), size_of(this->point_), "a residual's gradient");
  }
};

template <class Problem, class V>
class normal_equations_of final : public normal_oracle<number_in<V>>, asked_problem<Problem, V> {
  using T = number_in<V>;

 public:
  normal_equations_of(const Problem& problem, const V& like) : asked_problem<Problem, V>(problem, like) {}

  T gauss_newton(std::span<const T> x, std::span<T> slopes, std::span<T> product) override {
    ++this->evaluations;
    const auto sum = this->problem_.gauss_newton(this->at(x));
    if constexpr (requires { sum.gradient.size(); })
      require_size(size_of(sum.gradient), x.size(), "the gradient");
    for (std::size_t i = 0; i < x.size(); ++i) slopes[i] = sum.gradient[i];
    copy_square(sum.matrix, x.size(), product, "a row or column of J^T J");
    return sum.cost;
  }
};

/// J^T r of residuals that were linearized.
template <class T>
void gradient_from(std::span<const T> residual, std::span<const T> jacobian, std::span<T> slopes) {
  for (T& slope : slopes) slope = 0;
  for (std::size_t i = 0; i < residual.size(); ++i)
    for (std::size_t j = 0; j < slopes.size(); ++j)
      slopes[j] += jacobian[i * slopes.size() + j] * residual[i];
}

/// Value and gradient of any objective; of 1/2 sum rho(r^2) where the problem offers only residuals.
template <class Problem, class V>
class gradient_of final : public gradient_oracle<number_in<V>>, asked_problem<Problem, V> {
  using T = number_in<V>;

 public:
  gradient_of(const Problem& problem, const V& like) : asked_problem<Problem, V>(problem, like) {}

  T value_and_gradient(std::span<const T> x, std::span<T> slopes) override {
    ++this->evaluations;
    if constexpr (requires { this->problem_.value_and_gradient(this->point_, slopes); }) {
      return this->problem_.value_and_gradient(this->at(x), slopes);
    } else if constexpr (Objective<Problem, V>) {
      const auto gradient = this->problem_.gradient(this->at(x));
      if constexpr (requires { gradient.size(); }) require_size(size_of(gradient), x.size(), "the gradient");
      for (std::size_t i = 0; i < x.size(); ++i) slopes[i] = static_cast<T>(gradient[i]);
      return static_cast<T>(this->problem_.value(this->point_));
    } else if constexpr (HasResiduals<Problem, V>) {
      residuals_of<Problem, V> residuals(this->problem_, this->point_);
      residual_.resize(residuals.residual_count());
      jacobian_.resize(residual_.size() * x.size());
      const T cost = residuals.cost(x, residual_, jacobian_);
      residuals.linearize(x, residual_, jacobian_);
      gradient_from<T>(residual_, jacobian_, slopes);
      return cost;
    } else {
      return normal_equations_of<Problem, V>(this->problem_, this->point_)
          .gauss_newton(x, slopes, product(x.size()));
    }
  }

 private:
  std::span<T> product(std::size_t n) {
    jacobian_.resize(n * n);
    return jacobian_;
  }

  std::vector<T> residual_, jacobian_;
};

template <class Problem, class V>
class hessian_of final : public hessian_oracle<number_in<V>>, asked_problem<Problem, V> {
  using T = number_in<V>;

 public:
  hessian_of(const Problem& problem, const V& like)
      : asked_problem<Problem, V>(problem, like), slopes_(size_of(like)) {}

  T value(std::span<const T> x) override {
    ++this->evaluations;
    if constexpr (requires { this->problem_.value(this->point_); })
      return static_cast<T>(this->problem_.value(this->at(x)));
    else
      return static_cast<T>(this->problem_.value_and_gradient(this->at(x), slopes_));
  }

  T value_gradient_hessian(std::span<const T> x, std::span<T> slopes, std::span<T> curvature) override {
    if constexpr (requires { this->problem_.value_gradient_hessian(this->point_, slopes, curvature); }) {
      return this->problem_.value_gradient_hessian(this->at(x), slopes, curvature);
    } else {
      gradient_of<Problem, V> first(this->problem_, this->point_);
      const T value = first.value_and_gradient(x, slopes);
      const auto matrix = this->problem_.hessian(this->at(x));
      const std::size_t n = x.size();
      if constexpr (requires { matrix.rows(); }) {
        require_size(static_cast<std::size_t>(matrix.cols()), n, "a row of the Hessian");
        require_size(static_cast<std::size_t>(matrix.rows()), n, "a column of the Hessian");
        for (std::size_t i = 0; i < n; ++i)
          for (std::size_t j = 0; j < n; ++j)
            curvature[i * n + j] = static_cast<T>(matrix(static_cast<int>(i), static_cast<int>(j)));
      } else {
        copy_square(matrix, n, curvature, "a row or column of the Hessian");
      }
      return value;
    }
  }

 private:
  std::vector<T> slopes_;
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
