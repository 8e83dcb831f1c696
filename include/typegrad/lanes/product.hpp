// SPDX-License-Identifier: BSL-1.0
// Products of matrices of any size and in any order of storage, for float and double. Sizes are arguments,
// not template arguments: one function for each type and set of instructions serves all. Nothing is
// allocated, and equal numbers give equal bits on one machine, wherever they lie.
#pragma once
#include "../support/compiler/begin.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include "dispatch.hpp"
#include "product_tile.hpp"

namespace tg::lanes {

/// C = A B, or C += A B, where A is m by k and B is k by n. Of the two strides of each matrix one is 1. C
/// must not overlap the others.
template <class T>
struct product {
  std::ptrdiff_t m, k, n;
  matrix<const T> a, b;
  matrix<T> c;
  bool add = false;

  product transposed() const {
    const auto turned = [](const auto& x) { return std::remove_cvref_t<decltype(x)>{x.at, x.column, x.row}; };
    return {n, k, m, turned(b), turned(a), turned(c), add};
  }
};

/// Sizes of blocks, measured: B's panel of block_k rows and three vectors stays in the second-level cache
/// with block_m<T> rows of A; a part of a row or column in the first.
inline constexpr std::ptrdiff_t block_k = 384, block_of_row = 4096;
template <class T>
inline constexpr std::ptrdiff_t block_m = 1536 / sizeof(T);

/// The first part of `left`, cut into parts of at most `block`, the last two alike up to a multiple of 8.
constexpr std::ptrdiff_t part_of(std::ptrdiff_t left, std::ptrdiff_t block) {
  return left <= block ? left : left >= 2 * block ? block : (left / 2 + 7) / 8 * 8;
}

/// How many numbers of scratch memory `multiply` needs. It begins at a line of the cache in them.
template <class T>
constexpr std::ptrdiff_t scratch_size(std::ptrdiff_t m, std::ptrdiff_t k, std::ptrdiff_t n) {
  constexpr std::ptrdiff_t line = 64 / sizeof(T);
  const std::ptrdiff_t panel_k = smaller(k, block_k), panel_m = smaller(larger(m, n), block_m<T>);
  return larger((panel_k + larger(2 * panel_k, smaller(m, n) < line ? panel_m : 0)) * line,
                smaller(larger(m, larger(k, n)), block_of_row)) +
         line;
}

/// A panel of C, of at most three vectors in each row, of which the last begins at column `last`.
template <class T>
struct panel {
  std::ptrdiff_t m, k, last;
  matrix<const T> a, b;
  matrix<T> c;
  bool add;
};
template <class T, int W>
struct panel_by_tiles {
  const panel<T>& p;

  template <int bytes>
  TYPEGRAD_LANES void run() const {
    constexpr int R = bytes == 64 ? 8 : bytes == 32 ? 6 : 4;
    for (std::ptrdiff_t i = 0; i < p.m; i += R)
      tile<vector<T, bytes / sizeof(T)>, R, W, T>(p.k, smaller(R, p.m - i), p.a.from(i, 0), p.b,
                                                  p.c.from(i, 0), p.last, p.add);
  }
};
template <class T>
void run_panel(instructions set, const panel<T>& p, std::ptrdiff_t vectors) {
  const panel_by_tiles<T, 2> two{p};
#if defined(__x86_64__)
  const panel_by_tiles<T, 3> three{p};
  const panel_by_tiles<T, 1> one{p};
  if (set == instructions::avx2) return run_avx2(two);
  vectors == 3 ? run_avx512(three) : vectors == 2 ? run_avx512(two) : run_avx512(one);
#else
  run_baseline(two);
#endif
}

/// A product by tiles; the rows of C are contiguous.
template <class T>
void by_tiles(instructions set, const product<T>& p, T* scratch) {
  const std::ptrdiff_t N = (16 << int(set)) / sizeof(T), W = set == instructions::avx512 ? 3 : 2;
  for (std::ptrdiff_t q = 0, k; q < p.k; q += k) {
    k = part_of(p.k - q, block_k);
    for (std::ptrdiff_t i = 0, m; i < p.m; i += m) {
      m = part_of(p.m - i, block_m<T>);
      for (std::ptrdiff_t j = 0, columns; j < p.n; j += columns) {
        // A vector that overlaps another needs it in its own tile.
        const std::ptrdiff_t vectors = (p.n - j + N - 1) / N;
        const std::ptrdiff_t width = (vectors == W + 1 ? W - 1 : smaller(vectors, W)) * N;
        columns = smaller(width, p.n - j);
        const bool narrow = columns < N, add = p.add || q > 0;
        panel<T> part{m, k, columns - N, p.a.from(i, q), p.b.from(q, j), p.c.from(i, j), add};
        // The panel of B is copied where its rows are not contiguous, or where many tiles read it; and if it
        // is narrower than a vector it is padded, and C is kept beside.
        if (part.b.column != 1 || narrow || m >= 128) {
          if (narrow) std::memset(scratch, 0, static_cast<std::size_t>(k * N) * sizeof(T));
          part.b.column != 1 ? turn(k, columns, part.b, scratch, width)
                             : copy(k, columns, part.b.at, part.b.row, scratch, width);
          part.b = {scratch, width, 1};
        }
        if (narrow) {
          part.last = 0;
          part.c = {scratch + k * N, N, 1};
          if (add) copy<T>(m, columns, p.c.from(i, j).at, p.c.row, part.c.at, N);
        }
        run_panel(set, part, width / N);
        if (narrow) copy<T>(m, columns, part.c.at, N, p.c.from(i, j).at, p.c.row);
      }
    }
  }
}

/// A product of few rows, each by itself: memory sets the pace, so no vectors of 64 bytes.
template <class T>
struct by_rows {
  const product<T>& p;
  T* scratch;

