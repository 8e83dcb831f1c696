// SPDX-License-Identifier: BSL-1.0
// The report of a check: one line for each derivative, the worst first, as an aligned table or as JSON.
#pragma once
#include "../support/compiler/begin.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#if __has_include(<unistd.h>)
#include <unistd.h>
#endif
#include <ostream>
#include <string>
#include <vector>

#include "../support/compiler/finite.hpp"
#include "verdict.hpp"

namespace tg {

/// What a check found. A check passes only if every derivative does, and if there is one.
template <class T>
struct check_report {
  std::string title;
  std::vector<component_check<T>> components;
  int evaluations = 0;        ///< calls of the function
  int exact_evaluations = 0;  ///< calls of the exact derivative
  std::uint64_t seed = 0;     ///< of random directions; 0 where there are none

  bool passed() const {
    return !components.empty() && count(verdict::pass) == static_cast<int>(components.size());
  }
  explicit operator bool() const { return passed(); }
  int count(verdict v) const {
    return static_cast<int>(std::count_if(components.begin(), components.end(),
                                          [v](const auto& one) { return one.verdict == v; }));
  }
};

namespace detail {

/// The order in which a person wants to see the lines.
constexpr int severity(verdict v) {
  switch (v) {
    case verdict::wrong:
      return 0;
    case verdict::domain:
      return 1;
    case verdict::kink:
      return 2;
    case verdict::noisy:
      return 3;
    case verdict::inconclusive:
      return 4;
    default:
      return 5;
  }
}

template <class T>
std::vector<const component_check<T>*> worst_first(const check_report<T>& report) {
  std::vector<const component_check<T>*> lines;
  for (const auto& c : report.components) lines.push_back(&c);
  std::sort(lines.begin(), lines.end(), [](const auto* one, const auto* other) {
    const int first = severity(one->verdict), second = severity(other->verdict);
    if (first != second) return first < second;
    const auto rank = [](T apart) { return detail::is_nan(apart) ? detail::infinite<T>() : apart; };
    const T here = rank(one->relative()), there = rank(other->relative());
    return here != there ? here > there : one < other;
  });
  return lines;
}

inline std::string escaped_json(std::string_view text) {
  std::string quoted = "\"";
  for (const char letter : text) {
    char code[8];
    if (letter == '"' || letter == '\\')
      quoted += {'\\', letter};
    else if (static_cast<unsigned char>(letter) < 0x20)
      std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(letter)), quoted += code;
    else
      quoted += letter;
  }
  return quoted + '"';
}

/// A number as JSON has it; one that JSON lacks as a text: "nan", "inf", "-inf".
template <class T>
std::string json_number(T value) {
  if (!detail::is_finite(value))
    return detail::is_nan(value) ? "\"nan\"" : value > 0 ? "\"inf\"" : "\"-inf\"";
  return digits(value, std::numeric_limits<T>::max_digits10);
}

}  // namespace detail

