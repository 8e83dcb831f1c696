// SPDX-License-Identifier: BSL-1.0
// A reader of formulas with arrays: the value of what to_string writes, by the rules that
// docs/matrix_calculus.md states; and LaTeX in the same signs.
#pragma once
#include <algorithm>
#include <cctype>

#include "array_values.hpp"

namespace array_values {

class reader {
 public:
  explicit reader(std::string_view text) : rest_{text} {}
  values whole() {
    values z = sum();
    if (!rest_.empty() || z.is_row) throw "stops at '" + std::string{rest_} + "'";
    return z;
  }

 private:
  bool take(std::string_view s) {
    if (!rest_.starts_with(s)) return false;
    rest_.remove_prefix(s.size());
    return true;
  }
  void expect(std::string_view s) {
    if (!take(s)) throw "no '" + std::string{s} + "' at '" + std::string{rest_} + "'";
  }

  values sum() {
    values z = product();
    for (;;)
      if (take(" + "))
        z = elementwise(columns(z), columns(product()), std::plus<>{});
      else if (take(" - "))
        z = elementwise(columns(z), columns(product()), std::minus<>{});
      else
        return z;
  }
  static values columns(const values& z) {
    if (z.is_row) throw std::string{"a row in a sum"};
    return z;
  }
  values product() {
    values z = negation();
    for (;;)
      if (take(" .* "))
        z = elementwise(columns(z), columns(negation()), std::multiplies<>{});
      else if (take(" ./ "))
        z = elementwise(columns(z), columns(negation()), std::divides<>{});
      else if (take("*"))
        z = matrix_product(z, negation());
      else if (take("/")) {
        const values y = negation();
        if (!y.shape.empty()) throw std::string{"/ by an array"};
        z = apply_to(z, [&](double p) { return p / y.data[0]; });
      } else
        return z;
  }
  static values matrix_product(const values& x, const values& y) {
    if (x.shape.empty()) return apply_to(y, [&](double p) { return x.data[0] * p; });
    if (y.shape.empty()) return apply_to(x, [&](double p) { return y.data[0] * p; });
    const std::size_t m = x.shape.size(), n = y.shape.size();
    if (m == 2 && n == 2) return contract("ij,jk->ik", {x, y});
    if (m == 2 && n == 1 && !y.is_row) return contract("ij,j->i", {x, y});
    if (m == 1 && x.is_row && n == 2) {
      values z = contract("i,ij->j", {x, y});
      z.is_row = true;
      return z;
    }
    if (m == 1 && n == 1 && x.is_row && !y.is_row) return contract("i,i->", {x, y});
    if (m == 1 && n == 1 && !x.is_row && y.is_row) return contract("i,j->ij", {x, y});
    throw std::string{"a product of a row or a column on the wrong side"};
  }
  values negation() {
    if (take("-")) return apply_to(negation(), std::negate<>{});
    return power();
  }
  values power() {
    values z = transposed();
    const bool elements = take(".^") || take(" .^ ");
    if (!elements && !take("^")) return z;
    if (!elements && !z.shape.empty()) {
      expect("-1");
      double determinant = 0;
      return inverse_of(z, determinant);
    }
    return elementwise(z, negation(), [](double p, double q) { return std::pow(p, q); });
  }
  values transposed() {
    values z = atom();
    while (take("'"))
      if (z.shape.size() == 1)
        z.is_row = !z.is_row;
      else
        z = contract("ij->ji", {z});
    return z;
  }
  values atom() {
    if (take("(")) {
      values z = sum();
      expect(")");
      return z;
    }
    std::size_t n = 0;
    while (n < rest_.size() &&
           (std::isalnum(static_cast<unsigned char>(rest_[n])) || rest_[n] == '_' ||
            (rest_[n] == '.' && n > 0 && std::isdigit(static_cast<unsigned char>(rest_[n + 1])))))
      ++n;
    const std::string word{rest_.substr(0, n)};
    rest_.remove_prefix(n);
    if (word.empty()) throw "nothing to read at '" + std::string{rest_} + "'";
    if (std::isdigit(static_cast<unsigned char>(word[0]))) return number(std::stod(word));
    if (rest_.starts_with("(") || rest_.starts_with("<")) return call(word);
    if (word == "I") return eye(3);
    const auto found = symbols().find(word);
    if (found == symbols().end()) throw "no symbol " + word;
    return found->second;
  }
  values call(const std::string& function) {
    std::vector<std::size_t> axes;
    if (take("<")) axes = sizes('>');
    expect("(");
    const values x = columns(sum());
    if (function == "broadcast" || function == "reshape") {
      expect(", (");
      const shape_t shape = sizes(')');
      expect(")");
      if (function == "reshape") return {shape, x.data};
      return elementwise(x, {shape, std::vector<double>(length(shape))}, std::plus<>{});
    }
    expect(")");
    if (function == "trace") return contract("ii->", {x});
    if (function == "diagonal") return contract("ii->i", {x});
    if (function == "diag") return contract("i,ij->ij", {x, eye(x.shape.at(0))});
    if (function == "det") return evaluator<op::determinant>::of({x});
    if (function == "logdet") return evaluator<op::log_determinant>::of({x});
    if (function == "sum") {
      std::string all = std::string{"ijkl"}.substr(0, x.shape.size()), labels = all + "->";
      for (std::size_t axis = 0; axis < all.size() && !axes.empty(); ++axis)
        if (std::find(axes.begin(), axes.end(), axis) == axes.end()) labels += all[axis];
      return contract(labels, {x});
    }
    if (function == "tanh") return apply_to(x, [](double p) { return std::tanh(p); });
    if (function == "sin") return apply_to(x, [](double p) { return std::sin(p); });
    if (function == "cos") return apply_to(x, [](double p) { return std::cos(p); });
    throw "no function " + function;
  }
  std::vector<std::size_t> sizes(char end) {
    std::vector<std::size_t> all;
    while (!rest_.empty() && rest_[0] != end) {
      std::size_t n = 0;
      all.push_back(std::stoul(std::string{rest_}, &n));
      rest_.remove_prefix(n);
      take(", ");
    }
    expect(std::string_view{&end, 1});
    return all;
  }

