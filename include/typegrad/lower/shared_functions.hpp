// SPDX-License-Identifier: BSL-1.0
// The functions of which several calls that do not need each other are made in the lanes of registers. It
// pays from so many calls on, in float and double: dear functions soon, cheap ones late (g++ 12 and glibc
// 2.36, at a width of 8 doubles; at 2 doubles nothing is lost).
#pragma once
#include "../support/compiler/begin.hpp"

#include "../lanes/error_function.hpp"
#include "../lanes/exponential.hpp"
#include "../lanes/logarithm.hpp"
#include "../lanes/trigonometric.hpp"
#include "../primitive/all.hpp"

namespace tg::detail {

/// A primitive, what it is in lanes, and how many calls it takes.
template <class Op, class Function, int Calls>
struct sharing {};

struct shared_function {
  std::uint64_t key;  // of the primitive's record
  int calls;
};
template <class... Each>
struct sharing_list;
template <class... Op, class... Function, int... Calls>
struct sharing_list<sharing<Op, Function, Calls>...> : sharing<Op, Function, Calls>... {
  static constexpr shared_function all[sizeof...(Calls)] = {{hash_of(Op::name), Calls}...};
};
using shared_functions =
    sharing_list<sharing<op::tanh, lanes::tanh, 4>, sharing<op::erf, lanes::erf, 6>,
                 sharing<op::expm1, lanes::expm1, 6>, sharing<op::log1p, lanes::log1p, 6>,
                 sharing<op::exp, lanes::exp, 12>, sharing<op::log, lanes::log, 12>,
                 sharing<op::sin, lanes::sin, 12>, sharing<op::cos, lanes::cos, 12>,
                 sharing<op::sigmoid, lanes::sigmoid, 12>>;

template <class Op, class Function, int Calls>
std::type_identity<Function> find_in_lanes(const sharing<Op, Function, Calls>&);
/// A primitive of the list in lanes.
template <class Op>
using in_lanes = typename decltype(find_in_lanes<Op>(shared_functions{}))::type;

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
