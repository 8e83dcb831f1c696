// SPDX-License-Identifier: BSL-1.0
// A node twice: as a type in the list of a formula (`tg::node::...`) and as a value, the vertex, in the array
// that passes work on. The leaves are operations too, so that passes need no cases of their own for them.
#pragma once
#include "../support/compiler/begin.hpp"

#include "extent.hpp"
#include "structure.hpp"

namespace tg::detail {

/// The nodes of a formula's type. A formula lists them in topological order; operands are positions in that
/// list.
}  // namespace tg::detail

namespace tg::node {

namespace leaf {
/// The struct behind `node::variable`. Its parameter is `auto`, because nvcc 13 (EDG) deduces none whose type
/// is a class template without its arguments; so wherever a name is deduced, it is `auto` too.
template <auto Name>
struct variable {};
}  // namespace leaf

/// A symbol; its name is its identity.
template <text Name>
using variable = leaf::variable<Name>;
/// The exact number N/D * 10^E.
template <std::int64_t N, std::int64_t D = 1, int E = 0>
struct constant {};
/// An ordinary number of type T, carried by the formula object in its slot.
template <int Slot, class T = double>
struct captured {};
/// A primitive applied to the nodes at these positions.
template <class Op, int... Operands>
struct apply {};

}  // namespace tg::node

namespace tg::detail {

/// One node of a graph under construction. `first` is where the operands begin in the graph's list of
/// operands, or the position of a constant's value, or a captured number's slot.
struct vertex {
  const record* op;
  int first;
  int count;
  bool fixed;  // a number that no symbol enters, such as sqrt(2) or pi; looks through unary and binary nodes
               // only
  std::uint64_t hash;  // of the content, the same in every graph and with every compiler
};

}  // namespace tg::detail

namespace tg::op {

struct constant {
  static constexpr std::string_view name = "constant";
  static constexpr detail::kind what = detail::kind::constant;
  static constexpr int arity = 0;
  static constexpr tg::facts facts{.calls = 0};
};

/// What a symbol is stands in its record, below.
template <auto Name>
struct variable {};

template <class T>
struct captured {
  static constexpr std::string_view name = "captured";
  static constexpr detail::kind what = detail::kind::captured;
  static constexpr int arity = 0;
  static constexpr tg::facts facts{.calls = 0};
};

}  // namespace tg::op

namespace tg::detail {

constexpr record symbol_record(std::string_view name) {
  const std::uint64_t key = hash_of(name);
  record r;
  r.name = name;
  r.what = kind::variable;
  r.key = key;
  r.identity = key * 0x9e3779b97f4a7c15u;
  r.arity = 0;
  r.partials = &no_partials;
  r.built_in = true;
  r.calls = 0;
  r.order = order_of(r);
  return r;
}

/// Directly: to ask the struct for everything that a primitive may have takes a compiler milliseconds, and
/// there may be hundreds of symbols.
template <auto Name>
inline constexpr record record_of<op::variable<Name>> = symbol_record(Name.view());

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
