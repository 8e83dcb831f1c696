// SPDX-License-Identifier: BSL-1.0
// Seeded random numbers that are the same with every standard library: the engine is fixed by the standard,
// the distributions of the standard are not, so they are made here.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>

#include "../../support/splitmix.hpp"

namespace tg::detail {

class random_stream {
 public:
  /// `part` picks one of many independent streams of a seed.
  explicit random_stream(std::uint64_t seed, std::uint64_t part = 0)
      : engine_(splitmix(seed + splitmix(part))) {}

  /// Uniform in [0, 1): a multiple of 2^-53.
  double uniform() { return static_cast<double>(engine_() >> 11U) * 0x1p-53; }

  /// Uniform among 0, ..., count - 1.
  std::size_t below(std::size_t count) {
    return static_cast<std::size_t>(uniform() * static_cast<double>(count));
  }

  /// Normal with mean 0 and variance 1. Marsaglia's polar method.
  double normal() {
    for (;;) {
      const double a = 2 * uniform() - 1, b = 2 * uniform() - 1, square = a * a + b * b;
      if (square > 0 && square < 1) return a * std::sqrt(-2 * std::log(square) / square);
    }
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
