// SPDX-License-Identifier: BSL-1.0
// A growing array for constant evaluation. It holds transient memory, so passes need no capacity fixed in
// advance; the standard vector would do the same and costs several times as much to compile.
#pragma once

namespace tg {

template <class T>
class buffer {
 public:
  constexpr buffer() = default;
  constexpr explicit buffer(int size, T fill = T{}) { assign(size, fill); }
  buffer(const buffer&) = delete;
  buffer& operator=(const buffer&) = delete;
  constexpr ~buffer() { delete[] items; }

  constexpr int size() const { return size_; }
  constexpr T* data() { return items; }
  constexpr const T* data() const { return items; }
  constexpr T& operator[](int i) { return items[i]; }
  constexpr const T& operator[](int i) const { return items[i]; }
  constexpr T& back() { return items[size_ - 1]; }
  constexpr const T* begin() const { return items; }
  constexpr const T* end() const { return items + size_; }
  constexpr T* begin() { return items; }
  constexpr T* end() { return items + size_; }
  constexpr void clear() { size_ = 0; }
  constexpr void pop_back() { --size_; }
  constexpr void resize(int size) {
    size <= capacity_ ? void() : reserve(size < 2 * capacity_ ? 2 * capacity_ : size), size_ = size;
  }
  constexpr void assign(int size, const T& value) {
    delete[] items;
    items = new T[static_cast<unsigned long>(size)]{};
    size_ = capacity_ = size;
    if (value != T{})
      for (int i = 0; i < size; ++i) items[i] = value;
  }
  constexpr void reserve(int capacity) {
    if (capacity <= capacity_) return;
    T* const more = new T[static_cast<unsigned long>(capacity)]{};
    for (int i = 0; i < size_; ++i) more[i] = items[i];
    delete[] items;
    items = more;
    capacity_ = capacity;
  }
  constexpr void push_back(const T& value) {
    size_ < capacity_ ? void() : grow(), items[size_++] = value;
  }

  T* items = nullptr;  // open to hot loops: a call of operator[] is two of the statements that clang counts

 private:
  constexpr void grow() { reserve(2 * capacity_ + 16); }

  int size_ = 0;
  int capacity_ = 0;
};

/// Sorts `first[0..size)` by `less`: insertion for the short lists that operands are, heap sort for long ones.
template <class T, class Less>
constexpr void sort(T* first, int size, Less less) {
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
