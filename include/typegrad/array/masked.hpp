// SPDX-License-Identifier: BSL-1.0
// Elements that do not count: -infinity, which a softmax gives no weight and a largest element is never.
#pragma once
#include "../support/compiler/begin.hpp"

#include <limits>

#include "../primitive/all.hpp"

namespace tg::op {

/// What is larger than every number.
struct infinity : rules {
  static constexpr std::string_view name = "infinity";
  static constexpr tg::facts facts{
      .range = tg::facts::positive, .calls = 0, .latex = "\\infty", .c = "(1.0 / 0.0)"};
  static constexpr int arity = 0;
  template <class T>
  static constexpr T value() {
    if constexpr (requires { typename T::value_type; })
      return T(value<typename T::value_type>());
    else
      return std::numeric_limits<T>::infinity();
  }
};

}  // namespace tg::op

namespace tg::detail {

/// x where the condition holds, -infinity elsewhere.
constexpr int masked(builder& b, int x, int condition) {
  return make_where(b, condition, x, negate(b, b.intern(known<op::infinity>)));
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
