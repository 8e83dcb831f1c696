// SPDX-License-Identifier: BSL-1.0
// Products of matrices whose elements do not lie in rows, as those of the windows of an image: tables say
// where they are. Only some neighbours, a run, lie side by side, and they go into the lanes of vectors:
// either neighbours of the result, or neighbours over which is summed.
#pragma once
#include "../support/compiler/begin.hpp"

#include "product.hpp"

namespace tg::lanes {

/// How many rows a tile may have, and how many vectors there are in each.
template <int bytes>
inline constexpr int tile_rows[3] = {bytes == 64 ? 8 : 4, bytes == 64 ? 6 : 3, bytes == 64 ? 2 : 1};
constexpr int tile_vectors(instructions set) { return set == instructions::avx512 ? 3 : 2; }
/// Which of these serves so many rows best.
constexpr int tile_kind(instructions set, std::ptrdiff_t rows) {
  int best = 0;
  std::ptrdiff_t least = 0;
  for (int k = 0; k < 3; ++k) {
    const int r = set == instructions::avx512 ? tile_rows<64>[k] : tile_rows<32>[k];
    const std::ptrdiff_t cost = (rows + r - 1) / r * (r + 3);
    if (k == 0 || cost < least) best = k, least = cost;
  }
  return best;
}

/// Half of the lanes of x, from lane `First` on.
template <int First, class V, class H, int... I>
TYPEGRAD_LANES void take_half(const V& x, H& half, std::integer_sequence<int, I...>) {
  detail::pick_lanes(x, x, half, std::integer_sequence<int, (First + I)...>{});
}
/// The first `count` lanes of x to memory, or added to what is there; count is 1 or more.
template <class V>
TYPEGRAD_LANES void put_lanes(const V& x, element<V>* to, std::ptrdiff_t count, bool add) {
  constexpr int N = width<V>, half = N / 2;
  if (count == N) {
    V sum = x, before;
    if (add) load(before, to), sum += before;
    return store(sum, to);
  }
  if constexpr (N > 1) {
    vector<element<V>, half> first, last;
    take_half<0>(x, first, std::make_integer_sequence<int, half>{});
    take_half<half>(x, last, std::make_integer_sequence<int, half>{});
    if (count < half) return put_lanes(first, to, count, add);
    put_lanes(first, to, half, add);
    if (count > half) put_lanes(last, to + half, count - half, add);
  }
}

/// Some vectors of each row of C = A B, or C += A B: neighbours c[w][0], c[w][1], ... of a row are the sums
/// over q of a row's A(q) times b[w][place[q]], b[w][place[q] + 1], ...
template <class T>
struct gathered_rows {
  std::ptrdiff_t rows, inner;
  int kind;                           // of tiles, with tile_rows
  const T* a;                         // by tiles, in each by q
  const std::ptrdiff_t *row, *place;  // where rows begin after c[w], and elements after b[w]
  int vectors = 0;
  const T* b[3]{};
  T* c[3]{};
  std::ptrdiff_t count[3]{};  // how many neighbours
  bool add = false;

  template <int bytes>
  TYPEGRAD_LANES void run() const {
    kind == 0   ? by_tiles<bytes, tile_rows<bytes>[0]>()
    : kind == 1 ? by_tiles<bytes, tile_rows<bytes>[1]>()
                : by_tiles<bytes, tile_rows<bytes>[2]>();
  }

