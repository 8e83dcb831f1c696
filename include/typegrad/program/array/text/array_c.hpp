// SPDX-License-Identifier: BSL-1.0
// Functions of arrays in C: the steps of the plan as loops over memory that the caller gives, with nothing
// but <math.h>.
#pragma once
#include "../../../support/compiler/begin.hpp"

#include "../../../notation/c_body.hpp"
#include "c_constants.hpp"
#include "c_writer.hpp"

namespace tg {

namespace detail {

/// The body of a loop in the form in which it runs.
template <class Code, int Body>
struct lowered_body {
  static consteval int slots() { return 0; }
  static constexpr void load(builder& b, buffer<int>& out, int = 0) {
    load_packed(code<body_tag<body_source<Code, Body>>>::graph, b, out, [](int) { return 0; });
  }
};

template <class T, class Code, class Layout>
class array_c {
  static constexpr auto& t = Code::tables;
  static constexpr auto layout = Layout::find(t);
  using names_type = plan_names<Code>;

 public:
  array_c(std::string_view name, const std::vector<std::string>& captured,
          const std::vector<constant_symbol<T>>& constants)
      : name_{name}, constants_{constants}, names_{name} {
    name_numbers(captured);
    list_arguments();
    c_writer<names_type> c(names_, loop_names(), std::is_same_v<T, float>);
    write_steps(c, std::make_integer_sequence<int, t.steps>{});
    assemble(c);
  }
  std::string text;

 private:
  /// The name of an extent, a symbol or a number; each is declared if the steps have it.
  const constant_symbol<T>* constant(std::string_view symbol) const {
    for (const auto& each : constants_)
      if (each.name == symbol) return &each;
    return nullptr;
  }
  void name_numbers(const std::vector<std::string>& captured) {
    numbers_ = names_.numbers;
    for (int k = 0, number = 0; k < Code::inputs; ++k)
      if (Code::records.of[k]->shaped == nullptr) {
        if (const auto* value = constant(Code::records.of[k]->name))
          set(number, number_in_c(value->numbers[0]));
        ++number;
      }
    for (const std::string& each : captured) names_.numbers.push_back(each);
    for (const std::string& each : names_.extents) names_.numbers.push_back("(double)" + each);
  }
  void set(int number, const std::string& value) {
    names_.numbers[static_cast<std::size_t>(number)] = value[0] == '-' ? "(" + value + ")" : value;
  }

