// SPDX-License-Identifier: BSL-1.0
// Triangular factors by Householder reflections, and what is solved with them: the linear algebra of least
// squares. Needs Eigen 3.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>

#include "../../support/compiler/finite.hpp"
#include "eigen.hpp"

namespace tg::detail {

/// The products of a column with two others. They are formed together, four rows at a time, so that no sum
/// waits for the one before.
template <class T>
std::array<T, 2> dot_both(const T* one, const T* left, const T* right, Eigen::Index count) {
  using lane = Eigen::Array<T, 4, 1>;
  using lanes = Eigen::Map<const lane>;
  lane left_sums = lane::Zero(), right_sums = lane::Zero();
  Eigen::Index i = 0;
  for (; i + 4 <= count; i += 4) {
    const lane part = lanes(one + i);
    left_sums += part * lanes(left + i);
    right_sums += part * lanes(right + i);
  }
  std::array<T, 2> sum{left_sums.sum(), right_sums.sum()};
  for (; i < count; ++i) sum[0] += one[i] * left[i], sum[1] += one[i] * right[i];
  return sum;
}

/// Subtracts multiples of a column from two others.
template <class T>
void subtract_both(const T* one, const T (&change)[2], T* const (&column)[2], Eigen::Index count) {
  using lane = Eigen::Array<T, 4, 1>;
  Eigen::Index i = 0;
  for (; i + 4 <= count; i += 4) {
    const lane part = Eigen::Map<const lane>(one + i);
    for (int side = 0; side < 2; ++side) Eigen::Map<lane>(column[side] + i) -= change[side] * part;
  }
  for (; i < count; ++i)
    for (int side = 0; side < 2; ++side) column[side][i] -= change[side] * one[i];
}

/// Zeroes column k of `a` in the rows [first, first + count) by a Householder reflection of those rows and
/// row k, applied to all later columns. Source: Golub and Van Loan, section 5.1.
template <class T>
void reflect(dense<T>& a, Eigen::Index k, Eigen::Index first, Eigen::Index count) {
  auto below = a.col(k).segment(first, count);
  const T size = std::sqrt(below.squaredNorm());
  if (!(size > 0)) return;
  const T length = std::hypot(a(k, k), size), reduced = a(k, k) > 0 ? -length : length;
  const T pivot = a(k, k) - reduced, share = -pivot / reduced;
  below /= pivot;
  a(k, k) = reduced;
  const T* const direction = &a(first, k);
  for (Eigen::Index j = k + 1; j < a.cols(); j += 2) {
    const Eigen::Index next = j + 1 < a.cols() ? j + 1 : j;
    T* const column[2] = {&a(first, j), &a(first, next)};
    const std::array<T, 2> sum = dot_both(direction, column[0], column[1], count);
    const T change[2] = {share * (a(k, j) + sum[0]), next > j ? share * (a(k, next) + sum[1]) : T(0)};
    a(k, j) -= change[0];
    a(k, next) -= change[1];
    subtract_both(direction, change, column, count);
  }
  below.setZero();
}

/// Reduces all columns of `a` but the last to upper triangular form; what is done to them is done to the last
/// as well.
template <class T>
void triangularize(dense<T>& a) {
  for (Eigen::Index k = 0; k + 1 < a.cols() && k + 1 < a.rows(); ++k) reflect(a, k, k + 1, a.rows() - k - 1);
}

/// The same where the first rows are diagonal and those from `top` on are upper triangular, both as many as
/// there are columns to reduce: entries that are known to be zero are left out, a fifth of the work is left.
/// Source: Moré 1978, section 3.
template <class T>
void triangularize_damped(dense<T>& a, Eigen::Index top) {
  for (Eigen::Index k = 0; k + 1 < a.cols(); ++k) reflect(a, k, top, std::min(k + 1, a.rows() - top));
}

/// Solves R x = right in place; R is the upper triangle of the first rows and columns of `a`.
template <class T>
void back_substitute(const dense<T>& a, std::span<T> right) {
  for (std::size_t i = right.size(); i-- > 0;) {
    for (std::size_t j = i + 1; j < right.size(); ++j) right[i] -= a(at(i), at(j)) * right[j];
    right[i] /= a(at(i), at(i));
  }
}

/// The inverse of R^T R for columns that were divided by their lengths, by n solutions with unit vectors; all
/// NaN where a diagonal entry says that R has less than full rank. `inverse` is n x n, indexed [i][j].
template <class T, class Matrix>
void inverse_gram(const dense<T>& root, std::span<const T> lengths, Matrix& inverse) {
  const std::size_t n = lengths.size();
  const T least = static_cast<T>(n) * std::numeric_limits<T>::epsilon();
  bool full_rank = true;
  dense<T> columns = dense<T>::Identity(at(n), at(n));  // becomes R^-1
  for (std::size_t i = 0; i < n; ++i) {
    full_rank = full_rank && std::abs(root(at(i), at(i))) > least;
    back_substitute(root, std::span<T>(columns.data() + i * n, n));
  }
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) {
      T sum = 0;
      for (std::size_t k = std::max(i, j); k < n; ++k) sum += columns(at(i), at(k)) * columns(at(j), at(k));
      inverse[i][j] = full_rank ? sum / (lengths[i] * lengths[j]) : detail::not_a_number<T>();
    }
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
