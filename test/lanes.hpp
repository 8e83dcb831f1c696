// SPDX-License-Identifier: BSL-1.0
// The functions in lanes with what they are compared with, one row each, and the comparison: lanes.cpp makes
// it at some points, lanes_accuracy.cpp at all floats.
#pragma once
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <tuple>
#include <typegrad/lanes/dispatch.hpp>
#include <typegrad/lanes/error_function.hpp>
#include <typegrad/lanes/exponential.hpp>
#include <typegrad/lanes/logarithm.hpp>
#include <typegrad/lanes/loop.hpp>
#include <typegrad/lanes/trigonometric.hpp>
#include <vector>

namespace lanes_test {

namespace lanes = tg::lanes;

/// A function, the same by the C library on a wider number type, the greatest errors in units in the last
/// place for float and double, between which numbers most random points are taken, and below which number no
/// point counts.
template <class F, class Exact>
struct row {
  using function = F;
  const char* name;
  Exact exact;
  double float_bound, double_bound, low, high, least;
};
template <class F, class Exact>
constexpr row<F, Exact> make_row(const char* name, Exact exact, double float_bound, double double_bound,
                                 double low, double high, double least = -HUGE_VAL) {
  return {name, exact, float_bound, double_bound, low, high, least};
}

/// x Phi(x) = x/2 erfc(z). erfc(z) magnifies the rounding error of z = -x/sqrt(2) by 2 z^2, so that error, r,
/// is found: erfc(z + r) = erfc(z) (1 - r g) to first order, g = -erfc'(z)/erfc(z), nearly z + sqrt(z^2 + 2).
template <class T>
T exact_gelu(T x) {
  if (x < -60) return -T(0);
  const T root = std::sqrt(T(0.5)), z = -x * root, root_error = std::fma(-root, root, T(0.5)) / (2 * root);
  const T r = std::fma(-x, root, -z) - x * root_error;
  return x / 2 * std::erfc(z) * (x < 0 ? 1 - r * (z + std::sqrt(z * z + 2)) : 1);
}

// clang-format off
inline constexpr std::tuple rows{
    make_row<lanes::exp>("exp", [](auto x) { return std::exp(x); }, 1.3, 1.3, -750, 715),
    make_row<lanes::expm1>("expm1", [](auto x) { return std::expm1(x); }, 1.25, 1.25, -50, 20),
    make_row<lanes::tanh>("tanh", [](auto x) { return std::tanh(x); }, 1.9, 1.95, -22, 22),
    make_row<lanes::sigmoid>("sigmoid", [](auto x) { return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x)); }, 1.9, 1.9, -50, 50),
    make_row<lanes::sin>("sin", [](auto x) { return std::sin(x); }, 1.7, 1.35, -1100000, 1100000),
    make_row<lanes::cos>("cos", [](auto x) { return std::cos(x); }, 1.7, 1.35, -1100000, 1100000),
    make_row<lanes::log>("log", [](auto x) { return std::log(x); }, 0.9, 0.9, 0, 10),
    make_row<lanes::log1p>("log1p", [](auto x) { return std::log1p(x); }, 0.95, 0.95, -1, 10),
    make_row<lanes::softplus>("softplus", [](auto x) { return (x < 0 ? 0 : x) + std::log1p(std::exp(-std::abs(x))); }, 1.75, 1.8, -50, 50),
    make_row<lanes::erf>("erf", [](auto x) { return std::erf(x); }, 1.5, 1.4, -7, 7),
    make_row<lanes::erfc>("erfc", [](auto x) { return std::erfc(x); }, 6.5, 7, -7, 28),
    make_row<lanes::gelu>("gelu", [](auto x) { return exact_gelu(x); }, 2, 2, -1, 10, -0.8),
    make_row<lanes::gelu>("gelu below -0.8", [](auto x) { return exact_gelu(x); }, 8.5, 8.5, -40, 0),
};
// clang-format on

template <class F, class T>
struct kernel {
  const T* from;
  T* to;
  std::size_t n;
  template <int Bytes>
  TYPEGRAD_LANES void run() {
    lanes::loop<F, Bytes / static_cast<int>(sizeof(T))>(from, to, n);
  }
};

