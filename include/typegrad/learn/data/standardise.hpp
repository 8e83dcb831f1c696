// SPDX-License-Identifier: BSL-1.0
// Standardisation: each column less its mean, over its deviation, both of the rows to train on alone, so that
// nothing of the rows held out is known to the training.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cmath>
#include <cstddef>
#include <istream>
#include <limits>
#include <ostream>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "../../optimize/record/checkpoint.hpp"
#include "../../support/compiler/exceptions.hpp"
#include "../../support/compiler/finite.hpp"

namespace tg::data {

/// Mean and deviation of each column (divided by n, as scikit-learn's StandardScaler), found row by row by
/// Welford's sums; values that are missing, NaN, do not count. A constant column has the deviation 1.
class standardisation {
 public:
  explicit standardisation(std::size_t columns = 0) : counts_(columns), means_(columns), squares_(columns) {}
  /// Of some rows of a matrix, row by row: `tg::data::standardisation scale(numbers, 4, parts[0])`.
  template <class Numbers>
  standardisation(const Numbers& numbers, std::size_t columns, const std::vector<std::size_t>& rows)
      : standardisation(columns) {
    const std::span all{numbers};
    if (columns == 0 || all.size() % columns != 0) refuse(all.size());
    for (const std::size_t row : rows)
      if (row >= all.size() / columns)
        detail::raise(std::invalid_argument("standardisation: there is no row " + std::to_string(row) + "."));
      else
        add(all.subspan(row * columns, columns));
  }

  /// Adds rows, for data that are read by pieces.
  template <class Numbers>
  void add(const Numbers& numbers) {
    each_column(numbers, [&](std::size_t k, const auto& number) {
      const double x = static_cast<double>(number);
      if (detail::is_nan(x)) return;
      if (!detail::is_finite(x))
        detail::raise(std::invalid_argument("standardisation: column " + std::to_string(k) +
                                            " has an infinite number; make it NaN, or a number, before."));
      const double before = x - means_[k];
      means_[k] += before / (counts_[k] += 1);
      squares_[k] += before * (x - means_[k]);
    });
  }

  std::size_t columns() const { return means_.size(); }
  const std::vector<double>& means() const { return means_; }
  double deviation(std::size_t column) const {
    const double count = counts_[column], noise = std::numeric_limits<double>::epsilon() * means_[column];
    // What rounding makes of a constant column.
    if (!(squares_[column] > 10 * count * noise * noise)) return 1;
    return std::sqrt(squares_[column] / count);
  }

  /// Standardises rows in place; missing values become 0, the mean.
  template <class Numbers>
  void apply(Numbers&& numbers) const {
    each_column(numbers, [&](std::size_t k, auto& number) {
      const double x = static_cast<double>(number);
      number = static_cast<std::remove_reference_t<decltype(number)>>(
          detail::is_nan(x) ? 0 : (x - means_[k]) / deviation(k));
    });
  }
  /// Undoes it.
  template <class Numbers>
  void undo(Numbers&& numbers) const {
    each_column(numbers, [&](std::size_t k, auto& number) {
      number = static_cast<std::remove_reference_t<decltype(number)>>(
          static_cast<double>(number) * deviation(k) + means_[k]);
    });
  }
  /// As a change of a column: `column.then(scale)`.
  template <class T>
  void operator()(std::span<T> numbers, std::size_t, std::size_t) const {
    apply(numbers);
  }

  /// Writes all its numbers, bit by bit.
  void save(std::ostream& out) const {
    detail::save_numbers(out, "standardisation", columns());
    for (std::size_t k = 0; k < columns(); ++k)
      detail::save_numbers(out, "column", counts_[k], means_[k], squares_[k]);
  }
  /// Throws std::runtime_error for what save has not written, and is then as it was.
  void load(std::istream& in) {
    std::size_t columns = 0;
    detail::load_numbers(in, "standardisation", columns);
    standardisation read;
    for (std::size_t k = 0; k < columns; ++k) {
      double count = 0, mean = 0, square = 0;
      detail::load_numbers(in, "column", count, mean, square);
      read.counts_.push_back(count), read.means_.push_back(mean), read.squares_.push_back(square);
    }
    *this = read;
  }

 private:
  template <class Numbers, class Use>
  void each_column(Numbers& numbers, Use use) const {
    const std::span all{numbers};
    if (columns() == 0 || all.size() % columns() != 0) refuse(all.size());
    for (std::size_t k = 0; k < all.size();)
      for (std::size_t c = 0; c < columns(); ++c, ++k) use(c, all[k]);
  }
  [[noreturn]] void refuse(std::size_t count) const {
    detail::raise(std::invalid_argument("standardisation: " + std::to_string(count) +
                                        " numbers are no whole number of rows of " +
                                        std::to_string(columns()) + "."));
  }

  std::vector<double> counts_, means_, squares_;
};

}  // namespace tg::data

#include "../../support/compiler/end.hpp"
