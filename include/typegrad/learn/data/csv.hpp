// SPDX-License-Identifier: BSL-1.0
// Tables from CSV and TSV files (RFC 4180): fields in quotes may hold separators, line breaks and, doubled,
// quotes; lines end in \n or \r\n; a byte-order mark is passed over. Whole, or piece by piece.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "../../support/compiler/finite.hpp"
#include "../file/byte_source.hpp"
#include "table.hpp"

namespace tg::data {

struct csv_options {
  char separator = '\0';            ///< none given: a tab for names in .tsv, a comma for others
  char quote = '"';                 ///< '\0': quotes are letters as others
  bool header = true;               ///< whether the first row has the names; otherwise they are "1", "2", ...
  std::vector<std::string> text{};  ///< columns of texts, though the first row has a number there
  std::vector<std::string> number{};  ///< columns of numbers, though it has a text
  /// What stands for a number that is missing, besides nothing.
  std::vector<std::string> missing{"NA", "N/A", "NaN", "nan", "null", "NULL", "?"};
  bool skip_bad_rows = false;  ///< rows that cannot be read are left out, and said in table::bad_rows
};

/// A CSV file that is open for reading, piece by piece. A column is one of numbers if the first row has a
/// number there, or nothing, and one of texts otherwise. Throws tg::bad_file, with line and field.
class csv_reader {
 public:
  explicit csv_reader(const std::string& path, csv_options options = {})
      : in_(detail::open_bytes(path)), options_(std::move(options)) {
    if (options_.separator == '\0') {
      const std::string_view name =
          path.ends_with(".gz") ? std::string_view(path).substr(0, path.size() - 3) : path;
      options_.separator = name.ends_with(".tsv") || name.ends_with(".tab") ? '\t' : ',';
    }
    fill();
    if (std::string_view(buffer_.data() + at_, end_ - at_).starts_with("\xEF\xBB\xBF")) at_ += 3;
    std::vector<std::string> first = peek_row(true);
    if (first.empty()) refuse("is empty; it should begin with a row");
    for (std::size_t k = 0; k < first.size(); ++k)
      columns_.push_back({options_.header ? first[k] : std::to_string(k + 1), false, {}, {}});
    if (options_.header) {
      at_ = after_peek_, line_ = line_after_peek_;
      first = peek_row(false);
    }
    for (std::size_t k = 0; k < columns_.size(); ++k)
      columns_[k].is_text = k < first.size() && !is_missing(first[k]) && !is_number(first[k]);
    for (const std::string& name : options_.text) named(name).is_text = true;
    for (const std::string& name : options_.number) named(name).is_text = false;
  }

  /// The columns, without rows.
  const std::vector<table_column>& columns() const { return columns_; }

  /// The next rows, at most `count`; none behind the last.
  table read(std::size_t count = std::numeric_limits<std::size_t>::max()) {
    table to{in_->path(), columns_, {}};
    for (std::size_t k = 0; k < count && next_row(to);) ++k;
    to.bad_rows = std::exchange(skipped_, {});
    return to;
  }

 private:
  enum class outcome { row, needs_more, bad };
  static constexpr std::size_t longest_row = 1 << 26;

  // ---- the buffer ----

  /// Reads more behind what is not done yet. The last line gets an end, if it has none.
  void fill() {
    const std::size_t kept = end_ - at_;
    if (kept > 0 && at_ > 0) std::memmove(buffer_.data(), buffer_.data() + at_, kept);
    if (kept > longest_row)
      refuse("has a row of more than 64 MiB from line " + std::to_string(line_) +
             " on; is a quote not closed?");
    at_ = 0, end_ = kept;
    buffer_.resize(std::max<std::size_t>(1 << 18, 2 * kept));
    const std::size_t room = buffer_.size() - kept - 1, got = in_->read(buffer_.data() + kept, room);
    end_ += got;
    if (got < room) {
      at_end_ = true;
      if (end_ > 0 && buffer_[end_ - 1] != '\n') buffer_[end_++] = '\n';
    }
  }
  bool ends_line(const char* p) const { return *p == '\n' || (*p == '\r' && p[1] == '\n'); }
  /// Passes over empty lines; false behind the last row.
  bool find_row() {
    for (;;) {
      while (at_ < end_ && buffer_[at_] == '\n') ++at_, ++line_;
      if (end_ - at_ >= 2 && ends_line(buffer_.data() + at_))
        at_ += 2, ++line_;
      else if (end_ - at_ >= 2)
        return true;
      else if (at_end_)
        return at_ < end_;
      else
        fill();
    }
  }

