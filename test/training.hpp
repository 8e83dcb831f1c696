// SPDX-License-Identifier: BSL-1.0
// What the tests of tg::train share: made-up data in batches of which the last is filled up, and the step of
// a linear model by hand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <typegrad/training.hpp>
#include <vector>

namespace train_test {

/// Numbers between -1 and 1 that depend on two counters alone.
inline double noise(std::uint64_t a, std::uint64_t b = 0) {
  std::uint64_t z = (a + 1) * 0x9e3779b97f4a7c15u + (b + 1) * 0xd1b54a32d192ed03u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-52 - 1;
}

struct rows_of_batch {
  std::vector<std::size_t> rows;
  std::vector<double> x, y, weights;
  std::size_t size() const { return rows.size(); }
};

/// Rows in an order of each epoch's own.
struct shuffled_rows {
  std::size_t count = 23, size = 5, columns = 3;

  std::size_t batches() const { return (count + size - 1) / size; }
  rows_of_batch batch(std::size_t epoch, std::size_t index) const {
    rows_of_batch made;
    for (std::size_t k = 0; k < size; ++k) {
      const std::size_t place = index * size + k;
      const bool real = place < count;
      // 7 and count have no common factor.
      const std::size_t row = real ? (place * 7 + epoch * 3) % count : 0;
      made.rows.push_back(row);
      made.weights.push_back(real ? 1 : 0);
      double y = 0.5;
      for (std::size_t c = 0; c < columns; ++c) {
        made.x.push_back(real ? noise(row, c) : 1e6);
        y += noise(row, c) * static_cast<double>(c + 1);
      }
      made.y.push_back(y + 0.01 * noise(row, 99));
    }
    return made;
  }
};

/// The mean square of what a line misses, with its gradient; the last weight is the intercept.
template <class T>
T line_step(const rows_of_batch& batch, std::span<const T> w, std::span<T> slopes) {
  T loss = 0, all = 0;
  for (T& each : slopes) each = 0;
  const std::size_t columns = w.size() - 1;
  for (std::size_t k = 0; k < batch.size(); ++k) {
    T miss = w[columns] - static_cast<T>(batch.y[k]);
    for (std::size_t c = 0; c < columns; ++c) miss += w[c] * static_cast<T>(batch.x[k * columns + c]);
    const T share = static_cast<T>(batch.weights[k]);
    loss += share * miss * miss, all += share;
    for (std::size_t c = 0; c < columns; ++c)
      slopes[c] += 2 * share * miss * static_cast<T>(batch.x[k * columns + c]);
    slopes[columns] += 2 * share * miss;
  }
  for (T& each : slopes) each /= all;
  return loss / all;
}

constexpr auto step = [](const rows_of_batch& batch, const auto& w, auto& slopes) {
  using T = std::remove_cvref_t<decltype(*w.data())>;
  return line_step<T>(batch, std::span<const T>(w), std::span<T>(slopes));
};

/// The sentence that is thrown, or nothing.
template <class Call>
std::string thrown(Call call) {
  try {
    call();
  } catch (const std::exception& error) {
    return error.what();
  }
  return {};
}

}  // namespace train_test
