// SPDX-License-Identifier: BSL-1.0
// The call of a loss: its arrays and options as one set of terms, in which its formula is written, and the
// reduction of what the formula gives.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <string_view>

#include "../../formula/array/selections.hpp"
#include "options.hpp"

namespace tg::detail {

/// The losses one by one, weighted, and what each counts in the mean.
struct elementwise_loss {
  handle each;
  handle weight = 1;
};

/// The arrays of a call of a loss and its options.
class loss_terms {
 public:
  constexpr loss_terms(builder& graph, std::string_view function) : b{graph}, name{function} {}

  constexpr void add(int array) { array_[arrays_++] = array; }
  constexpr void set(loss_option o, int value, int number) {
    values_[static_cast<int>(o)] = value, numbers_[static_cast<int>(o)] = number, given_ |= bit_of(o);
  }
  constexpr handle array(int k) const { return {b, array_[k]}; }
  constexpr handle constant(const exact& number) const { return {b, b.constant(number)}; }
  constexpr bool has(loss_option o) const { return (given_ & bit_of(o)) != 0; }
  constexpr handle value(loss_option o, handle otherwise) const {
    return has(o) ? handle{b, values_[static_cast<int>(o)]} : otherwise;
  }
  constexpr int number(loss_option o, int otherwise) const {
    return has(o) ? numbers_[static_cast<int>(o)] : otherwise;
  }

  /// Refuses the call unless each of the first so many arrays has the shape of the first, or one of the two
  /// is a number.
  constexpr void check_one_shape(int count) {
    for (int k = 1; k < count; ++k) {
      const int p = b.shape(array_[0]), t = b.shape(array_[k]);
      if (p != t && p != 0 && t != 0) b.refuse_shapes(name, p, t);
    }
  }
  /// Whether x has the shape of the losses, or is a number.
  constexpr bool fits_losses(const handle& x, const handle& losses) {
    const int own = b.shape(x.in(b)), shape = b.shape(losses.in(b));
    if (own != shape && own != 0) b.refuse_shapes(name, shape, own);
    return is_right();
  }
  constexpr elementwise_loss refuse_classes() {
    b.refuse_index(name, b.shape(array_[1]));
    return {array(0)};
  }
  constexpr bool is_right() const { return b.misfit.function.empty(); }

  constexpr handle reduced(elementwise_loss loss) const {
    const int shape = b.shape(loss.each.in(b));
    bool counts = loss.weight.graph == nullptr;
    if (has(loss_option::sample_weights)) {
      const handle w = value(loss_option::sample_weights, 1);
      const int own = b.shape(w.in(b));
      if (join_shapes(b, shape, own) != shape) return b.refuse_shapes(name, shape, own), handle(b, zero_node);
      loss.each = loss.each * w, loss.weight = loss.weight * w, counts = false;
    }
    const int reduction = number(loss_option::reduction, mean_of_losses);
    if (reduction == each_loss) return loss.each;
    const handle total = tg::sum(handle(b, broadcast(b, loss.each.in(b), shape)));
    if (reduction == sum_of_losses) return total;
    if (reduction == batch_mean_of_losses)
      return b.lists.rank(shape) == 0 ? total : total / handle(b, length_node(b, b.lists.at(shape, 0)));
    if (counts) return tg::mean(handle(b, broadcast(b, loss.each.in(b), shape)));
    return total / tg::sum(handle(b, broadcast(b, loss.weight.in(b), shape)));
  }

  builder& b;
  std::string_view name;

 private:
  static constexpr int options = static_cast<int>(loss_option::count);
  int array_[3]{}, arrays_ = 0;
  int values_[options]{}, numbers_[options]{};
  unsigned given_ = 0;
};

/// What most losses are: of so many arrays, the first of which have one shape, each element by itself.
template <int Arrays, int OfOneShape = Arrays, bool AlongLastAxis = false>
struct loss_of_arrays {
  static constexpr int arrays = Arrays, of_one_shape = OfOneShape;
  static constexpr bool along_last_axis = AlongLastAxis;
};

/// A loss of arrays: Loss::of makes from the terms what elementwise_loss says.
template <class Loss, class... Options>
struct loss_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    loss_terms terms(b, Loss::name);
    for (int k = 0; k < Loss::arrays; ++k) terms.add(args[k]);
    int k = Loss::arrays;
    (terms.set(Options::option, args[k++], Options::number), ...);
    if (Loss::along_last_axis && b.shape(args[0]) == 0) b.refuse_axis(Loss::name, 0, -1);
    terms.check_one_shape(Loss::of_one_shape);
    if (!terms.is_right()) return zero_node;
    const elementwise_loss loss = Loss::of(terms);
    return terms.is_right() ? terms.reduced(loss).in(b) : int{zero_node};
  }
};

/// What is wrong with the options of a call; empty if nothing is.
template <class... Options>
constexpr std::string_view fault_of_options() {
  if constexpr (!(LossOption<Options> && ...)) {
    return "after the arrays come options alone, such as tg::loss::sum";
  } else {
    unsigned given = 0;
    std::string_view fault{};
    [[maybe_unused]] const auto look = [&](loss_option o) {
      if ((given & bit_of(o)) != 0) fault = "an option is given twice";
      given |= bit_of(o);
    };
    (look(Options::option), ...);
    return fault;
  }
}
/// The first option that the loss has no use for; `count` if there is none.
template <class Loss, class... Options>
constexpr loss_option useless_option() {
  constexpr unsigned takes =
      Loss::takes | bit_of(loss_option::reduction) | bit_of(loss_option::sample_weights);
  loss_option found = loss_option::count;
  [[maybe_unused]] const auto look = [&](loss_option o) {
    if (found == loss_option::count && (takes & bit_of(o)) == 0) found = o;
  };
  (look(Options::option), ...);
  return found;
}

/// A loss of operands of these types; options follow them.
template <class Loss, class... X>
struct loss_of {
  template <class... Options>
  static constexpr auto with(const X&... x, const Options&... options) {
    constexpr auto name = text_of([] { return Loss::name; });
    if constexpr (!fault_of_options<Options...>().empty()) {
      constexpr auto fault = text_of([] { return fault_of_options<Options...>(); });
      return refuse<join(name, text{": "}, fault, text{"."}), X...>();
    } else if constexpr (useless_option<Loss, Options...>() != loss_option::count) {
      constexpr auto option =
          text_of([] { return loss_option_names[static_cast<int>(useless_option<Loss, Options...>())]; });
      return refuse<join(name, text{": tg::loss::"}, option, text{" is an option of other losses."}), X...>();
    } else {
      return call_structural<loss_call<Loss, loss_flag<Options::option, Options::number>...>>(
          x..., value_of(options)...);
    }
  }
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
