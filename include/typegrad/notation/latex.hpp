// SPDX-License-Identifier: BSL-1.0
// A formula in LaTeX (amsmath): quotients as \frac, roots as \sqrt, choices as cases, Greek names as Greek
// letters. Functions are written by the `latex` notation of their records.
#pragma once
#include "../support/compiler/begin.hpp"

#include "algebra_text.hpp"

namespace tg::detail {

/// The letters of a name; what LaTeX would read as a command, or leave out, is escaped.
constexpr void put_latex_letters(writer& w, std::string_view name) {
  for (char c : name) {
    if (c == '\\')
      w.put("\\backslash ");
    else if (c == '^')
      w.put("\\text{\\textasciicircum}");
    else if (c == '~')
      w.put("\\text{\\textasciitilde}");
    else {
      if (std::string_view{" _#$%&{}"}.find(c) != std::string_view::npos) w.put('\\');
      w.put(c);
    }
  }
}

/// A symbol's name: alpha is a Greek letter, p10 and p_10 have a subscript, longer names stand upright.
constexpr void put_latex_name(writer& w, std::string_view name) {
  constexpr std::string_view greek =
      " alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon "
      "phi chi psi omega "
      "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ";
  std::size_t stem = name.size();
  if (const std::size_t line = name.find('_');
      line != std::string_view::npos && line > 0 && line + 1 < name.size())
    stem = line;
  else
    while (stem > 1 && name[stem - 1] >= '0' && name[stem - 1] <= '9') --stem;
  const std::string_view first = name.substr(0, stem);
  bool is_greek = false;
  for (std::size_t at = 0; stem > 1 && !is_greek && (at = greek.find(first, at)) != std::string_view::npos;
       ++at)
    is_greek = greek[at - 1] == ' ' && greek[at + stem] == ' ';
  if (is_greek)
    w.all('\\', first);
  else if (stem == 1)
    put_latex_letters(w, first);
  else {
    w.put("\\mathrm{");
    put_latex_letters(w, first);
    w.put('}');
  }
  if (stem == name.size()) return;
  w.put("_{");
  put_latex_letters(w, name.substr(stem + (name[stem] == '_' ? 1 : 0)));
  w.put('}');
}

/// Self may write a product or a node in another way, as for arrays.
template <class Self>
class latex_text : public algebra_printer {
 public:
  using algebra_printer::algebra_printer;

  /// Several outputs are a column or a matrix; named parts come first, in one `aligned` environment.
  static constexpr void print(builder& graph, buffer<int>& roots, const dimensions& shape, writer& to) {
    Self p(graph, roots, to);
    const bool aligned = p.names.named.size() > 0;
    if (aligned) to.put("\\begin{aligned} ");
    for (int i : p.names.named) {
      p.put_name(i);
      to.put(" &= ");
      p.put(i, loosest, true);
      to.put(" \\\\ ");
    }
    if (aligned) to.put("& ");
    const int columns = shape.count > 1 ? shape.size[shape.count - 1] : 1;
    if (shape.count > 0) to.put("\\begin{pmatrix} ");
    for (int k = 0; k < roots.size(); ++k) {
      if (k > 0) to.put(k % columns == 0 ? " \\\\ " : " & ");
      p.put(roots[k], loosest);
    }
    if (shape.count > 0) to.put(" \\end{pmatrix}");
    if (aligned) to.put(" \\end{aligned}");
  }

  constexpr void put(int i, int need, bool top = false) {
    if (is_named(i) && !top) return put_name(i);
    const kind what = b.what(i);
    if (what == kind::captured) return w.put(need > sum ? mark::latex_operand : mark::latex, b[i].first);
    if (what == kind::variable) return put_latex_name(w, b[i].op->name);
    factors f;
    int own = atom;
    if (is_product(i)) {
      take_apart(f, i);
      own = f.coefficient.is_negative() ? sum : strength(f);
    } else {
      own = self().precedence_of(i);
    }
    if (own < need) w.put("\\left(");
    if (is_product(i))
      put_signed(f);
    else
      self().put_node(i);
    if (own < need) w.put("\\right)");
  }

 protected:
  constexpr Self& self() { return static_cast<Self&>(*this); }
  constexpr const Self& self() const { return static_cast<const Self&>(*this); }

  constexpr void put_name(int i) { w.all(names.letter(), "_{", names.name[i], "}"); }

  /// e^{x} is a power in looks, so that its square is (e^x)^2.
  constexpr int precedence_of(int i) const {
    const bool power = b[i].op->latex.size() > 2 && b[i].op->latex[1] == '^';
    return algebra_printer::precedence_of(i, power ? power_ : atom);
  }

  constexpr int strength(const factors& f) const {
    const bool one = f.coefficient.is(1) || f.coefficient.is(-1);
    if (f.below.size() > 0 || is_fraction(f.coefficient)) return product;
    if (f.above.size() == 0) return f.coefficient.e != 0 ? product : atom;
    return f.above.size() > 1 || !one ? product : self().precedence_of(f.above[0]);
  }

  /// Whether the notation of i begins with a digit, so that a number before it needs a dot between.
  constexpr bool begins_with_number(int i) const {
    if (is_named(i)) return false;
    switch (b.what(i)) {
      case kind::constant:
      case kind::captured:
        return true;
      case kind::power:
      case kind::pow:
        return begins_with_number(b.operand(i, 0));
      default:
        return b[i].op->latex.size() > 0 && b[i].op->latex[0] == '2';
    }
  }

