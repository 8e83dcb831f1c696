// SPDX-License-Identifier: BSL-1.0
// Losses of classes: cross_entropy, nll, binary_cross_entropy with and without logits, hinge, multi_margin,
// soft_margin.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "call.hpp"

namespace tg {

namespace detail {

/// torch's axis of classes: the one after that of the batch, or the only one.
inline constexpr int class_axis = 1000;

/// Scores of classes along an axis, and what the targets say of them: a class each, by a symbol of indices,
/// or a number for every class.
template <int Axis>
class class_scores {
 public:
  constexpr explicit class_scores(loss_terms& t)
      : terms{t},
        b{t.b},
        shape_{b.shape(t.array(0).id)},
        axis_{axis_of(b, t.name, shape_, Axis == class_axis ? (b.lists.rank(shape_) > 1 ? 1 : 0) : Axis)},
        by_class{is_index_symbol(b, t.array(1).id)} {
    if (!terms.is_right()) return;
    if (by_class) {
      selecting s(b, t.name, known<op::gather<>>);
      if (s.axes_in_place(shape_, t.array(1).id, axis_) > 0)
        b.refuse_shapes(t.name, shape_, b.shape(t.array(1).id));
    } else if (b.lists.rank(b.shape(t.array(1).id)) < b.lists.rank(shape_)) {
      b.refuse_index(t.name, b.shape(t.array(1).id));
    } else if (b.shape(t.array(1).id) != shape_) {
      b.refuse_shapes(t.name, shape_, b.shape(t.array(1).id));
    }
    if (terms.has(loss_option::class_weights)) take_weights();
  }
  constexpr handle scores() const { return terms.array(0); }
  constexpr handle target() const { return terms.array(1); }
  constexpr handle over_classes(const handle& x) const {
    const int whole = broadcast(b, x.in(b), shape_);
    reducer r(b, whole, axes(), false);
    return {b, r.finish(r.sum(whole))};
  }
  constexpr handle logsumexp(bool keep) const {
    reducer r(b, scores().id, axes(), keep);
    return {b, r.finish(r.by(known<op::reduce_logsumexp<>>, scores().id))};
  }
  /// The element of each target's class.
  constexpr handle of_class(const handle& x) const {
    selecting s(b, terms.name, known<op::gather<>>);
    const extent after = as_extent(b.lists.rank(shape_) - 1 - axis_);
    return {b, s.make(x.in(b), shape_, target().id, {as_extent(axis_), as_extent(axis_), after}, ignored())};
  }
  /// x without the classes, with an axis of length 1 in their place.
  constexpr handle beside_scores(const handle& x) const {
    return {b, reshape(b, x.in(b), reduced_shape(b, shape_, axes(), true))};
  }
  /// 1 at each target's class, 0 elsewhere.
  constexpr handle indicator() const {
    selecting s(b, terms.name, known<op::scatter_add<>>);
    const extent before = as_extent(axis_), after = as_extent(b.lists.rank(shape_) - 1 - axis_);
    return {b, s.make(one_node, b.shape(target().id), target().id,
                      {before, before, after, b.lists.at(shape_, axis_)}, ignored())};
  }
  constexpr handle class_count() const { return {b, length_node(b, b.lists.at(shape_, axis_))}; }
  /// The weights of all classes, beside the scores, and that of each target's class.
  constexpr handle weights() const { return weights_; }
  constexpr handle weight_of_class() const {
    if (!terms.has(loss_option::class_weights))
      return terms.has(loss_option::ignore_index) ? unless_ignored(1) : 1;
    selecting s(b, terms.name, known<op::gather<>>);
    const int w = terms.value(loss_option::class_weights, 1).in(b);
    return {b, s.make(w, b.shape(w), target().id, {as_extent(0), as_extent(0), as_extent(0)}, ignored())};
  }
  /// x, or 0 where the target's class is none.
  constexpr handle unless_ignored(const handle& x) const {
    return terms.has(loss_option::ignore_index) ? where(equal(target(), ignored()), 0, x) : x;
  }

