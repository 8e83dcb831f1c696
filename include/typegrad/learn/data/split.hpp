// SPDX-License-Identifier: BSL-1.0
// Which rows are for training and which for judging.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "../../support/compiler/exceptions.hpp"
#include "draws.hpp"

namespace tg::data {

struct split_options {
  std::vector<double> parts{0.8, 0.2};  ///< the share of each part; together 1
  std::uint64_t seed = 0;
  bool shuffle = true;  ///< otherwise the first part is of the first rows, as for what is ordered by time
};

}  // namespace tg::data

namespace tg::detail {

inline void check_parts(const std::vector<double>& parts) {
  double all = 0;
  bool fits = true;
  for (const double part : parts) all += part, fits = fits && part >= 0;
  if (!fits || !(std::fabs(all - 1) < 1e-9))
    raise(std::invalid_argument("split: the parts must be shares of at least 0 whose sum is 1."));
}

/// Deals `order` out, each row to the part that is furthest behind its share: of any rows that stand together
/// every part then has its share, up to one or two.
inline std::vector<std::vector<std::size_t>> dealt(const std::vector<std::size_t>& order,
                                                   const std::vector<double>& parts) {
  std::vector<std::vector<std::size_t>> all(parts.size());
  for (std::size_t k = 0; k < order.size(); ++k) {
    std::size_t most = 0;
    double furthest = -1e300;
    for (std::size_t p = 0; p < parts.size(); ++p) {
      const double behind = parts[p] * static_cast<double>(k + 1) - static_cast<double>(all[p].size());
      if (behind > furthest + 1e-9) furthest = behind, most = p;
    }
    all[most].push_back(order[k]);
  }
  for (auto& part : all) std::sort(part.begin(), part.end());
  return all;
}

}  // namespace tg::detail

namespace tg::data {

/// Splits the rows 0, ..., rows - 1 into parts of these shares, each row into one, in rising order. The parts
/// are the same on every machine.
///     const auto parts = tg::data::split(150, {.parts = {0.6, 0.2, 0.2}, .seed = 1});
inline std::vector<std::vector<std::size_t>> split(std::size_t rows, const split_options& options = {}) {
  detail::check_parts(options.parts);
  std::vector<std::size_t> order(rows);
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (options.shuffle) {
    detail::draws(options.seed, "split", 0).shuffle(order);
    return detail::dealt(order, options.parts);
  }
  std::vector<std::vector<std::size_t>> all;
  double share = 0;
  std::size_t first = 0;
  for (const double part : options.parts) {
    const auto end = static_cast<std::size_t>(std::llround((share += part) * static_cast<double>(rows)));
    const auto at = [&](std::size_t row) { return order.begin() + static_cast<std::ptrdiff_t>(row); };
    all.emplace_back(at(first), at(end));
    first = end;
  }
  return all;
}

/// The same with every class in its share in every part: `classes` has the class of each row. Rows are always
/// drawn by chance.
template <class Classes>
std::vector<std::vector<std::size_t>> stratified_split(const Classes& classes,
                                                       const split_options& options = {}) {
  detail::check_parts(options.parts);
  if (!options.shuffle)
    detail::raise(std::invalid_argument(
        "stratified_split: rows of each class are drawn by chance; use split for rows in order."));
  std::vector<std::size_t> order(static_cast<std::size_t>(std::size(classes)));
  std::iota(order.begin(), order.end(), std::size_t{0});
  detail::draws(options.seed, "split", 0).shuffle(order);
  std::vector<std::size_t> place(order.size());
  for (std::size_t k = 0; k < order.size(); ++k) place[order[k]] = k;
  std::sort(order.begin(), order.end(), [&](std::size_t one, std::size_t other) {
    if (classes[one] < classes[other]) return true;
    if (classes[other] < classes[one]) return false;
    return place[one] < place[other];
  });
  return detail::dealt(order, options.parts);
}

/// The rows of all parts but one, in rising order: what to train on when part `left_out` is to judge by.
inline std::vector<std::size_t> all_but(const std::vector<std::vector<std::size_t>>& parts,
                                        std::size_t left_out) {
  if (left_out >= parts.size())
    detail::raise(std::invalid_argument("all_but: there is no part " + std::to_string(left_out) +
                                        "; there are " + std::to_string(parts.size()) + "."));
  std::vector<std::size_t> all;
  for (std::size_t p = 0; p < parts.size(); ++p)
    if (p != left_out) all.insert(all.end(), parts[p].begin(), parts[p].end());
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace tg::data

#include "../../support/compiler/end.hpp"
