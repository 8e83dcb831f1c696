// SPDX-License-Identifier: BSL-1.0
// Calls of one function, made together in the lanes of registers: of the widest that the machine has on which
// the program runs. Which calls those are, lower/interleave.hpp says.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../lanes/dispatch.hpp"
#include "../lanes/vector.hpp"

namespace tg::detail {

/// F of n numbers, a multiple of the widest register's.
template <class F, class T>
struct shared_kernel {
  T* number;
  int n;
  template <int Bytes>
  TYPEGRAD_LANES void run() {
    for (int i = 0; i < n; i += Bytes / static_cast<int>(sizeof(T))) {
      lanes::vector<T, Bytes / static_cast<int>(sizeof(T))> x, y;
      __builtin_memcpy(&x, number + i, Bytes);
      F::value(x, y);
      __builtin_memcpy(number + i, &y, Bytes);
    }
  }
};
template <class F, class T>
[[gnu::noinline]] void call_in_lanes(T* number, int n) {
  shared_kernel<F, T> kernel{number, n};
  lanes::run_with(lanes::instructions_here(), kernel);
}

/// The operands of N calls, and then their results.
template <class T, int N>
struct shared_numbers {
  static constexpr int widest = 64 / static_cast<int>(sizeof(T)), all = (N + widest - 1) / widest * widest;
  T number[all];
  template <class F>
  TYPEGRAD_INLINE void call() {
    for (int i = N; i < all; ++i) number[i] = number[0];  // whatever lanes it raises flags in, others do too
    call_in_lanes<F>(number, all);
  }
};

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
