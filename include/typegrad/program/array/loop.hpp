// SPDX-License-Identifier: BSL-1.0
// A loop over the elements of arrays. Its body is an ordinary program whose inputs are the elements of
// operands and whose outputs are elements of results.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../lanes/dispatch.hpp"
#include "../program.hpp"
#include "loop_blocks.hpp"
#include "machine.hpp"

namespace tg::detail {

/// A body as loops see it, whatever its program is.
template <class T>
struct loop_body {
  /// The body on `count` elements at[k][i * step[k]]. In lanes `count` is a multiple of their number, and the
  /// step of an operand is 1, or 0 where all elements are alike and so many of them lie there; that of a
  /// result is 1.
  void (*run)(T* const* at, const std::ptrdiff_t* step, std::ptrdiff_t count);
  int in, all;  // the number of operands, and of results with them
  bool lanes;
};

template <class Body, int In, int Out, class T>
struct loop_in_lanes {
  T* const* at;
  const std::ptrdiff_t* step;
  std::ptrdiff_t count;

  static constexpr bool is_one_function = number<code<Body>::steps.groups> == 1;

  template <int Bytes>
  TYPEGRAD_LANES void run() const {
    constexpr int N = Bytes / static_cast<int>(sizeof(T));
    using V = lane_numbers<T, N>;
    for (std::ptrdiff_t i = 0; i < count; i += N) {
      V in[In + 1], out[Out];
      // Unrolled, so that vectors stay in registers.
      if constexpr (In > 0) {
#pragma GCC unroll 64
        for (int k = 0; k < In; ++k) std::memcpy(&in[k].all, at[k] + i * step[k], sizeof in[k].all);
      }
      if constexpr (is_one_function)
        run_all<Body>(static_cast<const V*>(in), list<>{}, out, parts_of<Body, 0>{},
                      std::make_integer_sequence<int, Out>{});
      else
        evaluate_program<Body>(static_cast<const V*>(in), list<>{}, out);
#pragma GCC unroll 64
      for (int k = 0; k < Out; ++k) std::memcpy(at[In + k] + i, &out[k].all, sizeof out[k].all);
    }
  }
};
/// Where the compiler was not told of AVX2 but the machine has it, in its vectors. (In those of AVX-512 g++
/// (12) would compare numbers one by one, as it chose the form of a mask before it inlined the comparison.)
template <class Body, int In, int Out, class T>
void run_vectors(T* const* at, const std::ptrdiff_t* step, std::ptrdiff_t count) {
  using loop = loop_in_lanes<Body, In, Out, T>;
  const loop own{at, step, count};
#if defined(__x86_64__) && defined(__OPTIMIZE__)  // else nothing would be inlined, and be for AVX2
  if constexpr (register_bytes < block_bytes && loop::is_one_function)
    if (lanes::instructions_here() != lanes::instructions::baseline) return lanes::run_avx2(own);
#endif
  own.template run<register_bytes>();
}
template <class Body, int In, int Out, class T>
void run_numbers(T* const* at, const std::ptrdiff_t* step, std::ptrdiff_t count) {
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    T in[In + 1], out[Out];
    for (int k = 0; k < In; ++k) in[k] = at[k][i * step[k]];
    evaluate_program<Body>(static_cast<const T*>(in), list<>{}, out);
    for (int k = 0; k < Out; ++k) at[In + k][i * step[In + k]] = out[k];
  }
}
template <class Body, int In, int Out, class T>
constexpr loop_body<T> body_of() {
  if constexpr (runs_in_lanes<T, Body>())
    return {&run_vectors<Body, In, Out, T>, In, In + Out, true};
  else
    return {&run_numbers<Body, In, Out, T>, In, In + Out, false};
}

/// The words: the number of axes, each one's extent and strides, and the places of operands and results, of
/// which there are at most `Most`. It is the same code for every body.
template <int Most, class T>
void run_loop(const array_machine<T>& m, const loop_body<T>& body, const int* words) {
  const int rank = words[0], all = body.all, outer = rank < 2 ? 0 : rank - 2;
  const int *const axes = words + 1, *const places = axes + rank * (all + 1);
  T* at[Most];
  for (int k = 0; k < all; ++k) at[k] = m.place(places + 2 * k);
  // The last two axes; one that is not there has one element.
  std::ptrdiff_t extent[2] = {1, 1}, stride[2][Most] = {};
  for (int axis = outer; axis < rank; ++axis) {
    const int* const own = axes + axis * (all + 1);
    const int place = axis - rank + 2;
    extent[place] = m.length[own[0]];
    for (int k = 0; k < all; ++k) stride[place][k] = m.length[own[k + 1]];
  }
  if constexpr (has_lanes<T>) {
    if (body.lanes) {
      using blocks = loop_blocks<T>;
      alignas(64) T beside[blocks::memory_up_to(Most)];
      T *part[Most], *last[Most];
      std::ptrdiff_t step[Most];
      const blocks loop{body.in,  all,    extent[0], extent[1], stride[0], stride[1],
                        body.run, beside, part,      last,      step};
      return over_axes(m, axes, outer, at, all, [&] { loop.run(at); });
    }
  }
  over_axes(m, axes, outer, at, all, [&] {
    T* row[Most];
    for (std::ptrdiff_t i = 0; i < extent[0]; ++i) {
      for (int k = 0; k < all; ++k) row[k] = at[k] + i * stride[0][k];
      body.run(row, stride[1], extent[1]);
    }
  });
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
