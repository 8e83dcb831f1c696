// SPDX-License-Identifier: BSL-1.0
// Calls of one function, made together in the lanes of registers: of the widest that the machine has on which
// the program runs. Which calls those are, lower/interleave.hpp says.
#pragma once
#include "../support/compiler/begin.hpp"

#include <cstring>

#include "../lanes/dispatch.hpp"
#include "../lanes/vector.hpp"
#include "node_steps.hpp"

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
      std::memcpy(&x, number + i, Bytes);
      F::value(x, y);
      std::memcpy(number + i, &y, Bytes);
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

/// Calls number Group that are made together.
template <class Tag, int Group>
struct shared_step {
  template <class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run(T* frame, T*, const state<T, Numbers>& s) {
    run(frame, s, std::make_integer_sequence<int, code<Tag>::plan.shared_end[Group] - first>{});
  }

 private:
  static constexpr int first = code<Tag>::plan.shared_begin[Group];
  template <int K>
  static constexpr int node = code<Tag>::plan.order[first + K];
  template <int K>
  static constexpr int from = code<Tag>::steps.place[code<Tag>::graph.arg(node<K>, 0)];
  template <int K>
  static constexpr int to = code<Tag>::steps.place[node<K>];

  template <class T, class Numbers, int... K>
  TYPEGRAD_INLINE static constexpr void run(T* frame, const state<T, Numbers>& s,
                                            std::integer_sequence<int, K...>) {
    if constexpr (std::same_as<T, float> || std::same_as<T, double>) {
      if (!std::is_constant_evaluated()) {
        shared_numbers<T, sizeof...(K)> values{{frame[from<K>]...}};
        values.template call<in_lanes<operation_at<Tag, node<0>>>>();
        ((frame[to<K>] = values.number[K]), ...);
        return;
      }
    }
    (step_at<Tag, node<K>>::run(frame[to<K>], frame[from<K>], frame[from<K>], s), ...);
  }
};

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
