// SPDX-License-Identifier: BSL-1.0
// Precision, recall and F1 of entities, such as names in sentences: those that are found whole and are of the
// right type.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <iterator>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../text/tags.hpp"
#include "class_scores.hpp"
#include "classification_report.hpp"

namespace tg::metric {

using language::tag_scheme;

/// Options of entity_scores and entity_report.
struct entity_options {
  /// Given one, only what it allows is an entity (seqeval's strict mode); otherwise as conlleval.
  std::optional<tag_scheme> strict = {};
  double zero_division = 0;  ///< precision or recall where there is nothing to divide by: 0 or 1
  int digits = 2;            ///< behind the point
};

struct entity_scores_result {
  std::vector<std::string> types;  ///< those that occur, sorted
  std::vector<class_score> each;   ///< of each of them
  class_score micro;               ///< of all entities
  class_score macro;               ///< the mean over the types
  class_score weighted;            ///< the mean weighted by support
};

}  // namespace tg::metric

namespace tg::detail {

/// What two tags beside each other mean in a scheme; `type`: whether theirs are equal.
struct tag_pattern {
  enum { start, inside, end } what;
  std::string_view before, now;
  enum { any, same, other } type;
};

/// The rows of seqeval 1.2.2, scheme.py.
inline std::span<const tag_pattern> patterns_of(metric::tag_scheme scheme) {
  using p = tag_pattern;
  using enum metric::tag_scheme;
  static constexpr std::string_view all = "IOBES";
  static constexpr p of_iob1[] = {{p::start, "OB", "I", p::any},  {p::start, "I", "I", p::other},
                                  {p::start, "IB", "B", p::same}, {p::inside, "BI", "I", p::same},
                                  {p::end, "IB", "I", p::other},  {p::end, "IB", "O", p::any},
                                  {p::end, "I", "B", p::any},     {p::end, "B", "B", p::same}};
  static constexpr p of_ioe1[] = {{p::start, "OE", "I", p::any}, {p::start, "I", "I", p::other},
                                  {p::start, "E", "E", p::same}, {p::inside, "I", "IE", p::same},
                                  {p::end, "I", "IE", p::other}, {p::end, "I", "O", p::any},
                                  {p::end, "E", "IE", p::same}};
  static constexpr p of_iob2[] = {{p::start, all, "B", p::any},
                                  {p::inside, "BI", "I", p::same},
                                  {p::end, "BI", "OB", p::any},
                                  {p::end, "BI", "I", p::other}};
  static constexpr p of_ioe2[] = {{p::start, "O", "IE", p::any},
                                  {p::start, "E", "IE", p::any},
                                  {p::start, "I", "IE", p::other},
                                  {p::inside, "I", "IE", p::same},
                                  {p::end, "E", all, p::any}};
  static constexpr p of_iobes[] = {
      {p::start, all, "BS", p::any}, {p::inside, "BI", "IE", p::same}, {p::end, "SE", all, p::any}};
  switch (scheme) {
    case iob1:
      return of_iob1;
    case ioe1:
      return of_ioe1;
    case iob2:
      return of_iob2;
    case ioe2:
      return of_ioe2;
    default:
      return of_iobes;
  }
}

/// The entities that a scheme allows.
template <class Tags>
std::vector<language::entity> strict_entities(const Tags& tags, metric::tag_scheme scheme) {
  constexpr std::string_view letters[] = {"OIB", "OIB", "OIE", "OIE", "OIBES", "OIBLU", "OMBES"};
  std::vector<read_tag> read;
  for (const auto& each : tags) {
    std::string_view text(each);
    read.emplace_back(text);
    const std::string_view allowed = letters[static_cast<std::size_t>(scheme)];
    if (allowed.find(text[0]) == allowed.npos)
      unfit_metric("entity_scores", "the tag " + in_quotes(text) +
                                        " is none of the scheme, whose tags begin with one of " +
                                        std::string(allowed) + ".");
    // There, a type has no hyphens at its ends.
    text.remove_prefix(1);
    while (text.starts_with('-')) text.remove_prefix(1);
    while (text.ends_with('-')) text.remove_suffix(1);
    read.back().type = text.empty() ? "_" : text;
  }
  read.emplace_back("O");
  const auto is = [&](auto what, const read_tag& before, const read_tag& now) {
    return std::ranges::any_of(patterns_of(scheme), [&](const tag_pattern& row) {
      return row.what == what && row.before.find(before.letter) != row.before.npos &&
             row.now.find(now.letter) != row.now.npos &&
             (row.type == tag_pattern::any || (row.type == tag_pattern::same) == (before.type == now.type));
    });
  };
  std::vector<language::entity> all;
  for (std::size_t at = 0; at < read.size();) {
    const std::size_t begin = at++;
    if (!is(tag_pattern::start, begin > 0 ? read[begin - 1] : read.back(), read[begin])) continue;
    while (at < read.size() && is(tag_pattern::inside, read[at - 1], read[at])) ++at;
    if (at < read.size() && is(tag_pattern::end, read[at - 1], read[at]))
      all.push_back({std::string(read[begin].type), begin, at});
  }
  return all;
}

}  // namespace tg::detail

