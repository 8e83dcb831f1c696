// SPDX-License-Identifier: BSL-1.0
// The first values of parameters by their rules, from a seed and the parameter's name: the same numbers on
// every machine, and whatever other parameters there are.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../../program/array/fill.hpp"
#include "initial_rule.hpp"

namespace tg::detail {

/// Normal numbers of deviation 1, those beyond two deviations drawn again.
template <class T>
void fill_truncated(std::span<T> values, std::string_view name, double seed) {
  fill_normal(values, name, seed);
  std::string site{name};
  std::vector<T> others(values.size());
  for (bool beyond = true; beyond;) {
    beyond = false;
    fill_normal(others, site += " again", seed);
    for (std::size_t k = 0; k < values.size(); ++k)
      if (std::fabs(values[k]) > 2) values[k] = others[k], beyond = true;
  }
}

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
void fill(std::span<T> values, const initial_rule& rule, std::size_t rows, double seed,
          std::string_view name) {
  const double width = rule.width / std::sqrt(rule.divided_by_root_of);
  switch (rule.kind) {
    case initial_rule::constant:
      for (T& each : values) each = static_cast<T>(width);
      break;
    case initial_rule::uniform:
      fill_uniform(values, name, seed, -width, width);
      break;
    case initial_rule::normal:
      fill_normal(values, name, seed, 0, width);
      break;
    case initial_rule::truncated_normal:
      fill_truncated(values, name, seed);
      for (T& each : values) each *= static_cast<T>(width);
      break;
    case initial_rule::orthogonal:
      fill_normal(values, name, seed);
      make_orthogonal(values, rows, width);
      break;
  }
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
