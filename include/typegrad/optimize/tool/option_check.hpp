// SPDX-License-Identifier: BSL-1.0
// How the options of the optimizers are refused where they make no sense: one sentence with the method, the
// option, what it is and what it may be.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cmath>
#include <cstddef>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "../../support/compiler/exceptions.hpp"
#include "../../support/compiler/finite.hpp"

namespace tg::detail {

/// Checks of one object's options; each throws std::invalid_argument and else returns the checker, so that
/// checks chain.
class option_check {
 public:
  explicit option_check(std::string_view of) : of_(of) {}

  const option_check& that(bool holds, std::string_view option, double value, std::string_view wanted) const {
    if (holds) return *this;
    std::ostringstream text;
    text << of_ << ": the option " << option << " is " << value << "; give " << wanted << ".";
    detail::raise(std::invalid_argument(text.str()));
  }
  const option_check& not_negative(std::string_view option, double value) const {
    return that(detail::is_finite(value) && value >= 0, option, value, "a finite number of at least 0");
  }
  const option_check& positive(std::string_view option, double value) const {
    return that(detail::is_finite(value) && value > 0, option, value, "a finite number above 0");
  }
  /// In [0, 1): what an average keeps of its past.
  const option_check& share(std::string_view option, double value) const {
    return that(value >= 0 && value < 1, option, value, "a number of at least 0 and below 1");
  }
  /// In [0, 1].
  const option_check& fraction(std::string_view option, double value) const {
    return that(value >= 0 && value <= 1, option, value, "a number from 0 to 1");
  }
  /// In (0, 1]: what a rate is multiplied with where it may not grow or vanish.
  const option_check& shrink(std::string_view option, double value) const {
    return that(value > 0 && value <= 1, option, value, "a number above 0 and not above 1");
  }
  const option_check& at_least_one(std::string_view option, std::size_t value) const {
    return that(value > 0, option, 0, "at least 1");
  }

 private:
  std::string_view of_;
};

/// Throws std::invalid_argument unless two sizes are equal.
inline void same_size(std::string_view of, std::string_view what, std::size_t found, std::size_t wanted) {
  if (found == wanted) return;
  detail::raise(std::invalid_argument(std::string(of) + ": the " + std::string(what) + " has " +
                                      std::to_string(found) + " numbers and " + std::to_string(wanted) +
                                      " are needed; pass a vector of that size."));
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