  /// The arguments, and what is declared before the steps.
  void list_arguments() {
    for (const std::string& each : names_.extents) arguments_.push_back({"long", each});
    std::vector<std::string_view> array_symbols;
    for (int k = 0; k < Code::inputs; ++k)
      if (Code::records.of[k]->shaped != nullptr) array_symbols.push_back(Code::records.of[k]->name);
    const auto declare_part = [&](const std::string& type, int buffer, const std::string& vector,
                                  std::size_t first) {
      locals_.push_back({type, names_.buffer(buffer),
                         vector + (first > 0 ? " + " + std::to_string(first) : ""), names_.shape(buffer)});
    };
    const auto input_array = [&](int array, const std::string& vector, std::size_t first, bool integers) {
      const std::string& own = names_.buffer(1 + array);
      if (const auto* values = constant(array_symbols[static_cast<std::size_t>(array)]))
        static_arrays_.push_back({own, values, names_.shape(1 + array)});
      else if (vector.empty())
        arguments_.push_back({integers ? "const int*" : "const double*", own, names_.shape(1 + array)});
      else
        declare_part("const double*", 1 + array, vector, first);
    };
    const auto input_number = [&](int number) {
      const auto k = static_cast<std::size_t>(number);
      if (names_.numbers[k] == numbers_[k]) arguments_.push_back({"double", numbers_[k]});
    };
    int number_end = layout.numbers;
    for (int k = Layout::inputs; k-- > 0;) {
      ends_.insert(ends_.begin(), number_end);
      number_end = layout.at[k].number;
    }
    for (int k = 0; k < Layout::inputs; ++k) {
      const auto& place = layout.at[k];
      if (place.parts > 0) {
        const std::string vector = names_.all.unique("theta");
        bool all_constant = true;
        for (int part = 0; part < place.parts; ++part)
          all_constant = all_constant && constant(place.part[part].name) != nullptr;
        if (!all_constant) arguments_.push_back({"const double*", vector, "all parameters"});
        for (int part = 0, array = place.array, number = place.number; part < place.parts; ++part) {
          const parameter_part& own = place.part[part];
          if (own.rank > 0) {
            input_array(array++, vector, own.first, false);
          } else {
            if (constant(own.name) == nullptr) set(number, vector + "[" + std::to_string(own.first) + "]");
            ++number;
          }
        }
      } else if (place.rank > 0) {
        input_array(place.array, "", 0, place.integers);
      } else {
        for (int number = place.number; number < ends_[static_cast<std::size_t>(k)]; ++number)
          input_number(number);
      }
    }
    std::vector<bool> is_in_vector(static_cast<std::size_t>(t.outputs));
    for (int k = Layout::inputs; k < layout.arguments; ++k) {
      const auto& place = layout.at[k];
      if (place.parts > 0) {
        const std::string vector = names_.all.unique("slopes");
        arguments_.push_back({"double*", vector, "in the order of the parameters"});
        for (int part = 0; part < place.parts; ++part) {
          declare_part("double*", 1 + t.inputs + place.array + part, vector, place.part[part].first);
          is_in_vector[static_cast<std::size_t>(place.array + part)] = true;
        }
      } else {
        const int buffer = 1 + t.inputs + place.array;
        arguments_.push_back({"double*", names_.buffer(buffer), names_.shape(buffer)});
      }
    }
    names_.values.resize(static_cast<std::size_t>(t.outputs));
    for (std::size_t r = 0, value = 0; r < names_.values.size(); ++r)
      if (t.rank[static_cast<std::size_t>(t.inputs) + r] == 0 && !is_in_vector[r])
        names_.values[r] = layout.results == 1 ? "value" : "values[" + std::to_string(value++) + "]";
    if (layout.results > 1)
      arguments_.push_back({"double*", "values", std::to_string(layout.results) + " numbers"});

    for (int r = 0; r < t.regions; ++r) {
      begin_.push_back(workspace_);
      workspace_ = workspace_ + length_sum::of_product(t, t.region_product[r], t.region_size[r]);
    }
    for (int k = 1 + t.inputs + t.outputs; k < t.buffers; ++k)
      if (t.output_of[k] < 0 && t.region[k] >= 0) {
        const length_sum place = begin_[static_cast<std::size_t>(t.region[k])] +
                                 length_sum::of_product(t, t.region_product[t.region[k]], t.offset[k]);
        locals_.push_back({"double*", names_.buffer(k), "workspace" + plus(place), names_.shape(k)});
      }
  }
  std::string plus(const length_sum& place) const {
    return place.is(0) ? "" : " + " + place.text(names_.extents);
  }

  std::vector<std::string> loop_names() {
    std::vector<std::string> all;
    for (std::string_view letters = "ijklmnpqrsuw"; !letters.empty(); letters.remove_prefix(1))
      if (std::string name(letters.substr(0, 1)); names_.all.unique(name) == name) all.push_back(name);
    while (all.size() < 20) all.push_back(names_.all.unique("index" + std::to_string(all.size())));
    local_ = names_.all.unique_stem("v");
    return all;
  }