/// The report as text: a line that sums up, then a table, the worst first. At most `most` lines; with
/// `colours`, verdicts are coloured for a terminal.
template <class T>
std::string to_text(const check_report<T>& report, bool colours = false, std::size_t most = 40) {
  const std::vector<std::string> heads{"",         "exact", "numeric", "error bar",
                                       "relative", "ulp",   "step",    "verdict"};
  std::vector<std::vector<std::string>> rows{heads};
  std::vector<const component_check<T>*> lines = detail::worst_first(report);
  const std::size_t shown = std::min(lines.size(), most);
  lines.resize(shown);
  for (const auto* c : lines)
    rows.push_back({c->name, detail::digits(c->exact, std::numeric_limits<T>::digits10),
                    detail::digits(c->numeric, std::numeric_limits<T>::digits10), detail::digits(c->error, 2),
                    detail::digits(c->relative(), 2), detail::digits(c->ulps(), 3),
                    detail::digits(c->step, 2), std::string(to_text(c->verdict))});
  std::vector<std::size_t> width(heads.size());
  for (const auto& row : rows)
    for (std::size_t k = 0; k < row.size(); ++k) width[k] = std::max(width[k], row[k].size());

  const int all = static_cast<int>(report.components.size()), good = report.count(verdict::pass);
  std::string text = (report.title.empty() ? std::string("derivatives") : report.title) + ": " +
                     std::to_string(good) + " of " + std::to_string(all) + " pass";
  for (const verdict v :
       {verdict::wrong, verdict::domain, verdict::kink, verdict::noisy, verdict::inconclusive})
    if (const int n = report.count(v)) text += ", " + std::to_string(n) + ' ' + std::string(to_text(v));
  text += "; " + std::to_string(report.evaluations) + " evaluations";
  if (report.seed != 0) text += "; seed " + std::to_string(report.seed);
  text += '\n';
  for (std::size_t r = 0; r < rows.size(); ++r) {
    text += ' ';
    for (std::size_t k = 0; k < heads.size(); ++k) {
      const std::string gap(width[k] - rows[r][k].size(), ' ');
      const bool last = k + 1 == heads.size(), paint = colours && last && r > 0;
      if (k > 0) text += "  ";
      if (paint)
        text += lines[r - 1]->verdict == verdict::pass    ? "\033[32m"
                : lines[r - 1]->verdict == verdict::wrong ? "\033[1;31m"
                                                          : "\033[33m";
      text += k == 0 || last ? rows[r][k] : gap + rows[r][k];
      if (paint) text += "\033[0m";
      if (k == 0 || (last && r > 0 && !lines[r - 1]->reason.empty())) text += gap;
    }
    if (r > 0 && !lines[r - 1]->reason.empty()) text += "  " + lines[r - 1]->reason;
    text += '\n';
  }
  if (shown < static_cast<std::size_t>(all))
    text += "  and " + std::to_string(static_cast<std::size_t>(all) - shown) + " more\n";
  return text;
}

template <class T>
std::ostream& operator<<(std::ostream& out, const check_report<T>& report) {
  return out << to_text(report);
}

namespace detail {

/// Whether a stream is a terminal whose user has not asked for the absence of colours (https://no-color.org).
inline bool shows_colours(std::FILE* stream) {
  const char* refused = std::getenv("NO_COLOR");
  if (refused != nullptr && *refused != 0) return false;
#if __has_include(<unistd.h>)
  return isatty(fileno(stream)) != 0;
#else
  return stream == nullptr;
#endif
}

}  // namespace detail

/// Writes the report, in colours where the stream is a terminal and NO_COLOR is not set.
template <class T>
void print(const check_report<T>& report, std::FILE* stream = stdout) {
  std::fputs(to_text(report, detail::shows_colours(stream)).c_str(), stream);
}

/// The report as one JSON object. Numbers have all their digits; those that JSON lacks are the texts "nan",
/// "inf" and "-inf".
template <class T>
std::string to_json(const check_report<T>& report) {
  using detail::escaped_json, detail::json_number;
  std::string text = "{\"title\": " + escaped_json(report.title) +
                     ", \"passed\": " + (report.passed() ? "true" : "false") +
                     ", \"evaluations\": " + std::to_string(report.evaluations) +
                     ", \"exact_evaluations\": " + std::to_string(report.exact_evaluations) +
                     ", \"seed\": " + std::to_string(report.seed) + ", \"components\": [";
  bool first = true;
  for (const auto& c : report.components) {
    text += std::string(first ? "" : ",") + "\n  {\"name\": " + escaped_json(c.name) +
            ", \"exact\": " + json_number(c.exact) + ", \"exact_error\": " + json_number(c.exact_error) +
            ", \"numeric\": " + json_number(c.numeric) + ", \"error\": " + json_number(c.error) +
            ", \"relative\": " + json_number(c.relative()) + ", \"ulps\": " + json_number(c.ulps()) +
            ", \"step\": " + json_number(c.step) + ", \"verdict\": " + escaped_json(to_text(c.verdict)) +
            ", \"reason\": " + escaped_json(c.reason) + "}";
    first = false;
  }
  return text + "]}\n";
}

}  // namespace tg

#include "../support/compiler/end.hpp"
