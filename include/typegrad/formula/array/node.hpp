// SPDX-License-Identifier: BSL-1.0
// Structural primitives between types and graphs: in a type their attributes are template arguments, in a
// graph a list.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../array/labels.hpp"
#include "../../array/movement.hpp"
#include "../../array/reduction.hpp"
#include "symbol.hpp"

namespace tg {

namespace detail {

/// The node of a structural primitive whose operands are there, as they stand in a type.
template <class Family, class... Operands>
constexpr int load_structural_node(builder& b, const buffer<extent>& attribute, Operands... operands) {
  buffer<int> args, declared;
  (args.push_back(operands), ...);
  for (int x : args) declared.push_back(b.shape(x));
  const int list = b.lists.find(attribute);
  const record* const op = known<Family>;
  return b.intern_structural(op, list, op->shaped->infer(b, {op, list, args, declared}), args);
}
template <class Family, auto... Attributes, class... Operands>
constexpr int load_with_list(builder& b, Operands... operands) {
  buffer<extent> attribute;
  (attribute.push_back(as_extent(Attributes)), ...);
  return load_structural_node<Family>(b, attribute, operands...);
}

template <auto Labels, int... Operands>
constexpr int load_node(builder& b, const buffer<int>& image, int,
                        node::apply<op::einsum<Labels>, Operands...>*) {
  buffer<extent> attribute;
  read_labels(Labels.view(), attribute);
  return load_structural_node<op::contraction>(b, attribute, image.items[Operands]...);
}
template <template <auto...> class Op, auto First, auto... Rest, int... Operands>
requires requires { Op<First, Rest...>::structural; }
constexpr int load_node(builder& b, const buffer<int>& image, int,
                        node::apply<Op<First, Rest...>, Operands...>*) {
  return load_with_list<Op<>, First, Rest...>(b, image.items[Operands]...);
}
template <class Op, int... Operands>
requires requires { Op::shaped; }
constexpr int load_node(builder& b, const buffer<int>& image, int, node::apply<Op, Operands...>*) {
  return apply_to_matrix(b, known<Op>, image.items[Operands]...);
}

/// The node of a result with that primitive.
template <class Result, int I, class Op, class K = std::make_integer_sequence<int, Result::graph.count[I]>>
struct applied_node;
template <class Result, int I, class Op, int... K>
struct applied_node<Result, I, Op, std::integer_sequence<int, K...>> {
  using type = node::apply<Op, Result::graph.operand[Result::graph.first[I] + K]...>;
};

template <template <auto...> class Op, class Result, int I>
struct with_attributes {
  template <class Sequence>
  struct spelled;
  template <int... K>
  struct spelled<std::integer_sequence<int, K...>> {
    using type = Op<extent_at<Result, Result::graph.attribute[I], K>()...>;
  };
  using type =
      typename spelled<std::make_integer_sequence<int, Result::graph.rank(Result::graph.attribute[I])>>::type;
};

template <class Result, int I, std::size_t Size>
constexpr text<Size> labels_of_size() {
  text<Size> labels;
  write_labels(Result::graph, Result::graph.attribute[I], labels.data);
  return labels;
}
template <class Result, int I>
constexpr auto labels_of_node() {
  return labels_of_size<Result, I,
                        write_labels(Result::graph, Result::graph.attribute[I], nullptr) + std::size_t{1}>();
}
/// One without attributes, of a square matrix.
template <class Op>
struct structural_type {
  template <class Result, int I>
  using node = typename applied_node<Result, I, Op>::type;
};
template <>
struct structural_type<op::contraction> {
  template <class Result, int I>
  using node = typename applied_node<Result, I, op::einsum<labels_of_node<Result, I>()>>::type;
};
/// A family whose attributes are template arguments.
template <template <auto...> class Op>
struct structural_type<Op<>> {
  template <class Result, int I>
  using node = typename applied_node<Result, I, typename with_attributes<Op, Result, I>::type>::type;
};

}  // namespace detail

}  // namespace tg

#include "../../support/compiler/end.hpp"
