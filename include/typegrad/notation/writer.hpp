// SPDX-License-Identifier: BSL-1.0
// What all notations share: the writer, numbers as decimals and fractions, and which nodes get a name of
// their own where writing a graph as a tree would be too long. Everything here runs in constant evaluation,
// and numbers also at run time.
#pragma once
#include "../support/compiler/begin.hpp"

#include <string_view>

#include "../graph/handle.hpp"
#include "../pass/needed.hpp"
#include "../support/compiler/copy_text.hpp"

namespace tg {

namespace detail {

/// What stands in a text for something that is known only later: a captured number or the name of a C
/// function. A mark is three characters: this one, and two that hold the slot.
/// An `operand` stands in parentheses where it is negative; `plus` and `minus` write a term of a sum with its
/// sign, " + 2" or " - 2".
enum class mark : char {
  infix = 1,
  infix_operand,
  infix_plus,
  infix_minus,
  latex,
  latex_operand,
  latex_plus,
  latex_minus,
  c = 14,
  name = 15
};
constexpr bool is_mark(char c) { return (c >= 1 && c <= 8) || c == 14 || c == 15; }

/// Takes a text: counts it, or writes it to memory. Printing twice, first to count and then to write, needs
/// no growing memory.
class writer {
 public:
  constexpr explicit writer(char* to = nullptr) : to_{to} {}
  constexpr void put(char c) {
    if (to_ != nullptr) to_[size_] = c;
    ++size_;
  }
  constexpr void put(std::string_view s) {
    if (to_ != nullptr) detail::copy_text(s, to_ + size_);
    size_ += static_cast<int>(s.size());
  }
  template <class... Part>
  constexpr void all(const Part&... parts) {
    (put(parts), ...);
  }
  constexpr void put(std::int64_t v) {
    if (v >= 0 && v < 10) return put(static_cast<char>('0' + v));
    if (v < 0) put('-');
    char digits[20]{};
    int n = 0;
    for (std::uint64_t rest = v < 0 ? 0u - static_cast<std::uint64_t>(v) : static_cast<std::uint64_t>(v);
         n == 0 || rest > 0; rest /= 10)
      digits[n++] = static_cast<char>('0' + rest % 10);
    while (n > 0) put(digits[--n]);
  }
  constexpr void put(int v) { put(static_cast<std::int64_t>(v)); }
  constexpr void put(mark m, int slot) {
    put(static_cast<char>(m));
    put(static_cast<char>(1 + slot / 100));
    put(static_cast<char>(1 + slot % 100));
    ++marks_;
  }
  constexpr int size() const { return size_; }
  constexpr int marks() const { return marks_; }

