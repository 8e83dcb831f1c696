// SPDX-License-Identifier: BSL-1.0
// Eigen 3 as the optimizers use it: run-time sizes and the cheapest kernels only, because a fixed-size Eigen
// QR costs more than ten seconds to compile for every size.
#pragma once
#include "../../support/compiler/begin.hpp"

// Debian and Ubuntu keep Eigen where it is found without a compiler flag, under its longer name.
#if __has_include(<Eigen/Cholesky>)
#include <Eigen/Cholesky>
#elif __has_include(<eigen3/Eigen/Cholesky>)
#include <eigen3/Eigen/Cholesky>
#else
#error \
    "typegrad/optimize needs Eigen 3: install it (Debian, Ubuntu: libeigen3-dev), or add its folder to the include path"
#endif

#include <cstddef>

namespace tg::detail {

template <class T>
using dense = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;
template <class T>
using dense_vector = Eigen::Matrix<T, Eigen::Dynamic, 1>;

constexpr Eigen::Index at(std::size_t i) { return static_cast<Eigen::Index>(i); }

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
