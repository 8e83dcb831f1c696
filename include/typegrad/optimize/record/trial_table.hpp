// SPDX-License-Identifier: BSL-1.0
// The results of a search for hyperparameters: trials with their values and scores, the best first, and the
// table that a person reads.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <ostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "../../support/compiler/exceptions.hpp"
#include "../../support/compiler/finite.hpp"

namespace tg {

/// One hyperparameter of a table: its name, and its labels where it is a choice.
struct trial_column {
  std::string name;
  std::vector<std::string> labels;
};

/// One configuration that was tried.
struct trial {
  std::size_t number = 0;      ///< in the order in which they were drawn, from 0
  std::vector<double> values;  ///< one for each column; a choice is its number
  double score = detail::not_a_number<double>();
  std::size_t budget = 0;  ///< of the evaluation that gave the score
  std::string note;        ///< why there is no score
};

/// The values of a trial by name. It refers to the table.
class trial_point {
 public:
  trial_point(const std::vector<trial_column>& columns, const trial& row) : columns_(columns), row_(row) {}

  /// The value of a hyperparameter; of a choice, its number from 0. Throws std::out_of_range for a name that
  /// is none.
  double operator[](std::string_view name) const { return row_.values[index(name)]; }
  /// The label that a choice took.
  const std::string& label(std::string_view name) const {
    const std::size_t column = index(name);
    if (columns_[column].labels.empty())
      detail::raise(std::out_of_range("search: '" + std::string(name) + "' is no choice; read it with []."));
    return columns_[column].labels[static_cast<std::size_t>(row_.values[column])];
  }

 private:
  std::size_t index(std::string_view name) const {
    const auto at = std::ranges::find(columns_, name, &trial_column::name);
    if (at == columns_.end())
      detail::raise(std::out_of_range("search: there is no hyperparameter '" + std::string(name) +
                                      "'; name one of the ranges."));
    return static_cast<std::size_t>(at - columns_.begin());
  }

  const std::vector<trial_column>& columns_;
  const trial& row_;
};

/// All trials of a search. `std::cout << table` prints it aligned.
struct trial_table {
  std::vector<trial_column> columns;
  std::vector<trial> rows;

  trial_point point(const trial& row) const { return {columns, row}; }
  /// The best trial. Throws std::runtime_error where none has a score.
  trial_point best() const {
    if (rows.empty() || detail::is_nan(rows.front().score))
      detail::raise(std::runtime_error("search: no trial gave a score; see the notes in the table."));
    return point(rows.front());
  }
  /// Failures last; then by budget, the largest first; then by score, the lowest first; then as they were
  /// drawn.
  void sort() {
    std::ranges::sort(rows, [](const trial& a, const trial& b) {
      if (detail::is_nan(a.score) != detail::is_nan(b.score)) return detail::is_nan(b.score);
      if (a.budget != b.budget) return a.budget > b.budget;
      if (a.score != b.score && !detail::is_nan(a.score)) return a.score < b.score;
      return a.number < b.number;
    });
  }
};

inline std::ostream& operator<<(std::ostream& out, const trial_table& table) {
  std::vector<std::vector<std::string>> cells;
  auto& head = cells.emplace_back(std::vector<std::string>{"rank", "trial", "score", "budget"});
  for (const trial_column& column : table.columns) head.push_back(column.name);
  head.emplace_back("note");
  const auto text = [](auto value) {
    std::ostringstream result;
    result << value;
    return result.str();
  };
  for (const trial& row : table.rows) {
    auto& line = cells.emplace_back();
    line = {text(cells.size() - 1), text(row.number), detail::is_nan(row.score) ? "failed" : text(row.score),
            text(row.budget)};
    for (std::size_t i = 0; i < row.values.size(); ++i)
      line.push_back(table.columns[i].labels.empty() ? text(row.values[i])
                                                     : table.point(row).label(table.columns[i].name));
    line.push_back(row.note);
  }
  const bool notes = std::ranges::any_of(table.rows, [](const trial& row) { return !row.note.empty(); });
  const std::size_t columns = table.columns.size() + (notes ? 5 : 4);
  for (const auto& line : cells) {
    std::string whole;
    for (std::size_t i = 0; i < columns; ++i) {
      std::size_t width = 0;
      for (const auto& other : cells) width = std::max(width, other[i].size());
      const std::string gap(width - line[i].size(), ' ');
      whole += i == 0 ? "" : "  ";
      whole += i < columns - 1 || !notes ? gap + line[i] : line[i];
    }
    while (whole.ends_with(' ')) whole.pop_back();
    out << whole << '\n';
  }
  return out;
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
