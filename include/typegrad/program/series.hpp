// SPDX-License-Identifier: BSL-1.0
// Truncated power series in several symbols as a number type: what `taylor` evaluates a formula with. The
// coefficients up to a given order in each symbol are one dense block; a number that depends on no symbol
// keeps one coefficient.
#pragma once
#include "../support/compiler/begin.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <limits>
#include <vector>

namespace tg {

/// A power series in sizeof...(Orders) displacements, up to the given order in each, with coefficients of
/// type T. Comparisons are those of the constant terms, but for ==, which compares all coefficients.
template <class T, int... Orders>
class series {
 public:
  using value_type = T;
  static constexpr std::size_t symbols = sizeof...(Orders);
  static constexpr std::array<int, symbols> orders{Orders...};
  /// Of all terms together.
  static constexpr int total_order = (Orders + ... + 0);
  static constexpr std::size_t size = (static_cast<std::size_t>(Orders + 1) * ... * 1);

  series() : terms_(1) {}
  template <std::convertible_to<T> R>
  series(const R& number) : terms_{static_cast<T>(number)} {}
  /// The number plus the displacement of symbol k, counted from 0.
  static series variable(const T& number, std::size_t k) {
    series x(number);
    if (orders[k] > 0) x.terms_.resize(size), x.terms_[strides[k]] = T(1);
    return x;
  }

  /// The coefficient of the product of the displacements with these powers.
  template <std::convertible_to<int>... I>
  T coefficient(I... power) const {
    static_assert(sizeof...(I) == symbols,
                  "typegrad: series: coefficient and derivative take one order for each symbol.");
    const std::array<int, symbols> powers{static_cast<int>(power)...};
    std::size_t at = 0;
    for (std::size_t k = 0; k < symbols; ++k) {
      if (powers[k] < 0 || powers[k] > orders[k]) return std::numeric_limits<T>::quiet_NaN();
      at += static_cast<std::size_t>(powers[k]) * strides[k];
    }
    return at < terms_.size() ? terms_[at] : T(0);
  }
  /// The mixed partial derivative of these orders; NaN beyond the orders of the series.
  template <std::convertible_to<int>... I>
  T derivative(I... order) const {
    T result = coefficient(order...);
    for (const int each : {static_cast<int>(order)...})
      for (int k = 2; k <= each; ++k) result = result * T(k);
    return result;
  }
  /// The value of the polynomial at these displacements.
  template <std::convertible_to<T>... D>
  T operator()(const D&... displacement) const {
    static_assert(sizeof...(D) == symbols, "typegrad: series: it takes one displacement for each symbol.");
    const std::array<T, symbols> at{static_cast<T>(displacement)...};
    return is_constant() ? constant() : sum(at, 0, 0);
  }

  const T& constant() const { return terms_[0]; }
  bool is_constant() const { return terms_.size() == 1; }
  /// Without the constant term.
  series displacement() const {
    series h = *this;
    h.terms_[0] = T(0);
    return h;
  }
  /// How many coefficients of a function of one number its composition with this takes.
  std::size_t length() const { return is_constant() ? 1 : static_cast<std::size_t>(total_order) + 1; }
  /// f(x), where these are the first coefficients of f at the constant term.
  series composed(const std::vector<T>& f) const {
    const series h = displacement();
    series r(f.back());
    for (std::size_t k = f.size() - 1; k-- > 0;) r = r.times_displacement(h) + series(f[k]);
    return r;
  }
  /// f^(first)(x), where derivative(n, c) is f^(n)(c): what primitives ask for whose value is computed near a
  /// point by other means than functions of series.
  template <class F>
  series composed_of_derivatives(int first, F derivative) const {
    std::vector<T> f(length(), T(0));
    T factorial(1);
    for (std::size_t k = 0; k < f.size(); factorial = factorial * T(static_cast<int>(++k)))
      f[k] = derivative(first + static_cast<int>(k), constant()) / factorial;
    return composed(f);
  }
  /// The product with a series without constant term, in whose place nothing is multiplied: not even a
  /// coefficient that is infinite.
  series times_displacement(const series& h) const {
    if (h.is_constant()) return series(T(0));
    series r;
    r.terms_.assign(size, T(0));
    if (is_constant())
      for (std::size_t k = 1; k < size; ++k) r.terms_[k] = constant() * h.terms_[k];
    else
      add_products<0, true>(terms_.data(), h.terms_.data(), r.terms_.data());
    return r;
  }
  /// Every coefficient but the first NaN: a function of x where it has no derivative.
  series without_derivative() const {
    series r(constant());
    if (is_constant()) return r;
    r.terms_.assign(size, std::numeric_limits<T>::quiet_NaN());
    r.terms_[0] = constant();
    return r;
  }

