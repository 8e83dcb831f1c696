// SPDX-License-Identifier: BSL-1.0
// A growing array for constant evaluation, kept where each compiler reads it fastest. g++ (12) takes a
// microsecond and 200 bytes for every access through a pointer, so there it is an array member, whose unused
// elements cost nothing (and whose megabytes of stack nothing may ask for at run time: see
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
    used = capacity_ = size;
    if (value != T{})
      for (int i = 0; i < size; ++i) items[i] = value;
  }
  constexpr void reserve(int capacity) {
    if (capacity <= capacity_) return;
    T* const more = new T[static_cast<unsigned long>(capacity)]{};
    for (int i = 0; i < used; ++i) more[i] = items[i];
    delete[] items;
    items = more;
    capacity_ = capacity;
  }
  constexpr void resize(int size) {
    size <= capacity_ ? void() : reserve(size < 2 * capacity_ ? 2 * capacity_ : size), used = size;
  }
  constexpr void push_back(const T& value) {
    used < capacity_ ? void() : reserve(2 * capacity_ + 16), items[used++] = value;
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
  constexpr void push_back(const T& value) { items[used++] = value; }
#endif

  constexpr buffer() = default;
  constexpr explicit buffer(int size, T fill = T{}) { assign(size, fill); }
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
  int used = 0;

 private:
  int capacity_ = 0;
#else
  storage items;
  int used = 0;
#endif
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
