// SPDX-License-Identifier: BSL-1.0
// Inverses, determinants, solutions of linear systems and Cholesky factors of square matrices, in scratch
// memory. What calculates with one matrix is a solver: here plain loops; typegrad/eigen.hpp has another.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cmath>
#include <utility>

#include "../../array/cholesky.hpp"
#include "../../lower/array/linear_systems.hpp"
#include "../../lower/array/lowering.hpp"
#include "../constant.hpp"
#include "machine.hpp"

namespace tg::detail {

/// What a function of a singular matrix is, or of one that is not positive definite.
template <class T>
T undefined() {
  const T zero = T(0);
  return zero / zero;
}

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

/// The functions that a solver has, on n by n elements `a` that lie in a row and may be overwritten.
struct plain_solver {
  /// Brings a to upper triangular form by elimination with partial pivots; what is done to its rows is done
  /// to those of x, n by m. `use_pivot` gets each pivot, with the sign of its exchange. False where one is 0.
  template <class T, class UsePivot>
  static bool eliminate(std::ptrdiff_t n, T* a, std::ptrdiff_t m, T* x, UsePivot use_pivot) {
    for (std::ptrdiff_t c = 0; c < n; ++c) {
      std::ptrdiff_t pivot = c;
      for (std::ptrdiff_t r = c + 1; r < n; ++r)
        if (size_of_pivot(a[r * n + c]) > size_of_pivot(a[pivot * n + c])) pivot = r;
      for (std::ptrdiff_t k = c; k < n && pivot != c; ++k) std::swap(a[c * n + k], a[pivot * n + k]);
      for (std::ptrdiff_t k = 0; k < m && pivot != c; ++k) std::swap(x[c * m + k], x[pivot * m + k]);
      const T value = a[c * n + c];
      if (is_zero(value)) return false;
      use_pivot(pivot == c ? value : T(-value));
      for (std::ptrdiff_t r = c + 1; r < n; ++r) {
        const T factor = a[r * n + c] / value;
        for (std::ptrdiff_t k = c + 1; k < n; ++k) a[r * n + k] -= factor * a[c * n + k];
        for (std::ptrdiff_t k = 0; k < m; ++k) x[r * m + k] -= factor * x[c * m + k];
      }
    }
    return true;
  }
  /// x becomes the solution for x; false where a is singular.
  template <class T>
  static bool solve(std::ptrdiff_t n, T* a, std::ptrdiff_t m, T* x) {
    if (!eliminate(n, a, m, x, [](const T&) {})) return false;
    for (std::ptrdiff_t r = n; r-- > 0;) {
      for (std::ptrdiff_t c = r + 1; c < n; ++c)
        for (std::ptrdiff_t k = 0; k < m; ++k) x[r * m + k] -= a[r * n + c] * x[c * m + k];
      for (std::ptrdiff_t k = 0; k < m; ++k) x[r * m + k] /= a[r * n + r];
    }
    return true;
  }
  template <class T>
  static T determinant(std::ptrdiff_t n, T* a) {
    T product = T(1);
    return eliminate(n, a, 0, a, [&](const T& pivot) { product *= pivot; }) ? product : T(0);
  }
  /// By the logarithms of the pivots, whose product may leave the range of numbers.
  template <class T>
  static T log_determinant(std::ptrdiff_t n, T* a) {
    static_assert(is_not_complex<T>());
    using std::log, std::abs;
    T sum = T(0);
    return eliminate(n, a, 0, a, [&](const T& pivot) { sum += log(abs(pivot)); }) ? sum : T(log(T(0)));
  }
  /// The lower triangle of a becomes that of its factor; false where a is not positive definite.
  template <class T>
  static bool cholesky(std::ptrdiff_t n, T* a) {
    static_assert(is_not_complex<T>());
    using std::sqrt;
    for (std::ptrdiff_t r = 0; r < n; ++r)
      for (std::ptrdiff_t c = 0; c <= r; ++c) {
        T rest = a[r * n + c];
        for (std::ptrdiff_t k = 0; k < c; ++k) rest -= a[r * n + k] * a[c * n + k];
        if (c == r && !(rest > T(0))) return false;
        a[r * n + c] = c == r ? T(sqrt(rest)) : T(rest / a[c * n + c]);
      }
    return true;
  }
};

/// What elimination costs, with `columns` beside the matrix.
constexpr void count_elimination(auto& c, std::int64_t n, std::int64_t columns, std::int64_t batch) {
  c.add({.divisions = 1}, batch * n * (n - 1) / 2);
  c.add({.additions = 1, .multiplications = 1}, batch * (n - 1) * n * (2 * n - 1 + 3 * columns) / 6);
}
/// And substitution after it.
constexpr void count_solution(auto& c, std::int64_t n, std::int64_t columns, std::int64_t batch) {
  count_elimination(c, n, columns, batch);
  c.add({.divisions = 1}, batch * n * columns);
  c.add({.additions = 1, .multiplications = 1}, batch * columns * n * (n - 1) / 2);
  c.total.written += batch * n * columns;
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
  static constexpr split_axes split(const int* words) {
    return words[7] > 0 ? split_axes{0, 2}.with(8, 1) : split_axes{0, 2};
  }
  template <class T, class Solver>
  static void run(const array_machine<T>& m, const int* words) {
    T* at[2] = {m.place(words), m.place(words + 2)};
    const std::ptrdiff_t n = m.length[words[4]], row = m.length[words[5]], column = m.length[words[6]];
    over_axes<2>(m, words + 8, words[7], at, [&] {
      for (std::ptrdiff_t i = 0; i < n * n; ++i) m.scratch[i] = at[0][i / n * row + i % n * column];
      Fold::template value<Solver>(n, m.scratch, at[1]);
    });
  }
};

struct inverse_of_matrix {
  static constexpr void count(auto& c, std::int64_t n, std::int64_t batch) { count_solution(c, n, n, batch); }
  template <class Solver, class T>
  static void value(std::ptrdiff_t n, T* a, T* to) {
    for (std::ptrdiff_t i = 0; i < n * n; ++i) to[i] = T(i % (n + 1) == 0);
    if (Solver::solve(n, a, n, to)) return;
    for (std::ptrdiff_t i = 0; i < n * n; ++i) to[i] = undefined<T>();
  }
};
struct determinant_of_matrix {
  static constexpr void count(auto& c, std::int64_t n, std::int64_t batch) {
    count_elimination(c, n, 0, batch);
    c.add({.multiplications = 1}, batch * n);
    c.total.written += batch;
  }
  template <class Solver, class T>
  static void value(std::ptrdiff_t n, T* a, T* to) {
    *to = Solver::determinant(n, a);
  }
};
struct log_determinant_of_matrix {
  static constexpr void count(auto& c, std::int64_t n, std::int64_t batch) {
    count_elimination(c, n, 0, batch);
    c.add({.additions = 1, .transcendental = 1}, batch * n);
    c.total.written += batch;
  }
  template <class Solver, class T>
  static void value(std::ptrdiff_t n, T* a, T* to) {
    *to = Solver::log_determinant(n, a);
  }
};
struct cholesky_of_matrix {
  static constexpr void count(auto& c, std::int64_t n, std::int64_t batch) {
    c.add({.additions = 1, .divisions = 2}, batch * n * (n - 1) / 2);
    c.add({.additions = 1, .multiplications = 1}, batch * n * (n - 1) * (n + 1) / 6);
    c.add({.transcendental = 1}, batch * n);
    c.total.written += batch * n * n;
  }
  template <class Solver, class T>
  static void value(std::ptrdiff_t n, T* a, T* to) {
    for (std::ptrdiff_t r = 0; r < n; ++r)
      for (std::ptrdiff_t c = 0; c < r; ++c) a[r * n + c] = (a[r * n + c] + a[c * n + r]) / T(2);
    const bool definite = Solver::cholesky(n, a);
    for (std::ptrdiff_t i = 0; i < n * n; ++i)
      to[i] = i / n < i % n ? T(0) : definite ? a[i] : undefined<T>();
  }
};

struct identity_kernel {
  using primitive = op::identity<>;
  static constexpr void lower(array_lowering& a, int node) {
    const array_view to = a.begin_call(node);
    a.put_place(to);
    a.put(to.extent[0]);
  }
  static constexpr void count(auto& c, const int* words) {
    c.total.written += c.length(words[2]) * c.length(words[2]);
  }
  template <class T>
  static void run(const array_machine<T>& m, const int* words) {
    T* const to = m.place(words);
    const std::ptrdiff_t n = m.length[words[2]];
    for (std::ptrdiff_t i = 0; i < n * n; ++i) to[i] = T(i / n == i % n);
  }
};
/// 0, 1, 2, ....
struct arange_kernel {
  using primitive = op::arange<>;
  static constexpr void lower(array_lowering& a, int node) {
    const array_view to = a.begin_call(node);
    a.put_place(to);
    a.put(to.extent[0]);
  }
  static constexpr void count(auto& c, const int* words) { c.total.written += c.length(words[2]); }
  template <class T>
  static void run(const array_machine<T>& m, const int* words) {
    T* const to = m.place(words);
    for (std::ptrdiff_t i = 0; i < m.length[words[2]]; ++i) to[i] = number_as<T>(i);
  }
};

/// The inverse of the first operand times the second, as a contraction's labels say it.
struct solution_kernel {
  using primitive = op::solution;
  static constexpr void lower(array_lowering& a, int node) {
    const contraction_labels l(a.b, a.b.attribute(node));
    const array_view matrix = a.view(a.b.operand(node, 0)), x = a.view(a.b.operand(node, 1)),
                     to = a.begin_call(node);
    const int batch = matrix.rank - 2;
    const auto stride_in_result = [&](int label) {
      int axis = 0;
      while (l.at(-1, axis) != label) ++axis;
      return to.stride[axis];
    };
    const bool turned = l.at(0, batch) >= l.rank(-1);  // the label that is summed comes first
    const int own = l.at(0, turned ? batch + 1 : batch);
    buffer<int> columns, leading;
    int along = 0;
    for (int axis = 0; axis < x.rank; ++axis) {
      const int label = l.at(1, axis);
      int carried = 0;
      while (carried < batch && l.at(0, carried) != label) ++carried;
      if (label >= l.rank(-1))
        along = x.stride[axis];
      else if (carried < batch)
        for (int each : {x.extent[axis], matrix.stride[carried], x.stride[axis], stride_in_result(label)})
          leading.push_back(each);
      else
        for (int each : {x.extent[axis], x.stride[axis], stride_in_result(label)}) columns.push_back(each);
    }
    for (const array_view& each : {matrix, x, to}) a.put_place(each);
    a.put(matrix.extent[batch]);
    a.put(matrix.stride[turned ? batch + 1 : batch]), a.put(matrix.stride[turned ? batch : batch + 1]);
    a.put(along), a.put(stride_in_result(own));
    a.put_axes(columns, 3);
    a.put_axes(leading, 4);
  }
  template <class T>
  static std::ptrdiff_t scratch(const std::ptrdiff_t* length, const int* words) {
    return length[words[6]] * (length[words[6]] + columns_of(length, words));
  }
  template <class Counter>
  static constexpr void count(Counter& c, const int* words) {
    const std::int64_t n = c.length(words[6]);
    const int* const leading = words + 12 + 3 * words[11];
    const std::int64_t batch = c.template elements<3>(-1, typename Counter::axes{leading + 1, leading[0]}),
                       columns = c.template elements<2>(-1, typename Counter::axes{words + 12, words[11]});
    count_solution(c, n, columns, batch);
    c.total.read += batch * n * (n + columns);
  }
  static constexpr split_axes split(const int* words) {
    const int leading = 12 + 3 * words[11];
    return words[leading] > 0 ? split_axes{0, 3}.with(leading + 1, 1) : split_axes{0, 3};
  }
  template <class T, class Solver>
  static void run(const array_machine<T>& m, const int* words) {
    T* at[3] = {m.place(words), m.place(words + 2), m.place(words + 4)};
    const std::ptrdiff_t n = m.length[words[6]], row = m.length[words[7]], column = m.length[words[8]],
                         along = m.length[words[9]], own = m.length[words[10]],
                         count = columns_of(m.length, words);
    const int *const columns = words + 12, *const leading = columns + 3 * words[11];
    T *const a = m.scratch, *const x = a + n * n;
    over_axes<3>(m, leading + 1, leading[0], at, [&] {
      for (std::ptrdiff_t i = 0; i < n * n; ++i) a[i] = at[0][i / n * row + i % n * column];
      T *part[2] = {at[1], at[2]}, *next = x;
      over_axes<2>(m, columns, words[11], part, [&] {
        for (std::ptrdiff_t i = 0; i < n; ++i) next[i * count] = part[0][i * along];
        ++next;
      });
      const bool regular = Solver::solve(n, a, count, x);
      part[0] = at[1], part[1] = at[2], next = x;
      over_axes<2>(m, columns, words[11], part, [&] {
        for (std::ptrdiff_t i = 0; i < n; ++i) part[1][i * own] = regular ? next[i * count] : undefined<T>();
        ++next;
      });
    });
  }

 private:
  static std::ptrdiff_t columns_of(const std::ptrdiff_t* length, const int* words) {
    std::ptrdiff_t count = 1;
    for (int k = 0; k < words[11]; ++k) count *= length[words[12 + 3 * k]];
    return count;
  }
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
