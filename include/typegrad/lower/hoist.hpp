// SPDX-License-Identifier: BSL-1.0
// A program that is run for every row of a table, in two: what depends on parameters alone is computed once,
// and the rest for each row, from the columns and from numbers of the first program. Where the outputs are
// summed over the rows, factors of the first kind leave the sum, so that for p*x and q*x the rows add up x
// alone, and a term of the first kind is multiplied by the number of rows.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../graph/algebra.hpp"

namespace tg::detail {

/// What becomes of the outputs: of every row the outputs themselves, or their sums over the rows.
enum class row_outputs { each, summed };

/// Part of an output's sum: a number of the first program (-1: 1) times the sum of an output of the rows'
/// program (-1: the number of rows).
struct row_term {
  int output = 0, factor = 0, part = 0;
};

class hoist {
 public:
  /// `varies` marks the columns among the nodes of a finished graph. The nodes of both programs are added to
  /// `first_program` and `row_program`; the latter reads number k of the former as captured number k.
  constexpr hoist(const builder& graph, const buffer<int>& outputs, buffer<char>& varies, row_outputs wanted,
                  builder& first_program, builder& row_program)
      : from{graph}, varies_{varies}, once{first_program}, row{row_program} {
    find_first_program();
    for (int r = 0; r < outputs.used; ++r) add_terms(r, outputs.items[r], wanted);
    find_row_program();
    for (int t = 0; t < list_.used; ++t)
      if (const int x = part(t); wanted == row_outputs::each)
        row_roots.push_back(x);
      else if (!joins(t, x))
        terms.push_back({list_[t].output, list_[t].factor, x});
    for (row_term& t : terms) {
      if (t.factor >= 0) t.factor = t.factor == one_node ? -1 : place(once_roots, t.factor);
      if (t.part >= 0) t.part = place(row_roots, t.part);
    }
  }

  buffer<int> once_roots, row_roots;
  buffer<row_term> terms;

 private:
  static constexpr int place(buffer<int>& list, int node) {
    int k = 0;
    while (k < list.used && list.items[k] != node) ++k;
    if (k == list.used) list.push_back(node);
    return k;
  }
  static constexpr int product(builder& b, const buffer<int>& factors) {
    return factors.used == 0   ? one_node
           : factors.used == 1 ? factors.items[0]
                               : b.intern(known<op::multiply>, factors);
  }
  constexpr int reciprocal(int i) { return once.intern(known<op::divide>, one_node, once_image_.items[i]); }
  constexpr bool divides(int i) const {
    return from.what(i) == kind::divide && varies_.items[from.operand(i, 1)] == 0;
  }

  /// Completes `varies`, and finds which nodes of products have a factor that does not.
  constexpr void find_first_program() {
    const int n = from.size();
    once_image_.assign(n, -1), row_image_.assign(n, -1), has_factor_.zeros(n);
    for (int i = 0; i < n; ++i) {
      const bool product = from.what(i) == kind::multiply;
      for (int k = 0; k < from.count(i); ++k) {
        const int x = from.operand(i, k);
        if (varies_.items[x] != 0) varies_.items[i] = 1;
        if (product && (varies_.items[x] == 0 || has_factor_.items[x] != 0)) has_factor_.items[i] = 1;
      }
      if (varies_.items[i] == 0)
        once_image_.items[i] = once.copy(from, i, once_image_);
      else if (from.what(i) == kind::negate || divides(i))
        has_factor_.items[i] = 1;
    }
  }

