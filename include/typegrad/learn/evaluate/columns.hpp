// SPDX-License-Identifier: BSL-1.0
// What measures of quality take: columns of labels and of numbers, made from any range of them, and the
// checks and sums that all share.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <ranges>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "../../support/compiler/exceptions.hpp"
#include "../../support/compiler/finite.hpp"

namespace tg::metric {

/// A copy of a range of numbers, or of a range of ranges of them, row after row. Made from what is given to
/// a metric: vectors, arrays, spans, views, lists in braces.
template <class Number>
class column {
 public:
  using value_type = Number;

  column() = default;
  column(std::initializer_list<Number> values) : values_(values) {}
  template <std::ranges::input_range Range>
  requires(!std::same_as<std::remove_cvref_t<Range>, column>) column(const Range& range) {
    if constexpr (std::ranges::sized_range<const Range>) values_.reserve(std::ranges::size(range));
    append(range);
  }

  std::size_t size() const { return values_.size(); }
  bool empty() const { return values_.empty(); }
  Number operator[](std::size_t i) const { return values_[i]; }
  auto begin() const { return values_.begin(); }
  auto end() const { return values_.end(); }
  operator std::span<const Number>() const { return values_; }

 private:
  void append(const auto& range) {
    for (const auto& each : range) {
      if constexpr (std::ranges::range<decltype(each)>)
        append(each);
      else {
        using given = std::remove_cvref_t<decltype(each)>;
        static_assert(std::convertible_to<given, Number> || std::is_enum_v<given>,
                      "metric: labels, scores and weights are numbers.");
        if constexpr (std::integral<Number> && std::floating_point<given>)
          if (!(std::abs(each) < given(0x1p53)) || each != std::floor(each))
            detail::raise(std::invalid_argument("metric: the label " + std::to_string(each) +
                                                " is no whole number; give classes, such as the argmax of "
                                                "scores."));
        values_.push_back(static_cast<Number>(each));
      }
    }
  }

  std::vector<Number> values_;
};

/// Classes or clusters: whole numbers, of a floating type too.
using labels = column<std::int64_t>;
/// Scores, probabilities, targets, weights.
using numbers = column<double>;

}  // namespace tg::metric

namespace tg::detail {

/// Refuses the arguments of a metric by one sentence.
[[noreturn]] inline void unfit_metric(const char* metric, const std::string& what) {
  raise(std::invalid_argument(std::string(metric) + ": " + what));
}

/// Checks the numbers: none is NaN or infinite.
inline void expect_finite(const char* metric, const char* what, const metric::numbers& values) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!detail::is_finite(values[i]))
      unfit_metric(metric, std::string(what) + " " + std::to_string(i) + " is " +
                               (detail::is_nan(values[i]) ? "NaN" : "infinite") +
                               "; leave the row out, or mend what computed it.");
}

/// Checks two columns and the weights, of which there may be none: the same number of rows, at least one.
inline void expect_rows(const char* metric, std::size_t rows, std::size_t others,
                        const metric::numbers& weights) {
  if (rows != others)
    unfit_metric(metric, std::to_string(rows) + " rows are compared with " + std::to_string(others) +
                             "; give as many of both.");
  if (rows == 0) unfit_metric(metric, "there are no rows; give at least one.");
  if (weights.empty()) return;
  if (weights.size() != rows)
    unfit_metric(metric, std::to_string(weights.size()) + " weights for " + std::to_string(rows) +
                             " rows; give one for each row, or none.");
  expect_finite(metric, "weight", weights);
  bool any = false;
  for (const double each : weights) {
    if (each < 0) unfit_metric(metric, "a weight is negative; give 0 for a row that does not count.");
    any = any || each > 0;
  }
  if (!any) unfit_metric(metric, "all weights are 0; at least one row must count.");
}

/// The sum in the order in which NumPy adds, so that texts made of it round as there: eight sums side by
/// side, and halves of what is longer than 128.
template <class At>
double pairwise_sum(std::size_t first, std::size_t count, const At& at) {
  if (count < 8) {
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += at(first + i);
    return sum;
  }
  if (count > 128) {
    const std::size_t half = count / 2 - count / 2 % 8;
    return pairwise_sum(first, half, at) + pairwise_sum(first + half, count - half, at);
  }
  double s[8];
  for (std::size_t k = 0; k < 8; ++k) s[k] = at(first + k);
  std::size_t i = 8;
  for (; i + 8 <= count; i += 8)
    for (std::size_t k = 0; k < 8; ++k) s[k] += at(first + i + k);
  double sum = ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
  for (; i < count; ++i) sum += at(first + i);
  return sum;
}

/// The mean of at(0), at(1), ..., weighted where there are weights.
template <class At>
double weighted_mean(std::size_t count, const metric::numbers& weights, const At& at) {
  if (weights.empty()) return pairwise_sum(0, count, at) / static_cast<double>(count);
  return pairwise_sum(0, count, [&](std::size_t i) { return at(i) * weights[i]; }) /
         pairwise_sum(0, count, [&](std::size_t i) { return weights[i]; });
}

/// A row's weight: 1 where there are none.
inline double weight_of(const metric::numbers& weights, std::size_t i) {
  return weights.empty() ? 1 : weights[i];
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