namespace tg::metric {

/// Precision, recall and F1 of the entities of each type, and their averages, as seqeval 1.2.2. Sentences are
/// ranges of tags such as B-PER; an entity is right if one of its type has the same words.
template <class Sentences, class Others>
entity_scores_result entity_scores(const Sentences& truth, const Others& predicted,
                                   const entity_options& options = {}) {
  constexpr auto name = "entity_scores";
  if (options.zero_division != 0 && options.zero_division != 1)
    detail::unfit_metric(name, "zero_division is 0 or 1.");
  if (std::size(truth) != std::size(predicted))
    detail::unfit_metric(name, std::to_string(std::size(truth)) + " sentences are compared with " +
                                   std::to_string(std::size(predicted)) + "; give as many of both.");
  using places = std::set<std::pair<std::size_t, language::entity>>;
  const auto found = [&](const auto& sentences) {
    places all;
    std::size_t number = 0;
    for (const auto& each : sentences) {
      auto here = options.strict ? detail::strict_entities(each, *options.strict) : language::entities(each);
      for (auto& one : here) all.emplace(number, std::move(one));
      ++number;
    }
    return all;
  };
  auto other = std::begin(predicted);
  for (std::size_t k = 0; const auto& each : truth) {
    if (std::size(each) != std::size(*other))
      detail::unfit_metric(name, "sentence " + std::to_string(k) + " has " + std::to_string(std::size(each)) +
                                     " tags and " + std::to_string(std::size(*other)) +
                                     " predicted ones; give as many of both.");
    ++k, ++other;
  }
  const places real = found(truth), taken = found(predicted);
  entity_scores_result result;
  for (const places* set : {&real, &taken})
    for (const auto& [sentence, one] : *set) result.types.push_back(one.type);
  std::ranges::sort(result.types);
  result.types.erase(std::unique(result.types.begin(), result.types.end()), result.types.end());
  const std::size_t size = result.types.size();
  std::vector<double> counts[3];
  for (auto& each : counts) each.resize(size);
  const auto count = [&](const language::entity& one, std::size_t in) {
    counts[in][static_cast<std::size_t>(std::ranges::lower_bound(result.types, one.type) -
                                        result.types.begin())] += 1;
  };
  for (const auto& each : real) count(each.second, 2);
  for (const auto& each : taken) {
    count(each.second, 1);
    if (real.contains(each)) count(each.second, 0);
  }
  detail::score_classes(result, size, counts[0], counts[1], counts[2], 1, options.zero_division);
  return result;
}

/// The table that classification_report of seqeval writes, to the character. Where there are no entities at
/// all, which seqeval refuses, it has the averages alone.
template <class Sentences, class Others>
std::string entity_report(const Sentences& truth, const Others& predicted,
                          const entity_options& options = {}) {
  if (options.digits < 0 || options.digits > 300)
    detail::unfit_metric("entity_report", "digits are from 0 to 300.");
  const entity_scores_result scores = entity_scores(truth, predicted, options);
  std::size_t width =
      std::max(std::string_view("weighted avg").size(), static_cast<std::size_t>(options.digits));
  for (const std::string& each : scores.types) width = std::max(width, detail::letters_in(each));
  detail::report_text text(width, options.digits);
  for (std::size_t k = 0; k < scores.types.size(); ++k) text.row(scores.types[k], scores.each[k], false);
  text.blank();
  text.row("micro avg", scores.micro, false);
  text.row("macro avg", scores.macro, false);
  text.row("weighted avg", scores.weighted, false);
  return text.written();
}

}  // namespace tg::metric

#include "../../support/compiler/end.hpp"
