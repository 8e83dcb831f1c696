// SPDX-License-Identifier: BSL-1.0
//
// A made-up function of 8 inputs and any number of operations, as a template in the number type: it stands
// for a long program that nobody simplified. The operations are chosen by a fixed pseudo-random rule and keep
// every intermediate value moderate.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace bench {

/// The program: `Operations` operations on the 8 inputs. No two operations are alike and each result is used,
/// so that neither this library nor a C compiler can make it shorter.
template <int Operations, class T>
constexpr T mixed_program(const T* x) {
  using std::cos;
  using std::exp;
  using std::sin;
  using std::sqrt;
  constexpr std::size_t window = 8;
  std::array<T, window> recent{x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7]};
  std::uint32_t state = 12345;
  int done = 0;
  const auto next = [&state](std::uint32_t bound) {
    state = state * 1664525U + 1013904223U;
    return (state >> 16U) % bound;
  };
  // Each turn replaces the oldest value by a combination of it with a newer one; values and derivatives
  // neither die nor blow up.
  constexpr int sum_operations = window - 1;
  for (std::size_t turn = 0; done < Operations - sum_operations; ++turn) {
    T& a = recent[turn % window];
    const T b = recent[(turn + 1 + next(window - 1)) % window];
    const int left = Operations - sum_operations - done;
    const std::uint32_t kind = next(8);
    if (left < 4) {
      a = sin(a);
      done += 1;
      continue;
    }
    switch (kind) {
      case 0:
        a = sin(a) + b;
        done += 2;
        break;
      case 1:
        a = cos(a * b);
        done += 2;
        break;
      case 2:
        a = a * 1.5 - b;
        a = sin(a);
        done += 3;
        break;
      case 3:
        a = a / (b * b + 0.75);
        done += 3;
        break;
      case 4:
        a = a * 0.625 + b;
        a = a * 0.875;
        done += 3;
        break;
      case 5:
        a = exp(a * -0.25) - b;
        a = a * 0.75;
        done += 4;
        break;
      case 6:
        a = (a + b) * 0.75;
        done += 2;
        break;
      default:
        a = sqrt(a * a + 0.5) - b;
        done += 4;
        break;
    }
  }
  T sum = recent[0];
  for (std::size_t i = 1; i < window; ++i) sum = sum + recent[i];
  return sum;
}

}  // namespace bench
