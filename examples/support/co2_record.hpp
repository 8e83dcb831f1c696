// SPDX-License-Identifier: BSL-1.0
// Reads the weekly CO2 record (date,co2) and refuses a damaged one: whatever is wrong with the file is said in one sentence,
// with the line it stands on. Weeks without a measurement (an empty second field) belong to the record and are counted.
#pragma once

#include <charconv>
#include <chrono>
#include <cstddef>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace demo {

struct co2_record {
  std::vector<double> years;  ///< decimal year of each measurement
  std::vector<double> ppm;    ///< its concentration in parts per million by volume
  std::size_t weeks = 0;      ///< rows in the file, measured or not
  std::size_t missing() const { return weeks - ppm.size(); }
};

/// An error that the user can mend; what() is the whole sentence.
struct unusable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Text from the file as it may be shown: short, and without characters that would disturb a terminal.
inline std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 40;
  std::string shown = "'";
  for (const char c : text.substr(0, longest)) shown += c >= ' ' && c <= '~' ? c : '?';
  return shown + (text.size() > longest ? "...'" : "'");
}

template <class Number>
std::optional<Number> parse(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

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

/// Reads `path`. Throws `unusable` for a file that cannot be read, a damaged row, or fewer than `least` measurements.
inline co2_record read_co2(const std::string& path, std::size_t least) {
  std::ifstream file(path, std::ios::binary);
  std::string line;
  if (!file) throw unusable(path + " cannot be opened: give the path of a CSV file with the columns date,co2.");
  if (!std::getline(file, line)) throw unusable(path + " is empty or cannot be read: it should begin with the line date,co2.");

  constexpr double lowest = 150, highest = 1000;  // ppm; the air of the last million years was never below 170
  co2_record record;
  std::chrono::sys_days last{};
  const auto bad = [&](std::size_t number, const std::string& what) {
    return unusable(path + ", line " + std::to_string(number) + ": " + what);
  };
  std::size_t blank = 0;  // the first of the lines without text that may end the file
  for (std::size_t number = 1;; ++number) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    const std::string_view row = line;
    const std::size_t comma = row.find(',');
    if (row.empty() && blank == 0) blank = number;
    if (!row.empty() && blank > 0) throw bad(blank, "an empty line stands between the rows.");
    if (number == 1) {
      if (row != "date,co2") throw bad(1, "found " + quoted(row) + " where the header date,co2 should be.");
    } else if (!row.empty()) {
      if (comma == row.npos || row.find(',', comma + 1) != row.npos)
        throw bad(number, "found " + quoted(row) + " where a row has two fields, a date and a concentration.");
      const std::string_view day = row.substr(0, comma), value = row.substr(comma + 1);
      const auto date = parse_date(day);
      if (!date) throw bad(number, quoted(day) + " is no date; write it as YYYYMMDD.");
      if (record.weeks > 0 && std::chrono::sys_days(*date) <= last)
        throw bad(number, "the date " + quoted(day) + " is not after the one before it; sort the rows by date.");
      last = std::chrono::sys_days(*date);
      ++record.weeks;
      if (!value.empty()) {
        const auto ppm = parse<double>(value);
        if (!ppm)
          throw bad(number, quoted(value) + " is no number; give a concentration in ppm, or nothing for a week without one.");
        if (!(*ppm >= lowest && *ppm <= highest))
          throw bad(number, quoted(value) + " ppm is no concentration of CO2 in air; 150 to 1000 is expected.");
        record.years.push_back(decimal_year(*date));
        record.ppm.push_back(*ppm);
      }
    }
    if (!std::getline(file, line)) break;
  }
  if (file.bad()) throw unusable(path + " could not be read to its end.");
  if (record.ppm.size() < least)
    throw unusable(path + " has " + std::to_string(record.ppm.size()) + " measurements; the model needs at least " +
                   std::to_string(least) + ".");
  return record;
}

}  // namespace demo