/// The error of y in units in the last place of the exact value, or 1/2 where it is not more; infinity where
/// NaN, an infinity or the sign of a zero is wrong. An infinite y counts as the power of two behind the
/// largest number.
template <class T, class Wide>
double ulps(T y, Wide exact) {
  if (y == static_cast<T>(exact) && y != 0) return 0.5;
  using limits = std::numeric_limits<T>;
  const Wide end = std::ldexp(Wide(1), limits::max_exponent);
  if (std::isnan(exact) || std::isnan(y)) return std::isnan(exact) && std::isnan(y) ? 0 : HUGE_VAL;
  if (std::signbit(y) != std::signbit(exact)) return HUGE_VAL;
  if (std::isinf(exact) || exact == 0) return static_cast<Wide>(y) == exact ? 0 : HUGE_VAL;
  const Wide size = std::min(std::abs(exact), end),
             found = std::isinf(y) ? end : std::abs(static_cast<Wide>(y));
  const int exponent = std::clamp(std::ilogb(size), limits::min_exponent - 1, limits::max_exponent - 1);
  return static_cast<double>(std::ldexp(std::abs(found - size), limits::digits - 1 - exponent));
}

/// The point of the greatest error.
template <class T>
struct worst {
  double error = 0;
  T x = 0;
};

template <class T>
using wide = std::conditional_t<std::is_same_v<T, float>, double, long double>;

/// The sets of instructions that this machine has.
inline std::vector<lanes::instructions> sets_here() {
  std::vector<lanes::instructions> sets;
  for (int set = 0; set <= static_cast<int>(lanes::instructions_here()); ++set)
    sets.push_back(static_cast<lanes::instructions>(set));
  return sets;
}

/// Compares the function at these points, with each set of instructions.
template <class Row, class T>
void compare(const Row& r, const std::vector<T>& x, worst<T>& found) {
  std::vector<wide<T>> exact(x.size());
  std::transform(x.begin(), x.end(), exact.begin(),
                 [&](T one) { return r.exact(static_cast<wide<T>>(one)); });
  std::vector<T> y(x.size());
  for (const auto set : sets_here()) {
    kernel<typename Row::function, T> k{x.data(), y.data(), x.size()};
    lanes::run_with(set, k);
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (x[i] < static_cast<T>(r.least)) continue;
      const double error = ulps(y[i], exact[i]);
      if (error > found.error) found = {error, x[i]};
    }
  }
}

/// Compares at every step-th float from one bit pattern to another.
template <class Row>
void sweep(const Row& r, std::uint64_t first, std::uint64_t last, std::uint64_t step, worst<float>& found) {
  std::vector<float> x;
  for (std::uint64_t bits = first; bits < last; bits += step) {
    x.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
    if (x.size() == 4096 || bits + step >= last) {
      compare(r, x, found);
      x.clear();
    }
  }
}

/// Compares at random points: of four, two between the bounds of the row, one of any bits, one near 1 in
/// size.
template <class Row, class T>
void random_points(const Row& r, std::uint64_t count, std::uint64_t seed, worst<T>& found) {
  std::mt19937_64 engine(seed);
  const auto uniform = [&] { return static_cast<double>(engine() >> 11) * 0x1p-53; };
  std::vector<T> x;
  for (std::uint64_t i = 0; i < count; i += x.size()) {
    x.resize(std::min<std::uint64_t>(4096, count - i));
    for (std::size_t j = 0; j < x.size(); ++j) {
      if (j % 4 < 2)
        x[j] = static_cast<T>(r.low + (r.high - r.low) * uniform());
      else if (j % 4 == 2)
        x[j] = static_cast<T>(std::bit_cast<double>(engine()));
      else
        x[j] = static_cast<T>(
            std::ldexp(engine() % 2 ? 1 + uniform() : -1 - uniform(), static_cast<int>(engine() % 16) - 12));
    }
    compare(r, x, found);
  }
}

}  // namespace lanes_test
