// SPDX-License-Identifier: BSL-1.0
// Derivatives by arrays.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../derivative.hpp"
#include "calls.hpp"

namespace tg {

/// The symbol of an array.
template <class T>
concept ArraySymbol = Symbol<T> && requires {
  T::primitive::shaped;
};

/// The gradient of f, a number, by one array is a formula of that array's shape.
template <Formula F, ArraySymbol S, std::same_as<allow_zero_t>... Allow>
TYPEGRAD_NEVER_EMITTED constexpr auto gradient(const F& f, const S& x, const Allow&... allow) {
  return diff(f, x, allow...);
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
