// SPDX-License-Identifier: BSL-1.0
// How a loop in lanes goes through memory: in blocks of elements that lie in a row in every operand, one
// vector after the other. Operands that lie otherwise, as those that are broadcast along narrow rows, are
// copied beside first, and so is what is left over at the end. It is the same code for every body.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cstddef>
#include <cstring>

#include "lane_axes.hpp"

namespace tg::detail {

/// Two axes of a loop with `all` operands and results, of which the first `in` are operands.
template <class T>
class loop_blocks {
 public:
  static constexpr int N = block_bytes / static_cast<int>(sizeof(T));
  /// The body in lanes (loop.hpp).
  using block_body = void (*)(T* const* at, const std::ptrdiff_t* step, std::ptrdiff_t count);
  /// How many elements are copied beside at once; of the memory that takes, for each operand and result.
  static constexpr int room(int all) { return all <= 8 ? 256 : all <= 16 ? 128 : 64; }
  static constexpr int memory(int all) { return room(all) + 2 * N; }
  static constexpr int memory_up_to(int most) {
    int largest = 0;
    for (int all = 1; all <= most; ++all)
      if (all * memory(all) > largest) largest = all * memory(all);
    return largest;
  }

  int in, all;
  std::ptrdiff_t rows, columns;
  const std::ptrdiff_t *outer, *inner;  // strides
  block_body body;
  T* beside;             // room for memory_up_to(all) numbers,
  T **part, **last;      // and for `all` places of a block, and of what is left over,
  std::ptrdiff_t* step;  // and steps

  void run(T* const* at) const {
    if (rows == 0 || columns == 0) return;
    bool direct = true, whole_rows = columns % N == 0;
    for (int k = 0; k < all; ++k) {
      direct = direct && (inner[k] == 1 || (k < in && inner[k] == 0));
      whole_rows = whole_rows && (inner[k] == 1 || (k < in && inner[k] == 0 && outer[k] == 0));
    }
    if (whole_rows) return run_rows(at);
    std::ptrdiff_t wide = direct ? columns : room(all), high = 1;
    if (2 * columns <= room(all)) {  // as many rows as are whole vectors together
      high = room(all) / columns;
      const std::ptrdiff_t power = columns & -columns, whole = power < N ? N / power : 1;
      if (high > whole) high -= high % whole;
    }
    for (std::ptrdiff_t r = 0; r < rows; r += high)
      for (std::ptrdiff_t c = 0; c < columns; c += wide)
        run_block(at, r, c, rows - r < high ? rows - r : high, columns - c < wide ? columns - c : wide);
  }

 private:
  T* memory_of(int k) const { return beside + k * memory(all); }

  /// Rows of whole vectors, each where it is.
  void run_rows(T* const* at) const {
    for (int k = 0; k < all; ++k) {
      part[k] = inner[k] == 1 ? at[k] : memory_of(k);
      step[k] = inner[k];
      if (inner[k] == 0) fill(*at[k], part[k], N);
    }
    for (std::ptrdiff_t r = 0; r < rows; ++r) {
      body(part, step, columns);
      for (int k = 0; k < all; ++k) part[k] += outer[k];
    }
  }
  void run_block(T* const* at, std::ptrdiff_t r, std::ptrdiff_t c, std::ptrdiff_t h, std::ptrdiff_t w) const {
    const std::ptrdiff_t whole = h * w / N * N, rest = h * w - whole;
    for (int k = 0; k < all; ++k) {
      T* const x = at[k] + r * outer[k] + c * inner[k];
      part[k] = x;
      step[k] = 1;
      if (inner[k] == 1 && (h == 1 || outer[k] == w)) continue;
      part[k] = memory_of(k);
      if (k >= in) continue;
      if (inner[k] == 0 && (h == 1 || outer[k] == 0)) {
        step[k] = 0;
        fill(*x, part[k], N);
      } else {
        for (std::ptrdiff_t i = 0; i < h; ++i) {
          const T* const row = x + i * outer[k];
          T* const to = part[k] + i * w;
          if (inner[k] == 0)
            fill(*row, to, w);
          else if (inner[k] == 1)
            std::memcpy(to, row, static_cast<std::size_t>(w) * sizeof(T));
          else
            for (std::ptrdiff_t j = 0; j < w; ++j) to[j] = row[j * inner[k]];
        }
      }
    }
    if (whole > 0) body(part, step, whole);
    if (rest > 0) run_rest(whole, rest);
    for (int k = in; k < all; ++k)
      if (part[k] == memory_of(k))
        for (std::ptrdiff_t i = 0; i < h; ++i)
          for (std::ptrdiff_t j = 0; j < w; ++j)
            at[k][(r + i) * outer[k] + (c + j) * inner[k]] = part[k][i * w + j];
  }

  /// What is too little for a vector, filled up with zeros.
  void run_rest(std::ptrdiff_t whole, std::ptrdiff_t rest) const {
    const std::size_t size = static_cast<std::size_t>(rest) * sizeof(T);
    for (int k = 0; k < all; ++k) {
      last[k] = step[k] == 0 ? part[k] : memory_of(k) + room(all) + N;
      if (k >= in || step[k] == 0) continue;
      fill(T(0), last[k], N);
      std::memcpy(last[k], part[k] + whole, size);
    }
    body(last, step, N);
    for (int k = in; k < all; ++k) std::memcpy(part[k] + whole, last[k], size);
  }

  /// The same number n times, and perhaps some more: whole vectors are written.
  static void fill(T x, T* to, std::ptrdiff_t n) {
    const lane_numbers<T, lanes_of<T>> v(x);
    for (std::ptrdiff_t j = 0; j < n; j += lanes_of<T>) std::memcpy(to + j, &v.all, sizeof v.all);
  }
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
