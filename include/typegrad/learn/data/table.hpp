// SPDX-License-Identifier: BSL-1.0
// Tables: columns of numbers and of texts, each with a name.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "../file/bad_file.hpp"
#include "held_number.hpp"

namespace tg::data {

/// A column of a table: numbers, NaN where one is missing, or texts.
struct table_column {
  std::string name;
  bool is_text = false;
  std::vector<double> numbers;
  std::vector<std::string> texts;
};

/// The classes of rows: names in rising order, and the place of each row's among them.
struct class_column {
  std::vector<std::string> names;
  std::vector<int> rows;
};

/// Columns of equal length. Asked for a column that there is not, they throw tg::bad_file.
class table {
 public:
  std::string origin;  ///< where it is from, for sentences
  std::vector<table_column> columns;
  std::vector<std::string> bad_rows;  ///< with skip_bad_rows: why each was left out

  std::size_t rows() const {
    return columns.empty() ? 0 : std::max(columns[0].numbers.size(), columns[0].texts.size());
  }
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const table_column& each : columns) all.push_back(each.name);
    return all;
  }
  const table_column& column(std::string_view name) const {
    const auto is_it = [&](const table_column& each) { return each.name == name; };
    const auto found = std::find_if(columns.begin(), columns.end(), is_it);
    if (found == columns.end())
      detail::refuse_bytes(
          origin, "has no column " + detail::in_quotes(name) + "; it has " + detail::list_in_quotes(names()));
    if (std::find_if(found + 1, columns.end(), is_it) != columns.end())
      detail::refuse_bytes(origin, "has two columns " + detail::in_quotes(name));
    return *found;
  }
  const std::vector<double>& numbers(std::string_view name) const {
    const table_column& found = column(name);
    if (found.is_text)
      detail::refuse_bytes(origin, "has texts in the column " + detail::in_quotes(name) + ", no numbers");
    return found.numbers;
  }
  const std::vector<std::string>& texts(std::string_view name) const {
    const table_column& found = column(name);
    if (!found.is_text)
      detail::refuse_bytes(
          origin, "has numbers in the column " + detail::in_quotes(name) + "; list it in the option .text");
    return found.texts;
  }
  /// Columns of numbers side by side, row by row. An integer T must be able to be each.
  template <class T = double>
  std::vector<T> matrix(const std::vector<std::string>& of) const {
    std::vector<T> all(rows() * of.size());
    for (std::size_t c = 0; c < of.size(); ++c) {
      const std::vector<double>& from = numbers(of[c]);
      for (std::size_t k = 0; k < from.size(); ++k) {
        if (!detail::holds<T>(from[k]))
          detail::refuse_bytes(origin, "has " + std::to_string(from[k]) + " in the column " +
                                           detail::in_quotes(of[c]) + ", which no integer of that type is");
        all[k * of.size() + c] = static_cast<T>(from[k]);
      }
    }
    return all;
  }
  /// The classes that a column of texts names. With `known`, such as those of another table, they have its
  /// order, and others are refused.
  class_column classes(std::string_view name, std::vector<std::string> known = {}) const {
    const std::vector<std::string>& each = texts(name);
    class_column all{std::move(known), {}};
    if (all.names.empty()) {
      all.names = each;
      std::sort(all.names.begin(), all.names.end());
      all.names.erase(std::unique(all.names.begin(), all.names.end()), all.names.end());
    }
    std::map<std::string_view, int> places;
    for (const std::string& known_one : all.names) places.emplace(known_one, static_cast<int>(places.size()));
    if (places.size() != all.names.size())
      detail::refuse_bytes(origin, "has no classes that can be told apart: one is known twice, of " +
                                       detail::list_in_quotes(all.names));
    for (const std::string& text : each) {
      const auto place = places.find(text);
      if (place == places.end())
        detail::refuse_bytes(origin, "has the class " + detail::in_quotes(text) + " in the column " +
                                         detail::in_quotes(name) + "; known are " +
                                         detail::list_in_quotes(all.names));
      all.rows.push_back(place->second);
    }
    return all;
  }
};

}  // namespace tg::data

#include "../../support/compiler/end.hpp"
