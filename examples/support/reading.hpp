// SPDX-License-Identifier: BSL-1.0
// Reads text files of comma-separated fields line by line. Whatever is wrong with a file is said in one
// sentence, with the line it stands on.
#pragma once

#include <charconv>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace demo {

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

inline std::vector<std::string_view> split(std::string_view row) {
  std::vector<std::string_view> fields;
  for (std::size_t comma; (comma = row.find(',')) != row.npos; row.remove_prefix(comma + 1))
    fields.push_back(row.substr(0, comma));
  fields.push_back(row);
  return fields;
}

/// A text file, line by line. Line ends of other systems, empty lines at its end and a byte-order mark of
/// UTF-8 at its beginning are no part of it.
class text_lines {
 public:
  /// `expected` is how the sentences go on: what the file should be, and what it should begin with.
  text_lines(std::string path, const std::string& be, const std::string& begin)
      : path_(std::move(path)), file_(path_, std::ios::binary) {
    if (!file_) throw unusable(path_ + " cannot be opened: give the path of " + be + ".");
    if (file_.peek() == std::ifstream::traits_type::eof())
      throw unusable(path_ + " is empty or cannot be read: it should begin with " + begin + ".");
  }

  /// The next line; false behind the last. Throws `unusable` for an empty line between others.
  bool next() {
    std::size_t blank = 0;
    while (std::getline(file_, line_)) {
      ++number_;
      if (number_ == 1 && line_.starts_with("\xEF\xBB\xBF")) line_.erase(0, 3);
      if (!line_.empty() && line_.back() == '\r') line_.pop_back();
      if (line_.empty() && blank == 0) blank = number_;
      if (line_.empty()) continue;
      if (blank > 0)
        throw unusable(path_ + ", line " + std::to_string(blank) +
                       ": an empty line stands between the rows.");
      return true;
    }
    if (file_.bad()) throw unusable(path_ + " could not be read to its end.");
    return false;
  }

  std::string_view line() const { return line_; }

  /// An error on this line.
  unusable bad(const std::string& what) const {
    return unusable(path_ + ", line " + std::to_string(number_) + ": " + what);
  }

 private:
  std::string path_;
  std::ifstream file_;
  std::string line_;
  std::size_t number_ = 0;
};

/// A number of the file that is finite and in a range; throws `unusable` with `meaning` otherwise.
inline double number_between(const text_lines& lines, std::string_view field, double low, double high,
                             const std::string& meaning) {
  const auto value = parse<double>(field);
  if (!value) throw lines.bad(quoted(field) + " is no number; give " + meaning + ".");
  if (!(*value >= low && *value <= high))
    throw lines.bad(quoted(field) + " is out of range; give " + meaning + ".");
  return *value;
}

}  // namespace demo
