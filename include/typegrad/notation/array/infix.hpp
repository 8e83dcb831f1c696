// SPDX-License-Identifier: BSL-1.0
// A formula with arrays in infix notation, as MATLAB and Julia have it: A*X is the product of matrices, A' a
// transpose; .* ./ .^ go element by element, as functions and sums do. A number and an array have plain * and
// /. A vector is a column.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../infix.hpp"
#include "matrix_text.hpp"

namespace tg::detail {

class array_infix_printer : public matrix_text<array_infix_printer, infix_text<array_infix_printer>> {
  using numbers_text = infix_text<array_infix_printer>;

 public:
  using matrix_text::matrix_text;

 private:
  friend numbers_text;
  friend matrix_text;
  friend loop_text;

  static constexpr std::string_view open = "(", close = ")", times = "*", elementwise_times = " .* ",
                                    transposed = "'", maps_to = " -> ", begin_axes = "<", end_axes = ">(";
  static constexpr int transpose_binds = atom, transposed_needs = atom;
  constexpr void put_times(const matrix_expression&, const matrix_factor&, const matrix_factor&) {
    w.put('*');
  }
  static constexpr void put_extent_name(writer& to, std::string_view name) { to.put(name); }
  constexpr void put_function(std::string_view name) { w.put(name); }
  constexpr void put_inverse(int x, bool flipped) {
    put(x, atom);
    w.put(flipped ? "'^-1" : "^-1");
  }
  constexpr void put_log_determinant(int x) {
    w.put("logdet(");
    put(x, loosest);
    w.put(')');
  }
  constexpr void begin_labels(int i) {
    w.put("einsum(\"");
    put_labels(b, w, i, "->");
    w.put("\", ");
  }

  constexpr void put_leaf(int i) { b.attribute(i) != 0 ? put_structural(i) : numbers_text::put_leaf(i); }
  constexpr int precedence_of(int i) const {
    return b.attribute(i) != 0 ? precedence_of_structural(i) : numbers_text::precedence_of(i);
  }
  constexpr void put_node(int i) {
    if (b.attribute(i) != 0) return put_structural(i);
    if (b.shape(i) == 0) return numbers_text::put_node(i);
    if (b.what(i) == kind::power || b.what(i) == kind::pow) {
      const int base = b.operand(i, 0);
      put(base, atom);
      w.put(b.is_constant(base) || b.what(base) == kind::captured ? " .^ " : ".^");
      return put(b.operand(i, 1), power_);
    }
    if (!has_notation(i)) return numbers_text::put_node(i);
    char elementwise[256]{};
    writer notation(elementwise);
    for (char c : b[i].op->infix)
      c == '*' || c == '/' ? notation.all(" .", c, ' ') : c == '^' ? notation.put(".^") : notation.put(c);
    put_notation(w, {elementwise, static_cast<std::size_t>(notation.size())}, b.count(i),
                 [&](int k, std::string_view left, std::string_view right) {
                   put(b.operand(i, k), need_between(left, right));
                 });
  }

  /// The product without its sign: numbers, then arrays.
  constexpr void put_product(const factors& f, mark first) {
    buffer<int> numbers, arrays, below_numbers, below_arrays;
    split(f.above, numbers, arrays);
    split(f.below, below_numbers, below_arrays);
    const bool elementwise = below_arrays.used > 0;
    const exact size = f.coefficient.is_negative() ? -f.coefficient : f.coefficient;
    const bool below_one = !(is_fraction(size) && size.e == 0);
    const exact top = below_one ? size : exact{size.n, 1};
    bool begun = !top.is(1) || f.above.used == 0;
    if (begun) put_exact(w, top, dialect::infix);
    for (int k = 0; k < numbers.used; ++k) {
      if (begun) w.put('*');
      begun = true;
      if (k == 0 && begins_captured(f))
        w.put(first, b[numbers[0]].first);
      else
        put(numbers[k], need_of_number(numbers, k, arrays.used > 0 || elementwise));
    }
    if (begun && arrays.used > 0) w.put('*');
    put_arrays(arrays, elementwise ? power_ : product);
    const int below = f.below.used + (below_one ? 0 : 1);
    if (below == 0) return;
    w.all(elementwise ? " ./ " : "/", below > 1 ? "(" : "");
    begun = !below_one;
    if (begun) w.put(size.d);
    for (int x : below_numbers) {
      if (begun) w.put('*');
      begun = true;
      put(x, below > 1 && !is_chain(x) ? product : power_);
    }
    if (begun && elementwise) w.put('*');
    put_arrays(below_arrays, below > 1 ? product : power_);
    if (below > 1) w.put(')');
  }
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