  // ---- rows and fields ----

  /// A field from p on: its text, and what is behind it; null if the buffer ends before it. Quotes that are
  /// not as they should be make `wrong_` say so.
  const char* scan_field(const char* p, std::string_view& text, std::size_t& lines) {
    const char* const end = buffer_.data() + end_;
    if (p == end) return nullptr;
    if (options_.quote != '\0' && *p == options_.quote) {
      unquoted_.clear();
      for (++p;;) {
        const auto* const close =
            static_cast<const char*>(std::memchr(p, options_.quote, static_cast<std::size_t>(end - p)));
        if (close == nullptr || close + 1 == end) {
          if (at_end_) wrong_ = "a quote that is not closed";
          return nullptr;
        }
        lines += static_cast<std::size_t>(std::count(p, close, '\n'));
        unquoted_.append(p, close);
        p = close + 1;
        if (*p != options_.quote) break;
        unquoted_ += *p++;
      }
      text = unquoted_;
      if (*p == '\r' && p + 1 == end) return nullptr;
      if (*p != options_.separator && !ends_line(p)) wrong_ = "something behind the closing quote";
      return p;
    }
    const char* const begin = p;
    while (p < end && *p != options_.separator && *p != '\n') ++p;
    if (p == end) return nullptr;
    if (*p == '\n' && p > begin && p[-1] == '\r') --p;
    text = {begin, static_cast<std::size_t>(p - begin)};
    if (text.find('\r') != text.npos)
      wrong_ = "a carriage return without a line feed; end lines by either \\n or \\r\\n";
    return p;
  }
  /// The fields of the row at hand, which is not taken; behind the head, of the first that may be used.
  std::vector<std::string> peek_row(bool is_head) {
    const bool is_choosy = !is_head && options_.skip_bad_rows;
    std::vector<std::string> fields;
    while (fields.clear(), find_row()) {
      outcome got = outcome::needs_more;
      std::size_t lines = 0;
      wrong_ = nullptr;
      for (const char* p = buffer_.data() + at_; got == outcome::needs_more; ++p) {
        std::string_view text;
        const std::size_t before = lines;
        p = scan_field(p, text, lines);
        if (wrong_ != nullptr) got = bad(fields.size(), before, wrong_);
        if (p == nullptr || wrong_ != nullptr) break;
        fields.emplace_back(text);
        if (!ends_line(p)) continue;
        got = is_choosy && fields.size() != columns_.size() ? miscounted(fields.size(), lines) : outcome::row;
        after_peek_ = static_cast<std::size_t>(p - buffer_.data()) + (*p == '\r' ? 2 : 1);
        line_after_peek_ = line_ + lines + 1;
      }
      if (got == outcome::row) break;
      if (got == outcome::needs_more)
        fill();
      else if (is_choosy)
        skip_line();
      else
        refuse(complaint_);
    }
    return fields;
  }

  bool next_row(table& to) {
    while (find_row()) {
      const outcome got = row_into(to);
      if (got == outcome::row) return true;
      if (got == outcome::needs_more && !at_end_) {
        fill();
        continue;
      }
      if (!options_.skip_bad_rows) refuse(complaint_);
      skip_line();
    }
    return false;
  }
  /// Leaves out the line at hand, of a row that cannot be read, for the reason in complaint_.
  void skip_line() {
    skipped_.push_back("'" + in_->path() + "' " + complaint_ + ".");
    std::size_t seen = 0;
    for (;; fill()) {
      const auto* const begin = buffer_.data() + at_;
      const auto* const line_end =
          static_cast<const char*>(std::memchr(begin + seen, '\n', end_ - at_ - seen));
      if (line_end != nullptr) {
        at_ += static_cast<std::size_t>(line_end - begin) + 1, ++line_;
        return;
      }
      seen = end_ - at_;
    }
  }
  /// Appends the row at hand to the columns, or nothing.
  outcome row_into(table& to) {
    const char* p = buffer_.data() + at_;
    const char* const end = buffer_.data() + end_;
    std::size_t lines = 0, done = 0;
    outcome got = outcome::row;
    for (;; ++p) {
      if (done == columns_.size()) {
        got = miscounted(done + 1, lines);
        break;
      }
      table_column& column = to.columns[done];
      double number = 0;
      std::string_view text;
      const char* next = nullptr;
      if (!column.is_text) next = plain_number(p, end, number);
      if (next == nullptr) {
        const std::size_t before = lines;
        wrong_ = nullptr;
        next = scan_field(p, text, lines);
        if (wrong_ != nullptr)
          got = bad(done, before, wrong_);
        else if (next == nullptr)
          got = outcome::needs_more;
        else if (!column.is_text)
          got = number_of(text, number, done, before);
        if (got != outcome::row) break;
      }
      if (column.is_text)
        column.texts.emplace_back(text);
      else
        column.numbers.push_back(number);
      p = next, ++done;
      if (ends_line(p)) break;
    }
    if (got == outcome::row && done < columns_.size()) got = miscounted(done, lines);
    if (got != outcome::row) {
      for (std::size_t k = 0; k < done; ++k)
        to.columns[k].is_text ? to.columns[k].texts.pop_back() : to.columns[k].numbers.pop_back();
      return got;
    }
    at_ = static_cast<std::size_t>(p - buffer_.data()) + (*p == '\r' ? 2 : 1);
    line_ += lines + 1;
    return got;
  }

