// SPDX-License-Identifier: BSL-1.0
// A loop over the elements of arrays. Its body is an ordinary program whose inputs are the elements of
// operands and whose outputs are elements of results.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../program.hpp"
#include "loop_blocks.hpp"
#include "machine.hpp"

namespace tg::detail {

/// The body on some elements that lie in a row in each operand and result, by vectors.
template <class Body, int In, int Out, class T>
void run_vectors(T* const* at, const std::ptrdiff_t* step, std::ptrdiff_t count) {
  using V = lane_numbers<T, lanes_of<T>>;
  for (std::ptrdiff_t i = 0; i < count; i += lanes_of<T>) {
    V in[In + 1], out[Out];
    // Unrolled, so that vectors stay in registers.
#pragma GCC unroll 64
    for (int k = 0; k < In; ++k) std::memcpy(&in[k].all, at[k] + i * step[k], sizeof in[k].all);
    evaluate_program<Body>(static_cast<const V*>(in), list<>{}, out);
#pragma GCC unroll 64
    for (int k = 0; k < Out; ++k) std::memcpy(at[In + k] + i, &out[k].all, sizeof out[k].all);
  }
}

/// The words: the number of axes, each one's extent and strides, and the places of operands and results.
template <class Body, int In, int Out, class T>
void run_loop(const array_machine<T>& m, const int* words) {
  constexpr int all = In + Out;
  const int rank = words[0];
  const int *const axes = words + 1, *const places = axes + rank * (all + 1);
  T* at[all];
  for (int k = 0; k < all; ++k) at[k] = m.place(places + 2 * k);
  if constexpr (runs_in_lanes<T, Body>()) {
    // The last two axes; one that is not there has one element.
    std::ptrdiff_t extent[2] = {1, 1}, stride[2][all] = {}, step[all];
    for (int axis = rank < 2 ? 0 : rank - 2; axis < rank; ++axis) {
      const int* const own = axes + axis * (all + 1);
      const int place = axis - rank + 2;
      extent[place] = m.length[own[0]];
      for (int k = 0; k < all; ++k) stride[place][k] = m.length[own[k + 1]];
    }
    using blocks = loop_blocks<T>;
    alignas(64) T beside[all * blocks::memory(all)];
    T *part[all], *last[all];
    const blocks loop{
        In,     all,  extent[0], extent[1], stride[0], stride[1], &run_vectors<Body, In, Out, T>,
        beside, part, last,      step};
    over_axes<all>(m, axes, rank < 2 ? 0 : rank - 2, at, [&] { loop.run(at); });
  } else {
    over_axes<all>(m, axes, rank, at, [&] {
      T in[In + 1], out[Out];
      for (int k = 0; k < In; ++k) in[k] = *at[k];
      evaluate_program<Body>(static_cast<const T*>(in), list<>{}, out);
      for (int k = 0; k < Out; ++k) *at[In + k] = out[k];
    });
  }
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