 private:
  char* to_;
  int size_ = 0, marks_ = 0;
};

enum class dialect : char { infix, latex, c };

/// m * 10^k in decimal notation, with an exponent where it is much shorter. In C it is a double's literal.
constexpr void put_decimal(writer& w, std::int64_t m, int k, dialect to) {
  if (m < 0) w.put('-');
  std::uint64_t size = m < 0 ? 0u - static_cast<std::uint64_t>(m) : static_cast<std::uint64_t>(m);
  for (; size != 0 && size % 10 == 0; size /= 10) ++k;
  if (size == 0) k = 0;
  char digits[20]{};
  int n = 0;
  for (; n == 0 || size > 0; size /= 10) digits[n++] = static_cast<char>('0' + size % 10);
  const int point = n + k;  // digits before the decimal point
  const auto put_digits = [&](int from, int to_digit) {
    for (int i = from; i < to_digit; ++i) w.put(i < n ? digits[n - 1 - i] : '0');
  };
  if (k >= 0 && k <= 6) {
    put_digits(0, point);
    if (to == dialect::c) w.put(".0");
  } else if (k < 0 && point > 0) {
    put_digits(0, point);
    w.put('.');
    put_digits(point, n);
  } else if (k < 0 && point > -5) {
    w.put("0.");
    for (int i = point; i < 0; ++i) w.put('0');
    put_digits(0, n);
  } else {
    if (to == dialect::latex && n == 1 && digits[0] == '1') {
      w.all("10^{", point - 1, "}");
      return;
    }
    put_digits(0, 1);
    if (n > 1) w.put('.');
    put_digits(1, n);
    if (to == dialect::latex)
      w.all(" \\cdot 10^{", point - 1, "}");
    else
      w.all("e", point - 1);
  }
}

/// v = m * 10^k, if it has a finite decimal that fits.
constexpr bool find_decimal(const exact& v, std::int64_t& m, int& k) {
  m = v.n;
  k = v.e;
  std::int64_t d = v.d;
  while (d % 10 == 0) d /= 10, --k;
  for (; d % 2 == 0; d /= 2, --k)
    if (!times(m, 5, m)) return false;
  for (; d % 5 == 0; d /= 5, --k)
    if (!times(m, 2, m)) return false;
  return d == 1;
}

/// Whether v is shown as n/d: 1/3, and also 1/2 and 3/4, but 0.1 and 1013.25.
constexpr bool is_fraction(const exact& v) {
  if (v.d == 1) return false;
  std::int64_t m = 0;
  int k = 0;
  if (!find_decimal(v, m, k)) return true;
  return v.e == 0 && v.d <= 64 && (v.d & (v.d - 1)) == 0 && v.n < 100 && v.n > -100;
}

/// The shortest decimal m * 10^k that rounds to v, a finite number. Unlike exact_from it may run at run time.
template <class T>
constexpr void shortest_decimal(T v, std::int64_t& m, int& k) {
  m = k = 0;
  if (v == 0) return;
  const T size = v < 0 ? -v : v;
  int e = 0;  // 10^e is about the size of v
  for (long double s = size; s >= 10; s /= 10) ++e;
  for (long double s = size; s < 1; s *= 10) --e;
  for (int digits = 1; digits <= 18; ++digits) {
    k = e + 1 - digits;
    m = static_cast<std::int64_t>(scale10(size, -k) + 0.5L);
    if (static_cast<T>(scale10(static_cast<long double>(m), k)) == size) break;
  }
  if (v < 0) m = -m;
}

/// v in infix, LaTeX or C; a fraction in infix is a quotient and in C stands in parentheses.
constexpr void put_exact(writer& w, const exact& v, dialect to) {
  std::int64_t m = 0;
  int k = 0;
  if (v.d == 1) return put_decimal(w, v.n, v.e, to);
  if (to == dialect::c ? find_decimal(v, m, k) : !is_fraction(v) && find_decimal(v, m, k))
    return put_decimal(w, m, k, to);
  if (to == dialect::latex && v.n < 0) w.put('-');
  w.put(to == dialect::c ? "(" : to == dialect::latex ? "\\frac{" : "");
  put_decimal(w, to == dialect::latex && v.n < 0 ? -v.n : v.n, v.e, to);
  w.put(to == dialect::c ? " / " : to == dialect::latex ? "}{" : "/");
  put_decimal(w, v.d, 0, to);
  w.put(to == dialect::c ? ")" : to == dialect::latex ? "}" : "");
}

/// The sizes of several outputs: none for one output, one for a vector, two for a matrix.
struct dimensions {
  int count = 0;
  int size[8]{};

  constexpr dimensions() = default;
  template <class... Size>
  constexpr explicit dimensions(Size... sizes) : count(sizeof...(Size)), size{sizes...} {}
};

/// Which nodes are used, and which get a name. Up to `tree_bound` nodes a graph is written as one tree;
/// above, each shared node that is no leaf is written once, as t1, t2, ..., and so is a node over which a
/// nesting would get too deep.
class outline {
 public:
  static constexpr int tree_bound = budgets::written_tree, depth_bound = budgets::written_depth;

