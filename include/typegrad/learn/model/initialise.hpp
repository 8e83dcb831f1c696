// SPDX-License-Identifier: BSL-1.0
// The first values of parameters by their rules, from a seed and the parameter's name: the same numbers on
// every machine, and whatever other parameters there are.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "../../support/philox.hpp"
#include "../../support/text.hpp"
#include "initial_rule.hpp"

namespace tg::detail {

/// Numbers of a stream, one after the other.
class number_stream {
 public:
  number_stream(std::uint64_t seed, std::string_view name) : stream_{seed, hash_of(name)} {}

  /// Uniform in (0, 1).
  double uniform() {
    philox_words<1> words;
    stream_.fill(words, next_++, 0);
    return (static_cast<double>(std::uint64_t{words.word[0][0]} << 21 ^ words.word[1][0] >> 11) + 0.5) *
           0x1p-53;
  }
  /// Normal, of deviation 1: Box and Muller (1958).
  double normal() {
    const double radius = std::sqrt(-2 * std::log(uniform()));
    return radius * std::cos(6.283185307179586 * uniform());
  }

 private:
  philox_stream stream_;
  std::uint64_t next_ = 0;
};

/// Makes the rows of a matrix orthogonal and of length `gain`; if there are more rows than columns, its
/// columns. By the modified process of Gram and Schmidt, each twice.
template <class T>
void make_orthogonal(std::span<T> m, std::size_t rows, double gain) {
  const std::size_t columns = m.size() / rows;
  const bool by_rows = rows <= columns;
  const std::size_t lines = by_rows ? rows : columns, length = by_rows ? columns : rows,
                    step = by_rows ? 1 : columns;
  const auto at = [&](std::size_t line, std::size_t k) -> T& {
    return m[by_rows ? line * columns + k : k * step + line];
  };
  const auto dot = [&](std::size_t i, std::size_t j) {
    double total = 0;
    for (std::size_t k = 0; k < length; ++k)
      total += static_cast<double>(at(i, k)) * static_cast<double>(at(j, k));
    return total;
  };
  for (std::size_t i = 0; i < lines; ++i) {
    for (int pass = 0; pass < 2; ++pass)
      for (std::size_t j = 0; j < i; ++j) {
        const double share = dot(i, j) / dot(j, j);
        for (std::size_t k = 0; k < length; ++k)
          at(i, k) -= static_cast<T>(share * static_cast<double>(at(j, k)));
      }
    const double scale = gain / std::sqrt(dot(i, i));
    for (std::size_t k = 0; k < length; ++k) at(i, k) = static_cast<T>(scale * static_cast<double>(at(i, k)));
  }
}

/// Writes the first values of a parameter with so many rows.
template <class T>
void fill(std::span<T> values, const initial_rule& rule, std::size_t rows, std::uint64_t seed,
          std::string_view name) {
  number_stream numbers(seed, name);
  const double width = rule.width / std::sqrt(rule.divided_by_root_of);
  for (T& each : values) switch (rule.kind) {
      case initial_rule::constant:
        each = static_cast<T>(width);
        break;
      case initial_rule::uniform:
        each = static_cast<T>(width * (2 * numbers.uniform() - 1));
        break;
      case initial_rule::normal:
        each = static_cast<T>(width * numbers.normal());
        break;
      case initial_rule::orthogonal:
        each = static_cast<T>(numbers.normal());
        break;
      case initial_rule::truncated_normal: {
        double drawn = numbers.normal();
        while (std::fabs(drawn) > 2) drawn = numbers.normal();
        each = static_cast<T>(width * drawn);
        break;
      }
    }
  if (rule.kind == initial_rule::orthogonal) make_orthogonal(values, rows, width);
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
