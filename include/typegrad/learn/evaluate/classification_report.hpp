// SPDX-License-Identifier: BSL-1.0
// A table of the scores of all classes, as a text.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "../../learn/evaluate/class_scores.hpp"

namespace tg::metric {

/// Options of classification_report beside those of the scores.
struct report_options {
  labels classes = {};                  ///< those to judge, in this order; else all that occur, sorted
  std::vector<std::string> names = {};  ///< what to call them; else their numbers
  numbers weights = {};
  int digits = 2;            ///< behind the point
  double zero_division = 0;  ///< precision or recall where there is nothing to divide by: 0 or 1
};

}  // namespace tg::metric

namespace tg::detail {

/// How many letters a text in UTF-8 has.
inline std::size_t letters_in(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// Text moved to the right in so many columns.
inline std::string to_the_right(std::string_view text, std::size_t width) {
  const std::size_t letters = letters_in(text);
  return std::string(width > letters ? width - letters : 0, ' ') + std::string(text);
}

/// A count; as Python writes a float, if it is one.
inline std::string written_count(double count, bool as_float) {
  char text[40];
  if (!as_float) return std::to_string(static_cast<long long>(count));
  const bool plain = count == 0 || (count >= 1e-4 && count < 1e16);
  const auto end = std::to_chars(text, text + sizeof text, count,
                                 plain ? std::chars_format::fixed : std::chars_format::scientific)
                       .ptr;
  std::string result(text, end);
  if (plain && result.find('.') == std::string::npos) result += ".0";
  return result;
}

/// The text of a report, row by row.
class report_text {
 public:
  report_text(std::size_t width, int digits) : width_(width), digits_(digits), text_(width + 1, ' ') {
    for (const char* head : {"precision", "recall", "f1-score", "support"})
      text_ += " " + to_the_right(head, 9);
    text_ += "\n\n";
  }
  void row(std::string_view name, const metric::class_score& s, bool floats, bool only_f = false) {
    const std::string none(10, ' ');
    text_ += to_the_right(name, width_) + " " + (only_f ? none : number(s.precision)) +
             (only_f ? none : number(s.recall)) + number(s.f) + " " +
             to_the_right(written_count(s.support, floats), 9) + "\n";
  }
  void blank() { text_ += "\n"; }
  const std::string& written() const { return text_; }

 private:
  std::string number(double value) const {
    char digits[330];
    std::snprintf(digits, sizeof digits, "%.*f", digits_, value);
    return " " + to_the_right(digits, 9);
  }

  std::size_t width_;
  int digits_;
  std::string text_;
};

}  // namespace tg::detail

namespace tg::metric {

/// The table that classification_report of scikit-learn writes, to the character: precision, recall, F1 and
/// support of each class; the accuracy, or the micro average where only some of the classes are judged; the
/// macro and the weighted average.
inline std::string classification_report(const labels& truth, const labels& predicted,
                                         const report_options& options = {}) {
  const class_scores scores = per_class(
      truth, predicted,
      {.classes = options.classes, .weights = options.weights, .zero_division = options.zero_division});
  std::vector<std::string> names = options.names;
  if (names.empty())
    for (const auto each : scores.classes) names.push_back(std::to_string(each));
  if (names.size() != scores.classes.size())
    detail::unfit_metric("classification_report", std::to_string(names.size()) + " names for " +
                                                      std::to_string(scores.classes.size()) +
                                                      " classes; give a name for each, or list the classes.");
  if (options.digits < 0 || options.digits > 300)
    detail::unfit_metric("classification_report", "digits are from 0 to 300.");
  std::size_t width =
      std::max(std::string_view("weighted avg").size(), static_cast<std::size_t>(options.digits));
  for (const std::string& name : names) width = std::max(width, detail::letters_in(name));
  // There, counts become floats by weights, and where nothing at all is right.
  bool floats = true;
  for (std::size_t i = 0; i < truth.size() && options.weights.empty() && floats; ++i)
    floats = truth[i] != predicted[i];
  detail::report_text text(width, options.digits);
  for (std::size_t k = 0; k < names.size(); ++k) text.row(names[k], scores.each[k], floats);
  text.blank();
  text.row(scores.all_classes ? "accuracy" : "micro avg", scores.micro, floats, scores.all_classes);
  text.row("macro avg", scores.macro, floats);
  text.row("weighted avg", scores.weighted, floats);
  return text.written();
}

}  // namespace tg::metric

#include "../../support/compiler/end.hpp"
