// SPDX-License-Identifier: BSL-1.0
// Products of matrices of any size and in any order of storage, for float and double. Sizes are arguments,
// not template arguments: one function for each type and set of instructions serves all. Nothing is
// allocated, and equal numbers give equal bits on one machine, wherever they lie.
#pragma once
#include "../support/compiler/begin.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "dispatch.hpp"
#include "product_tile.hpp"

namespace tg::lanes {

/// C = A B, or C += A B, where A is m by k and B is k by n, and as much for further matrices: those of the
/// next product are next_a, next_b and next_c elements on. Of the two strides of each matrix one is 1. C must
/// not overlap the others.
template <class T>
struct product {
  std::ptrdiff_t m, k, n;
  matrix<const T> a, b;
  matrix<T> c;
  bool add = false;
  std::ptrdiff_t count = 1, next_a = 0, next_b = 0, next_c = 0;

  product transposed() const {
    product p = *this;
    std::swap(p.m, p.n);
    std::swap(p.a, p.b);
    std::swap(p.next_a, p.next_b);
    for (auto* each : {&p.a, &p.b}) std::swap(each->row, each->column);
    std::swap(p.c.row, p.c.column);
    return p;
  }
};

/// Sizes of blocks, measured: B's panel of block_k rows and block_n<T> columns stays in the second-level
/// cache with block_m<T> rows of A; a part of a row or column in the first.
inline constexpr std::ptrdiff_t block_k = 384, block_of_row = 4096;
template <class T>
inline constexpr std::ptrdiff_t block_m = 1536 / sizeof(T);
template <class T>
inline constexpr std::ptrdiff_t block_n = 192 / sizeof(T);

/// The first part of `left`, cut into parts of at most `block`, the last two alike up to a multiple of 8.
constexpr std::ptrdiff_t part_of(std::ptrdiff_t left, std::ptrdiff_t block) {
  return left <= block ? left : left >= 2 * block ? block : (left / 2 + 7) / 8 * 8;
}

/// How many numbers of scratch memory `multiply` needs. It begins at a line of the cache in them.
template <class T>
constexpr std::ptrdiff_t scratch_size(std::ptrdiff_t m, std::ptrdiff_t k, std::ptrdiff_t n) {
  return std::max(std::min(k, block_k) * block_n<T>, std::min(std::max({m, k, n}), block_of_row)) +
         64 / sizeof(T);
}

/// A panel of C, of at most W vectors in each row.
template <class T, int W>
struct panel {
  std::ptrdiff_t m, k, columns;
  matrix<const T> a, b;
  matrix<T> c;
  bool add;

  template <int bytes>
  TYPEGRAD_LANES void run() const {
    if constexpr (bytes == 64 || W == 2) {
      constexpr int R = bytes == 64 ? 8 : bytes == 32 ? 6 : 4;
      using V = vector<T, bytes / sizeof(T)>;
      for (std::ptrdiff_t i = 0; i < m; i += R) {
        const std::ptrdiff_t from = std::min(i, m - R);
        tile<V, R, W, T>(k, a.from(from, 0), b, c.from(from, 0), i - from, columns - width<V>, add);
      }
    }
  }
};

/// A product by tiles: m is at least 8, n at least the width of a vector, and the rows of C are contiguous.
template <class T>
void by_tiles(instructions set, const product<T>& p, matrix<const T> a, matrix<const T> b, matrix<T> c,
              T* scratch) {
  const std::ptrdiff_t N = (16 << int(set)) / sizeof(T), W = set == instructions::avx512 ? 3 : 2;
  std::ptrdiff_t q = 0, k;
  do {
    k = part_of(p.k - q, block_k);
    for (std::ptrdiff_t i = 0, m; i < p.m; i += m) {
      m = part_of(p.m - i, block_m<T>);
      for (std::ptrdiff_t j = 0, columns; j < p.n; j += columns) {
        // A vector that overlaps another needs it in its own tile.
        const std::ptrdiff_t vectors = (p.n - j + N - 1) / N;
        const std::ptrdiff_t w = vectors == W + 1 ? W - 1 : std::min(vectors, W);
        columns = std::min(w * N, p.n - j);
        // The panel of B is copied where its rows are not contiguous, or where many tiles read it.
        matrix<const T> from = b.from(q, j);
        if (b.column != 1)
          turn(k, columns, from, scratch, w * N);
        else if (m >= 128)
          copy(k, columns, from, scratch, w * N);
        if (b.column != 1 || m >= 128) from = {scratch, w * N, 1};
        const auto run = [&](const auto& part) { run_with(set, part); };
        if (w == 3)
          run(panel<T, 3>{m, k, columns, a.from(i, q), from, c.from(i, j), p.add || q > 0});
        else if (w == 2 || W == 2)
          run(panel<T, 2>{m, k, columns, a.from(i, q), from, c.from(i, j), p.add || q > 0});
        else
          run(panel<T, 1>{m, k, columns, a.from(i, q), from, c.from(i, j), p.add || q > 0});
      }
    }
  } while ((q += k) < p.k);
}

/// A product of few rows, each by itself: memory sets the pace, so no vectors of 64 bytes.
template <class T>
struct by_rows {
  const product<T>& p;
  T* scratch;

