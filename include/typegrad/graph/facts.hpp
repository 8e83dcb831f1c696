// SPDX-License-Identifier: BSL-1.0
// What can be said of a primitive besides its name, value and rule, in one aggregate: signs, symmetries,
// exact values, notations. A built-in primitive and a user's say it in the same way, `static constexpr
// tg::facts facts{.range = tg::facts::positive, .parity = 1};`, and whatever is left out has the value that
// claims nothing.
#pragma once
#include "../support/compiler/begin.hpp"

#include <string_view>

#include "../support/exact.hpp"

namespace tg {

/// An exact number, or none.
struct known_value : detail::exact_result {
  constexpr known_value() = default;
  constexpr known_value(std::int64_t n, std::int64_t d = 1)
      : detail::exact_result{detail::make_exact(n, d)} {}
};

struct facts {
  /// The sign of every value, inside the domain.
  enum range_kind : unsigned char { any_value, not_negative, positive };
  /// What a condition asks of its operands.
  enum relation_kind : unsigned char { no_relation, below, at_most, equals, both, either, negation };

  range_kind range = any_value;
  /// Positive operands give a positive value, and operands that are not negative one that is not.
  bool keeps_sign = false;
  relation_kind relation = no_relation;
  int parity = 0;            // f(-x) = parity * f(x)
  bool commutative = false;  // operands may be sorted
  bool norm = false;         // the root of the sum of the operands' squares, where they are real: |x|, hypot
  known_value at_zero{}, at_one{};
  int calls = 1;  // calls of library functions in one evaluation, for the cost model

  // Notation with the operands as $1, $2 or all of them as $*, and their number as $#; empty: a call of the
  // name.
  std::string_view infix{}, latex{}, c{};
  /// A C function that `c` calls: static double name(...) { ... }, each line ended.
  std::string_view c_helper{};
  std::string_view domain{};  // where value and derivative are defined, as "$1 > 0"
};

}  // namespace tg

#include "../support/compiler/end.hpp"
