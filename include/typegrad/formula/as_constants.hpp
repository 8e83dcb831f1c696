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

/// A formula as a handle: in a graph, where it has numbers of its own and there is one, else for any. Without
/// a graph there is room for one captured number.
template <class... Nodes>
constexpr handle as_handle(builder* graph, const formula<Nodes...>& f) {
  using F = formula<Nodes...>;
  handle made;
  if constexpr (F::slots() > 0) {
    builder alone;
    builder& b = graph != nullptr ? *graph : alone;
    const int id = f.numbers.unpack([&](const auto&... number) {
      const exact numbers[] = {constant_from(number)...};
      return load_with<F>(b, numbers);
    });
    if (graph != nullptr) return {b, id};
    if (b.is_constant(id)) return b.value(id);
    if constexpr (F::slots() == 1)
      made.number = constant_from(get<0>(f.numbers));
    else
      return handle::refused(&refuse_several);
  }
  made.load = &load_with<F>;
  return made;
}
/// 2_c, 0.1_c and rational<1, 3>.
template <std::int64_t N, std::int64_t D, int E>
constexpr handle as_handle(builder*, const formula<node::constant<N, D, E>>&) {
  return exact{N, D, E};
}

}  // namespace detail

}  // namespace tg

#include "../support/compiler/end.hpp"
