// SPDX-License-Identifier: BSL-1.0
// The product of two matrices over memory with strides: by tiles in registers, or where the elements do not
// lie in a row in either direction, or are of another type than float and double, by plain loops.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cstddef>
#include <type_traits>

#include "../../lanes/product.hpp"

namespace tg::detail {

/// c[i, j] is the sum of a[i, l] * b[l, j], or is increased by it; i < m, j < n, l < k.
template <class T>
struct matrix_product {
  const T *a, *b;
  T* c;
  std::ptrdiff_t m, n, k;
  std::ptrdiff_t a_m, a_k, b_k, b_n, c_m, c_n;
  bool adds;

  /// The same product transposed.
  constexpr matrix_product turned() const { return {b, a, c, n, m, k, b_n, b_k, a_k, a_m, c_n, c_m, adds}; }
};

/// One row of the product, Width numbers of it.
template <int Width, class T>
void multiply_row(const matrix_product<T>& p, const T* a, const T* b, T* c) {
  T sum[Width];
  for (int j = 0; j < Width; ++j) sum[j] = p.adds ? c[j * p.c_n] : T(0);
  if (p.b_n == 1) {
    for (std::ptrdiff_t l = 0; l < p.k; ++l) {
      const T factor = a[l * p.a_k];
      const T* const row = b + l * p.b_k;
      for (int j = 0; j < Width; ++j) sum[j] += factor * row[j];
    }
  } else {
    for (std::ptrdiff_t l = 0; l < p.k; ++l)
      for (int j = 0; j < Width; ++j) sum[j] += a[l * p.a_k] * b[l * p.b_k + j * p.b_n];
  }
  for (int j = 0; j < Width; ++j) c[j * p.c_n] = sum[j];
}

/// Whether the product can be made by tiles, which need a stride of 1 in each matrix; along an axis of one
/// element any stride is that.
template <class T>
bool make_contiguous(matrix_product<T>& p) {
  if (p.m == 1) p.a_m = p.c_m = 1;
  if (p.k == 1) p.a_k = p.b_k = 1;
  if (p.n == 1) p.b_n = p.c_n = 1;
  return (p.a_m == 1 || p.a_k == 1) && (p.b_k == 1 || p.b_n == 1) && (p.c_m == 1 || p.c_n == 1);
}

/// Computes the product; `scratch` has product_scratch<T>(m, k, n) elements.
template <class T>
void multiply_matrices(matrix_product<T> given, T* scratch) {
  if (given.k == 0) {  // a and b may be null
    for (std::ptrdiff_t i = 0; i < given.m && !given.adds; ++i)
      for (std::ptrdiff_t j = 0; j < given.n; ++j) given.c[i * given.c_m + j * given.c_n] = T(0);
    return;
  }
  if constexpr (std::is_same_v<T, float> || std::is_same_v<T, double>)
    if (make_contiguous(given))
      return lanes::multiply(lanes::product<T>{.m = given.m,
                                               .k = given.k,
                                               .n = given.n,
                                               .a = {given.a, given.a_m, given.a_k},
                                               .b = {given.b, given.b_k, given.b_n},
                                               .c = {given.c, given.c_m, given.c_n},
                                               .add = given.adds},
                             scratch);
  const matrix_product<T> p = given.c_n != 1 && given.c_m == 1 ? given.turned() : given;
  for (std::ptrdiff_t i = 0; i < p.m; ++i) {
    const T* const a = p.a + i * p.a_m;
    std::ptrdiff_t j = 0;
    for (; j + 16 <= p.n; j += 16) multiply_row<16>(p, a, p.b + j * p.b_n, p.c + i * p.c_m + j * p.c_n);
    for (; j + 4 <= p.n; j += 4) multiply_row<4>(p, a, p.b + j * p.b_n, p.c + i * p.c_m + j * p.c_n);
    for (; j < p.n; ++j) multiply_row<1>(p, a, p.b + j * p.b_n, p.c + i * p.c_m + j * p.c_n);
  }
}

template <class T>
constexpr std::ptrdiff_t product_scratch(std::ptrdiff_t m, std::ptrdiff_t k, std::ptrdiff_t n) {
  return std::is_same_v<T, float> || std::is_same_v<T, double> ? lanes::scratch_size<T>(m, k, n) : 0;
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
