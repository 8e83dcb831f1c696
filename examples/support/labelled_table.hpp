// SPDX-License-Identifier: BSL-1.0
// Reads a table of measurements with classes, and splits it into rows to train on and rows held out, each
// class in its share.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <typegrad/learn/data/split.hpp>
#include <typegrad/learn/data/standardise.hpp>
#include <vector>

#include "reading.hpp"

namespace demo {

struct labelled_table {
  std::size_t features = 0;
  std::vector<std::string> classes;
  std::vector<std::vector<double>> rows;  ///< the measurements of each row
  std::vector<std::size_t> labels;        ///< the class of each row
};

/// Reads a CSV file whose first line is "rows,measurements,class names..." and whose rows are the
/// measurements and the class from 0. Throws `unusable` for a file that cannot be read, is damaged, or has
/// other numbers of measurements and classes than asked for.
inline labelled_table read_labelled(const std::string& path, std::size_t features, std::size_t classes) {
  text_lines lines(path, "a CSV file of measurements and classes",
                   "a line such as 150,4,setosa,versicolor,virginica");
  const auto count_of = [](std::string_view field) { return parse<std::size_t>(field); };
  lines.next();
  const auto head = split(lines.line());
  const auto rows = count_of(head[0]), width = head.size() > 1 ? count_of(head[1]) : std::nullopt;
  if (!rows || !width || head.size() != 2 + classes || *width != features)
    throw lines.bad("found " + quoted(lines.line()) + " where the number of rows, " +
                    std::to_string(features) + " and the names of " + std::to_string(classes) +
                    " classes should be.");
  labelled_table table{features, {head.begin() + 2, head.end()}, {}, {}};
  while (lines.next()) {
    const auto fields = split(lines.line());
    if (fields.size() != features + 1)
      throw lines.bad("found " + quoted(lines.line()) + " where a row has " + std::to_string(features) +
                      " measurements and a class.");
    auto& row = table.rows.emplace_back();
    for (std::size_t i = 0; i < features; ++i)
      row.push_back(number_between(lines, fields[i], -1e9, 1e9, "a finite measurement"));
    const auto label = count_of(fields[features]);
    if (!label || *label >= classes)
      throw lines.bad(quoted(fields[features]) + " is no class; give a whole number from 0 to " +
                      std::to_string(classes - 1) + ".");
    table.labels.push_back(*label);
  }
  if (table.rows.size() != *rows)
    throw unusable(path + " has " + std::to_string(table.rows.size()) + " rows where its first line says " +
                   std::to_string(*rows) + "; it is not whole.");
  constexpr std::size_t least = 8;
  for (std::size_t k = 0; k < classes; ++k)
    if (static_cast<std::size_t>(std::ranges::count(table.labels, k)) < least)
      throw unusable(path + " has fewer than " + std::to_string(least) + " rows of class " +
                     std::to_string(k) + "; too few to learn from.");
  return table;
}

/// Rows to train on and rows to judge by.
struct split_table {
  labelled_table training, held_out;
};

/// Holds out a quarter of each class, drawn by the seed, and standardises every measurement by mean and
/// deviation of the rows to train on: nothing of the rows held out is known to the training.
inline split_table held_out_quarter(const labelled_table& all, std::uint64_t seed) {
  const auto parts = tg::data::stratified_split(all.labels, {.parts = {0.75, 0.25}, .seed = seed});
  tg::data::standardisation scale(all.features);
  for (const std::size_t row : parts[0]) scale.add(all.rows[row]);
  const auto part = [&](std::size_t which) {
    labelled_table some{all.features, all.classes, {}, {}};
    for (const std::size_t row : parts[which]) {
      some.rows.push_back(all.rows[row]);
      scale.apply(some.rows.back());
      some.labels.push_back(all.labels[row]);
    }
    return some;
  };
  return {part(0), part(1)};
}

}  // namespace demo
