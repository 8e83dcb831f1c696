// SPDX-License-Identifier: BSL-1.0
// Looking at formulas: to_string, to_latex, to_c, to_dot, domain, cost, symbols_of, depends_on, sparsity.
// Everything is known to the compiler; only the captured numbers of a formula are read from the object.
#pragma once
#include "../support/compiler/begin.hpp"

#include <array>

#include "../notation/c.hpp"
#include "../notation/domain.hpp"
#include "../notation/dot.hpp"
#include "../notation/infix.hpp"
#include "../notation/latex.hpp"
#include "../pass/cost.hpp"
#include "call.hpp"
#include "spelling.hpp"
#include "tree.hpp"

namespace tg {

namespace detail {

/// What can be inspected: a formula, several, or a list of outputs.
template <class F>
struct source {
  static constexpr void load(builder& b, buffer<int>& out) { from<F>::load(b, out); }
  static consteval dimensions sizes() { return {}; }
  static constexpr int slots = F::slots();
};
template <int... Sizes, class Roots, class... Nodes>
struct source<formulas<shape<Sizes...>, Roots, Nodes...>> {
  using F = formulas<shape<Sizes...>, Roots, Nodes...>;
  static constexpr void load(builder& b, buffer<int>& out) { from<F>::load(b, out); }
  static consteval dimensions sizes() { return dimensions(Sizes...); }
  static constexpr int slots = F::slots();
};
template <class... F>
struct source<output_list<F...>> {
  static constexpr void load(builder& b, buffer<int>& out) { load_all<from<F>...>(b, out); }
  static consteval dimensions sizes() { return dimensions((F::outputs() + ... + 0)); }
  static constexpr int slots = (F::slots() + ... + 0);
};

/// The text that Printer makes of F, with marks for what is known only later; `Arrays`: Printer can write
/// arrays.
template <class Printer, class F, bool Arrays = false>
struct pattern {
  struct size {
    int length, marks;
    bool has_arrays = false;
  };
  static constexpr size print(char* to) {
    builder b;
    buffer<int> out;
    source<F>::load(b, out);
    if (!Arrays && b.arrays != nullptr) return {0, 0, true};
    writer w(to);
    Printer::print(b, out, source<F>::sizes(), w);
    return {w.size(), w.marks()};
  }
  static constexpr size measured = print(nullptr);
  static constexpr auto write() {
    rendered<measured.length> t;
    t.length = print(t.data).length;
    return t;
  }
  static constexpr auto value = write();
};

/// The printer that writes arrays, too: a user's own; of those of the library it is defined with arrays.
template <class Printer>
struct printer_of_arrays {
  using type = Printer;
};
template <class Pattern>
struct pattern_of_arrays;
template <class Printer, class F>
struct pattern_of_arrays<pattern<Printer, F>> {
  using type = pattern<typename printer_of_arrays<Printer>::type, F, true>;
};

constexpr void put_unknown(writer& w, mark m, int slot) {
  if (m == mark::infix_plus || m == mark::latex_plus) w.put(" + ");
  if (m == mark::infix_minus || m == mark::latex_minus) w.put(" - ");
  w.all("captured<", slot, ">");
}

/// A captured number's size and, by the mark, its sign; at run time or in a constant expression.
template <class T>
constexpr void put_number(writer& w, mark m, int slot, const T& v) {
  if constexpr (std::floating_point<T>) {
    const bool latex = m >= mark::latex && m <= mark::latex_minus, c = m == mark::c, negative = v < 0;
    const bool plus = m == mark::infix_plus || m == mark::latex_plus,
               minus = m == mark::infix_minus || m == mark::latex_minus;
    const bool wrap = negative && (c || m == mark::infix_operand || m == mark::latex_operand);
    if (wrap) w.put(latex ? "\\left(" : "(");
    if (plus || minus)
      w.put(negative == minus ? " + " : " - ");
    else if (negative)
      w.put('-');
    std::int64_t digits = 0;
    int exponent = 0;
    if (v != v)
      w.put(c ? "NAN" : "nan");
    else if (!(v - v == 0))
      w.put(c ? "INFINITY" : latex ? "\\infty" : "inf");
    else {
      shortest_decimal(negative ? -v : v, digits, exponent);
      put_decimal(w, digits, exponent, c ? dialect::c : latex ? dialect::latex : dialect::infix);
    }
    if (wrap) w.put(latex ? "\\right)" : ")");
  } else if constexpr (requires { static_cast<double>(v); }) {
    put_number(w, m, slot, static_cast<double>(v));
  } else {
    put_unknown(w, m, slot);
  }
}

template <class Numbers>
constexpr void put_slot(writer& w, mark m, int slot, const Numbers& numbers) {
  if constexpr (length_of < Numbers >> 0) {
    numbers.unpack([&](const auto&... each) {
      if constexpr ((is_list<std::remove_cvref_t<decltype(each)>> && ...)) {  // of several outputs
        int first = 0;
        ((slot >= first && slot < first + length_of<std::remove_cvref_t<decltype(each)>>
              ? put_slot(w, m, slot - first, each)
              : void(),
          first += length_of<std::remove_cvref_t<decltype(each)>>),
         ...);
      } else {
        int k = 0;
        ((k++ == slot ? put_number(w, m, slot, each) : void()), ...);
      }
    });
  } else {
    put_unknown(w, m, slot);
  }
}

/// The longest text of one captured number, with its parentheses.
inline constexpr int longest_number = 48;

/// The text with the marks replaced. `slack`: room for the names.
template <class Pattern, int Slack, class Numbers>
constexpr auto finish(const Numbers& numbers, std::string_view name) {
  constexpr int marks = Pattern::measured.marks;
  if constexpr (Pattern::measured.has_arrays)
    return finish<typename pattern_of_arrays<Pattern>::type, Slack>(numbers, name);
  else if constexpr (marks == 0)
    return Pattern::value;
  else {
    rendered<Pattern::value.length + marks * longest_number + Slack> t;
    writer w(t.data);
    for (int i = 0; i < Pattern::value.length; ++i) {
      const char c = Pattern::value.data[i];
      if (!is_mark(c)) {
        w.put(c);
        continue;
      }
      const int slot = (Pattern::value.data[i + 1] - 1) * 100 + Pattern::value.data[i + 2] - 1;
      i += 2;
      if (static_cast<mark>(c) == mark::name)
        w.put(name);
      else
        put_slot(w, static_cast<mark>(c), slot, numbers);
    }
    t.length = w.size();
    return t;
  }
}

/// to_c: the name of a C function has to be one that C accepts. The function's name is the sentence that the
/// compiler prints.
void to_c_the_name_must_be_a_C_identifier_of_at_most_63_characters_that_is_no_keyword_and_no_function_of_math_h();

inline constexpr called to_text_call{"to_text", "to_text<notation>(f)"};
inline constexpr called to_string_call{"to_string"};
inline constexpr called to_latex_call{"to_latex"};
inline constexpr called to_dot_call{"to_dot"};
inline constexpr called domain_call{"domain"};
inline constexpr called to_c_call{"to_c", "to_c(f, \"name\") with the name as a literal"};
struct literal {
  template <class T>
  static constexpr bool holds = std::is_array_v<T>&& std::is_same_v<std::remove_extent_t<T>, char>;
};

struct function_name {
  std::string_view view;
  consteval function_name(const char* name) : view{name} {
    if (!is_identifier(view) || view.size() > 63 || is_word_of(c_keywords, view) ||
        is_word_of(c_functions, view) || is_word_of(c_other_functions, view))
      to_c_the_name_must_be_a_C_identifier_of_at_most_63_characters_that_is_no_keyword_and_no_function_of_math_h();
  }
};

}  // namespace detail

/// f in a notation, a struct that writes it: what the functions below give, and a user's own. See
/// docs/add-a-notation.md.
template <class Notation, detail::Inspectable F>
constexpr auto to_text(const F& f) {
  return detail::finish<detail::pattern<Notation, F>, 0>(f.numbers, {});
}

/// f in infix notation with the fewest parentheses, `x*sin(y)`. Exact constants are shown as 2, 1/2 or 0.1,
/// captured numbers by their value. Several outputs stand in brackets, row by row. Where f has more than 200
/// nodes as a tree, shared parts are named first: `t1 = sin(x); t1^2 + t1`.
template <detail::Inspectable F>
constexpr auto to_string(const F& f) {
  return to_text<detail::infix_printer>(f);
}
/// The same for a type: captured numbers are shown as captured<0>.
template <detail::Inspectable F>
constexpr auto to_string() {
  return detail::finish<detail::pattern<detail::infix_printer, F>, 0>(list<>{}, {});
}

/// Writes f to a stream as to_string does.
template <class Stream, FormulaOrFormulas F>
requires requires(Stream& s, std::string_view v) { s << v; }
constexpr Stream& operator<<(Stream& stream, const F& f) {
  stream << to_string(f).view();
  return stream;
}

/// f in LaTeX with amsmath, without delimiters; several outputs are a column or a matrix. Shared parts are
/// named as for to_string.
template <detail::Inspectable F>
constexpr auto to_latex(const F& f) {
  return to_text<detail::latex_printer>(f);
}

/// f as a complete C99 file with one function: `double name(double x, double y)`, the symbols in the order of
/// symbols_of, or for several outputs `void name(const double* in, double* out)`, row-major. Values agree
/// with an evaluation in double up to the last places of <math.h> and of powers. What <math.h> lacks
/// (digamma, a user's primitive without a `c` notation) is declared with a comment, to be linked.
template <detail::Inspectable F>
constexpr auto to_c(const F& f, detail::function_name name) {
  return detail::finish<detail::pattern<detail::c_printer, F>, 63>(f.numbers, name.view);
}

/// f as a picture for Graphviz: `dot -Tsvg`. Shared nodes are drawn once.
template <detail::Inspectable F>
constexpr auto to_dot(const F& f) {
  return to_text<detail::dot_printer>(f);
}

/// Where f and its first derivatives are defined, as conditions with commas between: "x > 0, y != 0";
/// "everywhere" if there are none. A condition that matters only in one side of a `where` says so: "x > 0 if
/// y < 1". Infinite results of finite inputs (overflow) are not considered.
template <detail::Inspectable F>
constexpr auto domain(const F& f) {
  return to_text<detail::domain_printer>(f);
}

namespace detail {

template <class F>
struct counted {
  static consteval operation_count count() {
    builder b;
    buffer<int> out;
    source<F>::load(b, out);
    return count_operations(b, out);
  }
  static constexpr operation_count value = count();
};

template <class F>
struct symbol_table {
  static consteval int count() {
    builder b;
    buffer<int> out;
    source<F>::load(b, out);
    out.clear();
    find_symbols(b, out);
    return out.size();
  }
  static consteval auto find() {
    std::array<std::string_view, static_cast<std::size_t>(count())> names{};
    builder b;
    buffer<int> out;
    source<F>::load(b, out);
    out.clear();
    find_symbols(b, out);
    for (int k = 0; k < out.size(); ++k) names[static_cast<std::size_t>(k)] = b[out[k]].op->name;
    return names;
  }
  static constexpr auto value = find();
};

template <class F, class Symbols>
struct dependence;
template <class F, class... S>
struct dependence<F, symbol_list<S...>> {
  static constexpr bool value = count_held<from<F>>(symbol_list<S...>{}) > 0;
};

template <class T, int... Sizes>
struct nested_array {
  using type = T;
};
template <class T, int N, int... Rest>
struct nested_array<T, N, Rest...> {
  using type = std::array<typename nested_array<T, Rest...>::type, static_cast<std::size_t>(N)>;
};

template <class F>
struct zero_pattern;
template <int... Sizes, class Roots, class... Nodes>
struct zero_pattern<formulas<shape<Sizes...>, Roots, Nodes...>> {
  using array = typename nested_array<bool, Sizes...>::type;
  static constexpr void put(bool& entry, const int*& at) { entry = *at++ != zero_node; }
  template <class Array>
  static constexpr void put(Array& entries, const int*& at) {
    for (auto& e : entries) put(e, at);
  }
  static consteval auto find() {
    builder b;
    buffer<int> out;
    from<formulas<shape<Sizes...>, Roots, Nodes...>>::load(b, out);
    array a{};
    const int* at = out.begin();
    put(a, at);
    return a;
  }
  static consteval int count() {
    builder b;
    buffer<int> out;
    from<formulas<shape<Sizes...>, Roots, Nodes...>>::load(b, out);
    int n = 0;
    for (int r : out) n += r != zero_node;
    return n;
  }
  static constexpr array value = find();
  static constexpr int nonzeros = count();
};

inline constexpr called cost_call{"cost"};
inline constexpr called symbols_of_call{"symbols_of"};
inline constexpr called depends_on_call{"depends_on", "depends_on(f, x)"};
inline constexpr called sparsity_call{"sparsity", "sparsity(J) with a gradient, a Jacobian or a Hessian"};
inline constexpr called nonzeros_call{"nonzeros", "nonzeros(J) with a gradient, a Jacobian or a Hessian"};

}  // namespace detail

/// What one evaluation of f does, counted: additions, multiplications, divisions, transcendental, other,
/// depth, nodes, stack_bytes. `static_assert(tg::cost(f).divisions == 0)`. Several outputs are counted
/// together, with what they share counted once.
template <detail::Inspectable F>
constexpr operation_count cost(const F&) {
  return detail::counted<F>::value;
}

/// The names of the symbols of f, a std::array of std::string_view: short names first, then by letters.
template <detail::Inspectable F>
constexpr auto symbols_of(const F&) {
  return detail::symbol_table<F>::value;
}

/// Whether f holds the symbol, or one symbol of the group, as a std::bool_constant.
template <FormulaOrFormulas F, detail::SymbolOrGroup S>
constexpr auto depends_on(const F&, const S&) {
  return std::bool_constant<detail::dependence<F, detail::symbols_of_t<S>>::value>{};
}

/// Which entries of a Jacobian, a gradient or a Hessian are not zero whatever the values are: arrays of bool
/// in the shape of J.
template <class J>
requires requires { typename J::is_formulas; }
constexpr auto sparsity(const J&) { return detail::zero_pattern<J>::value; }

/// How many of them there are.
template <class J>
requires requires { typename J::is_formulas; }
constexpr int nonzeros(const J&) { return detail::zero_pattern<J>::nonzeros; }

// What they say to other arguments.
// clang-format off
template <class Notation, class = void> constexpr auto to_text(detail::formulas_place<detail::to_text_call>) { return detail::said; }
template <class = void> constexpr auto to_string(detail::formulas_place<detail::to_string_call>) { return detail::said; }
template <class = void> constexpr auto to_latex(detail::formulas_place<detail::to_latex_call>) { return detail::said; }
template <class = void> constexpr auto to_dot(detail::formulas_place<detail::to_dot_call>) { return detail::said; }
template <class = void> constexpr auto domain(detail::formulas_place<detail::domain_call>) { return detail::said; }
template <class = void> constexpr auto cost(detail::formulas_place<detail::cost_call>) { return detail::said; }
template <class = void> constexpr auto symbols_of(detail::formulas_place<detail::symbols_of_call>) { return detail::said; }
template <class = void> constexpr auto sparsity(detail::place_of<detail::sparsity_call, formulas>) { return detail::said; }
template <class = void> constexpr auto nonzeros(detail::place_of<detail::nonzeros_call, formulas>) { return detail::said; }
template <class Absent = detail::absent>
constexpr auto to_c(detail::formulas_place<detail::to_c_call>, detail::place_as_shown<detail::to_c_call, detail::literal> = Absent{}) { return detail::said; }
template <class Absent = detail::absent>
constexpr auto depends_on(detail::graph_place<detail::depends_on_call>, detail::symbol_place<detail::depends_on_call> = Absent{}) { return detail::said; }
// clang-format on

}  // namespace tg

#include "../support/compiler/end.hpp"