  constexpr outline(const builder& b, const buffer<int>& roots) : uses(b.size(), 0), name(b.size(), 0) {
    const int n = b.size();
    for (int r : roots) ++uses[r];
    for (int i = n - 1; i >= 0; --i)
      if (uses[i] > 0)
        for (int k = 0; k < written(b, i); ++k) ++uses[b.operand(i, k)];
    buffer<int> size(n, 1), depth(n);
    for (int i = 0; i < n; ++i)
      for (int k = 0; k < written(b, i) && uses[i] > 0; ++k)
        if ((size[i] += size[b.operand(i, k)]) > (1 << 20)) size[i] = 1 << 20;
    int total = 0;
    for (int r : roots)
      if (total < (1 << 20)) total += size[r];
    const bool large = total > tree_bound;
    for (int i = 0; i < n; ++i) {
      if (uses[i] == 0 || b.count(i) == 0) continue;
      for (int k = 0; k < b.count(i); ++k)
        if (depth[b.operand(i, k)] >= depth[i]) depth[i] = depth[b.operand(i, k)] + 1;
      if ((large && uses[i] > 1 && size[i] > 3) || depth[i] > depth_bound) {
        named.push_back(i);
        name[i] = named.size();
        depth[i] = 0;
      }
    }
    while (letter_taken(b)) ++letter_;
  }

  buffer<int> uses, name, named;  // name[i]: 0, or k for the name t<k>
  constexpr char letter() const { return letters[static_cast<std::size_t>(letter_)]; }

 private:
  /// How many operands of a node are written: of a loop not what its body reads, which stands there.
  static constexpr int written(const builder& b, int i) {
    const body_operands body(b, i);
    return body.end > 0 ? body.end : b.count(i);
  }
  static constexpr std::string_view letters = "tsuvwqrzyxabcdefghklmnp";
  /// Whether a symbol is called like our names: the letter and digits.
  constexpr bool letter_taken(const builder& b) const {
    for (int i = 0; i < b.size() && letter_ + 1 < static_cast<int>(letters.size()); ++i)
      if (b.what(i) == kind::variable && b[i].op->name.size() > 1 && b[i].op->name[0] == letter() &&
          b[i].op->name[1] <= '9')
        return true;
    return false;
  }
  int letter_ = 0;
};

/// `notation` with $1, $2, ... replaced by what `operand(k, before, after)` writes, $* by all operands, $# by
/// their number; the texts before and after the place let it choose its parentheses.
template <class Operand>
constexpr void put_notation(writer& w, std::string_view notation, int count, Operand operand) {
  const char* const letters = notation.data();
  const std::size_t size = notation.size();
  std::size_t begin = 0;
  for (std::size_t i = 0; i + 1 < size; ++i) {
    if (letters[i] != '$') continue;
    w.put(std::string_view{letters + begin, i - begin});
    const std::string_view left{letters, i}, right{letters + i + 2, size - i - 2};
    if (letters[i + 1] == '*') {
      for (int k = 0; k < count; ++k) {
        if (k > 0) w.put(", ");
        operand(k, std::string_view{"("}, std::string_view{")"});
      }
    } else if (letters[i + 1] == '#') {
      w.put(count);
    } else {
      operand(letters[i + 1] - '1', left, right);
    }
    begin = i + 2;
  }
  w.put(std::string_view{letters + begin, size - begin});
}

}  // namespace detail

/// A text of fixed capacity: what the notations of a formula are returned in. Usable in constant expressions;
/// printed with << on any stream that takes a std::string_view.
template <int Capacity>
struct rendered {
  char data[static_cast<std::size_t>(Capacity) + 1]{};
  int length = 0;

  constexpr std::string_view view() const { return {data, static_cast<std::size_t>(length)}; }
  constexpr const char* c_str() const { return data; }
  constexpr int size() const { return length; }
  constexpr operator std::string_view() const { return view(); }
  friend constexpr bool operator==(const rendered& a, std::string_view b) { return a.view() == b; }
  template <class Stream>
  requires requires(Stream& s, std::string_view v) { s << v; }
  friend Stream& operator<<(Stream& stream, const rendered& t) {
    stream << t.view();
    return stream;
  }
};

}  // namespace tg

#include "../support/compiler/end.hpp"
