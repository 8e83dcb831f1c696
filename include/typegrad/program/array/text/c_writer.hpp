// SPDX-License-Identifier: BSL-1.0
// What kernels write their C with: loops along axes, elements of arrays, lengths, scratch memory, helpers.
// Everything is written for double; as_float turns it into C for float.
#pragma once
#include "../../../support/compiler/begin.hpp"

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "matrix_c.hpp"
#include "plan_names.hpp"

namespace tg::detail {

/// An element of an array, as far as its place is known: indices of further loops are added.
struct c_element {
  std::string array;
  std::vector<std::string> place;
  bool is_number = false;  // a variable, without a place

  friend std::string operator+(std::string text, const c_element& e) { return text += e.text(); }
  std::string text() const {
    if (is_number) return array;
    std::string all;
    for (const std::string& each : place) all += (all.empty() ? "" : " + ") + each;
    return array + "[" + (all.empty() ? "0" : all) + "]";
  }
  /// Where it is, as a pointer.
  std::string address() const {
    std::string all = array;
    for (const std::string& each : place) all += " + " + each;
    return all;
  }
};

template <class Names>
class c_writer {
 public:
  c_writer(const Names& all, const std::vector<std::string>& loop_names, bool single)
      : is_float{single}, names{all}, variables_{loop_names} {}

  // For kernels.

  template <class... Part>
  void line(const Part&... parts) {
    out.append(2 * depth_, ' ');
    (put(parts), ...);
    out += '\n';
  }
  length_sum sum_of(int length) const { return length_sum::of(names.t, length); }
  std::string text(const length_sum& length) const { return length.text(names.extents); }
  std::string length(int length) const { return names.length(length); }
  static std::string number(auto value) { return std::to_string(value); }
  /// The array of a place, a buffer and an offset as words.
  c_element at(const int* words) const { return at(words[0], words[1]); }
  c_element at(int buffer, int offset) const {
    if (buffer == 0)  // a number
      return {names.numbers[static_cast<std::size_t>(sum_of(offset).value({}))], {}, true};
    if (const std::string& value = names.value_of(buffer); !value.empty()) return {value, {}, true};
    c_element e{names.buffer(buffer), {}};
    if (!sum_of(offset).is(0)) e.place.push_back(length(offset));
    return e;
  }
  template <int Count>
  std::array<c_element, static_cast<std::size_t>(Count)> places(const int* words) const {
    std::array<c_element, static_cast<std::size_t>(Count)> all;
    for (int k = 0; k < Count; ++k) all[static_cast<std::size_t>(k)] = at(words + 2 * k);
    return all;
  }
  /// `scratch` memory of this step, of which so many numbers are needed.
  c_element scratch(const length_sum& size) {
    scratch_sizes.push_back(size);
    return {"scratch", {}};
  }
  void add(c_element& e, const std::string& index, int stride) const { add(e, index, sum_of(stride)); }
  void add(c_element& e, const std::string& index, const length_sum& stride) const {
    if (stride.is(0)) return;
    e.place.push_back(stride.is(1) ? index : stride.factor_text(names.extents) + "*" + index);
  }
  /// A loop for each of `count` axes, in which the elements `at` move along: the words of an axis are its
  /// extent and a stride for each of them. Along `backwards` axes the first one moves from the end.
  template <class Elements, class Use>
  void over(const int* axes, int count, Elements& at, Use use, bool backwards = false) {
    const Elements before = at;
    const std::size_t first = depth_;
    for (int k = 0; k < count; ++k, axes += at.size() + 1) {
      const int* const axis = axes;
      if (axis[0] == length_table::one) continue;
      const std::string index = begin_loop(length(axis[0]));
      for (std::size_t j = 0; j < at.size(); ++j)
        add(at[j],
            j == 0 && backwards ? "(" + sum_of(axis[0]).text(names.extents) + " - 1 - " + index + ")" : index,
            axis[j + 1]);
    }
    end_loops(first, use);
    at = before;
  }
  /// A loop of the index that `use` gets.
  template <class Use>
  void count(const std::string& end, Use use) {
    const std::size_t first = depth_;
    const std::string index = begin_loop(end);
    end_loops(first, [&] { use(index); });
  }
  /// A loop over steps, of whose numbers `use` gets the name. It declares `pointers`, each with its buffer,
  /// where it begins, and by how much it moves, as words.
  template <class Use>
  void steps(const std::string& end, bool backwards, const int* pointers, int count, Use use) {
    const std::size_t first = depth_;
    const std::string index = begin_loop(end, backwards);
    end_loops(first, [&] {
      for (int k = 0; k < count; ++k)
        if (const int* const p = pointers + 4 * k; is_constant(p[1])) constant_.push_back(p[0]);
      const std::string before = std::move(out);
      out.clear();
      use();
      const std::string inner = std::move(out);
      out = before;
      for (int k = 0; k < count; ++k) {
        const int* const p = pointers + 4 * k;
        c_element begin = at(p + 1);
        add(begin, index, p[3]);
        if (mentions(inner, names.buffer(p[0])))
          line(is_constant(p[0]) ? "const " : "", "double* const ", names.buffer(p[0]), " = ",
               begin.address(), ";");
      }
      out += inner;
    });
  }
  /// Whether a buffer lies in an input.
  bool is_constant(int buffer) const {
    bool is = buffer <= names.t.inputs;
    for (int each : constant_) is = is || each == buffer;
    return is;
  }
  std::function<void(int)> write_step;  // step k of the plan
  /// A function before all others, once.
  void helper(std::string_view text) {
    for (const std::string& each : helpers)
      if (each == text) return;
    helpers.emplace_back(text);
  }
  /// Elements `to` are `from`, along axes as words.
  void copy(const int* axes, int count, std::array<c_element, 2> from_and_to) {
    over(axes, count, from_and_to, [&] { line(from_and_to[1], " = ", from_and_to[0], ";"); });
  }
  /// The same by words of places and axes; returns those after the copy (array_lowering::put_copy).
  const int* copy(const int* words) {
    copy(words + 5, words[4], places<2>(words));
    return words + 5 + 3 * words[4];
  }
  /// The elements of a matrix, its order and two strides as words, go to `to` in a row.
  void copy_matrix(c_element from, const int* words, c_element to) {
    count(length(words[0]), [&](const std::string& i) {
      count(length(words[0]), [&](const std::string& j) {
        add(from, i, words[1]), add(from, j, words[2]);
        add(to, i, words[0]), add(to, j, length_table::one);
        line(to, " = ", from, ";");
      });
    });
  }
  static constexpr std::string_view eliminate = eliminate_in_c, solve = solve_in_c;
  /// So many elements from there on are `value`.
  void fill(c_element to, const length_sum& size, std::string_view value = "0.0") {
    if (size.is(1)) return line(to, " = ", value, ";");
    count(size.text(names.extents), [&](const std::string& i) {
      to.place.push_back(i);
      line(to, " = ", value, ";");
    });
  }
  /// A sum of what each(use) hands to `use`, an expression, in as many loops as it likes: `to` becomes it, or
  /// it is added there.
  template <class Each>
  void sum(const c_element& to, Each each, bool add = false) {
    const std::size_t begin = out.size(), loops = loops_;
    std::string single;
    line("double sum = 0.0;");
    each(
        [&](const std::string& term) { loops_ == loops ? void(single = term) : line("sum += ", term, ";"); });
    if (!single.empty()) out.erase(begin);
    line(to, add ? " += " : " = ", single.empty() ? "sum" : single, ";");
  }

