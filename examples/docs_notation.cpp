// SPDX-License-Identifier: BSL-1.0
// The code of docs/add-a-notation.md: formulas in Scheme.
#include <string_view>

#include <typegrad/typegrad.hpp>

#include "support/expect.hpp"

using namespace tg::literals;
using example::expect;

// [notation]
namespace td = tg::detail;

class scheme {
 public:
  static constexpr void print(td::builder& graph, td::buffer<int>& roots, const td::dimensions& shape,
                              td::writer& to) {
    const scheme p{graph, to, td::outline(graph, roots)};
    for (int i : p.names.named) {  // what is shared, in an order in which it can be defined
      to.all("(define ", p.names.letter(), p.names.name[i], ' ');
      p.put(i, true);
      to.put(")\n");
    }
    if (shape.count > 0) to.put("(list ");
    for (int k = 0; k < roots.size(); ++k) {
      if (k > 0) to.put(' ');
      p.put(roots[k], false);
    }
    if (shape.count > 0) to.put(')');
  }

  const td::builder& b;
  td::writer& w;
  td::outline names;

 private:
  /// Writes node i, or the name that it has.
  constexpr void put(int i, bool define) const {
    if (names.name[i] != 0 && !define) return w.all(names.letter(), names.name[i]);
    if (b.is_constant(i)) return td::put_exact(w, b.value(i), td::dialect::infix);
    if (b.what(i) == td::kind::captured) return w.put(td::mark::infix, b[i].first);
    if (b.count(i) == 0) return w.put(b[i].op->name);  // a symbol
    w.all('(', word(b[i].op->name));
    for (int k = 0; k < b.count(i); ++k) {
      w.put(' ');
      put(b.operand(i, k), false);
    }
    w.put(')');
  }

  /// What Scheme calls a primitive: the rows are where it differs.
  static constexpr std::string_view word(std::string_view name) {
    constexpr std::string_view rows[][2] = {{"add", "+"},    {"multiply", "*"}, {"divide", "/"},
                                            {"negate", "-"}, {"power", "expt"}, {"pow", "expt"},
                                            {"where", "if"}, {"less", "<"},     {"less_equal", "<="}};
    for (const auto& row : rows)
      if (row[0] == name) return row[1];
    return name;
  }
};
// [notation]

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;

int main() {
  // [use]
  constexpr auto f = where(x < y, x * sin(y) / 2_c, pow(x, 3_c));
  static_assert(tg::to_text<scheme>(f) == "(if (< x y) (* 1/2 x (sin y)) (expt x 3))");
  static_assert(tg::to_text<scheme>(tg::gradient(x * y, x, y)) == "(list y x)");
  // [use]
  expect(tg::to_text<scheme>(1.5 * x) == "(* 1.5 x)");
}
