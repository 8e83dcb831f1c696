// SPDX-License-Identifier: BSL-1.0
// How pooling is evaluated: neighbouring windows in lanes.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <type_traits>
#include <vector>

#include "../../array/pooling.hpp"
#include "kernels.hpp"
#include "place_table.hpp"

namespace tg::detail {

/// Numbers that lie two apart, for all lanes, and two such side by side; nothing else is read or written.
template <class T, int N, int... I>
TYPEGRAD_INLINE void load_every_other(const T* x, lane_numbers<T, N>& to, std::integer_sequence<int, I...>) {
  lanes::vector<T, N> first, last;
  std::memcpy(&first, x, sizeof first), std::memcpy(&last, x + N - 1, sizeof last);
  pick_lanes(first, last, to.all, std::integer_sequence<int, (2 * I < N ? 2 * I : 2 * I + 1)...>{});
}
template <class T, int N, int... I>
TYPEGRAD_INLINE void store_in_turn(const lane_numbers<T, N>& x, const lane_numbers<T, N>& y, T* to,
                                   std::integer_sequence<int, I...>) {
  lanes::vector<T, N> first, last;
  interleave_lanes<lanes::vector<T, N>, I...>(x.all, y.all, first, last);
  std::memcpy(to, &first, sizeof first), std::memcpy(to + N, &last, sizeof last);
}
template <class T, int N>
TYPEGRAD_INLINE void load_apart(const T* x, std::ptrdiff_t stride, lane_numbers<T, N>& to) {
  stride == 2 ? load_every_other(x, to, std::make_integer_sequence<int, N>{}) : load_lanes(x, stride, N, to);
}
template <class T>
TYPEGRAD_INLINE void load_apart(const T* x, std::ptrdiff_t, T& to) {
  to = *x;
}
template <class T, int N>
TYPEGRAD_INLINE void store_apart(const lane_numbers<T, N>& x, T* to, std::ptrdiff_t stride) {
  store_lanes(x, to, stride, N);
}
template <class T>
TYPEGRAD_INLINE void store_apart(const T& x, T* to, std::ptrdiff_t) {
  *to = x;
}

/// What is done at windows x: a value for each, or what else there is (y, z).
enum class pooling { value, put, take };

/// The words: the places of x, of y where there is one, and of the result z; the axes beside the windows, and
/// those within, each with the strides of x, of y and of z.
template <pooling What>
struct pooling_kernel {
  static constexpr void lower(array_lowering& a, int node) {
    array_view x = a.view(a.b.operand(node, 0)),
               y = What == pooling::value ? x : a.view(a.b.operand(node, 1));
    const array_view z = a.begin_call(node);
    buffer<int> kept, within;
    const int axes = a.b.attribute(node);
    for (int axis = 0, of_reduced = 0; axis < x.rank; ++axis) {
      const bool is_kept = !is_among(a.b, axes, axis);
      const auto stride = [&](const array_view& v, bool is_reduced) {
        return !is_reduced ? v.stride[axis] : is_kept ? v.stride[of_reduced] : int{length_table::zero};
      };
      for (int each :
           {x.extent[axis], x.stride[axis], stride(y, What == pooling::put), stride(z, What != pooling::put)})
        (is_kept ? kept : within).push_back(each);
      of_reduced += is_kept;
    }
    a.put_place(x), a.put_place(y), a.put_place(z);
    a.put_axes(kept, 4);
    a.put_axes(within, 4);
  }
  template <class Counter>
  static constexpr void count(Counter& c, const int* words) {
    using axes = typename Counter::axes;
    const int *const kept = words + 6, *const within = kept + 1 + 4 * kept[0];
    const auto elements = [&](int which) {
      return c.template elements<3>(which, axes{kept + 1, kept[0]}, axes{within + 1, within[0]});
    };
    c.add({.other = 1}, elements(-1));
    c.total.read += elements(0) + (What == pooling::value ? 0 : elements(1));
    c.total.written += elements(2);
  }
  static constexpr split_axes split(const int* words) { return split_axes{0, 3}.with_first(7, words[6]); }
  template <class C>
  static void write_c(C& c, const int* words) {
    const int *const kept = words + 7, *const within = kept + 4 * words[6];
    auto at = c.template places<3>(words);
    const auto each = [&](auto use) { c.over(within + 1, within[0], at, use); };
    c.over(kept, words[6], at, [&] {
      c.line("double top = -INFINITY;");
      if (What != pooling::value) c.line("long which = 0, first = 0;");
      each([&] {
        const auto is_larger = "if (" + at[0].text() + " > top || " + at[0] + " != " + at[0] + ") ";
        c.line(is_larger, What == pooling::value ? "" : "first = which, ", "top = ", at[0], ";");
        if (What != pooling::value) c.line("++which;");
      });
      if (What == pooling::value) return c.line(at[2], " = top;");
      c.line("which = 0;");
      if (What == pooling::take) c.line(at[2], " = 0.0;");
      each([&] {
        What == pooling::put ? c.line(at[2], " = which == first ? ", at[1], " : 0.0;")
                             : c.line("if (which == first) ", at[2], " = ", at[1], ";");
        c.line("++which;");
      });
    });
  }
  template <class T>
  static std::ptrdiff_t scratch(const std::ptrdiff_t* length, const int* words) {
    return place_table::scratch<T>(elements_within(length, words + 7 + 4 * words[6]), 3);
  }
  template <class T>
  static void run(const array_machine<T>& m, const int* words) {
    static_assert(is_not_complex<T>());
    T* at[3] = {m.place(words), m.place(words + 2), m.place(words + 4)};
    const int kept = words[6], *const axes = words + 7, *const within = axes + 4 * kept;
    const int* const last = axes + 4 * (kept - 1);
    const std::ptrdiff_t extent = kept > 0 ? m.length[last[0]] : 1;
    windows<T> w{elements_within(m.length, within)};
    for (int k = 0; k < 3 && kept > 0; ++k) w.stride[k] = m.length[last[k + 1]];
    std::vector<std::ptrdiff_t> beside;  // numbers that own memory are left alone
    if constexpr (!std::is_trivially_destructible_v<T>)
      beside.resize(static_cast<std::size_t>(place_table::scratch<std::ptrdiff_t>(w.size, 3)));
    place_table places(beside.empty() ? static_cast<void*>(m.scratch) : beside.data());
    for (auto& each : w.place) each = places.take(w.size);
    std::ptrdiff_t k = 0;
    T* from[3] = {at[0], at[1], at[2]};
    over_axes<3>(m, within + 1, within[0], from, [&] {
      for (int i = 0; i < 3; ++i) w.place[i][k] = from[i] - at[i];
      ++k;
    });
    w.pairs = w.stride[2] == 2 && w.size % 2 == 0;
    for (k = 0; k < w.size; k += 2) w.pairs = w.pairs && w.place[2][k + 1] == w.place[2][k] + 1;
    over_axes<3>(m, axes, kept > 0 ? kept - 1 : 0, at, [&] {
      if constexpr (has_lanes<T>) {
        if (extent >= lanes_of<T>) return along<lane_numbers<T, lanes_of<T>>, lanes_of<T>>(w, at, extent);
        if (extent >= 8) return along<lane_numbers<T, 8>, 8>(w, at, extent);
        if (extent >= 4) return along<lane_numbers<T, 4>, 4>(w, at, extent);
      }
      along<T, 1>(w, at, extent);
    });
  }

