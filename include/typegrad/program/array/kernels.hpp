// SPDX-License-Identifier: BSL-1.0
// How structural primitives are evaluated: one struct for each, and one list. `lower` runs in the compiler
// and makes the node a view of its operand's elements, or begins a call and puts its words; `run` is that
// call, for any shape, `scratch` how much memory it needs besides, `split` how threads can share it, and
// `write_c` the same in C (text/c_writer.hpp).
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../array/movement.hpp"
#include "contraction_kernel.hpp"
#include "reduction_kernel.hpp"
#include "solution_kernel.hpp"

namespace tg::detail {

struct broadcast_kernel {
  using primitive = op::broadcast<>;
  static constexpr void lower(array_lowering& a, int node) {
    const int x = a.b.operand(node, 0);
    a.define(node, x, a.seen_in(x, a.b.shape(node)));
  }
  template <class T>
  static void run(const array_machine<T>&, const int*) {}
};

/// A view of elements that lie in a row, and otherwise a copy that does.
struct reshape_kernel {
  using primitive = op::reshape<>;
  static constexpr void lower(array_lowering& a, int node) {
    const int x = a.b.operand(node, 0);
    const array_view from = a.view(x);
    array_view row = a.contiguous(from.buffer, a.b.shape(x));
    bool in_a_row = true;
    for (int axis = 0; axis < from.rank; ++axis)
      in_a_row =
          in_a_row && (from.extent[axis] == length_table::one || from.stride[axis] == row.stride[axis]);
    if (in_a_row) {
      array_view v = a.contiguous(from.buffer, a.b.shape(node));
      v.offset = from.offset;
      return a.define(node, x, v);
    }
    const array_view to = a.begin_call(node);
    row.buffer = to.buffer;
    a.put_copy(from, row);
  }
  static constexpr void count(auto& c, const int* words) { c.copy(words); }
  static void write_c(auto& c, const int* words) { c.copy(words); }
  static constexpr split_axes split(const int* words) { return split_axes{0, 2}.with_first(5, words[4]); }
  template <class T>
  static void run(const array_machine<T>& m, const int* words) {
    copy_elements(m, words);
  }
};

/// The part of an axis is a view; attributes are the axis, where the part begins, and its length.
struct slice_kernel {
  using primitive = op::slice<>;
  static constexpr void lower(array_lowering& a, int node) {
    const int x = a.b.operand(node, 0), list = a.b.attribute(node);
    a.define(node, x,
             a.part_of(a.view(x), a.b.lists.at(list, 0).size, a.lengths.constant(a.b.lists.at(list, 1).size),
                       a.lengths.of(a.b.lists.at(list, 2))));
  }
  template <class T>
  static void run(const array_machine<T>&, const int*) {}
};

struct pad_kernel {
  using primitive = op::pad<>;
  static constexpr void lower(array_lowering& a, int node) {
    const int list = a.b.attribute(node), axis = a.b.lists.at(list, 0).size;
    const array_view x = a.view(a.b.operand(node, 0)), to = a.begin_call(node);
    a.put_place(to);
    a.put(a.elements_of(to));
    a.put_copy(x, a.part_of(to, axis, a.lengths.constant(a.b.lists.at(list, 1).size), x.extent[axis]));
  }
  static constexpr void count(auto& c, const int* words) {
    c.total.written += c.length(words[2]);
    c.copy(words + 3);
  }
  static void write_c(auto& c, const int* words) {
    c.fill(c.at(words), c.sum_of(words[2]));
    c.copy(words + 3);
  }
  template <class T>
  static void run(const array_machine<T>& m, const int* words) {
    put_zeros(m.place(words), m.length[words[2]]);
    copy_elements(m, words + 3);
  }
};

struct concatenate_kernel {
  using primitive = op::concatenate<>;
  static constexpr void lower(array_lowering& a, int node) {
    const int axis = a.b.lists.at(a.b.attribute(node), 0).size, count = a.b.count(node);
    for (int k = 0; k < count; ++k)
      if (const int x = a.b.operand(node, k); !a.can_be_elsewhere(x)) a.view(x);
    const array_view to = a.begin_call(node);
    const int place = a.words.used;
    a.put(0);
    int first = length_table::zero;
    for (int k = 0; k < count; ++k) {
      const int x = a.b.operand(node, k);
      const array_view part = a.part_of(to, axis, first, a.lengths.of(a.b.lists.at(a.b.shape(x), axis)));
      if (!a.compute_in(x, part)) a.put_copy(a.view(x), part), ++a.words[place];
      first = a.lengths.plus(first, part.extent[axis]);
    }
  }
  static constexpr void count(auto& c, const int* words) {
    const int* next = words + 1;
    for (int k = 0; k < words[0]; ++k) next = c.copy(next);
  }
  static void write_c(auto& c, const int* words) { count(c, words); }
  template <class T>
  static void run(const array_machine<T>& m, const int* words) {
    const int* next = words + 1;
    for (int k = 0; k < words[0]; ++k) next = copy_elements(m, next);
  }
};

/// How much scratch memory a call needs.
using scratch_size = std::ptrdiff_t (*)(const std::ptrdiff_t* length, const int* words);

template <class... Kernel>
struct kernel_list {
  static constexpr int size = static_cast<int>(sizeof...(Kernel));
  template <class Each>
  static constexpr structural_rule rule() {
    structural_rule own{known<typename Each::primitive>, &Each::lower};
    if constexpr (requires { Each::adding; }) own.adds_from = Each::adds_from, own.adding = Each::adding;
    return own;
  }
  static constexpr structural_rule rules[size] = {rule<Kernel>()...};