  template <class C, int... K>
  void write_steps(C& c, std::integer_sequence<int, K...>) {
    void (array_c::*const all[])(C&) = {&array_c::write_step<K, C>..., nullptr};
    c.write_step = [this, &c, &all](int k) { (this->*all[k])(c); };
    for (int k = 0; k < t.top_steps; ++k) c.write_step(k);
  }
  template <int K, class C>
  void write_step(C& c) {
    constexpr int runner = t.runner[K];
    const int* const words = t.word + t.first[K];
    if constexpr (runner < 0) {
      using source = body_source<Code, ~runner>;
      write_loop(c, K, pattern<c_body_printer, lowered_body<Code, ~runner>>::value.view(),
                 plan_notes<Code>::template text_of_step<K>(), source::inputs, source::outputs(), words);
    } else {
      static_assert(Code::kernels::template writes_c<C>[runner] != nullptr,
                    "typegrad: to_c: this operation is not written in C.");
      const int buffer = plan_notes<Code>::facts.buffer[plan_notes<Code>::facts.node[K]];
      if constexpr (Code::kernels::loops[runner])
        c.line("/* ", std::to_string(K + 1), ": steps ", std::to_string(words[1] + 1), " to ",
               std::to_string(words[1] + words[2]), ", ", c.length(words[0]), " times */");
      else
        comment(c, K, with_shape(c.at(buffer, length_table::zero).array, buffer),
                text_of<K>([&](char letter, int buffer, std::string& to) {
                  return letter == mark_of_buffer && (to += c.at(buffer, length_table::zero).array, true);
                }));
      c.step([&] { Code::kernels::template writes_c<C>[runner](c, words); });
    }
  }
  template <int K, class Find>
  static std::string text_of(Find find) {
    return replace_names(plan_notes<Code>::template text_of_step<K>(), find);
  }
  std::string with_shape(const std::string& name, int buffer) const {
    const std::string shape = names_.shape(buffer);
    return shape.empty() ? name : name + " " + shape;
  }
  template <class C>
  void comment(C& c, int step, const std::string& result, std::string formula) const {
    for (std::size_t at = 0; (at = formula.find("*/", at)) != formula.npos;) formula.insert(at + 1, " ");
    if (formula.size() > 300) formula = formula.substr(0, 297) + "...";
    c.line("/* ", std::to_string(step + 1), ": ", result, " = ", formula, " */");
  }
  template <class C>
  void write_loop(C& c, int step, std::string_view body, std::string_view formula, int inputs, int outputs,
                  const int* words) {
    const int all = inputs + outputs;
    const int* const places = words + 1 + words[0] * (all + 1);
    std::vector<c_element> at;
    for (int k = 0; k < all; ++k) at.push_back(c.at(places + 2 * k));
    std::string results;
    for (int k = inputs; k < all; ++k)
      results +=
          (results.empty() ? "" : ", ") + with_shape(at[static_cast<std::size_t>(k)].array, places[2 * k]);
    comment(c, step, results, replace_names(formula, [&](char letter, int k, std::string& to) {
              return letter == 'i' && (to += at[static_cast<std::size_t>(k)].array, true);
            }));
    const std::size_t middle = body.find(c_body_printer::mark_of_body);
    for (std::string_view helpers = body.substr(0, middle); !helpers.empty();) {
      const std::size_t end = helpers.find("\n\n");
      c.helper(helpers.substr(0, end + 1));
      helpers.remove_prefix(end + 2);
    }
    c.step([&] {
      c.over(words + 1, words[0], at, [&] {
        const std::string statements =
            replace_names(body.substr(middle + 1), [&](char letter, int k, std::string& to) {
              if (letter == 'i')
                to += at[static_cast<std::size_t>(k)].text();
              else if (letter == c_body_printer::mark_of_output)
                to += at[static_cast<std::size_t>(inputs + k)].text();
              else if (letter == 't')
                to += local_ + std::to_string(k);
              else
                return false;
              return true;
            });
        for (std::size_t from = 0, end; (end = statements.find('\n', from)) != statements.npos;
             from = end + 1)
          c.line(statements.substr(from, end - from));
      });
    });
  }

