// SPDX-License-Identifier: BSL-1.0
// The product of two matrices over memory with strides: by tiles in registers, or where the elements do not
// lie in a row in either direction, or are of another type than float and double, by plain loops.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cstddef>
#include <type_traits>

#include "../../lanes/product.hpp"

namespace tg::detail {

/// Whether the product can be made by tiles, which need a stride of 1 in each matrix; along an axis of one
/// element any stride is that.
template <class T>
bool make_contiguous(lanes::product<T>& p) {
  if (p.m == 1) p.a.row = p.c.row = 1;
  if (p.k == 1) p.a.column = p.b.row = 1;
  if (p.n == 1) p.b.column = p.c.column = 1;
  return (p.a.row == 1 || p.a.column == 1) && (p.b.row == 1 || p.b.column == 1) &&
         (p.c.row == 1 || p.c.column == 1);
}

/// Computes the product; `scratch` has product_scratch<T>(m, k, n) elements.
template <class T>
void multiply_matrices(lanes::product<T> p, T* scratch) {
  if constexpr (std::is_same_v<T, float> || std::is_same_v<T, double>)
    if (make_contiguous(p)) return lanes::multiply(p, scratch);
  lanes::multiply_plainly(p);
}

template <class T>
constexpr std::ptrdiff_t product_scratch(std::ptrdiff_t m, std::ptrdiff_t k, std::ptrdiff_t n) {
  return std::is_same_v<T, float> || std::is_same_v<T, double> ? lanes::scratch_size<T>(m, k, n) : 0;
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
