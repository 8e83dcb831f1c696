// SPDX-License-Identifier: BSL-1.0
// A formula as a C function (C99, <math.h> only): one local per node, straight-line. One output is returned
// and the symbols are the arguments, in canonical order; several outputs go to an array, `void name(const
// double* in, double* out)`, in row-major order.
#pragma once

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

/// What a formula may need and C lacks.
inline constexpr std::string_view c_helpers[] = {
    {"static double integer_power(double x, unsigned n) {\n"
     "  double r = 1.0;\n"
     "  for (; n > 0; n /= 2, x *= x)\n"
     "    if (n % 2 == 1) r *= x;\n"
     "  return r;\n"
     "}\n"},
    {"static double logsumexp(const double* x, int n) {\n"
     "  double largest = x[0], sum = 0.0;\n"
     "  for (int i = 1; i < n; ++i) if (largest < x[i]) largest = x[i];\n"
     "  if (!(largest - largest == 0.0)) return largest;\n"
     "  for (int i = 0; i < n; ++i) sum += exp(x[i] - largest);\n"
     "  return largest + log(sum);\n"
     "}\n"},
    {"/* the n-th derivative of sin(x)/x */\n"
     "static double sinc_derivative(int n, double x) {\n"
     "  if (fabs(x) < (2 + n) / 2.0) {\n"
     "    double power = n % 2 == 1 ? x : 1.0, sum = 0.0, last = 1.0;\n"
     "    for (int j = n % 2; sum != last || j < 4; j += 2) {\n"
     "      const double term = power / (j + n + 1);\n"
     "      last = sum;\n"
     "      sum += (j + n) / 2 % 2 == 0 ? term : -term;\n"
     "      power *= x * x / ((j + 1.0) * (j + 2.0));\n"
     "    }\n"
     "    return sum;\n"
     "  }\n"
     "  const double s = sin(x), c = cos(x), cycle[4] = {s, c, -s, -c};\n"
     "  double value = s / x;\n"
     "  for (int k = 1; k <= n; ++k) value = (cycle[k % 4] - k * value) / x;\n"
     "  return value;\n"
     "}\n"},
};

class c_printer {
 public:
  static constexpr void print(builder& graph, buffer<int>& roots, const dimensions& shape, writer& to) {
    expand_definitions(graph, roots);
    c_printer p(graph, roots, to);
    p.put_all(roots, shape);
  }

 private:
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
    int locals = 0;
    for (int i = 0; i < b.size(); ++i) {
      if (names.uses[i] == 0 || b.count(i) == 0) continue;
      local_[i] = ++locals;
      w.all("  const double ", names.letter(), locals, " = ");
      put_node(i);
      w.put(";\n");
    }
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

  /// What the exponent e of an exact power is written with: 0 products, 1 integer_power, 2 pow.
  static constexpr int power_form(const exact& e) {
    if (e.is_integer() && e.n >= 2 && e.n <= 64) return e.n <= 4 ? 0 : 1;
    return e == exact{3, 2} ? 0 : 2;
  }

  constexpr bool is_sinc(const record& r) const { return r.built_in && r.name.starts_with("sinc"); }

  /// The helpers that are needed; and declarations of functions that neither C nor its record can write, for
  /// the user to supply.
  constexpr void put_helpers() {
    buffer<const record*> seen;
    buffer<int> to_declare;
    bool used[3] = {};
    for (int i = 0; i < b.size(); ++i) {
      const record* const op = b[i].op;
      if (names.uses[i] == 0) continue;
      if (op->what == kind::power && power_form(b.value(b.operand(i, 1))) == 1) used[0] = true;
      if ((op->what != kind::function && op->what != kind::pow) || b.count(i) == 0 || !op->c.empty())
        continue;
      bool known_already = false;
      for (const record* r : seen) known_already = known_already || r == op;
      if (known_already) continue;
      seen.push_back(op);
      if (op->built_in && op->name == "logsumexp")
        used[1] = true;
      else if (is_sinc(*op))
        used[2] = true;
      else if (!op->built_in || !is_word_of(c_functions, op->name))
        to_declare.push_back(i);
    }
    for (int h = 0; h < 3; ++h)
      if (used[h]) w.all(c_helpers[h], '\n');
    for (int i : to_declare) {
      const std::string_view name = b[i].op->name;
      w.all("/* ", name, " is not in <math.h>: link a definition. */\ndouble ", name, "(");
      for (int k = 0; k < b.count(i); ++k) w.put(k > 0 ? ", double" : "double");
      w.put(");\n\n");
    }
  }

  /// A symbol's own name where C can use it.
  constexpr void put_argument(int i) {
    const std::string_view name = b[i].op->name;
    const bool helper = name == "integer_power" || name == "logsumexp" || name == "sinc_derivative";
    if (is_identifier(name) && !helper &&
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

  /// A node as a condition.
  constexpr void put_question(int i) {
    put(i);
    if (b.what(i) != kind::condition) w.put(" != 0.0");
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
    const std::string_view sign = b[i].op->infix;
    const bool logic = sign == "&&" || sign == "||" || sign == "!";
    if (sign == "!") w.put("!(");
    for (int k = 0; k < b.count(i); ++k) {
      if (k > 0) w.all(' ', sign, ' ');
      const bool wrap = logic && b.count(i) > 1 && b.what(b.operand(i, k)) != kind::condition;
      if (wrap) w.put('(');
      if (logic)
        put_question(b.operand(i, k));
      else
        put(b.operand(i, k));
      if (wrap) w.put(')');
    }
    if (sign == "!") w.put(')');
  }

  constexpr void put_call(int i) {
    const record& r = *b[i].op;
    if (!r.c.empty())
      return put_notation(w, r.c, b.count(i), [&](int k, std::string_view, std::string_view) {
        if (k < b.count(i)) put(b.operand(i, k));
      });
    const bool many = r.built_in && r.name == "logsumexp";
    if (r.built_in && is_sinc(r))
      w.all("sinc_derivative(", r.name == "sinc" ? "0" : r.name.substr(16), ", ");
    else
      w.all(r.name, many ? "((const double[]){" : "(");
    put_chain(i, ", ");
    if (many)
      w.all("}, ", b.count(i), ")");
    else
      w.put(')');
  }

  const builder& b;
  writer& w;
  outline names;
  buffer<int> symbols_, argument_, local_;
};

}  // namespace tg::detail
