// SPDX-License-Identifier: BSL-1.0
// A formula as a C function (C99, <math.h> only): one local per node, straight-line. One output is returned
// and the symbols are the arguments, in canonical order; several outputs go to an array, `void name(const
// double* in, double* out)`, in row-major order.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../pass/expand.hpp"
#include "writer.hpp"

namespace tg::detail {

constexpr bool is_identifier(std::string_view s) {
  if (s.empty() || (s[0] >= '0' && s[0] <= '9')) return false;
  for (char c : s)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'))
      return false;
  return true;
}

constexpr bool is_word_of(std::string_view words, std::string_view s) {
  for (std::size_t at = 0; (at = words.find(s, at)) != std::string_view::npos; ++at)
    if (words[at - 1] == ' ' && words[at + s.size()] == ' ') return true;
  return false;
}

/// Names that an argument must not have: keywords, the functions of <math.h> that are called, and ours.
inline constexpr std::string_view c_keywords =
    " auto break case char const continue default do double else enum extern float for goto if inline int "
    "long register restrict return "
    "short signed sizeof static struct switch typedef union unsigned void volatile while ";
inline constexpr std::string_view c_functions =
    " exp exp2 expm1 log log2 log10 log1p pow sqrt cbrt hypot sin cos tan asin acos atan atan2 sinh cosh "
    "tanh asinh acosh atanh erf erfc tgamma "
    "lgamma floor ceil round trunc fmod fabs fmin fmax in out INFINITY NAN HUGE_VAL "
    "M_E M_LOG2E M_LOG10E M_LN2 M_LN10 M_PI M_PI_2 M_PI_4 M_1_PI M_2_PI M_2_SQRTPI M_SQRT2 M_SQRT1_2 ";
/// Functions that <math.h> has besides.
inline constexpr std::string_view c_other_functions =
    " j0 j1 jn y0 y1 yn gamma drem significand scalb scalbn scalbln ldexp frexp modf logb ilogb nan rint "
    "lrint llrint lround llround nearbyint "
    "remainder remquo copysign nextafter nexttoward fdim fma fmaf isnan isinf finite signbit main "
    "M_E M_LOG2E M_LOG10E M_LN2 M_LN10 M_PI M_PI_2 M_PI_4 M_1_PI M_2_PI M_2_SQRTPI M_SQRT2 M_SQRT1_2 ";

/// The power x^n for a larger whole n.
inline constexpr std::string_view c_integer_power =
    "static double integer_power(double x, unsigned n) {\n"
    "  double r = 1.0;\n"
    "  for (; n > 0; n /= 2, x *= x)\n"
    "    if (n % 2 == 1) r *= x;\n"
    "  return r;\n"
    "}\n";

class c_printer {
 public:
  static constexpr void print(builder& graph, buffer<int>& roots, const dimensions& shape, writer& to) {
    expand_definitions(graph, roots);
    c_printer p(graph, roots, to);
    p.put_all(roots, shape);
  }

 protected:
  constexpr c_printer(const builder& graph, const buffer<int>& roots, writer& to)
      : b{graph}, w{to}, names(graph, roots), argument_(graph.size(), -1), local_(graph.size(), 0) {
    buffer<int> symbols;
    find_symbols(b, symbols);
    for (int i : symbols)
      if (names.uses[i] > 0) {
        argument_[i] = symbols_.size();
        symbols_.push_back(i);
      }
  }

  constexpr void put_all(const buffer<int>& roots, const dimensions& shape) {
    w.put("#include <math.h>\n\n");
    put_helpers();
    const bool one = shape.count == 0;
    w.put(one ? "double " : "void ");
    w.put(mark::name, 0);
    w.put('(');
    if (one) {
      for (int k = 0; k < symbols_.size(); ++k) {
        w.put(k > 0 ? ", double " : "double ");
        put_argument(symbols_[k]);
      }
      w.put(symbols_.size() == 0 ? "void) {\n" : ") {\n");
    } else {
      w.put("const double* in, double* out) {\n");
      for (int k = 0; k < symbols_.size(); ++k) {
        w.put("  const double ");
        put_argument(symbols_[k]);
        w.all(" = in[", k, "];\n");
      }
      if (symbols_.size() == 0) w.put("  (void)in;\n");
    }
    for (int i = 0, locals = 0; i < b.size(); ++i)
      if (names.uses[i] > 0 && b.count(i) > 0) put_local(i, ++locals, "  ");
    for (int k = 0; k < roots.size(); ++k) {
      if (one)
        w.put("  return ");
      else
        w.all("  out[", k, "] = ");
      put(roots[k]);
      w.put(";\n");
    }
    w.put("}\n");
  }

  constexpr void put_local(int i, int number, std::string_view indent) {
    local_[i] = number;
    w.all(indent, "const double ", names.letter(), number, " = ");
    put_node(i);
    w.put(";\n");
  }

  /// What the exponent e of an exact power is written with: 0 products, 1 integer_power, 2 pow.
  static constexpr int power_form(const exact& e) {
    if (e.is_integer() && e.n >= 2 && e.n <= budgets::multiplied_power) return e.n <= 4 ? 0 : 1;
    return e == exact{3, 2} ? 0 : 2;
  }

