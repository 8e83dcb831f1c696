// SPDX-License-Identifier: BSL-1.0
// The plan of a function of arrays for given lengths: its steps with what each computes and costs, and its
// memory over time, as values, text and a picture.
#pragma once
#include "../../../support/compiler/begin.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include "../../../notation/svg_writer.hpp"

namespace tg {

/// One step: a loop or the call of a kernel.
struct plan_step {
  std::string kind;     // "loop", or the operation of the kernel
  std::string result;   // the arrays and numbers that it writes, with their shapes
  std::string formula;  // what it computes, with the arrays' names
  std::int64_t operations = 0, read = 0, written = 0;  // of one call; numbers that are read and written
  int within = -1;  // the step that runs it again and again, which counts it too; -1: none
};
/// An array between the steps: where it lies in the workspace, in bytes, and from which step to which it is
/// needed.
struct plan_array {
  std::string name, shape;
  std::int64_t begin = 0, bytes = 0;
  int first = 0, last = 0;   // steps
  bool is_in_place = false;  // it takes the place of one that its loop reads for the last time
};

/// What tg::describe gives. All sizes are in bytes.
struct plan_description {
  std::string title;
  std::vector<plan_step> steps;
  std::vector<plan_array> arrays;
  /// The workspace, and how much of it are arrays between steps; the rest is scratch memory of single steps.
  std::int64_t workspace = 0, between_steps = 0;
  /// The most bytes of arrays that are needed at one time, whatever the places: in this order of the steps,
  /// and if each operation were a step of its own, in the order in which the formula has them. A loop may
  /// write where it reads.
  std::int64_t least = 0, least_as_written = 0;

  /// Tables of the steps and of the arrays, and the sizes.
  std::string text() const {
    std::string all = title + "\n\n";
    std::vector<std::vector<std::string>> table{
        {"step", "kind", "operations", "read", "written", "computes"}};
    for (std::size_t k = 0; k < steps.size(); ++k)
      table.push_back(
          {(steps[k].within < 0 ? "" : std::to_string(steps[k].within + 1) + ".") + std::to_string(k + 1),
           steps[k].kind, detail::with_separators(steps[k].operations),
           detail::with_separators(steps[k].read), detail::with_separators(steps[k].written),
           steps[k].result + " = " + steps[k].formula});
    put_table(all, table, {true, false, true, true, true, false});
    all += '\n';
    table = {{"array", "shape", "bytes", "at", "steps"}};
    for (const plan_array& each : arrays)
      table.push_back({each.name, each.shape, detail::with_separators(each.bytes),
                       detail::with_separators(each.begin),
                       std::to_string(each.first + 1) + " to " + std::to_string(each.last + 1)});
    put_table(all, table, {false, false, true, true, false});
    return all + "\n" + sizes() + "\n";
  }
  /// The memory over time as a picture: steps from left to right, bytes from below, each array a bar from the
  /// step that writes it to the last one that reads it.
  std::string svg() const;

 private:
  std::string sizes() const {
    return "workspace: " + detail::with_separators(workspace) + " bytes, " +
           detail::with_separators(between_steps) +
           " of them between steps; lower bound: " + detail::with_separators(least) + " in this order, " +
           detail::with_separators(least_as_written) + " as written";
  }
  static void put_table(std::string& all, const std::vector<std::vector<std::string>>& table,
                        const std::vector<bool>& right) {
    for (const auto& row : table) {
      std::string line;
      for (std::size_t column = 0; column < row.size(); ++column) {
        std::size_t width = 0;
        for (const auto& each : table)
          if (each[column].size() > width) width = each[column].size();
        const std::string space(width - row[column].size(), ' ');
        line += (column > 0 ? "  " : "") + (right[column] ? space + row[column] : row[column] + space);
      }
      all += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
    }
  }
};

inline std::string plan_description::svg() const {
  std::size_t columns = steps.size();
  while (columns > 0 && steps[columns - 1].within >= 0) --columns;
  const double left = 76, top = 58, height = 320;
  const double column = columns < 20 ? 44 : columns < 50 ? 24 : 1200 / static_cast<double>(columns);
  const std::int64_t most = between_steps > least_as_written ? between_steps : least_as_written;
  const double scale = most > 0 ? height / static_cast<double>(most) : 1;
  const double right = left + column * static_cast<double>(columns);
  const auto y_of = [&](std::int64_t bytes) { return top + height - scale * static_cast<double>(bytes); };
  detail::svg_writer w(right + 150 > 640 ? right + 150 : 640, top + height + 62);
  w.text(left, 22, title, "start", 14, "#1b1f24");
  w.text(left, 40, sizes(), "start", 11, "#57606a");
  for (int k = 0; k <= 4; ++k) {
    const std::int64_t bytes = most * k / 4;
    w.line(left, y_of(bytes), right, y_of(bytes), "#e4e7eb");
    w.text(left - 8, y_of(bytes) + 4, detail::bytes_text(bytes), "end", 11, "#57606a");
  }
  const std::string_view colours[] = {"#a9c4e0", "#b9d3b4", "#e8cfa3", "#d3bcd9", "#e3b9b1", "#b5d6d6"};
  for (std::size_t k = 0; k < arrays.size(); ++k) {
    const plan_array& each = arrays[k];
    double begin = left + column * each.first, end = left + column * (each.last + 1);
    if (each.is_in_place) begin += column / 2;
    for (const plan_array& other : arrays)
      if (other.is_in_place && other.first == each.last && other.begin == each.begin && &other != &each)
        end = left + column * (each.last + 0.5);
    const double y = y_of(each.begin + each.bytes), h = scale * static_cast<double>(each.bytes);
    w.box(begin + 1, y + 0.5, end - begin - 2, h > 2 ? h - 1 : h, colours[k % std::size(colours)],
          each.name + " " + each.shape + ", " + detail::with_separators(each.bytes) + " bytes, steps " +
              std::to_string(each.first + 1) + " to " + std::to_string(each.last + 1));
    const std::string label = each.name + " " + each.shape;
    const std::string& shown = detail::text_width(label, 11) < end - begin - 8 ? label : each.name;
    if (h > 13 && detail::text_width(shown, 11) < end - begin - 4)
      w.text((begin + end) / 2, y + h / 2 + 4, shown, "middle", 11, "#1b1f24");
  }
  const auto bound = [&](std::int64_t bytes, std::string_view label, std::string_view colour, double shift) {
    w.line(left, y_of(bytes), right, y_of(bytes), colour, true);
    w.text(right + 6, y_of(bytes) + shift, label, "start", 11, colour);
  };
  const double apart = y_of(least) - y_of(least_as_written);
  if (apart > 0 || apart < 0)
    bound(least_as_written, "least, as written", "#57606a",
          apart > 0 ? (apart < 14 ? -2 : 4) : (apart > -14 ? 14 : 4));
  bound(least, "least, in this order", "#9a3412", apart > 0 && apart < 14 ? 14 : 4);
  const int every = columns < 30 ? 1 : columns < 100 ? 5 : 20;
  for (int k = 0; k < static_cast<int>(columns); ++k)
    if (k == 0 || (k + 1) % every == 0)
      w.text(left + column * (k + 0.5), top + height + 16, std::to_string(k + 1), "middle", 11, "#57606a",
             steps[static_cast<std::size_t>(k)].result + " = " + steps[static_cast<std::size_t>(k)].formula);
  w.text((left + right) / 2, top + height + 36, "step", "middle", 11, "#57606a");
  return w.finish();
}

}  // namespace tg

#include "../../../support/compiler/end.hpp"
