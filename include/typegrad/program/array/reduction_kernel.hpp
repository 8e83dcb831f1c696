// SPDX-License-Identifier: BSL-1.0
// Reductions that are no sums. A fold says what is taken along the axes; what is not a number stays that.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cmath>
#include <limits>
#include <string_view>

#include "../../array/reduction.hpp"
#include "../../lower/array/lowering.hpp"
#include "../../pass/cost.hpp"
#include "lane_axes.hpp"

namespace tg::detail {

/// The operand's axes are those that are kept and those that are reduced; the latter are the attributes.
template <class Primitive, class Fold>
struct reduction_kernel {
  using primitive = Primitive;
  static constexpr void lower(array_lowering& a, int node) {
    const array_view x = a.view(a.b.operand(node, 0)), to = a.begin_call(node);
    buffer<int> kept, reduced;
    const int axes = a.b.attribute(node);
    for (int axis = 0, of_result = 0; axis < x.rank; ++axis) {
      const bool is_kept = !is_among(a.b, axes, axis);
      for (int each : {x.extent[axis], x.stride[axis], is_kept ? to.stride[of_result] : length_table::zero})
        (is_kept ? kept : reduced).push_back(each);
      of_result += is_kept;
    }
    a.put_place(x), a.put_place(to);
    a.put_axes(kept, 3);
    a.put_axes(reduced, 3);
  }
  template <class Counter>
  static constexpr void count(Counter& c, const int* words) {
    using axes = typename Counter::axes;
    const int *const kept = words + 4, *const reduced = kept + 1 + 3 * kept[0];
    const auto elements = [&](int which) {
      return c.template elements<2>(which, axes{kept + 1, kept[0]}, axes{reduced + 1, reduced[0]});
    };
    c.add(Fold::each, elements(-1));
    c.total.read += elements(0);
    c.total.written += elements(1);
  }
  template <class C>
  static void write_c(C& c, const int* words) {
    const int *const kept = words + 4, *const reduced = kept + 1 + 3 * kept[0];
    auto at = c.template places<2>(words);
    c.over(kept + 1, kept[0], at, [&] {
      Fold::write_c(c, at[1], [&](auto use) { c.over(reduced + 1, reduced[0], at, [&] { use(at[0]); }); });
    });
  }
  static constexpr split_axes split(const int* words) { return split_axes{0, 2}.with_first(5, words[4]); }
  /// The last axis that is kept goes into lanes.
  template <class T>
  static void run(const array_machine<T>& m, const int* words) {
    T* at[2] = {m.place(words), m.place(words + 2)};
    const int kept = words[4], reduced = words[5 + 3 * kept], *const axes = words + 6 + 3 * kept;
    const int outer = reduced > 0 ? reduced - 1 : 0, *const last = axes + 3 * outer;
    const std::ptrdiff_t count = reduced > 0 ? m.length[last[0]] : 1,
                         step = reduced > 0 ? m.length[last[1]] : 0;
    const auto each = [&](const T* const first, const auto& use) {
      const T* from[2] = {first, first};
      over_axes<2>(m, axes, outer, from, [&] {
        for (std::ptrdiff_t i = 0; i < count; ++i) use(from[0] + i * step);
      });
    };
    if constexpr (has_lanes<T>) {
      if (kept > 0)
        return over_lanes(m, words + 5, kept, at, outer == 0 && step == 1 ? count : 0,
                          [&](const T* const first, auto& load) {
                            return Fold::template over<T, lane_numbers<T, lanes_of<T>>>(
                                [&](auto use) { each(first, [&](const T* from) { use(load(from)); }); });
                          });
    }
    over_axes<2>(m, words + 5, kept, at, [&] {
      *at[1] = Fold::template over<T, T>([&](auto use) { each(at[0], [&](const T* from) { use(*from); }); });
    });
  }
};

/// The larger of two numbers; NaN if one of them is.
template <class T>
T larger(const T& x, const T& y) {
  if constexpr (Ordered<T>)
    return select(y > x || y != y, y, x);
  else
    return max(x, y);  // of intervals
}

// Folds of numbers of type T; V is one or several of them.

struct largest {
  static constexpr operation_count each{.other = 1};
  template <class T, class V, class Each>
  static V over(Each each) {
    static_assert(is_not_complex<T>());
    V value = V(T(-std::numeric_limits<T>::infinity()));
    each([&](const V& x) { value = larger(value, x); });
    return value;
  }
  static void write_c(auto& c, const auto& to, auto each, std::string_view sign = "-",
                      std::string_view than = ">") {
    c.line("double top = ", sign, "INFINITY;");
    each([&](const auto& x) { c.line("if (", x, " ", than, " top || ", x, " != ", x, ") top = ", x, ";"); });
    c.line(to, " = top;");
  }
};
struct smallest {
  static constexpr operation_count each{.other = 1};
  template <class T, class V, class Each>
  static V over(Each each) {
    return -largest::over<T, V>([&](auto use) { each([&](const V& x) { use(V(-x)); }); });
  }
  static void write_c(auto& c, const auto& to, auto each) { largest::write_c(c, to, each, "", "<"); }
};
struct log_of_exponentials {
  static constexpr operation_count each{.additions = 2, .transcendental = 1, .other = 1};
  template <class T, class V, class Each>
  static V over(Each each) {
    using std::exp, std::log;
    V top = V(T(0)), sum = V(T(0));
    if constexpr (Ordered<T>) top = largest::over<T, V>(each);
    each([&](const V& x) { sum += exp(V(x - top)); });
    const V all = top + log(sum);
    if constexpr (Ordered<T>)
      return select(top - top == V(T(0)), all, top);
    else
      return all;
  }
  static void write_c(auto& c, const auto& to, auto each) {
    largest::write_c(c, to, each);
    c.line("double sum = 0.0;");
    each([&](const auto& x) { c.line("sum += exp(", x, " - top);"); });
    c.line("if (top - top == 0.0) ", to, " = top + log(sum);");
  }
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
