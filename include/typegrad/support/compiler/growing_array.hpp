// SPDX-License-Identifier: BSL-1.0
// A growing array for constant evaluation, kept where each compiler reads it fastest. g++ (12) takes a
// microsecond and 200 bytes for every access through a pointer, so there it is an array member, whose unused
// elements cost nothing, zeros included (and whose megabytes of stack nothing may ask for at run time: see
// docs/inspection.md). clang (19) fills such a member up to its capacity, and EDG's front end (nvcc 13) takes
// one of that size for no constant; for them it is on the heap. May go when std::vector is as fast in g++'s
// constant evaluation.
#pragma once
#include "../../support/compiler/begin.hpp"

namespace tg::detail {

template <class T>
class buffer {
 public:
#if defined(__clang__) || defined(__EDG__) || defined(__CUDACC__)
  using storage = T*;
  constexpr ~buffer() { delete[] items; }
  constexpr void assign(int size, const T& value) {
    delete[] items;
    items = new T[static_cast<unsigned long>(size)]{};
    used = capacity = size;
    if (value != T{})
      for (int i = 0; i < size; ++i) items[i] = value;
  }
  constexpr void zeros(int size) { assign(size, T{}); }
  constexpr void reserve(int more_room) {
    if (more_room <= capacity) return;
    T* const more = new T[static_cast<unsigned long>(more_room)]{};
    for (int i = 0; i < used; ++i) more[i] = items[i];
    delete[] items;
    items = more;
    capacity = more_room;
  }
  constexpr void resize(int size) {
    size <= capacity ? void() : reserve(size < 2 * capacity ? 2 * capacity : size), used = size;
  }
  constexpr void push_back(const T& value) {
    used < capacity ? void() : reserve(2 * capacity + 16), items[used++] = value;
  }
#else
  using storage = T[1 << 20];
  constexpr void assign(int size, const T& value) {
    used = size;
    for (int i = 0; i < size; ++i) items[i] = value;
  }
  constexpr void reserve(int) {}
  constexpr void resize(int size) {
    for (int i = used; i < size; ++i) items[i] = T{};
    used = size;
  }
  /// The first elements of an array that nothing was written to are 0.
  constexpr void zeros(int size) { size <= free_zeros ? void(used = size) : assign(size, T{}); }
  constexpr void push_back(const T& value) { items[used++] = value; }
#endif

  constexpr buffer() = default;
  constexpr explicit buffer(int size) { zeros(size); }
  constexpr buffer(int size, const T& fill) { assign(size, fill); }
  buffer(const buffer&) = delete;
  buffer& operator=(const buffer&) = delete;

  constexpr int size() const { return used; }
  constexpr T& operator[](int i) { return items[i]; }
  constexpr const T& operator[](int i) const { return items[i]; }
  constexpr T& back() { return items[used - 1]; }
  constexpr const T* begin() const { return items; }
  constexpr const T* end() const { return items + used; }
  constexpr T* begin() { return items; }
  constexpr T* end() { return items + used; }
  constexpr void clear() { used = 0; }
  constexpr void pop_back() { --used; }

  // Open to hot loops: a call of operator[] or size() takes either compiler several times as long.
#if defined(__clang__) || defined(__EDG__) || defined(__CUDACC__)
  storage items = nullptr;
  int used = 0, capacity = 0;
  static constexpr int free_zeros = 64;
#else
  storage items{};
  int used = 0;
  static constexpr int capacity = 1 << 20, free_zeros = 4096;  // more are stored one by one, and read faster
#endif
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