 private:
  /// The elements of a window, in x, y and z, and how far apart neighbouring windows are there.
  template <class T>
  struct windows {
    std::ptrdiff_t size, stride[3]{}, *place[3]{};
    bool pairs = false;  // whether two neighbours in each window and those in the next ones lie in a row in z
  };
  static std::ptrdiff_t elements_within(const std::ptrdiff_t* length, const int* within) {
    std::ptrdiff_t all = 1;
    for (int k = 0; k < within[0]; ++k) all *= length[within[4 * k + 1]];
    return all;
  }

  /// The windows along an axis, N at once; the last ones overlap those before.
  template <class V, int N, class T>
  static void along(const windows<T>& w, T* const* at, std::ptrdiff_t extent) {
    for (std::ptrdiff_t i = 0; i < extent; i += N) {
      const std::ptrdiff_t from = i + N <= extent ? i : extent - N;
      some<V, N>(w, at[0] + from * w.stride[0], at[1] + from * w.stride[1], at[2] + from * w.stride[2]);
    }
  }
  template <class V, int N, class T>
  static void some(const windows<T>& w, const T* x, const T* y, T* z) {
    V largest = V(T(-std::numeric_limits<T>::infinity())), first = V(T(0)), own, sum = V(T(0));
    for (std::ptrdiff_t k = 0; k < w.size; ++k) {
      load_apart(x + w.place[0][k], w.stride[0], own);
      const auto is_larger = own > largest || own != own;
      largest = select(is_larger, own, largest);
      if constexpr (What != pooling::value) first = select(is_larger, V(T(k)), first);
    }
    if constexpr (What == pooling::value) return store_apart(largest, z, w.stride[2]);
    if constexpr (What == pooling::put) load_apart(y, w.stride[1], own);
    if constexpr (What == pooling::put && N > 1) {
      for (std::ptrdiff_t k = 0; w.pairs && k < w.size; k += 2)
        store_in_turn(select(first == V(T(k)), own, sum), select(first == V(T(k + 1)), own, sum),
                      z + w.place[2][k], std::make_integer_sequence<int, N>{});
      if (w.pairs) return;
    }
    for (std::ptrdiff_t k = 0; k < w.size; ++k)
      if constexpr (What == pooling::put) {
        store_apart(select(first == V(T(k)), own, sum), z + w.place[2][k], w.stride[2]);
      } else {
        load_apart(y + w.place[1][k], w.stride[1], own);
        sum = select(first == V(T(k)), own, sum);
      }
    if constexpr (What == pooling::take) store_apart(sum, z, w.stride[2]);
  }
};

template <>
struct kernel_of<op::first_max<>> : pooling_kernel<pooling::value> {
  using primitive = op::first_max<>;
};
template <>
struct kernel_of<op::at_first_max<>> : pooling_kernel<pooling::put> {
  using primitive = op::at_first_max<>;
};
template <>
struct kernel_of<op::of_first_max<>> : pooling_kernel<pooling::take> {
  using primitive = op::of_first_max<>;
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