 private:
  template <int bytes, int R>
  TYPEGRAD_LANES void by_tiles() const {
    constexpr int W = bytes == 64 ? 3 : 2;
    using V = vector<T, bytes / sizeof(T)>;
    for (std::ptrdiff_t i = 0; i < rows; i += R) {
      if (vectors == W)
        one<V, R, W>(i, 0);
      else
        for (int w = 0; w < vectors; ++w) one<V, R, 1>(i, w);
    }
  }
  template <class V, int R, int W>
  TYPEGRAD_LANES void one(std::ptrdiff_t first, int w0) const {
    V sum[R][W] = {}, x[W];
    const T *at[W], *factor = a + first * inner;
#pragma GCC unroll 3
    for (int w = 0; w < W; ++w) at[w] = b[w0 + w];
    for (std::ptrdiff_t q = 0; q < inner; ++q, factor += R) {
#pragma GCC unroll 3
      for (int w = 0; w < W; ++w) load(x[w], at[w] + place[q]);
#pragma GCC unroll 8
      for (int i = 0; i < R; ++i)
#pragma GCC unroll 3
        for (int w = 0; w < W; ++w) sum[i][w] += factor[i] * x[w];
    }
    // By way of memory, since what puts a vector is long where it stands once for each.
    alignas(V) T all[R * W * width<V>];
#pragma GCC unroll 8
    for (int i = 0; i < R; ++i)
#pragma GCC unroll 3
      for (int w = 0; w < W; ++w) store(sum[i][w], all + (i * W + w) * width<V>);
    const std::ptrdiff_t filled = smaller(R, rows - first) * W;
    for (std::ptrdiff_t k = 0; k < filled; ++k) {
      const std::ptrdiff_t i = k / W, w = w0 + k % W;
      load(x[0], all + k * width<V>);
      put_lanes(x[0], c[w] + row[first + i], count[w], add);
    }
  }
};

/// The rows and columns of a tile of dot products.
template <int bytes>
inline constexpr int dot_rows = bytes == 64 ? 6 : 3;
template <int bytes>
inline constexpr int dot_columns = bytes == 64 ? 4 : 2;

/// Adds to dot products, one for each row of A and column of B: over q and over the first `count` neighbours
/// from a[i][place_a[q]] and b[j][place_b[q]] on. They are kept as vectors, row by row, whose lanes are to be
/// added.
template <class T>
struct gathered_dots {
  const T *a[6], *b[4];
  T* sum;
  std::ptrdiff_t inner;
  const std::ptrdiff_t *place_a, *place_b;
  std::ptrdiff_t count;

  template <int bytes>
  TYPEGRAD_LANES void run() {
    using V = vector<T, bytes / sizeof(T)>;
    count == width<V> ? add_all<V, false>() : add_all<V, true>();
  }

 private:
  template <class V, bool Masked>
  TYPEGRAD_LANES void add_all() {
    constexpr int R = dot_rows<sizeof(V)>, Q = dot_columns<sizeof(V)>, N = width<V>;
    using I = integers<V>;
    I mask = {};
    for (int lane = 0; lane < N; ++lane) mask[lane] = lane < count ? -1 : 0;
    V all[R][Q], y[Q], x;
#pragma GCC unroll 6
    for (int i = 0; i < R; ++i)
#pragma GCC unroll 4
      for (int j = 0; j < Q; ++j) load(all[i][j], sum + (i * Q + j) * N);
    for (std::ptrdiff_t q = 0; q < inner; ++q) {
#pragma GCC unroll 4
      for (int j = 0; j < Q; ++j) {
        load(y[j], b[j] + place_b[q]);
        if constexpr (Masked) y[j] = reinterpret_cast<V>(reinterpret_cast<I>(y[j]) & mask);
      }
#pragma GCC unroll 6
      for (int i = 0; i < R; ++i) {
        load(x, a[i] + place_a[q]);
        if constexpr (Masked) x = reinterpret_cast<V>(reinterpret_cast<I>(x) & mask);
#pragma GCC unroll 4
        for (int j = 0; j < Q; ++j) all[i][j] += x * y[j];
      }
    }
#pragma GCC unroll 6
    for (int i = 0; i < R; ++i)
#pragma GCC unroll 4
      for (int j = 0; j < Q; ++j) store(all[i][j], sum + (i * Q + j) * N);
  }
};

}  // namespace tg::lanes

#include "../support/compiler/end.hpp"