  // ---- numbers ----

  /// A number that fills its field and needs no second look; null for everything else.
  const char* plain_number(const char* p, const char* end, double& number) const {
    const auto [behind, error] = std::from_chars(p, end, number);
    if (error != std::errc{} || end - behind < 2 || (*behind != options_.separator && !ends_line(behind)))
      return nullptr;
    return behind;
  }
  static std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
  }
  bool is_missing(std::string_view text) const {
    text = trimmed(text);
    return text.empty() ||
           std::find(options_.missing.begin(), options_.missing.end(), text) != options_.missing.end();
  }
  static std::from_chars_result parse(std::string_view text, double& number) {
    text = trimmed(text);
    if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
    auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec == std::errc{} && read.ptr != text.data() + text.size())
      read.ec = std::errc::invalid_argument;
    return read;
  }
  static bool is_number(std::string_view text) {
    double number = 0;
    return parse(text, number).ec == std::errc{};
  }
  outcome number_of(std::string_view text, double& number, std::size_t field, std::size_t lines) {
    if (is_missing(text)) {
      number = detail::not_a_number<double>();
      return outcome::row;
    }
    const std::errc error = parse(text, number).ec;
    if (error == std::errc{}) return outcome::row;
    return bad(field, lines,
               detail::in_quotes(text) + (error == std::errc::result_out_of_range
                                              ? ", which is beyond the range of numbers"
                                              : ", which is no number"));
  }

  // ---- sentences ----

  outcome miscounted(std::size_t fields, std::size_t lines) {
    const std::size_t all = columns_.size();
    return fields < all ? bad(fields, lines, "the end of the line")
                        : bad(all, lines, "a field more than the " + std::to_string(all) + " columns");
  }
  outcome bad(std::size_t field, std::size_t lines, const std::string& found) {
    complaint_ =
        "has, on line " + std::to_string(line_ + lines) + " in field " + std::to_string(field + 1) +
        (field < columns_.size() && options_.header ? " (" + detail::in_quotes(columns_[field].name) + ")"
                                                    : "") +
        ", " + found;
    return outcome::bad;
  }
  [[noreturn]] void refuse(const std::string& what) const { detail::refuse_bytes(in_->path(), what); }
  table_column& named(std::string_view name) {
    for (table_column& each : columns_)
      if (each.name == name) return each;
    refuse("has no column " + detail::in_quotes(name) + "; it has " +
           detail::list_in_quotes(table{{}, columns_, {}}.names()));
  }

  detail::byte_source_pointer in_;
  csv_options options_;
  std::vector<table_column> columns_;
  std::vector<char> buffer_;
  std::size_t at_ = 0, end_ = 0, line_ = 1, after_peek_ = 0, line_after_peek_ = 1;
  bool at_end_ = false;
  std::string unquoted_, complaint_;
  std::vector<std::string> skipped_;
  const char* wrong_ = nullptr;
};

/// Reads a whole table.
///     const auto flowers = tg::data::read_csv("iris.csv");
///     const auto x = flowers.matrix<float>({"petal length", "petal width"});
///     const auto y = flowers.classes("species");
inline table read_csv(const std::string& path, const csv_options& options = {}) {
  return csv_reader(path, options).read();
}

}  // namespace tg::data

#include "../../support/compiler/end.hpp"