  template <int bytes>
  TYPEGRAD_LANES void run() const {
    using V = vector<T, bytes / sizeof(T)>;
    for (std::ptrdiff_t i = 0; i < p.count; ++i)
      for (std::ptrdiff_t row = 0; row < p.m; ++row) {
        const matrix<const T> x = p.a.from(i * p.next_a).from(row, 0), b = p.b.from(i * p.next_b);
        const matrix<T> c = p.c.from(i * p.next_c).from(row, 0);
        if (b.column == 1)
          sums_of_rows<V>(x, b, c);
        else
          dots<V>(x, b, c);
      }
  }

  template <class V>
  TYPEGRAD_LANES void sums_of_rows(matrix<const T> x, matrix<const T> b, matrix<T> c) const {
    for (std::ptrdiff_t j = 0; j < p.n; j += block_of_row) {
      const std::ptrdiff_t n = std::min(block_of_row, p.n - j);
      const bool direct = c.column == 1;
      T* to = direct ? c.at + j : scratch;
      if (!direct || !p.add) std::fill_n(to, n, T(0));
      std::ptrdiff_t q = 0;
      for (; q + 8 <= p.k; q += 8) add_rows<V, 8>(n, x.from(0, q).at, x.column, b.from(q, j).at, b.row, to);
      for (; q < p.k; ++q) add_rows<V, 1>(n, x.from(0, q).at, x.column, b.from(q, j).at, b.row, to);
      for (std::ptrdiff_t s = 0; !direct && s < n; ++s) {
        T& out = *c.from(0, j + s).at;
        out = p.add ? out + to[s] : to[s];
      }
    }
  }

  template <class V>
  TYPEGRAD_LANES void dots(matrix<const T> x, matrix<const T> b, matrix<T> c) const {
    for (std::ptrdiff_t q = 0; q == 0 || q < p.k; q += block_of_row) {
      const std::ptrdiff_t k = std::min(block_of_row, p.k - q);
      const T* from = x.at + q;
      if (x.column != 1) {
        for (std::ptrdiff_t s = 0; s < k; ++s) scratch[s] = *x.from(0, q + s).at;
        from = scratch;
      }
      for (std::ptrdiff_t j = 0; j < p.n; j += width<V>)
        dot<V>(k, from, b.from(q, j).at, b.column, c.from(0, j).at, c.column,
               std::min<std::ptrdiff_t>(width<V>, p.n - j), p.add || q > 0);
    }
  }
};

/// Computes p. `scratch` has scratch_size<T>(p.m, p.k, p.n) numbers.
template <class T>
void multiply(const product<T>& p, T* scratch, instructions set = instructions_here()) {
  if (p.m <= 0 || p.n <= 0) return;
  if (p.c.column != 1 && p.c.row == 1 && p.n > 1) return multiply(p.transposed(), scratch, set);
  scratch += -reinterpret_cast<std::uintptr_t>(scratch) % 64 / sizeof(T);
  const auto lanes = [&] { return std::ptrdiff_t((16 << int(set)) / sizeof(T)); };
  if (set == instructions::avx512 && p.n < lanes()) set = instructions::avx2;
  if (p.m >= 8 && p.n >= lanes()) {
    for (std::ptrdiff_t i = 0; i < p.count; ++i)
      by_tiles(set, p, p.a.from(i * p.next_a), p.b.from(i * p.next_b), p.c.from(i * p.next_c), scratch);
    return;
  }
  const product<T> few = p.m < 8 ? p : p.transposed();
  const by_rows<T> rows{few, scratch};
#if defined(__x86_64__)
  if (set != instructions::baseline) return run_avx2(rows);
#endif
  run_baseline(rows);
}

}  // namespace tg::lanes

#include "../support/compiler/end.hpp"