 private:
  constexpr int ignored() const { return terms.number(loss_option::ignore_index, selection::all); }
  constexpr int axes() const {
    buffer<extent> list;
    list.push_back(as_extent(axis_));
    return b.lists.find(list);
  }
  constexpr void take_weights() {
    const int w = terms.value(loss_option::class_weights, 1).in(b);
    buffer<extent> all;
    all.push_back(b.lists.at(shape_, axis_));
    if (b.shape(w) != b.lists.find(all)) return b.refuse_shapes(terms.name, shape_, b.shape(w));
    for (int k = axis_ + 1; k < b.lists.rank(shape_); ++k) all.push_back(as_extent(1));
    weights_ = {b, reshape(b, w, b.lists.find(all))};
  }

  loss_terms& terms;
  builder& b;
  int shape_, axis_;
  handle weights_ = 1;

 public:
  const bool by_class;
};

/// -sum over classes of target*log(probability), for scores that are logits or such logarithms.
template <bool Logits, int Axis>
struct cross_entropy_loss : loss_of_arrays<2, 1> {
  static constexpr std::string_view name = Logits ? "cross_entropy" : "nll";
  static constexpr unsigned takes = bit_of(loss_option::class_weights) | bit_of(loss_option::ignore_index) |
                                    (Logits ? bit_of(loss_option::label_smoothing) : 0);
  static constexpr elementwise_loss of(loss_terms& terms) {
    const class_scores<Axis> c(terms);
    if (!terms.is_right()) return {terms.array(0)};
    if (!c.by_class && (!Logits || terms.has(loss_option::ignore_index))) return terms.refuse_classes();
    const handle x = c.scores(), share = terms.value(loss_option::label_smoothing, 0);
    // The same loss for all classes alike.
    const auto of_all = [&](const handle& parts) { return c.over_classes(parts * (c.logsumexp(true) - x)); };
    if (!c.by_class) {
      handle target = c.target();
      if (terms.has(loss_option::label_smoothing)) target = (1 - share) * target + share / c.class_count();
      return {of_all(c.weights() * target)};
    }
    const handle weight = c.weight_of_class();
    handle each = -c.of_class(x);
    if constexpr (Logits) each = c.logsumexp(false) + each;
    each = weight * each;
    if (terms.has(loss_option::label_smoothing))
      each = (1 - share) * each + share / c.class_count() * of_all(c.weights());
    return {c.unless_ignored(each), weight};
  }
};

struct binary_loss : loss_of_arrays<2> {
  static constexpr std::string_view name = "binary_cross_entropy";
  static constexpr unsigned takes = 0;
  static constexpr elementwise_loss of(loss_terms& terms) {
    const handle p = terms.array(0), t = terms.array(1);
    return {-(t * max(log(p), -100) + (1 - t) * max(log1p(-p), -100))};
  }
};
struct binary_loss_of_logits : loss_of_arrays<2> {
  static constexpr std::string_view name = "binary_cross_entropy_with_logits";
  static constexpr unsigned takes = bit_of(loss_option::pos_weight);
  static constexpr elementwise_loss of(loss_terms& terms) {
    const handle x = terms.array(0), t = terms.array(1);
    return {terms.value(loss_option::pos_weight, 1) * t * softplus(-x) + (1 - t) * softplus(x)};
  }
};

/// A power of what is above 0.
constexpr handle hinge_of(const loss_terms& terms, const handle& x) {
  const int power = terms.number(loss_option::power, 1);
  return power == 1 ? relu(x) : pow(relu(x), power);
}
struct hinge_loss : loss_of_arrays<2> {
  static constexpr std::string_view name = "hinge";
  static constexpr unsigned takes = bit_of(loss_option::margin) | bit_of(loss_option::power);
  static constexpr elementwise_loss of(loss_terms& terms) {
    return {hinge_of(terms, terms.value(loss_option::margin, 1) - terms.array(1) * terms.array(0))};
  }
};
struct soft_margin_loss : loss_of_arrays<2> {
  static constexpr std::string_view name = "soft_margin";
  static constexpr unsigned takes = 0;
  static constexpr elementwise_loss of(loss_terms& terms) {
    return {softplus(-terms.array(1) * terms.array(0))};
  }
};
struct multi_margin_loss : loss_of_arrays<2, 1> {
  static constexpr std::string_view name = "multi_margin";
  static constexpr unsigned takes =
      bit_of(loss_option::margin) | bit_of(loss_option::power) | bit_of(loss_option::class_weights);
  static constexpr elementwise_loss of(loss_terms& terms) {
    using classes = class_scores<-1>;
    const classes c(terms);
    if (!terms.is_right()) return {terms.array(0)};
    if (!c.by_class) return terms.refuse_classes();
    const handle own = c.of_class(c.scores()), margin = terms.value(loss_option::margin, 1);
    const handle missing = hinge_of(terms, margin - c.beside_scores(own) + c.scores());
    const handle of_others = where(equal(c.indicator(), 1), 0, missing);
    return {c.weight_of_class() * c.over_classes(of_others) / c.class_count()};
  }
};

}  // namespace detail

namespace loss {

// clang-format off
/// logsumexp(x) - x[class] of logits x along an axis, torch's: the one after the batch's, or the only one. The targets are a symbol of indices, of the
/// shape without the axis, or probabilities of the shape of x: sum(p (logsumexp(x) - x)). With class_weights the mean is divided by the weights of the targets' classes
/// (of probabilities by their number); ignore_index<k> leaves out rows of the class k, and the mean of no rows is NaN; label_smoothing(e) makes (1 - e) t + e/classes of the targets t.
template <int Axis = detail::class_axis, class X, class T, class... O> requires AnySymbolic<X, T> constexpr auto cross_entropy(const X& logits, const T& target, const O&... options) { return detail::loss_of<detail::cross_entropy_loss<true, Axis>, X, T>::with(logits, target, options...); }
/// -x[class] of logarithms of probabilities, as log_softmax has them.
template <int Axis = detail::class_axis, class X, class T, class... O> requires AnySymbolic<X, T> constexpr auto nll(const X& log_probabilities, const T& target, const O&... options) { return detail::loss_of<detail::cross_entropy_loss<false, Axis>, X, T>::with(log_probabilities, target, options...); }
/// -(t log(p) + (1 - t) log(1 - p)) of probabilities; logarithms are -100 at least, as torch's, and have a derivative of 0 there.
template <class P, class T, class... O> requires AnySymbolic<P, T> constexpr auto binary_cross_entropy(const P& p, const T& t, const O&... options) { return detail::loss_of<detail::binary_loss, P, T>::with(p, t, options...); }
/// w t softplus(-x) + (1 - t) softplus(x) of logits; w is pos_weight, else 1.
template <class X, class T, class... O> requires AnySymbolic<X, T> constexpr auto binary_cross_entropy_with_logits(const X& x, const T& t, const O&... options) { return detail::loss_of<detail::binary_loss_of_logits, X, T>::with(x, t, options...); }
/// max(0, margin - t x)^power for targets of 1 and -1; margin and power are 1. At the corner the derivative is 0.
template <class X, class T, class... O> requires AnySymbolic<X, T> constexpr auto hinge(const X& x, const T& t, const O&... options) { return detail::loss_of<detail::hinge_loss, X, T>::with(x, t, options...); }
/// log(1 + exp(-t x)) for targets of 1 and -1.
template <class X, class T, class... O> requires AnySymbolic<X, T> constexpr auto soft_margin(const X& x, const T& t, const O&... options) { return detail::loss_of<detail::soft_margin_loss, X, T>::with(x, t, options...); }
/// The sum over the other classes of max(0, margin - x[class] + x)^power, by the number of classes, which are along the last axis; a class weight multiplies
/// it. margin and power are 1.
template <class X, class T, class... O> requires AnySymbolic<X, T> constexpr auto multi_margin(const X& x, const T& t, const O&... options) { return detail::loss_of<detail::multi_margin_loss, X, T>::with(x, t, options...); }
// clang-format on

}  // namespace loss

}  // namespace tg

#include "../../support/compiler/end.hpp"