  /// The helpers that are needed; and declarations of functions that neither C nor its record can write, for
  /// the user to supply.
  constexpr void put_helpers() {
    buffer<const record*> seen;
    buffer<int> to_declare;
    for (int i = 0; i < b.size(); ++i) {
      const record* const op = b[i].op;
      if (names.uses[i] == 0) continue;
      if (op->what == kind::power && power_form(b.value(b.operand(i, 1))) == 1) add_helper(c_integer_power);
      if ((op->what != kind::function && op->what != kind::pow) || b.count(i) == 0) continue;
      if (!op->c_helper.empty()) add_helper(op->c_helper);
      bool known_already = !op->c.empty() || (op->built_in && is_word_of(c_functions, op->name));
      for (const record* r : seen) known_already = known_already || r == op;
      seen.push_back(op);
      if (!known_already) to_declare.push_back(i);
    }
    for (const std::string_view& helper : helpers_) w.all(helper, '\n');
    for (int i : to_declare) {
      const std::string_view name = b[i].op->name;
      w.all("/* ", name, " is not in <math.h>: link a definition. */\ndouble ", name, "(");
      for (int k = 0; k < b.count(i); ++k) w.put(k > 0 ? ", double" : "double");
      w.put(");\n\n");
    }
  }
  constexpr void add_helper(std::string_view text) {
    for (const std::string_view& there : helpers_)
      if (there == text) return;
    helpers_.push_back(text);
  }
  /// Whether a helper, `static double name(...)`, has that name.
  constexpr bool is_helper(std::string_view name) const {
    for (const std::string_view& helper : helpers_) {
      const std::size_t at = helper.find('(');
      if (helper.substr(0, at).ends_with(name) && helper[at - name.size() - 1] == ' ') return true;
    }
    return false;
  }

  /// A symbol's own name where C can use it.
  constexpr void put_argument(int i) {
    const std::string_view name = b[i].op->name;
    if (is_identifier(name) && !is_helper(name) &&
        (name.size() == 1 || (!is_word_of(c_keywords, name) && !is_word_of(c_functions, name))))
      w.put(name);
    else
      w.all("input_", argument_[i]);
  }

  /// A node as an operand, which needs no parentheses anywhere.
  constexpr void put(int i) {
    switch (b.what(i)) {
      case kind::constant:
        if (b.value(i).is_negative()) w.put('(');
        put_exact(w, b.value(i), dialect::c);
        if (b.value(i).is_negative()) w.put(')');
        return;
      case kind::captured:
        return w.put(mark::c, b[i].first);
      case kind::variable:
        return put_argument(i);
      default:
        if (b.count(i) > 0)
          w.all(names.letter(), local_[i]);
        else
          w.put(b[i].op->c);
    }
  }

  /// A node as a condition; those are numbers, too.
  constexpr void put_question(int i) {
    put(i);
    w.put(" != 0.0");
  }

  constexpr void put_chain(int i, std::string_view sign) {
    for (int k = 0; k < b.count(i); ++k) {
      if (k > 0) w.put(sign);
      put(b.operand(i, k));
    }
  }

  constexpr void put_node(int i) {
    switch (b.what(i)) {
      case kind::add:
        return put_sum(i);
      case kind::multiply:
        return put_chain(i, " * ");
      case kind::divide:
        return put_chain(i, " / ");
      case kind::negate:
        w.put('-');
        return put(b.operand(i, 0));
      case kind::power:
        return put_power(b.operand(i, 0), b.operand(i, 1));
      case kind::where:
        put_question(b.operand(i, 0));
        w.put(" ? ");
        put(b.operand(i, 1));
        w.put(" : ");
        return put(b.operand(i, 2));
      case kind::condition:
        return put_condition(i);
      default:
        return put_call(i);
    }
  }

  constexpr void put_sum(int i) {
    for (int k = 0; k < b.count(i); ++k) {
      if (k > 0) w.put(" + ");
      put(b.operand(i, k));
    }
  }

  constexpr void put_power(int x, int exponent) {
    const exact& e = b.value(exponent);
    const int form = power_form(e);
    if (form == 0) {
      const bool twice = e.is(4);
      for (int k = 0; k < (e.d == 2 ? 1 : static_cast<int>(e.n)); ++k) {
        w.put(k == 0 ? (twice ? "(" : "") : twice && k == 2 ? ") * (" : " * ");
        put(x);
      }
      if (twice) w.put(')');
      if (e.d == 2) {
        w.put(" * sqrt(");
        put(x);
        w.put(')');
      }
      return;
    }
    w.put(form == 1 ? "integer_power(" : "pow(");
    put(x);
    w.put(", ");
    if (form == 1)
      w.all(e.n, "u");
    else
      put(exponent);
    w.put(')');
  }

  constexpr void put_condition(int i) {
    const facts::relation_kind asked = b[i].op->relation;
    const bool logic = asked >= facts::both;
    if (asked == facts::negation) w.put("!(");
    for (int k = 0; k < b.count(i); ++k) {
      if (k > 0) w.all(' ', b[i].op->infix, ' ');
      const bool wrap = logic && b.count(i) > 1;
      if (wrap) w.put('(');
      if (logic)
        put_question(b.operand(i, k));
      else
        put(b.operand(i, k));
      if (wrap) w.put(')');
    }
    if (asked == facts::negation) w.put(')');
  }

  constexpr void put_call(int i) {
    const record& r = *b[i].op;
    if (!r.c.empty())
      return put_notation(w, r.c, b.count(i), [&](int k, std::string_view, std::string_view) {
        if (k < b.count(i)) put(b.operand(i, k));
      });
    w.all(r.name, "(");
    put_chain(i, ", ");
    w.put(')');
  }

  const builder& b;
  writer& w;
  outline names;
  buffer<int> symbols_, argument_, local_;
  buffer<std::string_view> helpers_;
};

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
