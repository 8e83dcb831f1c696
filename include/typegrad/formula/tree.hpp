// SPDX-License-Identifier: BSL-1.0
// A small formula as a nested type, for reading: tree_t<decltype(x * cos(y))> is
// tree::multiply<node::variable<"x">, tree::cos<node::variable<"y">>>. A nested type repeats what a graph
// shares, so it is refused past a bounded size.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../support/error.hpp"
#include "formulas.hpp"

namespace tg {

namespace tree {

/// Several outputs.
template <class... Trees>
struct outputs;

}  // namespace tree

namespace detail {

inline constexpr int largest_tree = budgets::largest_tree_t;

/// The size of the tree over all outputs; counting stops past the bound.
template <class F>
consteval int tree_size() {
  builder b;
  buffer<int> out;
  F::load(b, out);
  buffer<int> size(b.size(), 1);
  for (int i = 0; i < b.size(); ++i)
    for (int k = 0; k < b.count(i); ++k)
      if ((size[i] += size[b.operand(i, k)]) > largest_tree) size[i] = largest_tree + 1;
  int total = 0;
  for (int r : out)
    if (total <= largest_tree) total += size[r];
  return total;
}

template <int I, class Node>
struct indexed_node {};
template <class Indices, class... Nodes>
struct indexed_nodes;
template <int... I, class... Nodes>
struct indexed_nodes<std::integer_sequence<int, I...>, Nodes...> : indexed_node<I, Nodes>... {};

template <int I, class Node>
Node* node_at(const indexed_node<I, Node>*);

template <class All, class Node>
struct tree_of_node {
  using type = Node;
};
template <class All, int I>
using tree_at = typename tree_of_node<
    All, std::remove_pointer_t<decltype(node_at<I>(static_cast<const All*>(nullptr)))>>::type;
template <class All, class Op, int... Operands>
struct tree_of_node<All, node::apply<Op, Operands...>> : tree_of_primitive<Op, tree_at<All, Operands>...> {};

template <class F, bool Small>
struct tree_of {
  using type = void;
  static_assert(refuse<text{"tree_t: the formula has more than 256 nodes when written as a tree; show it by "
                            "tg::to_string or tg::to_dot."},
                       F>());
};
template <class... Nodes>
struct tree_of<formula<Nodes...>, true> {
  using type =
      tree_at<indexed_nodes<std::make_integer_sequence<int, static_cast<int>(sizeof...(Nodes))>, Nodes...>,
              static_cast<int>(sizeof...(Nodes)) - 1>;
};
template <class Shape, int... Roots, class... Nodes>
struct tree_of<formulas<Shape, roots<Roots...>, Nodes...>, true> {
  using type = tree::outputs<
      tree_at<indexed_nodes<std::make_integer_sequence<int, static_cast<int>(sizeof...(Nodes))>, Nodes...>,
              Roots>...>;
};

}  // namespace detail

/// The formula F (or several) as a nested type of at most 256 nodes.
template <class F>
using tree_t = typename detail::tree_of<std::remove_cvref_t<F>, detail::tree_size<std::remove_cvref_t<F>>() <=
                                                                    detail::largest_tree>::type;

}  // namespace tg

#include "../support/compiler/end.hpp"
