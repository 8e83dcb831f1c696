// SPDX-License-Identifier: BSL-1.0
// Elements chosen by symbols of indices: gather, take_along, their transposes scatter_add and
// scatter_add_along, one_hot.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../array/selection.hpp"
#include "movements.hpp"

namespace tg {

namespace detail {

template <auto Name, auto... Extents>
using index_formula = formula<node::array<Name, Extents..., integers_t{}>>;

}  // namespace detail

/// The symbol of an array of indices of that name and shape: tg::index<"i", tg::rows>. A call takes 32- or
/// 64-bit integers for it. tg::gather and its kin select by it; everywhere else its elements are numbers.
/// Nothing is differentiated by it.
template <text Name, auto... Extents>
inline constexpr detail::index_formula<Name, detail::spelled_extent<Extents>()...> index{};

namespace detail {

/// Selections as calls of functions; what is refused is named by the function.
class selecting {
 public:
  constexpr selecting(builder& graph, std::string_view function, const record* op)
      : b{graph}, function_{function}, op_{op} {}

  /// Whether x may be an index.
  constexpr bool takes(int x) {
    if (!is_index_node(b, x)) b.refuse_index(function_, b.shape(x));
    return b.misfit.function.empty();
  }
  /// The axes before and after an axis of the shape are also the index's, which may have one in its place;
  /// how many it has, -1 where they differ.
  constexpr int axes_in_place(int shape, int index, int axis) {
    const int at = b.shape(index), own = b.lists.rank(at) - b.lists.rank(shape) + 1;
    if (own != 0 && own != 1) return b.refuse_shapes(function_, shape, at), -1;
    for (int k = 0; k < b.lists.rank(shape); ++k) {
      if (k == axis) continue;
      const extent x = b.lists.at(shape, k), y = b.lists.at(at, k < axis ? k : k - 1 + own);
      if (!(x == y)) return b.refuse_shapes(function_, shape, at, x, y), -1;
    }
    return own;
  }
  constexpr int make(int x, int shape, int index, std::initializer_list<extent> attribute,
                     int ignored = selection::all) {
    buffer<extent> list;
    for (const extent& e : attribute) list.push_back(e);
    if (ignored != selection::all) list.push_back(as_extent(ignored));
    const call_of_two call(op_, b.lists.find(list), x, shape, index, b.shape(index));
    const bool fits = b.misfit.function.empty();
    const int made = broadcast(b, op_->shaped->construct(b, call), op_->shaped->infer(b, call));
    if (fits && !b.misfit.function.empty()) b.misfit.function = function_;
    return made;
  }

 private:
  builder& b;
  std::string_view function_;
  const record* op_;
};

template <int Axis, int... Ignored>
struct gather_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    const int shape = b.shape(args[0]), axis = axis_of(b, "gather", shape, Axis);
    selecting s(b, "gather", known<op::gather<>>);
    if (!s.takes(args[1])) return zero_node;
    return s.make(args[0], shape, args[1],
                  {as_extent(axis), as_extent(0), as_extent(0), as_extent(Ignored)...});
  }
};
template <int Axis, int... Ignored>
struct take_along_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    const int shape = b.shape(args[0]), axis = axis_of(b, "take_along", shape, Axis);
    selecting s(b, "take_along", known<op::gather<>>);
    if (!s.takes(args[1]) || s.axes_in_place(shape, args[1], axis) < 0) return zero_node;
    return s.make(
        args[0], shape, args[1],
        {as_extent(axis), as_extent(axis), as_extent(b.lists.rank(shape) - 1 - axis), as_extent(Ignored)...});
  }
};
template <auto Length, int Axis, int... Ignored>
struct scatter_add_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    selecting s(b, "scatter_add", known<op::scatter_add<>>);
    if (!s.takes(args[1])) return zero_node;
    const int shape = b.shape(args[0]) == 0 ? b.shape(args[1]) : b.shape(args[0]),
              own = b.lists.rank(b.shape(args[1])), rank = b.lists.rank(shape) - own + 1;
    const int axis = Axis < 0 ? Axis + rank : Axis;
    if (axis < 0 || axis >= rank) return b.refuse_shapes("scatter_add", shape, b.shape(args[1])), zero_node;
    for (int k = 0; k < own; ++k) {
      const extent x = b.lists.at(shape, axis + k), y = b.lists.at(b.shape(args[1]), k);
      if (!(x == y)) return b.refuse_shapes("scatter_add", shape, b.shape(args[1]), x, y), zero_node;
    }
    return s.make(args[0], shape, args[1],
                  {as_extent(axis), as_extent(0), as_extent(0), as_extent(spelled_extent<Length>()),
                   as_extent(Ignored)...});
  }
};
template <auto Length, int Axis, int... Ignored>
struct scatter_add_along_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    selecting s(b, "scatter_add_along", known<op::scatter_add<>>);
    const int shape = b.shape(args[0]), index = b.shape(args[1]);
    if (!s.takes(args[1])) return zero_node;
    if (shape != index) return b.refuse_shapes("scatter_add_along", shape, index), zero_node;
    const int axis = axis_of(b, "scatter_add_along", shape, Axis);
    if (axis < 0) return zero_node;
    return s.make(args[0], shape, args[1],
                  {as_extent(axis), as_extent(axis), as_extent(b.lists.rank(shape) - 1 - axis),
                   as_extent(spelled_extent<Length>()), as_extent(Ignored)...});
  }
};
template <auto Length, int... Ignored>
struct one_hot_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    selecting s(b, "one_hot", known<op::scatter_add<>>);
    if (!s.takes(args[0])) return zero_node;
    const extent rank = as_extent(b.lists.rank(b.shape(args[0])));
    return s.make(one_node, b.shape(args[0]), args[0],
                  {rank, rank, as_extent(0), as_extent(spelled_extent<Length>()), as_extent(Ignored)...});
  }
};

}  // namespace detail

