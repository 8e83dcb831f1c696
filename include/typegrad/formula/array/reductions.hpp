// SPDX-License-Identifier: BSL-1.0
// Reductions over axes: sum, mean, variance, norm, max, min, logsumexp; and what is made with them: softmax,
// log_softmax, layer_norm. Axes are template arguments, counted from the end if they are negative, and all
// axes where none is given; with tg::keep as the last argument their extents become 1 instead of vanishing.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../array/reduction.hpp"
#include "calls.hpp"

namespace tg {

/// As the last argument of a reduction: its axes stay, with extent 1.
struct keep_t {};
inline constexpr keep_t keep{};

namespace detail {

/// The axes of a call as an attribute, in ascending order; 0 where one of them does not exist or there is
/// none.
template <int... Axes>
constexpr int axes_list(builder& b, std::string_view function, int shape) {
  const int rank = b.lists.rank(shape);
  buffer<char> chosen(rank + 1);
  if constexpr (sizeof...(Axes) == 0)
    for (int axis = 0; axis < rank; ++axis) chosen[axis] = 1;
  else
    for (int axis : {Axes...}) {
      if (axis < -rank || axis >= rank) return b.refuse_axis(function, shape, axis), 0;
      chosen[axis < 0 ? axis + rank : axis] = 1;
    }
  buffer<extent> axes;
  for (int axis = 0; axis < rank; ++axis)
    if (chosen[axis] != 0) axes.push_back(as_extent(axis));
  return b.lists.find(axes);
}

/// A reduction of x over the axes of a list, in the shape that is asked for.
class reducer {
 public:
  constexpr reducer(builder& graph, int x, int axes, bool keep)
      : b{graph},
        axes_{axes},
        whole_{graph.shape(x)},
        kept_{reduced_shape(graph, whole_, axes, true)},
        left_{reduced_shape(graph, whole_, axes, false)},
        keep_{keep} {}

  /// As they stand beside x, with 1 in the place of the axes.
  constexpr int sum(int x) { return sum_to(b, x, whole_, kept_); }
  constexpr int mean(int x) { return divide(b, sum(x), count()); }
  constexpr int by(const record* op, int x) {
    buffer<int> args, declared;
    args.push_back(x), declared.push_back(whole_);
    if (axes_ == 0) return x;
    const int reduced = op->shaped->construct(b, {op, axes_, args, declared});
    return left_ == 0 ? reduced : reshape(b, broadcast(b, reduced, left_), kept_);
  }
  /// How many elements there are along the axes.
  constexpr int count() {
    int length = one_node;
    for (int k = 0; k < b.lists.rank(axes_); ++k)
      length = multiply(b, length, length_node(b, b.lists.at(whole_, b.lists.at(axes_, k).size)));
    return length;
  }
  /// The result.
  constexpr int finish(int reduced) {
    if (!keep_ && left_ == 0) return reshape(b, reduced, 0);
    reduced = broadcast(b, reduced, kept_);
    return keep_ ? reduced : reshape(b, reduced, left_);
  }

 private:
  builder& b;
  int axes_, whole_, kept_, left_;
  bool keep_;
};

constexpr int square(builder& b, int x) { return power(b, x, {2}); }
constexpr int subtract(builder& b, int x, int y) { return add(b, x, negate(b, y)); }

struct sum_of_axes {
  static constexpr std::string_view name = "sum";
  static constexpr int reduce(builder&, reducer& r, int x) { return r.sum(x); }
};
struct mean_of_axes {
  static constexpr std::string_view name = "mean";
  static constexpr int reduce(builder&, reducer& r, int x) { return r.mean(x); }
};
struct variance_of_axes {
  static constexpr std::string_view name = "variance";
  static constexpr int reduce(builder& b, reducer& r, int x) {
    return r.mean(square(b, subtract(b, x, r.mean(x))));
  }
};
struct norm_of_axes {
  static constexpr std::string_view name = "norm";
  static constexpr int reduce(builder& b, reducer& r, int x) { return root(b, r.sum(square(b, x))); }
};
template <class Op>
struct extreme_of_axes {
  static constexpr std::string_view name = Op::name;
  static constexpr int reduce(builder&, reducer& r, int x) { return r.by(known<Op>, x); }
};

/// A reduction of formulas over axes.
template <class Reduction, bool Keep, int... Axes>
struct reduction_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    const int axes = axes_list<Axes...>(b, Reduction::name, b.shape(args[0]));
    if (!b.misfit.function.empty()) return zero_node;
    reducer r(b, args[0], axes, Keep);
    return r.finish(Reduction::reduce(b, r, args[0]));
  }
};

