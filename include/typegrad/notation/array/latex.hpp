// SPDX-License-Identifier: BSL-1.0
// A formula with arrays in LaTeX: A X is the product of matrices, A^{\top} a transpose; \odot, \oslash and
// ^{\odot} go element by element, as functions do, so the exponential function of an array is \exp and no
// power of e.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../latex.hpp"
#include "matrix_text.hpp"

namespace tg::detail {

class array_latex_printer : public matrix_text<array_latex_printer, latex_text<array_latex_printer>> {
  using numbers_text = latex_text<array_latex_printer>;

 public:
  using matrix_text::matrix_text;

 private:
  friend numbers_text;
  friend matrix_text;
  friend loop_text;

  static constexpr std::string_view open = "\\left(", close = "\\right)", times = " ",
                                    elementwise_times = " \\odot ", transposed = "^{\\top}",
                                    maps_to = " \\mapsto ", begin_axes = "_{", end_axes = "}\\left(";
  static constexpr int transpose_binds = power_, transposed_needs = atom;
  /// Upright names next to each other need a space that is seen.
  constexpr void put_times(const matrix_expression& e, const matrix_factor& left,
                           const matrix_factor& right) {
    const auto is_name = [&](const matrix_factor& f) {
      const matrix_part& p = e.parts[f.part];
      return p.what == matrix_part::operand && b.what(p.x) == kind::variable && b[p.x].op->name.size() > 1;
    };
    w.put(is_name(left) || is_name(right) ? "\\, " : " ");
  }
  static constexpr void put_extent_name(writer& to, std::string_view name) { put_latex_name(to, name); }
  constexpr void put_function(std::string_view name) {
    if (name == "det" || name == "max" || name == "min") return w.all('\\', name);
    w.put("\\operatorname{");
    put_latex_letters(w, name == "trace" ? "tr" : name);
    w.put('}');
  }
  constexpr void put_inverse(int x, bool flipped) {
    put(x, atom);
    w.put(flipped ? "^{-\\top}" : "^{-1}");
  }
  constexpr void put_log_determinant(int x) {
    w.put("\\ln\\left|\\det\\left(");
    put(x, loosest);
    w.put("\\right)\\right|");
  }
  constexpr void begin_labels(int i) {
    w.put("\\operatorname{einsum}_{");
    put_labels(b, w, i, " \\to ");
    w.put("}\\left(");
  }

  constexpr int precedence_of(int i) const {
    if (b.attribute(i) != 0) return precedence_of_structural(i);
    // What stands as a power of e is written otherwise, and a product of functions has to be kept together.
    if (b.shape(i) != 0 && b.what(i) == kind::function)
      return b[i].op->latex.find("\\right) ") != std::string_view::npos ? product : atom;
    return numbers_text::precedence_of(i);
  }
  constexpr void put_node(int i) {
    if (b.attribute(i) != 0) return put_structural(i);
    if (b.shape(i) == 0) return numbers_text::put_node(i);
    if (b.what(i) == kind::power || b.what(i) == kind::pow) {
      put(b.operand(i, 0), atom);
      w.put("^{\\odot ");
      put(b.operand(i, 1), loosest);
      return w.put('}');
    }
    if (b.what(i) == kind::function && !b[i].op->latex.empty()) return put_elementwise(i, b[i].op->latex);
    numbers_text::put_node(i);
  }

  /// A function by its notation, with what would be read as an operation on matrices said otherwise.
  constexpr void put_elementwise(int i, std::string_view notation) {
    char letters[256]{};
    writer to(letters);
    if (notation.starts_with("\\left|")) {
      to.all("\\operatorname{", b[i].op->name, "}\\left($*\\right)");
    } else {
      bool exponent = false;
      while (!notation.empty()) {
        const auto take = [&](std::string_view old, std::string_view text) {
          const bool found = notation.starts_with(old);
          if (found) to.put(text), notation.remove_prefix(old.size());
          return found;
        };
        if (take("e^{", "\\exp\\left("))
          exponent = true;
        else if (exponent && take("}", "\\right)"))
          exponent = false;
        else if (!take("^{", "^{\\odot ") && !take("^2", "^{\\odot 2}") &&
                 !take("\\right) \\", "\\right) \\odot \\"))
          take(notation.substr(0, 1), notation.substr(0, 1));
      }
    }
    put_notation(w, {letters, static_cast<std::size_t>(to.size())}, b.count(i),
                 [&](int k, std::string_view left, std::string_view right) {
                   if (k < b.count(i))
                     put(b.operand(i, k), need_between(left, right, is_negative(b.operand(i, k))));
                 });
  }

  constexpr void put_numbers(const buffer<int>& numbers, bool begun, int alone, mark first,
                             bool arrays_follow) {
    for (int k = 0; k < numbers.used; ++k) {
      const int x = numbers.items[k];
      if (k > 0 || begun)
        w.put(begins_with_number(x)                                     ? " \\cdot "
              : k > 0 && b.what(numbers.items[k - 1]) != kind::captured ? "\\, "
                                                                        : " ");
      if (k == 0 && !begun && b.what(x) == kind::captured)
        w.put(first, b[x].first);
      else
        put(x, numbers.used == 1 && !begun && !arrays_follow ? alone
                                                             : need_of_number(numbers, k, arrays_follow));
    }
  }
  /// Numbers, then arrays; `begun`: after a number.
  constexpr void put_factors(const buffer<int>& numbers, const buffer<int>& arrays, bool begun, int alone,
                             mark first, bool divided) {
    put_numbers(numbers, begun, alone, first, arrays.used > 0 || divided);
    if (arrays.used == 0) return;
    if (begun || numbers.used > 0)
      w.put(begins_with_number(arrays.items[0]) ? " \\cdot " : numbers.used > 0 ? "\\, " : " ");
    put_arrays(arrays, divided ? power_ : begun || numbers.used > 0 ? product : alone);
  }

  /// The product without its sign; `first` is how a captured number is written that it begins with.
  constexpr void put_product(const factors& f, int alone, mark first) {
    buffer<int> numbers, arrays, below_numbers, below_arrays;
    split(f.above, numbers, arrays);
    split(f.below, below_numbers, below_arrays);
    const exact size = f.coefficient.is_negative() ? -f.coefficient : f.coefficient;
    const bool below_one = !(is_fraction(size) && size.e == 0);
    const exact top = below_one ? size : exact{size.n, 1};
    const bool elementwise = below_arrays.used > 0, quotient = is_quotient(f) && !elementwise;
    const bool begun = !top.is(1) || f.above.used == 0;
    if (quotient) w.put("\\frac{");
    if (begun) put_exact(w, top, dialect::latex);
    put_factors(numbers, arrays, begun, quotient ? loosest : alone, quotient ? mark::latex : first,
                elementwise);
    if (!quotient && !elementwise) return;
    const bool several = elementwise && f.below.used + (below_one ? 0 : 1) > 1;
    w.put(quotient ? "}{" : several ? " \\oslash \\left(" : " \\oslash ");
    if (!below_one) put_exact(w, exact{size.d, 1}, dialect::latex);
    put_factors(below_numbers, below_arrays, !below_one,
                quotient  ? loosest
                : several ? product
                          : power_,
                mark::latex, false);
    w.put(quotient ? "}" : several ? "\\right)" : "");
  }
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