  const bool is_float;

  // The result.

  std::string out;
  std::vector<std::string> helpers;
  std::vector<length_sum> scratch_sizes;
  const Names& names;
  /// What `use` writes, as a step of its own: in braces if it declares variables.
  template <class Use>
  void step(Use use) {
    const std::string before = std::move(out);
    const std::size_t outer = depth_;
    out.clear(), depth_ = 1;
    use();
    bool declares = false;
    for (std::string_view type : {"double", "const", "long", "int", "union"})
      declares = declares || ("\n" + out).find("\n  " + std::string(type) + " ") != out.npos;
    std::string inner = std::move(out);
    out = before, depth_ = outer;
    if (declares) line("{");
    const std::string indent(2 * (outer - 1 + declares), ' ');
    for (std::size_t from = 0, end; (end = inner.find('\n', from)) != inner.npos; from = end + 1)
      out += indent + inner.substr(from, end + 1 - from);
    if (declares) line("}");
  }

 private:
  void put(std::string_view part) { out += part; }
  void put(const c_element& part) { out += part.text(); }
  std::string begin_loop(const std::string& extent, bool backwards = false) {
    const std::string& index = variables_[loops_++];
    backwards ? line("for (long ", index, " = ", extent, "; ", index, "-- > 0;)")
              : line("for (long ", index, " = 0; ", index, " < ", extent, "; ++", index, ")");
    ++depth_;
    return index;
  }
  /// What stands in the loops that have been begun since.
  template <class Use>
  void end_loops(std::size_t first, Use use) {
    const std::size_t begun = depth_ - first, before = loops_ - begun;
    if (begun > 0) {
      out.pop_back();
      out += " {\n";
      use();
      depth_ = first + begun - 1;
      line("}");
    } else {
      use();
    }
    depth_ = first, loops_ = before;
  }

  const std::vector<std::string> variables_;
  std::size_t depth_ = 1, loops_ = 0;
  std::vector<int> constant_;  // buffers of steps that lie in an input
};

/// C for double as C for float: the type, the functions of <math.h> and the constants get the other form.
/// Comments and what is called binary64 stay.
inline std::string as_number_type(std::string_view text, bool single) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_letter = [](char c) { return is_identifier(std::string("a") + c); };
  std::string all;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    if (text.substr(at, 2) == "/*") {
      end = text.find("*/", at) + 2;
      all += text.substr(at, end - at);
    } else if (is_digit(text[at])) {
      bool is_real = false;
      while (end < text.size() && (is_letter(text[end]) || text[end] == '.' ||
                                   ((text[end] == '-' || text[end] == '+') && text[end - 1] == 'e')))
        ++end;
      for (char c : text.substr(at, end - at)) is_real = is_real || c == '.' || c == 'e';
      const std::string number(text.substr(at, end - at));
      const bool hexadecimal = number.size() > 1 && number[1] == 'x';
      if (single && is_real && !hexadecimal && std::stod(number) > 3.4e38)
        all += "INFINITY";
      else
        all += number + (single && is_real && !hexadecimal ? "f" : "");
    } else if (is_letter(text[at])) {
      while (end < text.size() && is_letter(text[end])) ++end;
      const std::string_view word = text.substr(at, end - at);
      const bool called = end < text.size() && text[end] == '(';
      if (word == "double" && single)
        all += "float";
      else if (word == "binary64")
        all += "double";
      else
        all += std::string(word) +
               (single && called && (is_word_of(c_functions, word) || word == "copysign") ? "f" : "");
    } else {
      all += text[at];
    }
    at = end;
  }
  return all;
}

}  // namespace tg::detail

#include "../../../support/compiler/end.hpp"
