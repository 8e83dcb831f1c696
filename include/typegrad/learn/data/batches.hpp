// SPDX-License-Identifier: BSL-1.0
// Batches of rows for training, in an order that depends on a seed and the epoch alone: any batch can be
// asked for at any time, so a training that is resumed sees what it would have seen.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <numeric>
#include <ranges>
#include <span>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "../../support/compiler/exceptions.hpp"
#include "draws.hpp"
#include "held_number.hpp"

namespace tg::detail {

template <class... T>
struct first_floating {
  using type = float;
};
template <class T, class... More>
struct first_floating<T, More...>
    : std::conditional_t<std::floating_point<T>, std::type_identity<T>, first_floating<More...>> {};

/// All rows, or some that are named. A part without rows is not all of them.
struct chosen_rows {
  chosen_rows() = default;
  chosen_rows(std::vector<std::size_t> rows) : named(std::move(rows)), all(false) {}  // NOLINT: as is
  chosen_rows(std::initializer_list<std::size_t> rows) : named(rows), all(false) {}

  std::vector<std::size_t> named;
  bool all = true;
};

}  // namespace tg::detail

namespace tg::data {

/// A column of a data set: `width` numbers of type T for each row.
template <class T>
class column {
  static_assert(std::is_arithmetic_v<T>,
                "data::column: a column has numbers; texts become classes by table::classes.");

 public:
  using value_type = T;
  using fill = std::function<void(std::size_t row, std::span<T> to)>;
  using change = std::function<void(std::span<T> numbers, std::size_t epoch, std::size_t row)>;

  /// Of numbers that lie row by row in memory of yours, of T or of what is converted to T; those of a
  /// temporary are kept. A batch with a number that T cannot be, NaN or 0.5 for an integer, is refused.
  template <class Numbers>
  requires requires(const std::remove_reference_t<Numbers>& n) { std::span{n}; }
  column(Numbers&& numbers, std::size_t width = 1) : width_(width) {
    if constexpr (std::ranges::borrowed_range<Numbers>) {
      look_at(std::span{std::as_const(numbers)}, nullptr);
    } else {
      const auto kept = std::make_shared<const std::remove_cvref_t<Numbers>>(std::move(numbers));
      look_at(std::span{*kept}, kept);
    }
  }
  /// Of rows that `write` writes: read from a file, or computed.
  column(std::size_t rows, std::size_t width, fill write)
      : rows_(rows), width_(width), fill_(std::move(write)) {}

  /// What is done to each row of a batch, in this order: scaled, changed at random.
  column then(change one) const {
    column more = *this;
    more.changes_.push_back(std::move(one));
    return more;
  }

  std::size_t rows() const { return rows_; }
  std::size_t width() const { return width_; }
  void read(std::size_t epoch, std::size_t row, std::span<T> to) const {
    fill_(row, to);
    for (const change& each : changes_) each(to, epoch, row);
  }

 private:
  void look_at(auto all, std::shared_ptr<const void> kept) {
    const std::size_t width = width_;
    if (width == 0 || all.size() % width != 0)
      detail::raise(std::invalid_argument("data::column: " + std::to_string(all.size()) +
                                          " numbers are no whole number of rows of " + std::to_string(width) +
                                          "."));
    rows_ = all.size() / width;
    fill_ = [all, kept = std::move(kept), width](std::size_t row, std::span<T> to) {
      const auto from = all.subspan(row * width, width);
      std::transform(from.begin(), from.end(), to.begin(), [row](const auto& each) {
        if (!detail::holds<T>(each))
          detail::raise(std::invalid_argument("data::column: row " + std::to_string(row) + " has " +
                                              std::to_string(each) +
                                              ", which the integers of the column cannot be."));
        return static_cast<T>(each);
      });
    };
  }

  std::size_t rows_ = 0, width_;
  fill fill_;
  std::vector<change> changes_;
};
template <class Numbers, class... Width>
column(const Numbers&, Width...)
    -> column<std::remove_cv_t<typename decltype(std::span{std::declval<const Numbers&>()})::element_type>>;

/// What becomes of a last batch that is not full: it is filled up with rows whose weight is 0, left out, or
/// smaller than the others.
enum class last_batch { padded, dropped, smaller };

struct batch_options {
  std::size_t size = 32;
  std::uint64_t seed = 0;
  bool shuffle = true;
  last_batch last = last_batch::padded;
  detail::chosen_rows rows{};  ///< which rows there are, such as a part of tg::data::split; else all
};

/// Some rows of a data set.
template <class... T>
struct batch_of {
  /// float, or what the first column of floating numbers has.
  using weight_type = typename detail::first_floating<T...>::type;

  std::vector<std::size_t> rows;     ///< which row of the data each is
  std::vector<weight_type> weights;  ///< 1, or 0 for rows that only fill the batch: tg::loss::sample_weights
  std::size_t real = 0;              ///< how many have the weight 1; they come first

  std::size_t size() const { return rows.size(); }
  /// The numbers of column K, row by row.
  template <std::size_t K>
  std::span<const std::tuple_element_t<K, std::tuple<T...>>> get() const {
    return std::get<K>(columns);
  }

