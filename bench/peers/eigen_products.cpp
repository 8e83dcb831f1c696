// SPDX-License-Identifier: BSL-1.0
// Products of matrices by Eigen, compiled for this machine: it does not choose instructions while it runs.
#include <Eigen/Dense>

namespace bench {

/// C = A B; A and B are stored by columns where said so, and C by rows.
void eigen_product(bool a_columns, bool b_columns, std::ptrdiff_t m, std::ptrdiff_t k, std::ptrdiff_t n,
                   const float* a, const float* b, float* c) {
  using by_rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using operand = Eigen::Map<const by_rows>;
  Eigen::Map<by_rows> result(c, m, n);
  if (a_columns && b_columns)
    result.noalias() = operand(a, k, m).transpose() * operand(b, n, k).transpose();
  else if (a_columns)
    result.noalias() = operand(a, k, m).transpose() * operand(b, k, n);
  else if (b_columns)
    result.noalias() = operand(a, m, k) * operand(b, n, k).transpose();
  else
    result.noalias() = operand(a, m, k) * operand(b, k, n);
}

}  // namespace bench
