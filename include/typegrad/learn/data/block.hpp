// SPDX-License-Identifier: BSL-1.0
// Numbers with a shape, as files of images and sounds give them.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace tg::data {

/// Numbers in row-major order; the first axis counts rows.
template <class T>
struct block {
  std::vector<std::size_t> shape;
  std::vector<T> numbers;

  std::size_t rows() const { return shape.empty() ? 1 : shape[0]; }
  std::size_t row_size() const { return rows() == 0 ? 0 : numbers.size() / rows(); }
  std::span<const T> row(std::size_t k) const {
    return std::span(numbers).subspan(k * row_size(), row_size());
  }
};

}  // namespace tg::data

#include "../../support/compiler/end.hpp"
