// SPDX-License-Identifier: BSL-1.0
// A formula in a trace: its nodes go into the graph of the trace, and the ordinary numbers that it captured
// become exact constants, as all numbers in a trace do.
#pragma once
#include "../support/compiler/begin.hpp"

#include "type.hpp"

namespace tg {

namespace detail {

// As load_node in type.hpp; but a node whose operands may have become constants goes through the laws of
// graph/algebra.hpp.

template <class Node>
constexpr int load_node_with(builder& b, const buffer<int>& image, const exact*, Node* node) {
  return load_node(b, image, 0, node);
}
template <int Slot, class T>
constexpr int load_node_with(builder& b, const buffer<int>&, const exact* numbers, node::captured<Slot, T>*) {
  return b.constant(numbers[Slot]);
}
template <class Op, int... Operands>
constexpr int load_node_with(builder& b, const buffer<int>& image, const exact*,
                             node::apply<Op, Operands...>*) {
  buffer<int> args;
  (args.push_back(image.items[Operands]), ...);
  return make_node(b, known<Op>, args);
}

template <class... Nodes>
constexpr int load_nodes_with(builder& b, const exact* numbers, formula<Nodes...>*) {
  buffer<int> image;
  image.reserve(static_cast<int>(sizeof...(Nodes)));
  const int all[] = {
      (image.push_back(load_node_with(b, image, numbers, static_cast<Nodes*>(nullptr))), 0)...};
  return image.items[sizeof(all) / sizeof(int) - 1];
}

template <class F>
constexpr int load_with(builder& b, const exact* numbers) {
  if constexpr (F::slots() > 0)
    return load_nodes_with(b, numbers, static_cast<F*>(nullptr));
  else {
    buffer<int> root;
    F::load(b, root);
    return root[0];
  }
}
template <class T>
constexpr exact constant_from(const T& number) {
  if constexpr (std::integral<T> || std::floating_point<T>)
    return exact_from(number);
  else
    return refuse<join(text{"trace: a formula in it holds a number of type '"}, operand_spelling<T>(),
                       text{"'; write the number as 2_c, or as a double."})>(),
           exact{};
}
template <class F>
constexpr int load_with_own(builder& b, const F& f) {
  return f.numbers.unpack([&](const auto&... number) {
    const exact numbers[] = {constant_from(number)...};
    return load_with<F>(b, numbers);
  });
}

}  // namespace detail

}  // namespace tg

#include "../support/compiler/end.hpp"
