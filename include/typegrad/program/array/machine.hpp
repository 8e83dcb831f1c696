// SPDX-License-Identifier: BSL-1.0
// What the steps of an array function run on: pointers to its buffers, and the lengths of this call. A step
// is a function and a list of words, the numbers of buffers and lengths; nothing here depends on a shape.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "../../support/compiler/attributes.hpp"
#include "../../support/error.hpp"

namespace tg::detail {

/// The integers of an index, of whatever type.
struct index_numbers {
  const void* data = nullptr;
  int bytes = 0;  // of one; negative where they have a sign

  std::ptrdiff_t operator[](std::ptrdiff_t k) const {
    return bytes == -4 ? at<std::int32_t>(k) : bytes == 4 ? at<std::uint32_t>(k) : at<std::int64_t>(k);
  }

 private:
  template <class Integer>
  std::ptrdiff_t at(std::ptrdiff_t k) const {
    Integer number;
    std::memcpy(&number, static_cast<const Integer*>(data) + k, sizeof number);
    return static_cast<std::ptrdiff_t>(number);
  }
};

template <class T>
struct array_machine {
  T** buffer;
  const index_numbers* index;  // by the number of the buffer
  const std::ptrdiff_t* length;
  T* scratch;  // as much as the step that needs most of it
  // Of functions with loops over steps: the steps, and what runs some of them.
  const void* program = nullptr;
  void (*run_steps)(const void* program, const array_machine&, int first, int count) = nullptr;

  /// Where an array begins: the words are its buffer and an offset.
  T* place(const int* words) const {
    T* const begin = buffer[words[0]];
    return begin == nullptr ? begin : begin + length[words[1]];  // null: no elements
  }
};

/// The axes of its results along which a step can be made in parts, each the work of another thread: where,
/// among the words of the step, those of each axis begin, and those of the `width` places that move along.
/// Parts begin at multiples of `grain` and are no shorter, so that each element is computed as in the whole.
struct split_axes {
  int places, width;
  int count = 0, axis[3]{}, grain[3]{};
  constexpr split_axes& with(int words, int elements) {
    axis[count] = words, grain[count++] = elements;
    return *this;
  }
  /// The first of so many axes, if there is one; a single one is of neighbours.
  constexpr split_axes& with_first(int words, int axes) {
    return axes > 0 ? with(words, axes == 1 ? 16 : 1) : *this;
  }
};

/// For steps that ask which of two numbers is larger.
template <class T>
constexpr bool is_not_complex() {
  if constexpr (requires(const T& x) { x < x; })
    return true;
  else
    return refuse<text{"function: max, min and log_determinant are not for complex numbers."}, T>();
}

template <class T>
using array_step = void (*)(const array_machine<T>&, const int*);

/// Moves the `width` pointers, or places, to the next position along some axes, the last one fastest, and
/// back to the first one after the last: then it returns false. It is no part of each loop, as these are
/// many.
template <class At>
bool to_next(const std::ptrdiff_t* length, const int* axes, int count, std::ptrdiff_t* index, At* at,
             int width) {
  for (int k = count - 1; k >= 0; --k) {
    const int* const axis = axes + k * (width + 1);
    const std::ptrdiff_t extent = length[axis[0]];
    const bool next = ++index[k] < extent;
    for (int j = 0; j < width; ++j) at[j] += (next ? 1 : 1 - extent) * length[axis[j + 1]];
    if (next) return true;
    index[k] = 0;
  }
  return false;
}
/// Calls `use` at every position along some axes. The words of an axis are its extent and its strides.
template <class T, class At, class Use>
TYPEGRAD_INLINE void over_axes(const array_machine<T>& m, const int* axes, int count, At* at, int width,
                               Use use) {
  std::ptrdiff_t index[8] = {};
  for (int k = 0; k < count; ++k)
    if (m.length[axes[k * (width + 1)]] == 0) return;
  do use();
  while (count > 0 && to_next(m.length, axes, count, index, at, width));
}
template <int Width, class T, class At, class Use>
TYPEGRAD_INLINE void over_axes(const array_machine<T>& m, const int* axes, int count, At* at, Use use) {
  over_axes(m, axes, count, at, Width, use);
}

template <class T>
void put_zeros(T* to, std::ptrdiff_t count) {
  for (std::ptrdiff_t i = 0; i < count; ++i) to[i] = T(0);
}
/// Calls use(x, y) for the elements at at[0] and at[1] along axes.
template <class T, class Use>
TYPEGRAD_INLINE void over_pairs(const array_machine<T>& m, const int* axes, int count, T** at, Use use) {
  const int* const last = axes + 3 * (count - 1);
  const std::ptrdiff_t extent = count > 0 ? m.length[last[0]] : 1;
  const std::ptrdiff_t from = count > 0 ? m.length[last[1]] : 0, to = count > 0 ? m.length[last[2]] : 0;
  over_axes<2>(m, axes, count - 1, at, [&] {
    const T* x = at[0];
    T* y = at[1];
    if (from == 1 && to == 1)
      for (std::ptrdiff_t i = 0; i < extent; ++i) use(x[i], y[i]);
    else
      for (std::ptrdiff_t i = 0; i < extent; ++i, x += from, y += to) use(*x, *y);
  });
}
/// Copies elements from at[0] to at[1] along axes.
template <class T>
void copy_along(const array_machine<T>& m, const int* axes, int count, T** at) {
  over_pairs(m, axes, count, at, [](const T& x, T& y) { y = x; });
}
/// The same by words; returns those after the copy (array_lowering::put_copy).
template <class T>
const int* copy_elements(const array_machine<T>& m, const int* words) {
  T* at[2] = {m.place(words), m.place(words + 2)};
  copy_along(m, words + 5, words[4], at);
  return words + 5 + 3 * words[4];
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
