// SPDX-License-Identifier: BSL-1.0
// Inverses, determinants, solutions and Cholesky factors in functions of arrays by Eigen's decompositions.
// Opt-in: it includes <Eigen/LU> and <Eigen/Cholesky>.
#pragma once
#include "support/compiler/begin.hpp"

#include <Eigen/Cholesky>
#include <Eigen/LU>

#include "array.hpp"

namespace tg {

namespace detail {

/// The functions of plain_solver (program/array/matrix_kernels.hpp).
struct eigen_solver {
  template <class T>
  using matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  template <class T>
  using in_place = Eigen::Ref<matrix<T>>;

  template <class T>
  static bool solve(std::ptrdiff_t n, T* a, std::ptrdiff_t m, T* x) {
    Eigen::Map<matrix<T>> given(a, n, n), solution(x, n, m);
    const Eigen::PartialPivLU<in_place<T>> decomposed(given);
    if ((given.diagonal().array() == T(0)).any()) return false;
    solution = decomposed.solve(solution).eval();
    return true;
  }
  template <class T>
  static T determinant(std::ptrdiff_t n, T* a) {
    Eigen::Map<matrix<T>> given(a, n, n);
    return Eigen::PartialPivLU<in_place<T>>(given).determinant();
  }
  template <class T>
  static T log_determinant(std::ptrdiff_t n, T* a) {
    Eigen::Map<matrix<T>> given(a, n, n);
    const Eigen::PartialPivLU<in_place<T>> decomposed(given);
    return given.diagonal().array().abs().log().sum();
  }
  template <class T>
  static bool cholesky(std::ptrdiff_t n, T* a) {
    Eigen::Map<matrix<T>> given(a, n, n);
    return Eigen::LLT<in_place<T>>(given).info() == Eigen::Success;
  }
};

/// A function's tag with Eigen as its solver.
template <class Tag>
struct with_eigen_tag {};
template <class Tag, std::uint64_t ByColumns, std::uint64_t Added>
struct array_code<with_eigen_tag<Tag>, ByColumns, Added> : array_code<Tag, ByColumns, Added> {};
template <class Tag>
struct solver_of<with_eigen_tag<Tag>> {
  using type = eigen_solver;
};

}  // namespace detail

/// The function of arrays with inverse, determinant, log_determinant, solve and cholesky by Eigen: LU with
/// partial pivots, and LLT. Worth it for large matrices; a call then allocates what Eigen allocates.
template <class Inputs, class Tag, class Numbers, class... Shapes>
constexpr auto with_eigen(const array_function<Inputs, Tag, Numbers, Shapes...>& fn) {
  return fn.template with_tag<detail::with_eigen_tag<Tag>>();
}

}  // namespace tg

#include "support/compiler/end.hpp"
