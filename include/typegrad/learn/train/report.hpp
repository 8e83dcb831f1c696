// SPDX-License-Identifier: BSL-1.0
// A report of a training as a page: how it ended, a curve for each number of its history, a table of its
// epochs. The page is one file and needs neither a server nor scripts.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../../notation/svg_writer.hpp"
#include "../../optimize/record/whole_file.hpp"
#include "../../support/compiler/exceptions.hpp"
#include "../../support/compiler/finite.hpp"
#include "lines.hpp"
#include "options.hpp"

namespace tg {

namespace detail {

/// A number for each epoch of a history that has one.
struct epoch_series {
  std::string name;
  std::vector<std::pair<std::size_t, double>> at;
};

inline std::vector<epoch_series> series_of(const std::vector<epoch_record>& history) {
  std::vector<epoch_series> all{{"loss", {}}, {"rate", {}}, {"gradient", {}}};
  for (const epoch_record& record : history) {
    all[0].at.emplace_back(record.epoch, record.loss);
    all[1].at.emplace_back(record.epoch, record.rate);
    all[2].at.emplace_back(record.epoch, record.gradient);
    for (const auto& [name, value] : record.scores) {
      // Behind the first three, so that a score may be called loss.
      auto found =
          std::find_if(all.begin() + 3, all.end(), [&](const auto& each) { return each.name == name; });
      if (found == all.end()) found = all.insert(all.end(), {name, {}});
      found->at.emplace_back(record.epoch, value);
    }
  }
  std::rotate(all.begin() + 1, all.begin() + 3, all.end());  // scores follow the loss
  return all;
}

/// 1, 2 or 5 times a power of ten, at most so many of which make up a width.
inline double round_step(double width, double most) {
  const double power = std::pow(10, std::floor(std::log10(width / most)));
  for (const double factor : {1, 2, 5})
    if (factor * power * most >= width) return factor * power;
  return 10 * power;
}

inline std::string short_number(double value) {
  std::ostringstream text;
  text.precision(4);
  text << value;
  return text.str();
}

/// A chart of a series. Its heights are logarithms where all numbers are positive and far apart. Numbers that
/// are not finite are gaps.
inline std::string chart_of(const epoch_series& series, std::size_t best_epoch) {
  constexpr double width = 560, height = 260, left = 70, right = 15, top = 30, bottom = 40;
  double low = infinite<double>(), high = -infinite<double>();
  for (const auto& [epoch, value] : series.at)
    if (is_finite(value)) low = std::min(low, value), high = std::max(high, value);
  svg_writer svg(width, height);
  svg.text(left, 18, series.name, "start", 14, "#1f2933");
  if (!(low <= high)) {
    svg.text(width / 2, height / 2, "nothing finite to show", "middle", 12, "#52606d");
    return svg.finish();
  }
  const bool logarithmic = low > 0 && high > 20 * low;
  const auto stretched = [&](double value) { return logarithmic ? std::log10(value) : value; };
  double floor = stretched(low), ceiling = stretched(high);
  const double margin = ceiling > floor ? (ceiling - floor) / 20 : std::max(std::abs(floor) / 20, 0.05);
  floor -= margin, ceiling += margin;
  const auto first = static_cast<double>(series.at.front().first);
  const double span = std::max(1.0, static_cast<double>(series.at.back().first) - first);
  const auto x = [&](double epoch) { return left + (epoch - first) / span * (width - left - right); };
  const auto y = [&](double value) {
    return height - bottom - (stretched(value) - floor) / (ceiling - floor) * (height - top - bottom);
  };
  const double step = round_step(ceiling - floor, 5);
  for (double tick = std::ceil(floor / step) * step; tick <= ceiling; tick += step) {
    const double value = logarithmic ? std::pow(10, tick) : std::abs(tick) < step / 1e6 ? 0 : tick;
    svg.line(left, y(value), width - right, y(value), "#e4e7eb");
    svg.text(left - 6, y(value) + 4, short_number(value), "end", 11, "#52606d");
  }
  const double along = std::max(1.0, round_step(span, 8));
  for (double tick = std::ceil(first / along) * along; tick <= first + span; tick += along)
    svg.text(x(tick), height - bottom + 16, short_number(tick), "middle", 11, "#52606d");
  svg.text((left + width - right) / 2, height - 6, "epoch", "middle", 11, "#52606d");
  svg.line(left, height - bottom, width - right, height - bottom, "#9aa5b1");
  if (best_epoch > 0) {
    const double at = x(static_cast<double>(best_epoch));
    svg.line(at, top, at, height - bottom, "#2f855a", true);
    svg.text(at + 4, top + 8, "best", "start", 10, "#2f855a");
  }
  std::string points;
  const auto draw = [&] {
    if (!points.empty()) svg.polyline(points, "#1d4ed8");
    points.clear();
  };
  const double column = (width - left - right) / span;
  for (const auto& [epoch, value] : series.at) {
    if (!is_finite(value)) {
      draw();
      continue;
    }
    const double at = x(static_cast<double>(epoch)), up = y(value);
    points += (points.empty() ? "" : " ") + svg_writer::number(at) + ',' + svg_writer::number(up);
    if (series.at.size() <= 300) {  // what is shown where the pointer rests
      const std::string told = "epoch " + std::to_string(epoch) + ": " + short_number(value);
      svg.box(at - column / 2, top, column, height - top - bottom, "transparent", told);
      svg.box(at - 2, up - 2, 4, 4, "#1d4ed8", told);
    }
  }
  draw();
  return svg.finish();
}

}  // namespace detail

/// A page of HTML about a training: why it ended, a curve of each number in its history, what was unsound,
/// and a table of the epochs.
template <class T>
std::string to_html(const train_result<T>& result, std::string_view title = "Training") {
  const auto escaped = [](std::string_view text) { return detail::svg_writer::escaped(text); };
  const std::vector<detail::epoch_series> all = detail::series_of(result.history);
  std::string page =
      "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\"><head><meta "
      "charset=\"utf-8\"/><title>" +
      escaped(title) +
      "</title><style>body{font-family:Helvetica,Arial,sans-serif;color:#1f2933;margin:2em}"
      "table{border-collapse:collapse}td,th{padding:2px 12px;text-align:right;border-bottom:1px solid "
      "#e4e7eb}tr.best{background:#e6f4ea}</style></head><body>\n<h1>" +
      escaped(title) + "</h1>\n<p>" + escaped(result.why()) + ". It took " +
      detail::duration_text(result.seconds) + ".</p>\n";
  for (const auto& warning : result.warnings) page += "<p>" + escaped(warning) + ".</p>\n";
  if (!result.history.empty())
    for (const auto& series : all) page += detail::chart_of(series, result.best_epoch);
  page += "<table><tr><th>epoch</th>";
  for (const auto& series : all) page += "<th>" + escaped(series.name) + "</th>";
  page += "<th>time</th></tr>\n";
  std::vector<std::size_t> next(all.size());
  for (const auto& record : result.history) {
    page += record.epoch == result.best_epoch ? "<tr class=\"best\"><td>" : "<tr><td>";
    page += std::to_string(record.epoch) + "</td>";
    for (std::size_t k = 0; k < all.size(); ++k) {
      const bool there = next[k] < all[k].at.size() && all[k].at[next[k]].first == record.epoch;
      page += "<td>" + (there ? detail::short_number(all[k].at[next[k]++].second) : std::string()) + "</td>";
    }
    page += "<td>" + detail::duration_text(record.seconds) + "</td></tr>\n";
  }
  return page + "</table>\n</body></html>\n";
}

/// Writes that page to a file, which is whole or not there. Throws std::runtime_error where it cannot be
/// written.
template <class T>
void save_report(const std::string& path, const train_result<T>& result,
                 std::string_view title = "Training") {
  const auto write = [&](auto&& put) { put(to_html(result, title)); };
  if (const std::string wrong = detail::write_whole(path, write); !wrong.empty())
    detail::raise(std::runtime_error("save_report: '" + path + "' " + wrong + '.'));
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
