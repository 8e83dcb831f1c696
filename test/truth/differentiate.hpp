// SPDX-License-Identifier: BSL-1.0
// What the generated cases ask of typegrad besides derivatives: evaluation at values of all symbols of the
// case, whether or not the derivative still contains them.
#pragma once

#include <typegrad/special.hpp>
#include <typegrad/typegrad.hpp>

namespace truth {

template <class Inputs, class Formula, class... T>
auto evaluate(Inputs inputs, Formula formula, const T&... values) {
  return tg::function(inputs, tg::outputs(formula))(values...);
}

}  // namespace truth