  std::tuple<std::vector<T>...> columns;
};

/// Batches of the rows of columns.
///     tg::data::loader training({.size = 64, .seed = 1, .rows = parts[0]}, tg::data::column<float>(pixels,
///     784),
///                               tg::data::column(labels));
///     for (std::size_t k = 0; k < training.batches(); ++k) {
///       const auto& batch = training.batch(epoch, k);
///       step(batch.get<0>(), batch.get<1>(), batch.weights, weights, slopes);
///     }
template <class... T>
class loader {
 public:
  explicit loader(batch_options options, column<T>... columns)
      : options_(std::move(options)),
        all_rows_(std::move(options_.rows.named)),
        columns_(std::move(columns)...) {
    std::apply([&](const auto&... each) { check({each.rows()...}); }, columns_);
    order_ = all_rows_;
  }

  /// How many batches an epoch has.
  std::size_t batches() const {
    const std::size_t full = all_rows_.size() / options_.size;
    return full + (options_.last != last_batch::dropped && all_rows_.size() % options_.size > 0);
  }
  /// How many rows of weight 1 an epoch has.
  std::size_t rows() const {
    return options_.last == last_batch::dropped ? batches() * options_.size : all_rows_.size();
  }

  /// Batch `index` of an epoch, which is there until the next call. It depends on nothing but the seed, the
  /// epoch and the index.
  const batch_of<T...>& batch(std::size_t epoch, std::size_t index) {
    if (index >= batches())
      detail::raise(std::invalid_argument("loader: there is no batch " + std::to_string(index) +
                                          "; an epoch has " + std::to_string(batches()) + "."));
    arrange(epoch);
    const std::size_t first = index * options_.size, left = order_.size() - first;
    batch_.real = std::min(options_.size, left);
    batch_.rows.resize(options_.last == last_batch::smaller ? batch_.real : options_.size);
    batch_.weights.assign(batch_.rows.size(), 0);
    std::fill_n(batch_.weights.begin(), batch_.real, typename batch_of<T...>::weight_type{1});
    // What fills up are the first rows of the epoch once more.
    for (std::size_t k = 0; k < batch_.rows.size(); ++k) batch_.rows[k] = order_[(first + k) % order_.size()];
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      (read(epoch, std::get<K>(columns_), std::get<K>(batch_.columns)), ...);
    }
    (std::index_sequence_for<T...>{});
    return batch_;
  }

 private:
  void check(const std::vector<std::size_t>& counts) {
    for (const std::size_t count : counts)
      if (count != counts.front())
        detail::raise(std::invalid_argument("loader: a column has " + std::to_string(count) +
                                            " rows where the first has " + std::to_string(counts.front()) +
                                            "."));
    if (options_.size == 0)
      detail::raise(std::invalid_argument("loader: the size of batches is 0; give at least 1."));
    if (options_.rows.all) {
      all_rows_.resize(counts.front());
      std::iota(all_rows_.begin(), all_rows_.end(), std::size_t{0});
    }
    for (const std::size_t row : all_rows_)
      if (row >= counts.front())
        detail::raise(std::invalid_argument("loader: there is no row " + std::to_string(row) +
                                            "; the columns have " + std::to_string(counts.front()) + "."));
    if (all_rows_.empty())
      detail::raise(std::invalid_argument(options_.rows.all ? "loader: the columns have no rows."
                                                            : "loader: the part has no rows; give it some."));
  }
  void arrange(std::size_t epoch) {
    if (!options_.shuffle || epoch == epoch_) return;
    order_ = all_rows_;
    detail::draws(options_.seed, "batches", epoch).shuffle(order_);
    epoch_ = epoch;
  }
  template <class C>
  void read(std::size_t epoch, const column<C>& from, std::vector<C>& to) const {
    to.resize(batch_.rows.size() * from.width());
    for (std::size_t k = 0; k < batch_.rows.size(); ++k)
      from.read(epoch, batch_.rows[k], std::span(to).subspan(k * from.width(), from.width()));
  }

  batch_options options_;
  std::vector<std::size_t> all_rows_, order_;
  std::tuple<column<T>...> columns_;
  batch_of<T...> batch_;
  std::size_t epoch_ = static_cast<std::size_t>(-1);
};

/// The mean over an epoch of what was computed of each batch as a mean over its rows: every row counts alike,
/// although the last batch has fewer.
class epoch_mean {
 public:
  void add(double mean, std::size_t real_rows) {
    sum_ += mean * static_cast<double>(real_rows), rows_ += real_rows;
  }
  double value() const { return sum_ / static_cast<double>(rows_); }

 private:
  double sum_ = 0;
  std::size_t rows_ = 0;
};

}  // namespace tg::data

// `const auto& [images, labels] = training.batch(epoch, k);`
template <class... T>
struct std::tuple_size<tg::data::batch_of<T...>> : std::integral_constant<std::size_t, sizeof...(T)> {};
template <std::size_t K, class... T>
struct std::tuple_element<K, tg::data::batch_of<T...>> {
  using type = std::span<const std::tuple_element_t<K, std::tuple<T...>>>;
};

#include "../../support/compiler/end.hpp"