  friend series operator+(const series& a, const series& b) {
    return a.is_constant() ? b.plus(a) : a.plus(b);
  }
  friend series operator-(const series& a) { return a.times(T(-1)); }
  friend series operator-(const series& a, const series& b) { return a + -b; }
  friend series operator*(const series& a, const series& b) {
    if (a.is_constant()) return b.times(a.constant());
    if (b.is_constant()) return a.times(b.constant());
    series r;
    r.terms_.assign(size, T(0));
    add_products<0>(a.terms_.data(), b.terms_.data(), r.terms_.data());
    return r;
  }
  friend series operator/(const series& a, const series& b) {
    if (!b.is_constant()) return a.over(b);
    series r = a;
    for (T& each : r.terms_) each = each / b.constant();
    return r;
  }
  series& operator+=(const series& b) { return *this = *this + b; }
  series& operator-=(const series& b) { return *this = *this - b; }
  series& operator*=(const series& b) { return *this = *this * b; }
  series& operator/=(const series& b) { return *this = *this / b; }

  friend bool operator==(const series& a, const series& b) {
    for (std::size_t k = 0; k < a.terms_.size() || k < b.terms_.size(); ++k)
      if (!(a.term(k) == b.term(k))) return false;
    return true;
  }
  friend bool operator<(const series& a, const series& b) { return a.constant() < b.constant(); }
  friend bool operator>(const series& a, const series& b) { return b < a; }
  friend bool operator<=(const series& a, const series& b) { return a.constant() <= b.constant(); }
  friend bool operator>=(const series& a, const series& b) { return b <= a; }

 private:
  static constexpr std::array<std::size_t, symbols> strides = [] {
    std::array<std::size_t, symbols> all{};
    std::size_t stride = 1;
    for (std::size_t k = symbols; k-- > 0; stride *= static_cast<std::size_t>(orders[k] + 1)) all[k] = stride;
    return all;
  }();

  T term(std::size_t k) const { return k < terms_.size() ? terms_[k] : T(0); }
  series plus(const series& b) const {
    series r = *this;
    for (std::size_t k = 0; k < b.terms_.size(); ++k) r.terms_[k] = r.terms_[k] + b.terms_[k];
    return r;
  }
  series times(const T& factor) const {
    series r = *this;
    for (T& each : r.terms_) each = each * factor;
    return r;
  }
  T sum(const std::array<T, symbols>& at, std::size_t symbol, std::size_t first) const {
    if (symbol == symbols) return terms_[first];
    T result(0);
    for (int power = orders[symbol]; power >= 0; --power)
      result = result * at[symbol] +
               sum(at, symbol + 1, first + static_cast<std::size_t>(power) * strides[symbol]);
    return result;
  }
  template <std::size_t symbol, bool SkipZeros = false>
  static void add_products(const T* a, const T* b, T* out) {
    if constexpr (symbol == symbols) {
      if (!SkipZeros || !(*b == T(0))) *out = *out + *a * *b;
    } else {
      constexpr std::size_t stride = strides[symbol], order = static_cast<std::size_t>(orders[symbol]);
      for (std::size_t i = 0; i <= order; ++i)
        for (std::size_t j = 0; i + j <= order; ++j)
          add_products<symbol + 1, SkipZeros>(a + i * stride, b + j * stride, out + (i + j) * stride);
    }
  }
  /// The sum of b_j q_(i-j) over the j that are not 0.
  static T products_below(const std::vector<T>& b, const std::vector<T>& q, const std::array<int, symbols>& i,
                          std::size_t symbol, std::size_t at_b, std::size_t at_q) {
    if (symbol == symbols) return at_b == 0 ? T(0) : T(b[at_b] * q[at_q]);
    T result(0);
    for (int j = 0; j <= i[symbol]; ++j)
      result =
          result + products_below(b, q, i, symbol + 1, at_b + static_cast<std::size_t>(j) * strides[symbol],
                                  at_q + static_cast<std::size_t>(i[symbol] - j) * strides[symbol]);
    return result;
  }
  series over(const series& b) const {
    series q;
    q.terms_.assign(size, T(0));
    std::array<int, symbols> i{};
    for (std::size_t at = 0; at < size; ++at) {
      q.terms_[at] = (term(at) - products_below(b.terms_, q.terms_, i, 0, 0, 0)) / b.constant();
      for (std::size_t k = symbols; k-- > 0;) {
        if (i[k] < orders[k]) {
          ++i[k];
          break;
        }
        i[k] = 0;
      }
    }
    return q;
  }

  std::vector<T> terms_;  // the power of the last symbol changes first
};

}  // namespace tg

#include "../support/compiler/end.hpp"