  constexpr void put_list(const buffer<int>& list, bool after_number, int alone,
                          mark first = mark::latex_operand) {
    for (int k = 0; k < list.size(); ++k) {
      if (k > 0 || after_number)
        w.put(begins_with_number(list[k])                      ? " \\cdot "
              : k > 0 && b.what(list[k - 1]) != kind::captured ? "\\, "
                                                               : " ");
      if (k == 0 && !after_number && b.what(list[0]) == kind::captured)
        w.put(first, b[list[0]].first);
      else
        put(list[k], list.size() == 1 && !after_number ? alone : product);
    }
  }

  constexpr void put_signed(const factors& f) {
    if (is_negative_sum(f)) return put_sum(f.above[0], true);
    const bool minus = f.coefficient.is_negative();
    if (minus) w.put('-');
    self().put_product(f, minus ? product : sum, minus ? mark::latex_operand : mark::latex);
  }

  constexpr bool is_quotient(const factors& f) const {
    return f.below.size() > 0 || (is_fraction(f.coefficient) && f.coefficient.e == 0);
  }

  /// The product without its sign; `first` is how a captured number is written that it begins with.
  constexpr void put_product(const factors& f, int alone, mark first) {
    const exact size = f.coefficient.is_negative() ? -f.coefficient : f.coefficient;
    const bool split = is_fraction(size) && size.e == 0;
    const exact top = split ? exact{size.n, 1} : size;
    const bool quotient = is_quotient(f), has_number = !top.is(1) || f.above.size() == 0;
    if (quotient) w.put("\\frac{");
    if (has_number) put_exact(w, top, dialect::latex);
    put_list(f.above, has_number, quotient ? loosest : alone, quotient ? mark::latex : first);
    if (!quotient) return;
    w.put("}{");
    if (split) put_exact(w, exact{size.d, 1}, dialect::latex);
    put_list(f.below, split, loosest, mark::latex);
    w.put('}');
  }

  constexpr void put_node(int i) {
    switch (b.what(i)) {
      case kind::add:
        return put_sum(i, false);
      case kind::power:
      case kind::pow:
        put(b.operand(i, 0), atom);
        w.put("^{");
        put(b.operand(i, 1), loosest);
        return w.put('}');
      case kind::root:
        w.put("\\sqrt{");
        put(b.operand(i, 0), loosest);
        return w.put('}');
      case kind::where:
        w.put("\\begin{cases} ");
        put(b.operand(i, 1), loosest);
        w.put(" & \\text{if } ");
        put(b.operand(i, 0), loosest);
        w.put(" \\\\ ");
        put(b.operand(i, 2), loosest);
        return w.put(" & \\text{otherwise} \\end{cases}");
      case kind::condition:
        return put_condition(i);
      default:
        break;
    }
    const record& r = *b[i].op;
    if (!r.latex.empty()) {
      put_notation(w, r.latex, b.count(i), [&](int k, std::string_view left, std::string_view right) {
        if (k < b.count(i)) put(b.operand(i, k), need_between(left, right, is_negative(b.operand(i, k))));
      });
      return;
    }
    if (b.count(i) == 0) return put_latex_name(w, r.name);
    w.put("\\operatorname{");
    put_latex_letters(w, r.name);
    w.put("}\\left(");
    for (int k = 0; k < b.count(i); ++k) {
      if (k > 0) w.put(", ");
      put(b.operand(i, k), loosest);
    }
    w.put("\\right)");
  }

  /// What an operand needs between these pieces of a notation: nothing where brackets or commas stand on both
  /// sides.
  static constexpr int need_between(std::string_view left, std::string_view right, bool negative) {
    while (!left.empty() && left.back() == ' ') left.remove_suffix(1);
    const char before = left.empty() ? '(' : left.back(), after = right.empty() ? ')' : right[0];
    const bool open = before == '(' || before == '{' || before == '|' || before == ',' ||
                      (before == 'r' && left.ends_with("floor")) || (before == 'l' && left.ends_with("ceil"));
    const bool close = after == ')' || after == '}' || after == '|' || after == ',' ||
                       (after == '\\' && right.starts_with("\\right"));
    return open && close && !(left.empty() && right.empty()) ? loosest
           : before == '+' && close                          ? (negative ? product : sum)
                                                             : atom;
  }

  constexpr void put_sum(int i, bool flip) {
    put_terms(
        i, flip, mark::latex, [&](int x) { put(x, product); },
        [&](const factors& f, mark m) { self().put_product(f, product, m); });
  }

  /// As the record writes it; a constant that is less than something stands behind it.
  constexpr void put_condition(int i) {
    const record& r = *b[i].op;
    const int own = precedence_of(i), inner = own == relation ? own + 1 : own;
    if ((r.relation == facts::below || r.relation == facts::at_most) && b.is_constant(b.operand(i, 0))) {
      put(b.operand(i, 1), inner);
      w.put(r.relation == facts::below ? " > " : " \\ge ");
      put(b.operand(i, 0), inner);
    } else {
      put_notation(w, r.latex, b.count(i),
                   [&](int k, std::string_view, std::string_view) { put(b.operand(i, k), inner); });
    }
  }
};

class latex_printer : public latex_text<latex_printer> {
 public:
  using latex_text::latex_text;

 private:
  friend latex_text;
};

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