template <int... Axes>
struct softmax_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    const int axes = axes_list<Axes...>(b, "softmax", b.shape(args[0]));
    if (!b.misfit.function.empty()) return zero_node;
    reducer r(b, args[0], axes, true);
    return broadcast(b, make<op::softmax_weight>(b, args[0], r.by(known<op::reduce_logsumexp<>>, args[0])),
                     b.shape(args[0]));
  }
};
template <int... Axes>
struct log_softmax_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    const int axes = axes_list<Axes...>(b, "log_softmax", b.shape(args[0]));
    if (!b.misfit.function.empty()) return zero_node;
    reducer r(b, args[0], axes, true);
    return broadcast(b, subtract(b, args[0], r.by(known<op::reduce_logsumexp<>>, args[0])), b.shape(args[0]));
  }
};
template <int... Axes>
struct layer_norm_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    const int axes = axes_list<Axes...>(b, "layer_norm", b.shape(args[0]));
    if (!b.misfit.function.empty()) return zero_node;
    reducer r(b, args[0], axes, true);
    const int centred = subtract(b, args[0], r.mean(args[0]));
    const int spread = root(b, add(b, r.mean(square(b, centred)), args[1]));
    return broadcast(b, divide(b, centred, spread), b.shape(args[0]));
  }
};

}  // namespace detail

// clang-format off
/// The sum over axes; of no elements 0.
template <int... Axes, Symbolic X> constexpr auto sum(const X& x) { return detail::call_structural<detail::reduction_call<detail::sum_of_axes, false, Axes...>>(x); }
template <int... Axes, Symbolic X> constexpr auto sum(const X& x, keep_t) { return detail::call_structural<detail::reduction_call<detail::sum_of_axes, true, Axes...>>(x); }
/// The sum over axes by the number of elements.
template <int... Axes, Symbolic X> constexpr auto mean(const X& x) { return detail::call_structural<detail::reduction_call<detail::mean_of_axes, false, Axes...>>(x); }
template <int... Axes, Symbolic X> constexpr auto mean(const X& x, keep_t) { return detail::call_structural<detail::reduction_call<detail::mean_of_axes, true, Axes...>>(x); }
/// The mean of the squared distances from the mean (numpy.var; PyTorch's is larger by n/(n - 1)).
template <int... Axes, Symbolic X> constexpr auto variance(const X& x) { return detail::call_structural<detail::reduction_call<detail::variance_of_axes, false, Axes...>>(x); }
template <int... Axes, Symbolic X> constexpr auto variance(const X& x, keep_t) { return detail::call_structural<detail::reduction_call<detail::variance_of_axes, true, Axes...>>(x); }
/// The root of the sum of squares; of a matrix without axes that is the Frobenius norm. The derivative is infinite or NaN at 0.
template <int... Axes, Symbolic X> constexpr auto norm(const X& x) { return detail::call_structural<detail::reduction_call<detail::norm_of_axes, false, Axes...>>(x); }
template <int... Axes, Symbolic X> constexpr auto norm(const X& x, keep_t) { return detail::call_structural<detail::reduction_call<detail::norm_of_axes, true, Axes...>>(x); }
/// The largest element over axes; equal ones share the derivative, NaN if one is NaN.
template <int... Axes, Symbolic X> constexpr auto max(const X& x) { return detail::call_structural<detail::reduction_call<detail::extreme_of_axes<op::reduce_max<>>, false, Axes...>>(x); }
template <int... Axes, Symbolic X> constexpr auto max(const X& x, keep_t) { return detail::call_structural<detail::reduction_call<detail::extreme_of_axes<op::reduce_max<>>, true, Axes...>>(x); }
/// The smallest element over axes.
template <int... Axes, Symbolic X> constexpr auto min(const X& x) { return detail::call_structural<detail::reduction_call<detail::extreme_of_axes<op::reduce_min<>>, false, Axes...>>(x); }
template <int... Axes, Symbolic X> constexpr auto min(const X& x, keep_t) { return detail::call_structural<detail::reduction_call<detail::extreme_of_axes<op::reduce_min<>>, true, Axes...>>(x); }
/// log(sum(exp(x))) over axes, without overflow.
template <int... Axes, Symbolic X> constexpr auto logsumexp(const X& x) { return detail::call_structural<detail::reduction_call<detail::extreme_of_axes<op::reduce_logsumexp<>>, false, Axes...>>(x); }
template <int... Axes, Symbolic X> constexpr auto logsumexp(const X& x, keep_t) { return detail::call_structural<detail::reduction_call<detail::extreme_of_axes<op::reduce_logsumexp<>>, true, Axes...>>(x); }
/// exp(x) by its sum over axes.
template <int... Axes, Symbolic X> constexpr auto softmax(const X& x) { return detail::call_structural<detail::softmax_call<Axes...>>(x); }
/// The logarithm of the softmax, x - logsumexp(x).
template <int... Axes, Symbolic X> constexpr auto log_softmax(const X& x) { return detail::call_structural<detail::log_softmax_call<Axes...>>(x); }
/// (x - mean(x))/sqrt(variance(x) + epsilon) over axes; epsilon is 1e-5 (PyTorch's), BERT has 1e-12.
template <int... Axes, Symbolic X, class Epsilon> constexpr auto layer_norm(const X& x, const Epsilon& epsilon) { return detail::call_structural<detail::layer_norm_call<Axes...>>(x, epsilon); }
template <int... Axes, Symbolic X> constexpr auto layer_norm(const X& x) { return layer_norm<Axes...>(x, rational<1, 100000>); }
// clang-format on

}  // namespace tg

#include "../../support/compiler/end.hpp"