// An index out of range, a negative one too, is refused in a call by tg::unfit_array before anything is
// written.

/// As the last argument of a selection: that index stands for none. It need not be in range; it gives 0, and
/// adds nothing (the padding_idx and ignore_index of PyTorch).
template <int Index>
struct ignore_t {
  static_assert(Index != detail::selection::all, "typegrad: ignore: the index is out of range.");
};
template <int Index>
inline constexpr ignore_t<Index> ignore{};

/// The elements of x at the places i, a symbol of indices or an argmax over no more elements, along an axis:
/// the shape of i stands in the place of the axis (numpy.take). gather(table, i) is the lookup of rows: (v,
/// d) and (n) to (n, d). The derivative by x is a scatter_add.
template <int Axis = 0, class X, class I>
requires AnySymbolic<X, I>
constexpr auto gather(const X& x, const I& i) {
  return detail::call_structural<detail::gather_call<Axis>>(x, i);
}
template <int Axis = 0, int Ignored, class X, class I>
requires AnySymbolic<X, I>
constexpr auto gather(const X& x, const I& i, ignore_t<Ignored>) {
  return detail::call_structural<detail::gather_call<Axis, Ignored>>(x, i);
}
/// One element from each line of x along an axis, at the place that i says: i has the shape of x without the
/// axis. Where i has the axis too, of whatever length, several from each (numpy.take_along_axis,
/// torch.gather). take_along<-1>(log_softmax<-1>(x), i) is what a cross entropy needs: (n, classes) and (n)
/// to (n).
template <int Axis, class X, class I>
requires AnySymbolic<X, I>
constexpr auto take_along(const X& x, const I& i) {
  return detail::call_structural<detail::take_along_call<Axis>>(x, i);
}
template <int Axis, int Ignored, class X, class I>
requires AnySymbolic<X, I>
constexpr auto take_along(const X& x, const I& i, ignore_t<Ignored>) {
  return detail::call_structural<detail::take_along_call<Axis, Ignored>>(x, i);
}
/// Zeros of that length along an axis, and the elements of x added at the places i; the transpose of gather:
/// (n, d) and (n) to (Length, d). Elements of one place are added in their order. scatter_add<10>(1_c, i)
/// counts.
template <auto Length, int Axis = 0, class X, class I>
requires AnySymbolic<X, I>
constexpr auto scatter_add(const X& x, const I& i) {
  return detail::call_structural<detail::scatter_add_call<Length, Axis>>(x, i);
}
template <auto Length, int Axis = 0, int Ignored, class X, class I>
requires AnySymbolic<X, I>
constexpr auto scatter_add(const X& x, const I& i, ignore_t<Ignored>) {
  return detail::call_structural<detail::scatter_add_call<Length, Axis, Ignored>>(x, i);
}
/// The same line by line along an axis, where x has the shape of i (torch.scatter_add): the transpose of
/// take_along.
template <auto Length, int Axis, class X, class I>
requires AnySymbolic<X, I>
constexpr auto scatter_add_along(const X& x, const I& i) {
  return detail::call_structural<detail::scatter_add_along_call<Length, Axis>>(x, i);
}
template <auto Length, int Axis, int Ignored, class X, class I>
requires AnySymbolic<X, I>
constexpr auto scatter_add_along(const X& x, const I& i, ignore_t<Ignored>) {
  return detail::call_structural<detail::scatter_add_along_call<Length, Axis, Ignored>>(x, i);
}
/// 1 at the place that i says and 0 elsewhere, along a new last axis of that length: (n) to (n, Length).
template <auto Length, Symbolic I>
constexpr auto one_hot(const I& i) {
  return detail::call_structural<detail::one_hot_call<Length>>(i);
}
template <auto Length, int Ignored, Symbolic I>
constexpr auto one_hot(const I& i, ignore_t<Ignored>) {
  return detail::call_structural<detail::one_hot_call<Length, Ignored>>(i);
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
