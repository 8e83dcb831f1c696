// SPDX-License-Identifier: BSL-1.0
// The names that the extents, numbers and arrays of a plan have in texts, each an identifier of C that stands
// for one thing.
#pragma once
#include "../../../support/compiler/begin.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "../../../notation/c.hpp"
#include "length_text.hpp"
#include "plan_notes.hpp"

namespace tg::detail {

/// Gives out names that are none of C's, of helper functions or given out before.
class name_list {
 public:
  std::string unique(std::string_view wanted) {
    std::string name;
    for (char c : wanted) name += is_identifier(std::string("a") + c) ? c : '_';
    if (name.empty() || !is_identifier(name)) name = "a" + name;
    while (is_taken(name)) name += '_';
    taken_.push_back(name);
    return name;
  }
  /// What the names of a row begin with, of which none is given out before: v for v1, v2, ....
  std::string unique_stem(std::string stem) const {
    const auto is_of_row = [&](std::string_view name) {
      return name.substr(0, stem.size()) == stem &&
             name.find_first_not_of("0123456789", stem.size()) == name.npos;
    };
    while (std::any_of(taken_.begin(), taken_.end(), is_of_row)) stem += '_';
    return stem;
  }

 private:
  static constexpr std::string_view helpers =
      " integer_power logsumexp logsumexp_weight sinc sinc_derivative exprel_derivative tg_sinpi tg_cospi "
      "eliminate solve_system random_uniform random_bits sum top which first column regular chosen inverse "
      "factor definite rest product key workspace scratch value values parameters out_parameters ";
  bool is_taken(const std::string& name) const {
    for (std::string_view words : {c_keywords, c_functions, c_other_functions, helpers})
      if (is_word_of(words, name)) return true;
    for (const std::string& each : taken_)
      if (each == name) return true;
    return false;
  }
  std::vector<std::string> taken_;
};

/// Symbols keep their names as far as C takes them; outputs are out0, out1, ..., arrays between steps t1,
/// t2, ..., and what lies elsewhere in each step of a loop is s1, s2, ....
template <class Code>
struct plan_names {
  static constexpr auto& t = Code::tables;

  /// `function` is the name of the function itself, where it has one.
  explicit plan_names(std::string_view function = {}) {
    if (!function.empty()) all.unique(function), all.unique(std::string(function) + "_workspace");
    for (int k = 0; k < t.extents; ++k) extents.push_back(all.unique(t.extent_name[k]));
    buffers.emplace_back();
    for (int arrays = 1; arrays >= 0; --arrays)
      for (int k = 0; k < Code::inputs; ++k) {
        const record& symbol = *Code::records.of[k];
        if ((symbol.shaped != nullptr) == (arrays == 1))
          (arrays == 1 ? buffers : numbers).push_back(all.unique(symbol.name));
      }
    for (int r = 0; r < t.outputs; ++r) buffers.push_back(all.unique("out" + std::to_string(r)));
    for (int k = 1 + t.inputs + t.outputs, count = 0, moving = 0; k < t.buffers; ++k)
      buffers.push_back(t.output_of[k] >= 0    ? output(t.output_of[k])
                        : t.region[k] >= 0     ? all.unique("t" + std::to_string(++count))
                        : Code::plan.has_loops ? all.unique("s" + std::to_string(++moving))
                                               : std::string{});
  }
  /// What a buffer is called that is one of the numbers which are returned; else nothing.
  const std::string& value_of(int k) const {
    static const std::string none;
    const int r = k > t.inputs + t.outputs ? t.output_of[k] : k - 1 - t.inputs;
    return r >= 0 && !values.empty() ? values[static_cast<std::size_t>(r)] : none;
  }
  const std::string& output(int r) const { return buffers[static_cast<std::size_t>(1 + t.inputs + r)]; }
  const std::string& buffer(int k) const { return buffers[static_cast<std::size_t>(k)]; }
  std::string length(int k) const { return length_sum::of(t, k).text(extents); }
  /// Of an array of the plan: (rows, 64).
  std::string shape(int k) const {
    std::string text;
    const auto put = [&](const std::string& extent) { text += (text.empty() ? "" : ", ") + extent; };
    if (k <= t.inputs + t.outputs) {
      for (int axis = 0; axis < t.rank[k - 1]; ++axis) put(length(t.shape_of(k - 1)[axis]));
    } else if (const int node = plan_notes<Code>::facts.node_in[k]; node >= 0) {
      constexpr auto& graph = Code::graph;
      for (int axis = 0; axis < graph.rank(graph.shape[node]); ++axis) {
        const extent& e = graph.element(graph.shape[node], axis);
        put(e.name == nullptr ? std::to_string(e.size) : extents[place_of(e.name->name)]);
      }
    }
    return text.empty() ? text : "(" + text + ")";
  }

  static std::size_t place_of(std::string_view name) {
    int k = 0;
    while (t.extent_name[k] != name) ++k;
    return static_cast<std::size_t>(k);
  }

  name_list all;
  std::vector<std::string> extents, buffers, numbers, values;  // values: of outputs
};

/// Whether a text has that name as a word.
inline bool mentions(std::string_view text, std::string_view name) {
  const auto is_letter = [](char c) { return is_identifier(std::string("a") + c); };
  for (std::size_t at = 0; (at = text.find(name, at)) != text.npos; at += name.size())
    if ((at == 0 || !is_letter(text[at - 1])) &&
        (at + name.size() == text.size() || !is_letter(text[at + name.size()])))
      return true;
  return false;
}
/// `text` with each name followed by digits, of which `find(letter, number, to)` knows what it stands for,
/// replaced by that. `find` gets the first character, which is no letter of a longer name.
template <class Find>
std::string replace_names(std::string_view text, Find find) {
  std::string all;
  const auto is_letter = [](char c) { return is_identifier(std::string("a") + c); };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    while (end < text.size() && is_digit(text[end])) ++end;
    const bool alone = (at == 0 || !is_letter(text[at - 1])) && (end == text.size() || !is_letter(text[end]));
    if (alone && end > at + 1 && !is_digit(text[at]) &&
        find(text[at], std::stoi(std::string(text.substr(at + 1, end - at - 1))), all)) {
      at = end;
    } else {
      all += text[at++];
    }
  }
  return all;
}

}  // namespace tg::detail

#include "../../../support/compiler/end.hpp"
