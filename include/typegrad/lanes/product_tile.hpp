// SPDX-License-Identifier: BSL-1.0
// What products of matrices are made of: a tile of the result in registers, one row of it, its dot products,
// and a panel that is turned round. Vectors hold neighbours in a row of the result. What is left over at the
// right is done by a vector that overlaps the one before and computes the same numbers again; what is left
// over below, by rows that repeat the last. So no element outside of the matrices is read or written.
#pragma once
#include "../support/compiler/begin.hpp"

#include <cstddef>
#include <cstring>
#include <utility>

#include "../support/compiler/interleave.hpp"
#include "vector.hpp"

namespace tg::lanes {

// <algorithm>, for which these would be std::min and std::max, is a third of what <vector> is to compile.
constexpr std::ptrdiff_t smaller(std::ptrdiff_t x, std::ptrdiff_t y) { return y < x ? y : x; }
constexpr std::ptrdiff_t larger(std::ptrdiff_t x, std::ptrdiff_t y) { return x < y ? y : x; }

/// Element (i, j) is at[i * row + j * column].
template <class T>
struct matrix {
  T* at;
  std::ptrdiff_t row, column;
  TYPEGRAD_LANES constexpr matrix from(std::ptrdiff_t i, std::ptrdiff_t j) const {
    return {at + i * row + j * column, row, column};
  }
  TYPEGRAD_LANES constexpr matrix from(std::ptrdiff_t i) const { return {at + i, row, column}; }
};

template <class V>
TYPEGRAD_LANES void load(V& v, const element<V>* from) {
  std::memcpy(&v, from, sizeof v);
}
template <class V>
TYPEGRAD_LANES void store(const V& v, element<V>* to) {
  std::memcpy(to, &v, sizeof v);
}

/// The lanes of x and y in turn: the first halves of both, and the second.
template <class V, int... I>
TYPEGRAD_LANES void interleave(const V& x, const V& y, V& first, V& second,
                               std::integer_sequence<int, I...>) {
  detail::interleave_lanes<V, I...>(x, y, first, second);
}
template <class V>
TYPEGRAD_LANES void interleave(const V& x, const V& y, V& first, V& second) {
  interleave(x, y, first, second, std::make_integer_sequence<int, width<V>>{});
}

/// R rows of C = A B, or C += A B, and in each W vectors, of which the last begins at column `last`. Rows
/// from `rows` on are the last one again. The rows of B and C are contiguous; A has any strides.
template <class V, int R, int W, class T>
TYPEGRAD_LANES void tile(std::ptrdiff_t k, std::ptrdiff_t rows, const matrix<const T>& a,
                         const matrix<const T>& b, const matrix<T>& c, std::ptrdiff_t last, bool add) {
  V sum[R][W] = {}, x[W];
  const T* row[R];
#pragma GCC unroll 8
  for (int i = 0; i < R; ++i) {
    row[i] = a.at + (i < rows ? i : rows - 1) * a.row;
    asm("" : "+r"(row[i]));  // g++ (12) would compute it from the others at each step
    __builtin_prefetch(c.at + (i < rows ? i : rows - 1) * c.row);
  }
  const T *at = b.at, *at_last = at + last;
  for (std::ptrdiff_t q = 0; k > 0; --k, q += a.column, at += b.row, at_last += b.row) {
#pragma GCC unroll 3
    for (int w = 0; w < W; ++w) load(x[w], w < W - 1 ? at + w * width<V> : at_last);
#pragma GCC unroll 8
    for (int i = 0; i < R; ++i)
#pragma GCC unroll 3
      for (int w = 0; w < W; ++w) sum[i][w] += row[i][q] * x[w];
  }
  T* to[R];
#pragma GCC unroll 8
  for (int i = 0; i < R; ++i) to[i] = c.at + (i < rows ? i : rows - 1) * c.row;
  // What is there is read before anything is written, as some elements may be computed twice.
  if (add)
#pragma GCC unroll 8
    for (int i = 0; i < R; ++i)
#pragma GCC unroll 3
      for (int w = 0; w < W; ++w) {
        load(x[w], to[i] + (w < W - 1 ? w * width<V> : last));
        sum[i][w] += x[w];
      }
#pragma GCC unroll 8
  for (int i = 0; i < R; ++i)
#pragma GCC unroll 3
    for (int w = 0; w < W; ++w) store(sum[i][w], to[i] + (w < W - 1 ? w * width<V> : last));
}

/// c[j] += x[0] b(0, j) + ... + x[Q - 1] b(Q - 1, j) for j < n.
template <class V, int Q, class T>
TYPEGRAD_LANES void add_rows(std::ptrdiff_t n, const T* x, std::ptrdiff_t next_x, const T* b,
                             std::ptrdiff_t next_b, T* c) {
  V factor[Q], sum,
      y;  // not read again after each store to c, which might be x for all that a compiler knows
#pragma GCC unroll 8
  for (int q = 0; q < Q; ++q) factor[q] = V{} + x[q * next_x];
  std::ptrdiff_t j = 0;
  for (; j + width<V> <= n; j += width<V>) {
    load(sum, c + j);
#pragma GCC unroll 8
    for (int q = 0; q < Q; ++q) {
      load(y, b + q * next_b + j);
      sum += factor[q] * y;
    }
    store(sum, c + j);
  }
  for (; j < n; ++j)
#pragma GCC unroll 1
    for (int q = 0; q < Q; ++q) c[j] += x[q * next_x] * b[q * next_b + j];
}

/// The dot products of x with `columns` columns of B (at most as many as a vector has lanes), stored or added
/// at c, c + next_c, ... The columns of B are contiguous.
template <class V, class T>
TYPEGRAD_LANES void dot(std::ptrdiff_t k, const T* x, const T* b, std::ptrdiff_t next_b, T* c,
                        std::ptrdiff_t next_c, std::ptrdiff_t columns, bool add) {
  constexpr int N = width<V>;
  V sum[N] = {}, y, z;
  const T* column[N];
#pragma GCC unroll 8
  for (int j = 0; j < N; ++j) column[j] = b + smaller(j, columns - 1) * next_b;
  std::ptrdiff_t q = 0;
  for (; q + N <= k; q += N) {
    load(y, x + q);
#pragma GCC unroll 8
    for (int j = 0; j < N; ++j) {
      load(z, column[j] + q);
      sum[j] += y * z;
    }
  }
  // Each step adds the halves of two vectors, so that their lanes are left in turn: lane j is then the sum of
  // vector j. Only the steps above are worth unrolling.
  V part[N];
#pragma GCC unroll 8
  for (int j = 0; j < N; ++j) part[j] = sum[j];
  for (int half = N / 2; half > 0; half /= 2)
    for (int j = 0; j < half; ++j) {
      interleave(part[j], part[j + half], y, z);
      part[j] = y + z;
    }
  T result[N];
  store(part[0], result);
  for (std::ptrdiff_t j = 0; j < columns; ++j) {
    for (std::ptrdiff_t r = q; r < k; ++r) result[j] += x[r] * b[j * next_b + r];
    c[j * next_c] = add ? c[j * next_c] + result[j] : result[j];
  }
}

/// Copies the first n numbers of m rows, by small vectors of which the last overlaps the one before.
template <class T>
void copy(std::ptrdiff_t m, std::ptrdiff_t n, const T* from, std::ptrdiff_t next_from, T* to,
          std::ptrdiff_t next_to) {
  constexpr int N = 16 / sizeof(T);
  for (vector<T, N> v; m > 0; --m, from += next_from, to += next_to) {
    for (std::ptrdiff_t j = 0; j < n; j += 4 * N) __builtin_prefetch(from + 12 * next_from + j);
    std::ptrdiff_t j = 0;
    for (; j + N <= n; j += N) load(v, from + j), store(v, to + j);
    if (j == n) continue;
    if (n < N) {
      for (; j < n; ++j) to[j] = from[j];
    } else {
      load(v, from + n - N), store(v, to + n - N);
    }
  }
}

/// to[q * next + j] = B(q, j), q < k, j < n, where the columns of B are contiguous.
template <class T>
void turn(std::ptrdiff_t k, std::ptrdiff_t n, matrix<const T> b, T* to, std::ptrdiff_t next) {
  constexpr int N = 16 / sizeof(T), part = 64;  // so many rows of the result stay in the first-level cache
  using V = vector<T, N>;
  if (k > part) {
    turn(part, n, b, to, next);
    return turn(k - part, n, b.from(part), to + part * next, next);
  }
  for (std::ptrdiff_t j = 0; j < n; j += N) {
    const T* from = b.at + j * b.column;
    T* out = to + j;
    std::ptrdiff_t left = j + N <= n ? k : 0;
    for (; left >= N; left -= N, from += N, out += N * next) {
      V x[N], y[N];
#pragma GCC unroll 4
      for (int s = 0; s < N; ++s) load(x[s], from + s * b.column);
#pragma GCC unroll 2
      for (int step = 1; step < N; step *= 2) {
#pragma GCC unroll 2
        for (int s = 0; s < N / 2; ++s) interleave(x[s], x[s + N / 2], y[2 * s], y[2 * s + 1]);
#pragma GCC unroll 4
        for (int s = 0; s < N; ++s) x[s] = y[s];
      }
#pragma GCC unroll 4
      for (int r = 0; r < N; ++r) store(x[r], out + r * next);
    }
    for (const T* const end = b.at + j * b.column + k; from < end; ++from, out += next)
      for (std::ptrdiff_t s = 0; s < N && j + s < n; ++s) out[s] = from[s * b.column];
  }
}

}  // namespace tg::lanes

#include "../support/compiler/end.hpp"
