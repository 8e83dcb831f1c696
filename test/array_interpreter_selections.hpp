// SPDX-License-Identifier: BSL-1.0
// The values of selections by indices, by order and by places, in plain loops over every index.
#pragma once
#include <typegrad/selection.hpp>

#include "array_interpreter.hpp"

namespace array_values {

/// The place in the wide array of what a selection has at an index into the narrow one: the index symbol has
/// `Before` axes before that one and `After` behind it. Empty where the index is one that is ignored.
template <int Axis, int Before, int After, int... Ignored>
shape_t place_in_wide(const values& i, const shape_t& at) {
  const std::size_t own = i.shape.size() - Before - After;
  shape_t of_index(at.begin() + (Axis - Before), at.begin() + static_cast<int>(Axis + own + After)),
      place(at.begin(), at.begin() + Axis);
  if (((element(i, of_index) == Ignored) || ...)) return {};
  place.push_back(static_cast<std::size_t>(element(i, of_index)));
  place.insert(place.end(), at.begin() + static_cast<int>(Axis + own), at.end());
  return place;
}
template <auto Axis, auto Before, auto After, auto... Ignored>
struct evaluator<tg::op::gather<Axis, Before, After, Ignored...>> {
  static values of(const setting&, const operands& x) {
    shape_t shape = x[0]->shape;
    shape.erase(shape.begin() + Axis);
    shape.insert(shape.begin() + Axis, x[1]->shape.begin() + Before, x[1]->shape.end() - After);
    return filled(shape, [&](const shape_t& at) {
      const shape_t from = place_in_wide<Axis, Before, After, Ignored...>(*x[1], at);
      return from.empty() ? 0 : element(*x[0], from);
    });
  }
};
template <auto Axis, auto Before, auto After, auto Length, auto... Ignored>
struct evaluator<tg::op::scatter_add<Axis, Before, After, Length, Ignored...>> {
  static values of(const setting& s, const operands& x) {
    const auto own = static_cast<int>(x[1]->shape.size()) - Before - After;
    shape_t shape = x[0]->shape;
    shape.erase(shape.begin() + Axis, shape.begin() + Axis + own);
    shape.insert(shape.begin() + Axis, extent_in<Length>(s));
    return filled(shape, [&](const shape_t& to) {
      double sum = 0;
      every_index(x[0]->shape, [&](const shape_t& at) {
        if (place_in_wide<Axis, Before, After, Ignored...>(*x[1], at) == to) sum += element(*x[0], at);
      });
      return sum;
    });
  }
};

template <auto Length>
struct evaluator<tg::op::arange<Length>> {
  static values of(const setting& s, const operands&) {
    return filled({extent_in<Length>(s)}, [](const shape_t& at) { return static_cast<double>(at[0]); });
  }
};
template <int... Axes>
struct evaluator<tg::op::flip<Axes...>> {
  static values of(const setting&, const operands& x) {
    return filled(x[0]->shape, [&](shape_t at) {
      ((at[Axes] = x[0]->shape[Axes] - 1 - at[Axes]), ...);
      return element(*x[0], at);
    });
  }
};
template <int Axis>
struct evaluator<tg::op::cumsum<Axis>> {
  static values of(const setting&, const operands& x) {
    return filled(x[0]->shape, [&](shape_t at) {
      double sum = 0;
      for (std::size_t last = at[Axis], k = 0; k <= last; ++k) at[Axis] = k, sum += element(*x[0], at);
      return sum;
    });
  }
};
template <int... Axes>
struct evaluator<tg::op::argmax<Axes...>> {
  static values of(const setting& s, const operands& x) {
    values largest = evaluator<tg::op::reduce_max<Axes...>>::of(s, x);
    std::size_t next = 0;
    for (double& top : largest.data) {
      // The elements of one result, in their order.
      std::vector<double> own;
      shape_t kept(x[0]->shape.size());
      std::size_t rest = next++;
      for (std::size_t axis = kept.size(); axis-- > 0;)
        if (((axis != static_cast<std::size_t>(Axes)) && ...))
          kept[axis] = rest % x[0]->shape[axis], rest /= x[0]->shape[axis];
      every_index(x[0]->shape, [&](const shape_t& at) {
        for (std::size_t axis = 0; axis < at.size(); ++axis)
          if (((axis != static_cast<std::size_t>(Axes)) && ...) && at[axis] != kept[axis]) return;
        own.push_back(element(*x[0], at));
      });
      std::size_t place = 0;
      while (!(own[place] == top || (own[place] != own[place] && top != top))) ++place;
      top = static_cast<double>(place);
    }
    return largest;
  }
};

}  // namespace array_values