  /// Which calls have an index as their first word (call.hpp).
  template <class Each>
  static constexpr bool selects_elements = requires {
    Each::selects;
  };
  static constexpr bool selects[] = {selects_elements<Kernel>...};

  /// Which calls run other steps: words[1] is the first of them, words[2] how many they are, and words[0] how
  /// often.
  template <class Each>
  static constexpr bool runs_steps = requires {
    Each::runs_steps;
  };
  static constexpr bool loops[size] = {runs_steps<Kernel>...};

  template <class Each, class T, class Solver, bool IsUsed>
  static constexpr array_step<T> step() {
    if constexpr (!IsUsed)
      return nullptr;
    else if constexpr (requires { &Each::template run<T, Solver>; })
      return &Each::template run<T, Solver>;
    else
      return &Each::template run<T>;
  }
  template <class Each, class T, bool IsUsed>
  static constexpr scratch_size scratch_of() {
    if constexpr (IsUsed && requires { &Each::template scratch<T>; })
      return &Each::template scratch<T>;
    else
      return nullptr;
  }

  /// What a call does, for its words, as a Counter adds it up (array_cost.hpp); views are no calls.
  template <class Each, class Counter>
  static constexpr void count(Counter& c, const int* words) {
    if constexpr (requires { Each::count(c, words); }) Each::count(c, words);
  }
  template <class Counter>
  static constexpr void (*counts[size])(Counter&, const int*) = {&count<Kernel, Counter>...};

  /// What writes a call in C; null for a kernel that does not say how.
  template <class Each, class Writer>
  static void write_c(Writer& c, const int* words) {
    Each::write_c(c, words);
  }
  template <class Writer>
  using c_writing = void (*)(Writer&, const int*);
  template <class Each, class Writer>
  static constexpr c_writing<Writer> find_c(Writer* c = nullptr, const int* words = nullptr) {
    if constexpr (requires { Each::write_c(*c, words); })
      return &write_c<Each, Writer>;
    else
      return nullptr;
  }
  template <class Writer>
  static constexpr c_writing<Writer> writes_c[size] = {find_c<Kernel, Writer>()...};

  template <class Each>
  static constexpr split_axes split(const int* words) {
    if constexpr (requires { Each::split(words); })
      return Each::split(words);
    else
      return {0, 0};
  }
  static constexpr split_axes (*splits[size])(const int*) = {&split<Kernel>...};

  /// The kernels with the bits that are set in Used; others are not compiled.
  template <class T, class Solver, std::uint64_t Used, class K = std::make_integer_sequence<int, size>>
  struct chosen;
  template <class T, class Solver, std::uint64_t Used, int... K>
  struct chosen<T, Solver, Used, std::integer_sequence<int, K...>> {
    static constexpr array_step<T> steps[] = {step<Kernel, T, Solver, (Used >> K & 1) != 0>()...};
    static constexpr scratch_size scratch[] = {scratch_of<Kernel, T, (Used >> K & 1) != 0>()...};
  };
};
/// Those of the structural primitives that every function may have.
using structural_kernels =
    kernel_list<contraction_kernel, broadcast_kernel, reshape_kernel, identity_kernel, arange_kernel,
                slice_kernel, pad_kernel, concatenate_kernel, reduction_kernel<op::reduce_max<>, largest>,
                reduction_kernel<op::reduce_min<>, smallest>,
                reduction_kernel<op::reduce_logsumexp<>, log_of_exponentials>,
                matrix_kernel<op::inverse, inverse_of_matrix>,
                matrix_kernel<op::determinant, determinant_of_matrix>,
                matrix_kernel<op::log_determinant, log_determinant_of_matrix>,
                matrix_kernel<op::cholesky, cholesky_of_matrix>, solution_kernel>;

/// The kernel of a structural primitive in a header of its own. A graph with that primitive has the kernel
/// `besides` too, if there is one, which goes before an earlier one of its primitive.
template <class Op>
struct kernel_of;
template <class List, class... Op>
struct kernels_and {
  using type = List;
};
template <class... Kernel, class Op, class... Rest>
struct kernels_and<kernel_list<Kernel...>, Op, Rest...>
    : kernels_and<kernel_list<Kernel..., kernel_of<Op>>, Rest...> {};
template <class... Kernel, class Op, class... Rest>
requires requires { typename kernel_of<Op>::besides; }
struct kernels_and<kernel_list<Kernel...>, Op, Rest...>
    : kernels_and<kernel_list<Kernel..., kernel_of<Op>, typename kernel_of<Op>::besides>, Rest...> {};

/// Nodes of a graph with structural primitives that are not in the list above, one for each.
template <class Result>
constexpr auto further_primitives() {
  struct {
    int count = 0, node[64]{};
  } further;
  for (int i = 0; i < Result::graph.nodes; ++i) {
    const record* const op = Result::graph.op[i];
    bool is_new = op->shaped != nullptr && (op->shaped->infer != nullptr || op->shaped->integers);
    for (int k = 0; k < structural_kernels::size; ++k)
      is_new = is_new && structural_kernels::rules[k].op != op;
    for (int k = 0; k < further.count; ++k) is_new = is_new && Result::graph.op[further.node[k]] != op;
    if (is_new) further.node[further.count++] = i;
  }
  return further;
}
/// All kernels that a graph may need.
template <class Result, class K = std::make_integer_sequence<int, further_primitives<Result>().count>>
struct kernels_for;
template <class Result, int... K>
struct kernels_for<Result, std::integer_sequence<int, K...>>
    : kernels_and<structural_kernels,
                  operation_of<Result::graph.op[further_primitives<Result>().node[K]]>...> {};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
