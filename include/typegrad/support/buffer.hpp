// SPDX-License-Identifier: BSL-1.0
// A growing array for constant evaluation, kept where each compiler reads it fastest: an array member in g++,
// which takes a microsecond and 200 bytes for every access through a pointer; the heap in clang, which fills
// an array member up to its capacity.
#pragma once

#include <type_traits>

namespace tg {

template <class T>
class buffer {
 public:
#if defined(__clang__)
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
#if defined(__clang__)
  storage items = nullptr;
  int used = 0;

 private:
  int capacity_ = 0;
#else
  storage items;
  int used = 0;
#endif
};

/// Sorts the elements [0, size) of an array by `less`: insertion for the short lists that operands are, heap
/// sort for long ones.
template <class Array, class Less>
constexpr void sort(Array& first, int size, Less less) {
  using T = std::remove_cvref_t<decltype(first[0])>;
  if (size <= 12) {
    for (int i = 1; i < size; ++i) {
      const T value = first[i];
      int j = i;
      for (; j > 0 && less(value, first[j - 1]); --j) first[j] = first[j - 1];
      first[j] = value;
    }
    return;
  }
  auto sift = [&](int sift_root, int sift_end) {
    const T sifted = first[sift_root];
    for (int sift_child = 2 * sift_root + 1; sift_child < sift_end; sift_child = 2 * sift_root + 1) {
      if (sift_child + 1 < sift_end && less(first[sift_child], first[sift_child + 1])) ++sift_child;
      if (!less(sifted, first[sift_child])) break;
      first[sift_root] = first[sift_child];
      sift_root = sift_child;
    }
    first[sift_root] = sifted;
  };
  for (int i = size / 2 - 1; i >= 0; --i) sift(i, size);
  for (int end = size - 1; end > 0; --end) {
    const T largest = first[0];
    first[0] = first[end];
    first[end] = largest;
    sift(0, end);
  }
}

}  // namespace tg