  struct declaration {
    std::string type, name, value, shape;
  };
  struct argument {
    std::string type, name, shape = {};
    std::string text() const { return type + " " + name; }
  };
  struct static_array {
    std::string name;
    const constant_symbol<T>* values;
    std::string shape;
  };
  template <class C>
  void assemble(const C& c) {
    const bool has_workspace = t.regions > 0 || !c.scratch_sizes.empty();
    if (has_workspace) arguments_.push_back({"double*", "workspace", name_ + "_workspace numbers"});
    std::string body, declared, described;
    if (!c.scratch_sizes.empty())
      locals_.push_back({"double*", "scratch", "workspace" + plus(workspace_), ""});
    for (const declaration& each : locals_)
      if (mentions(c.out, each.name))
        body += "  " + each.type + " const " + each.name + " = " + each.value + ";" +
                (each.shape.empty() ? "" : " /* " + each.shape + " */") + "\n";
    if (layout.results == 1) body += "  double value;\n";
    body += c.out;
    for (const argument& each : arguments_) {
      if (!mentions(body, each.name)) body += "  (void)" + each.name + ";\n";
      declared += (declared.empty() ? "" : ", ") + each.text();
      if (!each.shape.empty()) described += "\n   " + each.name + ": " + each.shape;
    }
    if (layout.results == 1) body += "  return value;\n";
    const std::string head = (layout.results == 1 ? "double " : "void ") + name_ + "(" +
                             (declared.empty() ? "void" : declared) + ")";
    std::string all = "/* " + as_number_type(head, std::is_same_v<T, float>) + ";" + described +
                      "\n   Arrays lie by rows; nothing is checked. */\n#include <math.h>\n\n";
    for (const std::string& each : c.helpers) all += each + "\n";
    if (has_workspace) all += workspace_text(c);
    text = as_number_type(all, std::is_same_v<T, float>);
    for (const static_array& each : static_arrays_)
      if (mentions(body, each.name)) text += static_text(each);
    text += as_number_type(head + " {\n" + body + "}\n", std::is_same_v<T, float>);
  }
  template <class C>
  std::string workspace_text(const C& c) const {
    std::int64_t most = 0;
    std::vector<std::string> others;
    for (const length_sum& each : c.scratch_sizes)
      if (!each.is_number())
        others.push_back(each.text(names_.extents));
      else if (each.value({}) > most)
        most = each.value({});
    if (others.empty() && workspace_.is_number())
      return "enum { " + name_ + "_workspace = " + std::to_string(workspace_.value({}) + most) + " };\n\n";
    std::string arguments, body;
    for (const std::string& each : names_.extents)
      arguments += (arguments.empty() ? "long " : ", long ") + each;
    if (!others.empty() || most > 0) body += "  long scratch = " + std::to_string(most) + ";\n";
    for (const std::string& each : others) body += "  if (" + each + " > scratch) scratch = " + each + ";\n";
    body += "  return " + workspace_.text(names_.extents) + (body.empty() ? "" : " + scratch") + ";\n";
    for (const std::string& each : names_.extents)
      if (!mentions(body, each)) body = "  (void)" + each + ";\n" + body;
    return "long " + name_ + "_workspace(" + arguments + ") {\n" + body + "}\n\n";
  }
  std::string static_text(const static_array& array) const {
    std::string all = "static const " + std::string(std::is_same_v<T, float> ? "float " : "double ") +
                      array.name + "[" + std::to_string(array.values->numbers.size()) + "] = { /* " +
                      array.shape + " */\n ";
    std::size_t column = 1;
    for (const T& each : array.values->numbers) {
      const std::string number = number_in_c(each, true) + ",";
      if ((column += 1 + number.size()) > 100) all += "\n ", column = 2 + number.size();
      all += " " + number;
    }
    all.back() = '\n';
    return all + "};\n\n";
  }

  std::string name_, local_;
  const std::vector<constant_symbol<T>>& constants_;
  names_type names_;
  std::vector<std::string> numbers_;  // the names of those that are inputs
  std::vector<int> ends_;
  std::vector<argument> arguments_;
  std::vector<declaration> locals_;
  std::vector<static_array> static_arrays_;
  std::vector<length_sum> begin_;  // of regions
  length_sum workspace_;
};

}  // namespace detail

/// A function of arrays as a complete C99 file, with nothing but <math.h>, in which T is float or double:
/// `double name(long rows, const double* x, ..., double* out, double* workspace)`. The arguments are the
/// run-time extents, the inputs, memory for each output that is an array, and the workspace, of which
/// `name_workspace` says how many numbers it has; one output that is a number is returned, several go to
/// `values`. Symbols that are bound, `w = weights` or `theta = weights`, are constants in the file. Nothing
/// is allocated, checked or of variable length. Products and matrices are plain loops. Errors:
/// tg::unfit_array for a constant of another size.
template <class T = double, class... S, class Tag, class Numbers, class... Shapes, class... B>
std::string to_c(const array_function<input_list<S...>, Tag, Numbers, Shapes...>& fn,
                 detail::function_name name, const B&... constants) {
  static_assert(std::same_as<T, float> || std::same_as<T, double>,
                "typegrad: to_c: arrays in C are of float or double.");
  using code = detail::array_code<Tag, 0>;
  using layout =
      detail::call_layout<std::remove_cvref_t<decltype(code::tables)>, input_list<S...>, Shapes...>;
  std::vector<std::string> captured;
  fn.captured().unpack([&](const auto&... each) {
    [[maybe_unused]] const auto put = [&](const std::string& text) {
      captured.push_back(text[0] == '-' ? "(" + text + ")" : text);
    };
    (put(detail::number_in_c(static_cast<T>(each))), ...);
  });
  std::vector<detail::constant_symbol<T>> values;
  (detail::add_constants<detail::symbols_of_t<S...>>(values, constants), ...);
  return detail::array_c<T, code, layout>(name.view, captured, values).text;
}

}  // namespace tg

#include "../../../support/compiler/end.hpp"
