// SPDX-License-Identifier: BSL-1.0
// Tables of places in scratch memory: where elements are that have no common distance.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cstddef>
#include <cstdint>

namespace tg::detail {

class place_table {
 public:
  /// How many numbers of scratch memory `tables` tables of `count` places take.
  template <class T>
  static constexpr std::ptrdiff_t scratch(std::ptrdiff_t count, std::ptrdiff_t tables) {
    constexpr auto size = static_cast<std::ptrdiff_t>(sizeof(T));
    return ((count * tables + 1) * static_cast<std::ptrdiff_t>(sizeof(std::ptrdiff_t)) + size - 1) / size;
  }

  /// Tables from there on. Numbers of any type are bytes to it, which are aligned.
  explicit place_table(void* memory)
      : next_{reinterpret_cast<std::ptrdiff_t*>(
            (reinterpret_cast<std::uintptr_t>(memory) + sizeof(std::ptrdiff_t) - 1) / sizeof(std::ptrdiff_t) *
            sizeof(std::ptrdiff_t))} {}
  std::ptrdiff_t* take(std::ptrdiff_t count) {
    std::ptrdiff_t* const first = next_;
    next_ += count;
    return first;
  }
  /// The memory after the tables.
  void* end() const { return next_; }

 private:
  std::ptrdiff_t* next_;
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
