// SPDX-License-Identifier: BSL-1.0
// How the options of the optimizers are refused where they make no sense: one sentence with the method, the option, what it is
// and what it may be.
#pragma once

#include <cmath>
#include <cstddef>
#include <numeric>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace tg::detail {

/// Checks of one object's options; each throws std::invalid_argument and else returns the checker, so that checks chain.
class option_check {
 public:
  explicit option_check(std::string_view of) : of_(of) {}

  const option_check& that(bool holds, std::string_view option, double value, std::string_view wanted) const {
    if (holds) return *this;
    std::ostringstream text;
    text << of_ << ": the option " << option << " is " << value << "; give " << wanted << ".";
    throw std::invalid_argument(text.str());
  }
  const option_check& not_negative(std::string_view option, double value) const {
    return that(std::isfinite(value) && value >= 0, option, value, "a finite number of at least 0");
  }
  const option_check& positive(std::string_view option, double value) const {
    return that(std::isfinite(value) && value > 0, option, value, "a finite number above 0");
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
  /// The lengths of segments of a vector of `size` numbers; none at all stands for one segment.
  const option_check& segments(const std::vector<std::size_t>& lengths, std::size_t size) const {
    std::size_t left = size;
    for (const std::size_t length : lengths) {
      if (length == 0) throw std::invalid_argument(std::string(of_) + ": a segment has length 0; leave it out.");
      if (length > left) left = size + 1;  // too long; any number that is not 0
      left -= length <= left ? length : 0;
    }
    if (lengths.empty() || left == 0) return *this;
    throw std::invalid_argument(std::string(of_) + ": the lengths of the segments do not sum to the " + std::to_string(size) +
                                " numbers of the vector; give one length for each layer or unit, in order.");
  }

 private:
  std::string_view of_;
};

/// Throws std::invalid_argument unless two sizes are equal.
inline void same_size(std::string_view of, std::string_view what, std::size_t found, std::size_t wanted) {
  if (found == wanted) return;
  throw std::invalid_argument(std::string(of) + ": the " + std::string(what) + " has " + std::to_string(found) + " numbers and " +
                              std::to_string(wanted) + " are needed; pass a vector of that size.");
}

/// Calls `use(begin, length)` for each segment of a vector of `size` numbers, whose lengths have been checked.
template <class Use>
void for_each_segment(const std::vector<std::size_t>& lengths, std::size_t size, Use&& use) {
  if (lengths.empty()) return void(use(std::size_t{0}, size));
  std::size_t begin = 0;
  for (const std::size_t length : lengths) {
    use(begin, length);
    begin += length;
  }
}

}  // namespace tg::detail
