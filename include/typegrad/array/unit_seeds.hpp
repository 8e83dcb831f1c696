// SPDX-License-Identifier: BSL-1.0
// The Jacobian of an array: what a reverse sweep makes of one seed is linear in it, and here it is made for
// all unit seeds at once, whose axes come first. Products with such a node become contractions, so that the
// identity matrices of the seed vanish by the algebra of labels wherever a sum follows.
#pragma once
#include "../support/compiler/begin.hpp"

#include "contraction_rules.hpp"
#include "differentiate.hpp"

namespace tg::op {

/// The adjoint with which a reverse sweep begins while a Jacobian is made; no finished formula has it.
struct seed {
  static constexpr std::string_view name = "seed";
  static constexpr int arity = 0;
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{.calls = 0};
  static constexpr detail::structure shaped{.algebra = &detail::arrays_of_formulas,
                                            .infer = &detail::keep_shape};
};

}  // namespace tg::op

namespace tg::detail {

class unit_seeds {
 public:
  constexpr unit_seeds(builder& graph, int shape)
      : seed{graph.intern_structural(known<op::seed>, shape, shape, buffer<int>{})},
        b{graph},
        shape_{shape} {}

  /// The node `root`, which is linear in the seed and stands in the given shape, for all unit seeds.
  constexpr int apply(int root, int shape) {
    buffer<char> needed(root + 1);
    needed[root] = 1;
    for (int i = root; i >= 0; --i)
      for (int k = 0; needed[i] != 0 && k < b.count(i); ++k) needed[b.operand(i, k)] = 1;
    image_.assign(root + 1, -1);
    for (int i = seed; i <= root && b.misfit.function.empty(); ++i) {
      bool linear = i == seed;
      for (int k = 0; k < b.count(i); ++k) linear = linear || image_[b.operand(i, k)] >= 0;
      if (needed[i] != 0 && linear) image_[i] = i == seed ? units() : image_of(i);
    }
    return broadcast(b, image_[root] < 0 ? int{zero_node} : image_[root], with_units(shape));
  }

  const int seed;

 private:
  /// The shape, or the list of an axis and more, with the axes of the units before.
  constexpr int with_units(int shape) const {
    buffer<extent> both, own;
    b.lists.read(shape_, both), b.lists.read(shape, own);
    for (const extent& e : own) both.push_back(e);
    return b.lists.find(both);
  }
  constexpr int moved_axes(int i) const {
    buffer<extent> list;
    b.lists.read(b.attribute(i), list);
    const int axes = b[i].op->shaped->attributes == attributes_are::axes ? list.used : 1;
    for (int k = 0; k < axes; ++k) list[k].size += b.lists.rank(shape_);
    return b.lists.find(list);
  }

  constexpr int units() {
    contraction c(b);
    const int rank = b.lists.rank(shape_);
    for (int half = 0; half < 2; ++half)
      for (int axis = 0; axis < rank; ++axis) c.add_result(c.add_label(b.lists.at(shape_, axis)));
    for (int axis = 0; axis < rank; ++axis) {
      if (b.lists.at(shape_, axis).is(1)) continue;
      buffer<int> both;
      both.push_back(axis), both.push_back(rank + axis);
      c.add(identity_matrix(b, b.lists.at(shape_, axis)), both);
    }
    return c.build();
  }

  constexpr int image_of(int i) {
    if (b[i].op->shaped != nullptr && b[i].op->shaped->loops())
      return b.refuse("diff: the Jacobian of a loop by arrays is not made; take jvp, vjp or hvp."),
             int{zero_node};
    if (is_contraction(b, i)) {
      const call_of_node call(b, i);
      const contraction_labels l(b, b.attribute(i));
      contraction c(b, l, call.declared);
      buffer<int> own;
      const int units = add_units(c);
      for (int axis = 0; axis < l.rank(-1); ++axis) c.add_result(l.at(-1, axis));
      for (int k = 0; k < l.operands(); ++k) {
        own.clear();
        for (int axis = 0; axis < l.rank(k); ++axis) own.push_back(l.at(k, axis));
        add(c, call.args[k], units, own);
      }
      return c.build();
    }
    if (b.attribute(i) == 0)
      if (const scaled s = taken_apart(i); s.linear >= 0) return product(b.shape(i), s);
    const int rank = b.lists.rank(b.shape(i));
    const record* const op = b[i].op;
    const bool moves = b.attribute(i) != 0 && op != known<op::broadcast<>> && op != known<op::reshape<>>;
    buffer<int> args, declared;
    for (int k = 0; k < b.count(i); ++k) {
      const int x = b.operand(i, k);
      declared.push_back(with_units(b.shape(x)));
      const bool aligned = moves || op == known<op::reshape<>> || b.lists.rank(b.shape(x)) == rank;
      args.push_back(image_[x] < 0 ? x : aligned ? image_[x] : with_rank(image_[x], b.shape(x), rank));
    }
    if (b.attribute(i) == 0) return make_node(b, op, args);
    if (op == known<op::broadcast<>>) return broadcast(b, args[0], with_units(b.shape(i)));
    const int attribute = moves ? moved_axes(i) : with_units(b.attribute(i));
    return op->shaped->construct(b, {op, attribute, args, declared});
  }

