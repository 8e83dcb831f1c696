// SPDX-License-Identifier: BSL-1.0
// Inverses and determinants of square matrices, by elimination with partial pivots in scratch memory.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cmath>
#include <utility>

#include "../../array/matrix.hpp"
#include "../../lower/array/lowering.hpp"
#include "machine.hpp"

namespace tg::detail {

/// By what a pivot is chosen: how far from 0 it is, surely for an interval.
template <class T>
auto size_of_pivot(const T& x) {
  using std::abs;
  if constexpr (requires { lower(x), upper(x); })
    return lower(abs(x));
  else
    return abs(x);
}
/// Whether a pivot shows that the matrix has no inverse; intervals with 0 in them leave it open.
template <class T>
bool is_zero(const T& x) {
  if constexpr (requires { lower(x), upper(x); })
    return false;
  else
    return x == T(0);
}

/// Brings the n by n matrix a to triangular form, with 1 on the diagonal; what is done to its rows is done to
/// those of `beside` too, if there is one. `use_pivot` gets each pivot, with the sign of its exchange.
template <class T, class UsePivot>
void eliminate(std::ptrdiff_t n, T* a, T* beside, UsePivot use_pivot) {
  for (std::ptrdiff_t c = 0; c < n; ++c) {
    std::ptrdiff_t pivot = c;
    for (std::ptrdiff_t r = c + 1; r < n; ++r)
      if (size_of_pivot(a[r * n + c]) > size_of_pivot(a[pivot * n + c])) pivot = r;
    for (T* rows : {a, beside})
      for (std::ptrdiff_t k = 0; k < n && pivot != c && rows != nullptr; ++k)
        std::swap(rows[c * n + k], rows[pivot * n + k]);
    const T value = a[c * n + c];
    use_pivot(pivot == c ? value : T(-value));
    for (T* rows : {a, beside})
      for (std::ptrdiff_t k = 0; k < n && rows != nullptr; ++k) rows[c * n + k] /= value;
    for (std::ptrdiff_t r = beside != nullptr ? 0 : c + 1; r < n; ++r) {
      const T factor = a[r * n + c];
      if (r == c) continue;
      for (T* rows : {a, beside})
        for (std::ptrdiff_t k = 0; k < n && rows != nullptr; ++k) rows[r * n + k] -= factor * rows[c * n + k];
    }
  }
}

/// A function of the matrices that the last two axes are; those before are carried along. Fold::value(n, a,
/// to) has the matrix in `a`, which it may overwrite, and writes the result.
template <class Primitive, class Fold>
struct matrix_kernel {
  using primitive = Primitive;
  static constexpr void lower(array_lowering& a, int node) {
    const array_view x = a.view(a.b.operand(node, 0)), to = a.begin_call(node);
    const int batch = x.rank - 2;
    a.put_place(x), a.put_place(to);
    for (int each : {x.extent[batch], x.stride[batch], x.stride[batch + 1]}) a.put(each);
    a.put(batch);
    for (int axis = 0; axis < batch; ++axis)
      for (int each : {x.extent[axis], x.stride[axis], to.stride[axis]}) a.put(each);
  }
  template <class T>
  static std::ptrdiff_t scratch(const std::ptrdiff_t* length, const int* words) {
    return length[words[4]] * length[words[4]];
  }
  template <class Counter>
  static constexpr void count(Counter& c, const int* words) {
    const auto batch = c.template elements<2>(-1, typename Counter::axes{words + 8, words[7]});
    Fold::count(c, c.length(words[4]), batch);
    c.total.read += batch * c.length(words[4]) * c.length(words[4]);
  }
  template <class T>
  static void run(const array_machine<T>& m, const int* words) {
    T* at[2] = {m.place(words), m.place(words + 2)};
    const std::ptrdiff_t n = m.length[words[4]], row = m.length[words[5]], column = m.length[words[6]];
    over_axes<2>(m, words + 8, words[7], at, [&] {
      for (std::ptrdiff_t i = 0; i < n * n; ++i) m.scratch[i] = at[0][i / n * row + i % n * column];
      Fold::value(n, m.scratch, at[1]);
    });
  }
};

struct inverse_of_matrix {
  /// Each of n pivots divides two rows, and subtracts them from n - 1 others.
  static constexpr void count(auto& c, std::int64_t n, std::int64_t batch) {
    c.add({.divisions = 2}, batch * n * n);
    c.add({.additions = 2, .multiplications = 2}, batch * n * n * (n - 1));
    c.total.written += batch * n * n;
  }
  template <class T>
  static void value(std::ptrdiff_t n, T* a, T* to) {
    for (std::ptrdiff_t i = 0; i < n * n; ++i) to[i] = T(i % (n + 1) == 0);
    eliminate(n, a, to, [](const T&) {});
  }
};
/// Each of n pivots divides its row, and subtracts it from those below.
constexpr void count_elimination(auto& c, std::int64_t n, std::int64_t batch) {
  c.add({.divisions = 1}, batch * n * n);
  c.add({.additions = 1, .multiplications = 1}, batch * n * n * (n - 1) / 2);
  c.total.written += batch;
}

struct determinant_of_matrix {
  static constexpr void count(auto& c, std::int64_t n, std::int64_t batch) {
    count_elimination(c, n, batch);
    c.add({.multiplications = 1}, batch * n);
  }
  template <class T>
  static void value(std::ptrdiff_t n, T* a, T* to) {
    T product = T(1);
    bool singular = false;
    eliminate(n, a, static_cast<T*>(nullptr), [&](const T& pivot) {
      singular = singular || is_zero(pivot);
      if (!singular) product *= pivot;
    });
    *to = singular ? T(0) : product;
  }
};
/// By the logarithms of the pivots, whose product may leave the range of numbers.
struct log_determinant_of_matrix {
  static constexpr void count(auto& c, std::int64_t n, std::int64_t batch) {
    count_elimination(c, n, batch);
    c.add({.additions = 1, .transcendental = 1}, batch * n);
  }
  template <class T>
  static void value(std::ptrdiff_t n, T* a, T* to) {
    static_assert(is_not_complex<T>());
    using std::log, std::abs;
    T sum = T(0);
    bool singular = false;
    eliminate(n, a, static_cast<T*>(nullptr), [&](const T& pivot) {
      singular = singular || is_zero(pivot);
      sum += log(abs(pivot));
    });
    *to = singular ? log(T(0)) : sum;
  }
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
