// SPDX-License-Identifier: BSL-1.0
// A loop over the elements of arrays. Its body is an ordinary program whose inputs are the elements of
// operands and whose outputs are elements of results.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../program.hpp"
#include "lane_numbers.hpp"
#include "machine.hpp"

namespace tg::detail {

/// The body along one axis: on one number after the other, or on as many as a register holds.
template <class Body, int In, int Out, class T>
TYPEGRAD_INLINE void run_row(T* const* at, const std::ptrdiff_t* stride, std::ptrdiff_t extent) {
  if constexpr (runs_in_lanes<T, Body>()) {
    constexpr int N = register_bytes / static_cast<int>(sizeof(T));
    using V = lane_numbers<T, N>;
    for (std::ptrdiff_t i = 0; i < extent; i += N) {
      V in[In + 1], out[Out];
      for (int k = 0; k < In; ++k) load_lanes(at[k] + i * stride[k], stride[k], extent - i, in[k]);
      evaluate_program<Body>(static_cast<const V*>(in), list<>{}, out);
      for (int k = 0; k < Out; ++k)
        store_lanes(out[k], at[In + k] + i * stride[In + k], stride[In + k], extent - i);
    }
  } else {
    for (std::ptrdiff_t i = 0; i < extent; ++i) {
      T in[In + 1], out[Out];
      for (int k = 0; k < In; ++k) in[k] = at[k][i * stride[k]];
      evaluate_program<Body>(static_cast<const T*>(in), list<>{}, out);
      for (int k = 0; k < Out; ++k) at[In + k][i * stride[In + k]] = out[k];
    }
  }
}

/// The words: the number of axes, each one's extent and strides, and the places of operands and results.
template <class Body, int In, int Out, class T>
void run_loop(const array_machine<T>& m, const int* words) {
  constexpr int all = In + Out;
  const int rank = words[0];
  const int *const axes = words + 1, *const places = axes + rank * (all + 1),
                   *const last = places - (all + 1);
  T* at[all];
  for (int k = 0; k < all; ++k) at[k] = m.place(places + 2 * k);
  std::ptrdiff_t extent = rank > 0 ? m.length[last[0]] : 1, stride[all];
  for (int k = 0; k < all; ++k) stride[k] = rank > 0 ? m.length[last[k + 1]] : 0;
  over_axes<all>(m, axes, rank > 0 ? rank - 1 : 0, at, [&] { run_row<Body, In, Out>(at, stride, extent); });
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