  /// A node as a product of one that is linear in the seed and one that is not. A choice is one where both
  /// sides are multiples of the same node, which for no unit is infinite.
  struct scaled {
    int linear = -1, factor = one_node;
  };
  constexpr scaled taken_apart(int i) {
    scaled s;
    switch (b.what(i)) {
      case kind::multiply:
      case kind::divide:
        for (int k = 0; k < b.count(i); ++k)
          if (const int x = b.operand(i, k); image_[x] >= 0)
            s.linear = x;
          else
            s.factor =
                k == 1 && b.what(i) == kind::divide ? divide(b, s.factor, x) : multiply(b, s.factor, x);
        break;
      case kind::where: {
        scaled sides[2];
        for (int side = 0; side < 2; ++side) {
          const int x = b.operand(i, 1 + side);
          if (x == zero_node) {
            sides[side].factor = zero_node;
            continue;
          }
          sides[side] = is_elementwise(b, x) ? taken_apart(x) : scaled{x};
          if (sides[side].linear < 0) sides[side] = {x};
          if (image_[sides[side].linear] < 0) return {};
          if (s.linear >= 0 && s.linear != sides[side].linear) return {};
          s.linear = sides[side].linear;
        }
        if (!holds_identity(image_[s.linear])) return {};
        s.factor = make_where(b, b.operand(i, 0), sides[0].factor, sides[1].factor);
        break;
      }
      default:
        break;
    }
    return s;
  }
  constexpr bool holds_identity(int x) const {
    if (b[x].op == known<op::reshape<>>) return holds_identity(b.operand(x, 0));
    bool found = b[x].op == known<op::identity<>>;
    for (int k = 0; is_contraction(b, x) && k < b.count(x); ++k)
      found = found || b[b.operand(x, k)].op == known<op::identity<>>;
    return found;
  }
  constexpr int product(int shape, const scaled& s) {
    contraction c(b);
    buffer<int> own;
    const int units = add_units(c), rank = b.lists.rank(shape),
              skipped = rank - b.lists.rank(b.shape(s.linear));
    for (int axis = 0; axis < rank; ++axis) {
      own.push_back(c.add_label(b.lists.at(shape, axis)));
      c.add_result(own.back());
    }
    c.add(s.factor, own);
    for (int axis = 0; axis + skipped < rank; ++axis) own[axis] = own[axis + skipped];
    own.used -= skipped;
    add(c, s.linear, units, own);
    return c.build();
  }

  /// The labels of the units' axes, in the result; the first of them.
  constexpr int add_units(contraction& c) const {
    int first = 0;
    for (int axis = 0; axis < b.lists.rank(shape_); ++axis) {
      const int label = c.add_label(b.lists.at(shape_, axis));
      c.add_result(label);
      if (axis == 0) first = label;
    }
    return first;
  }
  constexpr void add(contraction& c, int x, int units, const buffer<int>& own) {
    if (x >= image_.used || image_[x] < 0) return c.add(x, own);
    buffer<int> full;
    for (int axis = 0; axis < b.lists.rank(shape_); ++axis) full.push_back(units + axis);
    for (int l : own) full.push_back(l);
    c.add(image_[x], full);
  }
  /// The image of an array that is broadcast, with axes of length 1 between the units' and its own.
  constexpr int with_rank(int x, int shape, int rank) {
    buffer<extent> own, list;
    b.lists.read(shape, own);
    for (int k = own.used; k < rank; ++k) list.push_back(as_extent(1));
    for (const extent& e : own) list.push_back(e);
    return b.shape(x) == 0 ? x
                           : reshape(b, broadcast(b, x, with_units(shape)), with_units(b.lists.find(list)));
  }

  builder& b;
  int shape_;
  buffer<int> image_;  // of the nodes that are linear in the seed; -1 for others
};

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