  std::string_view rest_;
};

/// LaTeX in the signs of infix: braces as parentheses, what stands side by side as a product.
inline std::string infix_of(std::string_view latex) {
  constexpr std::string_view signs[][2] = {{"\\left(", "("},  {"\\right)", ")"},
                                           {"^{\\top}", "'"}, {"^{-\\top}", "'^-1"},
                                           {"^{-1}", "^-1"},  {" \\odot ", " .* "},
                                           {" \\cdot ", "*"}, {" \\oslash ", " ./ "},
                                           {" + ", " + "},    {" - ", " - "},
                                           {", ", ", "},      {"\\, ", "*"},
                                           {"\\", ""},        {" ", "*"}};
  std::string text, closing;
  const auto take = [&](std::string_view s) {
    const bool found = latex.starts_with(s);
    if (found) latex.remove_prefix(s.size());
    return found;
  };
  const auto open = [&](std::string_view before, char kind) { text += before, closing += kind; };
  while (!latex.empty()) {
    if (take("\\frac{"))
      open("((", '/');
    else if (take("\\operatorname{tr}"))
      text += "trace";
    else if (take("\\operatorname{"))
      open("", ' ');
    else if (take("_{"))
      open("<", '>');
    else if (take("^{\\odot "))
      open(".^(", ')');
    else if (take("}")) {
      const char kind = closing.empty() ? '?' : closing.back();
      closing.pop_back();
      if (kind == '/')
        take("{"), open(")/(", '2');
      else if (kind == '2')
        text += "))";
      else if (kind != ' ')
        text += kind;
    } else {
      bool found = false;
      for (const auto& [old, sign] : signs)
        if (!found && take(old)) text += sign, found = true;
      if (found) continue;
      if (take("^{"))
        open("^(", ')');
      else if (take("{"))
        open("(", ')');
      else
        text += latex[0], latex.remove_prefix(1);
    }
  }
  return text;
}

}  // namespace array_values
