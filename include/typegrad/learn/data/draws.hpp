// SPDX-License-Identifier: BSL-1.0
// Random numbers for data, the same on every machine: they depend on a seed and on what they are drawn for,
// and on no state, so that any row of any epoch can be drawn at once.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "../../support/philox.hpp"
#include "../../support/splitmix.hpp"
#include "../../support/text.hpp"

namespace tg::detail {

/// A row of random numbers of its own for each purpose, epoch and row.
class draws {
 public:
  draws(std::uint64_t seed, std::string_view purpose, std::uint64_t epoch, std::uint64_t row = 0)
      : stream_{seed, hash_of(purpose) ^ splitmix(epoch)}, next_(row << 24) {}

  /// Uniform in [0, 1): a multiple of 2^-53.
  double uniform() {
    if (left_ == 0) stream_.fill(words_, next_++, 0), left_ = 2;
    const auto* const two = words_.word + 2 * --left_;
    const std::uint64_t bits = std::uint64_t{two[0][0]} << 32 | two[1][0];
    return static_cast<double>(bits >> 11) * 0x1p-53;
  }
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// Uniform among 0, ..., count - 1.
  std::size_t below(std::size_t count) {
    return static_cast<std::size_t>(uniform() * static_cast<double>(count));
  }
  /// Normal with mean 0 and variance 1.
  double normal() {
    const double length = std::sqrt(-2 * std::log(1 - uniform()));
    return length * std::cos(6.283185307179586 * uniform());
  }
  /// Fisher and Yates's shuffle.
  template <class T>
  void shuffle(std::vector<T>& all) {
    for (std::size_t k = all.size(); k > 1; --k) std::swap(all[k - 1], all[below(k)]);
  }

 private:
  philox_stream stream_;
  std::uint64_t next_;
  philox_words<1> words_{};
  int left_ = 0;
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