  /// One term of an output: the product of the factors that vary, and of those that do not.
  struct term {
    int output, factor, first, end;
    bool plain;
  };
  constexpr void add_terms(int output, int root, row_outputs wanted) {
    const bool sum =
        wanted == row_outputs::summed && varies_.items[root] != 0 && from.what(root) == kind::add;
    const int before = list_.used, count = sum ? from.count(root) : 1;
    int plain = 0;  // terms whose factor is a constant: several of them remain one sum
    for (int k = 0; k < count; ++k) {
      const int first = args_.used;
      fixed_.clear();
      wanted == row_outputs::each ? args_.push_back(root) : split(sum ? from.operand(root, k) : root);
      bool constants = args_.used > first;
      for (int f : fixed_) constants = constants && once.is_constant(f);
      plain += constants;
      list_.push_back({output, product(once, fixed_), first, args_.used, constants});
    }
    for (int k = 0; k < count && plain > 1; ++k) {
      term& t = list_[before + k];
      if (!t.plain) continue;
      t = {output, one_node, args_.used, args_.used + 1, true};
      args_.push_back(from.operand(root, k));
    }
  }
  constexpr void split(int x) {
    if (varies_.items[x] == 0) {
      fixed_.push_back(once_image_.items[x]);
    } else if (has_factor_.items[x] == 0) {
      args_.push_back(x);
    } else if (from.what(x) == kind::multiply) {
      for (int k = 0; k < from.count(x); ++k) split(from.operand(x, k));
    } else {
      fixed_.push_back(from.what(x) == kind::negate ? minus_one_node : reciprocal(from.operand(x, 1)));
      split(from.operand(x, 0));
    }
  }

  /// The images of what the terms need. A condition is evaluated where it is used, so it is in the rows'
  /// program even if it depends on parameters alone.
  constexpr void find_row_program() {
    buffer<char> needed(from.size());
    for (int x : args_) needed[x] = 1;
    for (int i = from.size() - 1; i >= 0; --i)
      for (int k = 0; needed[i] != 0 && is_in_row(i) && k < from.count(i); ++k)
        needed[from.operand(i, k)] = 1;
    buffer<int> args;
    for (int i = 0; i < from.size(); ++i) {
      if (needed[i] == 0) continue;
      if (!is_in_row(i)) {
        row_image_[i] = hoisted(once_image_[i]);
        continue;
      }
      const record* const op = from[i].op;
      const bool apart = op->what == kind::add || op->what == kind::multiply;
      args.clear(), fixed_.clear();
      for (int k = 0; k < from.count(i); ++k)
        if (const int x = from.operand(i, k); apart && varies_.items[x] == 0)
          fixed_.push_back(once_image_[x]);
        else
          args.push_back(row_image_[x]);
      if (fixed_.used > 0) args.push_back(hoisted(fixed_.used == 1 ? fixed_[0] : once.intern(op, fixed_)));
      if (divides(i))
        row_image_[i] = row.intern(known<op::multiply>, args[0], hoisted(reciprocal(from.operand(i, 1))));
      else
        row_image_[i] = row.intern(op, args);
    }
  }
  constexpr bool is_in_row(int i) const { return varies_.items[i] != 0 || from.what(i) == kind::condition; }
  /// A number of the first program in the rows' program.
  constexpr int hoisted(int once_node) {
    return once.is_constant(once_node)
               ? row.constant(once.value(once_node))
               : row.captured(known<op::captured<double>>, place(once_roots, once_node));
  }

  /// The rows' node that term t sums; -1 where nothing varies.
  constexpr int part(int t) {
    buffer<int> factors;
    for (int k = list_[t].first; k < list_[t].end; ++k) factors.push_back(row_image_[args_[k]]);
    return factors.used == 0 ? -1 : product(row, factors);
  }
  /// Adds a node to an earlier term of the same output with the same factor, if there is one.
  constexpr bool joins(int t, int x) {
    for (row_term& earlier : terms)
      if (earlier.output == list_[t].output && earlier.factor == list_[t].factor && earlier.part >= 0 &&
          x >= 0) {
        earlier.part = row.intern(known<op::add>, earlier.part, x);
        return true;
      }
    return false;
  }

  const builder& from;
  buffer<char>& varies_;
  builder &once, &row;
  buffer<char> has_factor_;  // nodes that vary and have a factor that does not
  buffer<int> once_image_, row_image_, args_, fixed_;
  buffer<term> list_;
};

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
