// SPDX-License-Identifier: BSL-1.0
// The derivatives of special functions by parameters for which there is no closed form. They are nodes like
// others, so that what does not need them is differentiated; only their value is refused.
#pragma once
#include "../support/compiler/begin.hpp"

#include "rules.hpp"

namespace tg::op {

/// The derivative of Op by its operand number `operand`, counted from 0, for which Op has no formula. Its own
/// derivative by the last operand is `Op::mixed<operand>(...)`, where there is one.
template <class Op, int operand>
struct without_formula : rules {
  static constexpr auto spelled = detail::join(detail::text_of([] { return std::string_view(Op::name); }),
                                               text{"_by_operand_"}, detail::digit_text<operand + 1>());
  static constexpr std::string_view name = spelled.view();
  static constexpr int arity = Op::arity;
  template <class T, class... U>
  static constexpr T value(const T& x, const U&...) {
    refuse<detail::join(detail::text_of([] { return std::string_view(Op::name); }),
                        text{": there is no formula for its derivative by operand "},
                        detail::digit_text<operand + 1>(), text{"; let that operand be a number."}),
           T>();
    return x;
  }
  static constexpr auto partials(auto x, auto y, auto self) {
    if constexpr (requires { Op::template mixed<operand>(x, y); })
      return partials_of(self, Op::template mixed<operand>(x, y));
    else
      return partials_of(self, self);
  }
  static constexpr auto partials(auto x, auto y, auto z, auto self) {
    return partials_of(self, self, Op::template mixed<operand>(x, y, z));
  }
};

}  // namespace tg::op

#include "../support/compiler/end.hpp"
