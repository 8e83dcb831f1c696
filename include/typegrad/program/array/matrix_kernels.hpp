// SPDX-License-Identifier: BSL-1.0
// Inverses, determinants and Cholesky factors of square matrices, in scratch memory. What calculates with one
// matrix is a solver: here plain loops; typegrad/eigen.hpp has another.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cmath>
#include <utility>

#include "../../array/cholesky.hpp"
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
  template <class C>
  static void write_c(C& c, const int* words) {
    auto at = c.template places<2>(words);
    const auto matrix = c.scratch(c.sum_of(words[4]) * c.sum_of(words[4]));
    c.over(words + 8, words[7], at, [&] {
      c.copy_matrix(at[0], words + 4, matrix);
      Fold::write_c(c, c.length(words[4]), matrix.array, at[1]);
    });
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
  static void write_c(auto& c, const auto& n, const auto& a, const auto& to) {
    c.helper(c.eliminate), c.helper(c.solve);
    c.line("double* const inverse = &", to, ";");
    c.line("for (long k0 = 0; k0 < ", n, "*", n, "; ++k0) inverse[k0] = k0 % (", n,
           " + 1) == 0 ? 1.0 : 0.0;");
    c.line("if (!solve_system(", n, ", ", a, ", ", n, ", inverse))");
    c.line("  for (long k0 = 0; k0 < ", n, "*", n, "; ++k0) inverse[k0] = NAN;");
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
  static void write_c(auto& c, const auto& n, const auto& a, const auto& to) {
    c.helper(c.eliminate);
    c.line("double product = (double)eliminate(", n, ", ", a, ", 0, ", a, ");");
    c.line("if (product != 0.0)");
    c.line("  for (long k0 = 0; k0 < ", n, "; ++k0) product *= ", a, "[k0 * ", n, " + k0];");
    c.line(to, " = product;");
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
  static void write_c(auto& c, const auto& n, const auto& a, const auto& to) {
    c.helper(c.eliminate);
    c.line("double sum = eliminate(", n, ", ", a, ", 0, ", a, ") == 0 ? -INFINITY : 0.0;");
    c.line("if (sum == 0.0)");
    c.line("  for (long k0 = 0; k0 < ", n, "; ++k0) sum += log(fabs(", a, "[k0 * ", n, " + k0]));");
    c.line(to, " = sum;");
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
  static void write_c(auto& c, const auto& n, const auto& a, const auto& to) {
    c.line("double* const factor = &", to, ";");
    c.line("int definite = 1;");
    c.line("for (long k0 = 0; k0 < ", n, "*", n, "; ++k0) factor[k0] = 0.0;");
    c.line("for (long r0 = 0; r0 < ", n, " && definite; ++r0)");
    c.line("  for (long s0 = 0; s0 <= r0 && definite; ++s0) {");
    c.line("    double rest = (", a, "[r0 * ", n, " + s0] + ", a, "[s0 * ", n, " + r0]) / 2.0;");
    c.line("    for (long k0 = 0; k0 < s0; ++k0) rest -= factor[r0 * ", n, " + k0] * factor[s0 * ", n,
           " + k0];");
    c.line("    definite = s0 < r0 || rest > 0.0;");
    c.line("    factor[r0 * ", n, " + s0] = s0 == r0 ? sqrt(rest) : rest / factor[s0 * ", n, " + s0];");
    c.line("  }");
    c.line("if (!definite)");
    c.line("  for (long k0 = 0; k0 < ", n, "*", n, "; ++k0) factor[k0] = k0 / ", n, " < k0 % ", n,
           " ? 0.0 : NAN;");
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
  static void write_c(auto& c, const int* words) {
    const auto n = c.sum_of(words[2]);
    c.count(c.length(words[2]), [&](const auto& row) {
      c.count(c.length(words[2]), [&](const auto& column) {
        auto to = c.at(words);
        c.add(to, row, n), c.add(to, column, c.sum_of(length_table::one));
        c.line(to, " = ", column, " == ", row, " ? 1.0 : 0.0;");
      });
    });
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
  static void write_c(auto& c, const int* words) {
    c.count(c.length(words[2]), [&](const auto& i) {
      auto to = c.at(words);
      c.add(to, i, length_table::one);
      c.line(to, " = (double)", i, ";");
    });
  }
  template <class T>
  static void run(const array_machine<T>& m, const int* words) {
    T* const to = m.place(words);
    for (std::ptrdiff_t i = 0; i < m.length[words[2]]; ++i) to[i] = number_as<T>(i);
  }
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