  template <int bytes>
  TYPEGRAD_LANES void run() const {
    using V = vector<T, bytes / sizeof(T)>;
    for (std::ptrdiff_t row = 0; row < p.m; ++row) {
      const T* const x = p.a.at + row * p.a.row;
      T* const c = p.c.at + row * p.c.row;
      for (std::ptrdiff_t j = 0; j < p.n && !p.add; ++j) c[j * p.c.column] = T(0);
      p.b.column == 1 ? add_multiples<V>(x, c) : add_products<V>(x, c);
    }
  }

  /// Adds the rows of B, each times a number.
  template <class V>
  TYPEGRAD_LANES void add_multiples(const T* x, T* c) const {
    for (std::ptrdiff_t j = 0, n; j < p.n; j += n) {
      n = smaller(block_of_row, p.n - j);
      T* const to = p.c.column == 1 ? c + j : scratch;
      for (std::ptrdiff_t s = 0; s < n && to == scratch; ++s) scratch[s] = T(0);
      std::ptrdiff_t q = 0;
      for (; q + 8 <= p.k; q += 8)
        add_rows<V, 8>(n, x + q * p.a.column, p.a.column, p.b.at + q * p.b.row + j, p.b.row, to);
      for (; q < p.k; ++q)
        add_rows<V, 1>(n, x + q * p.a.column, p.a.column, p.b.at + q * p.b.row + j, p.b.row, to);
      for (std::ptrdiff_t s = 0; s < n && to == scratch; ++s) c[(j + s) * p.c.column] += scratch[s];
    }
  }

  /// Adds the dot products with the columns of B.
  template <class V>
  TYPEGRAD_LANES void add_products(const T* x, T* c) const {
    for (std::ptrdiff_t q = 0, k; q < p.k; q += k) {
      k = smaller(block_of_row, p.k - q);
      for (std::ptrdiff_t s = 0; s < k; ++s) scratch[s] = x[(q + s) * p.a.column];
      for (std::ptrdiff_t j = 0; j < p.n; j += width<V>)
        dot<V>(k, scratch, p.b.at + q + j * p.b.column, p.b.column, c + j * p.c.column, p.c.column,
               smaller(width<V>, p.n - j), true);
    }
  }
};

/// Computes p by plain loops, for any type of numbers and any strides.
template <class T>
void multiply_plainly(const product<T>& p) {
  for (std::ptrdiff_t i = 0; i < p.m; ++i) {
    for (std::ptrdiff_t j = 0; j < p.n && !p.add; ++j) *p.c.from(i, j).at = T(0);
    for (std::ptrdiff_t q = 0; q < p.k; ++q)
      for (std::ptrdiff_t j = 0; j < p.n; ++j) *p.c.from(i, j).at += *p.a.from(i, q).at * *p.b.from(q, j).at;
  }
}

/// Computes p. `scratch` has scratch_size<T>(p.m, p.k, p.n) numbers.
template <class T>
void multiply(const product<T>& p, T* scratch, instructions set = instructions_here()) {
#if defined(__x86_64__)
  if (set == instructions::baseline) return multiply_plainly(p);
#endif
  if (p.k == 0) return multiply_plainly(p);
  if (p.c.column != 1 && p.c.row == 1 && p.n > 1) return multiply(p.transposed(), scratch, set);
  scratch += -reinterpret_cast<std::uintptr_t>(scratch) % 64 / sizeof(T);
  if (p.m >= 4 && p.n >= 4) return by_tiles(set, p, scratch);
  const product<T> few = p.m <= p.n ? p : p.transposed();
  const by_rows<T> rows{few, scratch};
#if defined(__x86_64__)
  run_avx2(rows);
#else
  run_baseline(rows);
#endif
}

}  // namespace tg::lanes

#include "../support/compiler/end.hpp"
