// SPDX-License-Identifier: BSL-1.0
// Reads the weekly CO2 record (date,co2) and refuses a damaged one: whatever is wrong with the file is said
// in one sentence, with the line it stands on. Weeks without a measurement (an empty second field) belong to
// the record and are counted.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reading.hpp"

namespace demo {

struct co2_record {
  std::vector<double> years;  ///< decimal year of each measurement
  std::vector<double> ppm;    ///< its concentration in parts per million by volume
  std::size_t weeks = 0;      ///< rows in the file, measured or not
  std::size_t missing() const { return weeks - ppm.size(); }
};

/// A date YYYYMMDD; nothing where there is no such day.
inline std::optional<std::chrono::year_month_day> parse_date(std::string_view text) {
  if (text.size() != 8 || text.find_first_not_of("0123456789") != text.npos) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*parse<int>(text.substr(0, 4))),
                                         std::chrono::month(*parse<unsigned>(text.substr(4, 2))),
                                         std::chrono::day(*parse<unsigned>(text.substr(6, 2)))};
  return date.ok() ? std::optional(date) : std::nullopt;
}

/// 1 January is the whole year, and the days of a year share it evenly.
inline double decimal_year(std::chrono::year_month_day date) {
  using namespace std::chrono;
  const sys_days first = date.year() / January / 1, next = (date.year() + years(1)) / January / 1;
  return static_cast<int>(date.year()) +
         static_cast<double>((sys_days(date) - first).count()) / static_cast<double>((next - first).count());
}

/// Reads `path`. Throws `unusable` for a file that cannot be read, a damaged row, or fewer than `least`
/// measurements.
inline co2_record read_co2(const std::string& path, std::size_t least) {
  text_lines lines(path, "a CSV file with the columns date,co2", "the line date,co2");
  lines.next();
  if (lines.line() != "date,co2")
    throw lines.bad("found " + quoted(lines.line()) + " where the header date,co2 should be.");

  constexpr double lowest = 150,
                   highest = 1000;  // ppm; the air of the last million years was never below 170
  co2_record record;
  std::chrono::sys_days last{};
  while (lines.next()) {
    const auto fields = split(lines.line());
    if (fields.size() != 2)
      throw lines.bad("found " + quoted(lines.line()) +
                      " where a row has two fields, a date and a concentration.");
    const auto [day, value] = std::pair(fields[0], fields[1]);
    const auto date = parse_date(day);
    if (!date) throw lines.bad(quoted(day) + " is no date; write it as YYYYMMDD.");
    if (record.weeks > 0 && std::chrono::sys_days(*date) <= last)
      throw lines.bad("the date " + quoted(day) + " is not after the one before it; sort the rows by date.");
    last = std::chrono::sys_days(*date);
    ++record.weeks;
    if (value.empty()) continue;
    const auto ppm = parse<double>(value);
    if (!ppm)
      throw lines.bad(quoted(value) +
                      " is no number; give a concentration in ppm, or nothing for a week without one.");
    if (!(*ppm >= lowest && *ppm <= highest))
      throw lines.bad(quoted(value) + " ppm is no concentration of CO2 in air; 150 to 1000 is expected.");
    record.years.push_back(decimal_year(*date));
    record.ppm.push_back(*ppm);
  }
  if (record.ppm.size() < least)
    throw unusable(path + " has " + std::to_string(record.ppm.size()) +
                   " measurements; the model needs at least " + std::to_string(least) + ".");
  return record;
}

}  // namespace demo
