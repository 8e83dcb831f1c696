// SPDX-License-Identifier: BSL-1.0
// Tells exploding, vanishing and non-finite gradients from sound ones, so that a step can be skipped and the
// user told why. Opt-in: not part of the umbrella header.
#pragma once
#include "../support/compiler/begin.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <istream>
#include <ostream>
#include <span>
#include <sstream>
#include <string>
#include <string_view>

#include "../support/compiler/finite.hpp"
#include "problem/vector_view.hpp"
#include "record/checkpoint.hpp"
#include "tool/option_check.hpp"

namespace tg {

enum class gradient_state { sound, vanishing, exploding, not_finite };

/// When a gradient counts as unsound.
struct gradient_watch_options {
  double exploding = 100;    ///< norms above this many times the typical norm
  double vanishing = 1e-10;  ///< norms below this share of the largest typical norm so far; 0 switches it off
  double smoothing = 0.9;    ///< what the typical norm keeps of its past, on a scale of logarithms
  std::size_t settling = 10;  ///< gradients before the first verdict of exploding or vanishing
  std::size_t patience = 5;   ///< so many exploding gradients in a row are the new normal
};

/// What a look at a gradient found.
struct gradient_report {
  gradient_state state;
  double norm;        ///< of this gradient
  double typical;     ///< of the sound gradients before it; 0 before the first
  std::size_t where;  ///< the first component that is not finite; the size of the gradient if there is none

  /// Whether a step along this gradient should be left out: it explodes or is not finite.
  bool skip() const { return state == gradient_state::exploding || state == gradient_state::not_finite; }

  /// The report as a sentence.
  std::string sentence() const {
    std::ostringstream text;
    if (state == gradient_state::not_finite)
      text << "the gradient is not finite, first in component " << where << " (counted from 0)";
    else
      text << "the gradient's norm is " << norm << ", the typical one " << typical << ": "
           << (state == gradient_state::exploding   ? "exploding"
               : state == gradient_state::vanishing ? "vanishing"
                                                    : "sound");
    return text.str();
  }
};

/// Watches the gradients of a run. The typical norm is a geometric running mean over the gradients that were
/// sound, so that an explosion does not raise its own threshold; several in a row set it anew.
class gradient_watch {
 public:
  /// Throws std::invalid_argument for impossible options.
  explicit gradient_watch(const gradient_watch_options& options = {}) : options_(options) {
    detail::option_check("gradient_watch")
        .that(options.exploding > 1, "exploding", options.exploding, "a number above 1")
        .share("vanishing", options.vanishing)
        .share("smoothing", options.smoothing)
        .at_least_one("patience", options.patience);
  }

  /// Looks at the next gradient. Cost: one pass; no allocation.
  template <detail::DenseVector Gradient>
  gradient_report operator()(const Gradient& gradient) {
    const auto numbers = std::span<const detail::number_of<const Gradient>>(detail::view(gradient));
    const auto size = detail::norm(numbers);
    std::size_t where = detail::is_finite(size) ? numbers.size() : 0;
    while (where < numbers.size() && detail::is_finite(numbers[where])) ++where;
    return judge(static_cast<double>(size), where, where < numbers.size());
  }

  /// How many gradients of a kind there were.
  std::size_t count(gradient_state state) const { return counts_[static_cast<std::size_t>(state)]; }
  double typical() const { return typical_; }

  void save(std::ostream& out) const {
    detail::save_numbers(out, name, typical_, largest_, in_a_row_, counts_[0], counts_[1], counts_[2],
                         counts_[3]);
  }
  /// Throws std::runtime_error, and changes nothing, where the text is not what save() wrote.
  void load(std::istream& in) {
    gradient_watch read = *this;
    detail::load_numbers(in, name, read.typical_, read.largest_, read.in_a_row_, read.counts_[0],
                         read.counts_[1], read.counts_[2], read.counts_[3]);
    if (!(read.typical_ >= 0) || !detail::is_finite(read.typical_))
      detail::refuse_state(name, std::to_string(read.typical_), "a norm");
    *this = read;
  }

 private:
  static constexpr std::string_view name = "gradient_watch";

  gradient_report judge(double size, std::size_t where, bool broken) {
    const bool settled = count(gradient_state::sound) >= options_.settling;
    gradient_state state = gradient_state::sound;
    if (broken) {
      state = gradient_state::not_finite;
    } else if (detail::is_infinite(size) || (settled && size > options_.exploding * typical_)) {
      if (++in_a_row_ < options_.patience || detail::is_infinite(size)) state = gradient_state::exploding;
    } else {
      in_a_row_ = 0;
      if (settled && size < options_.vanishing * largest_) state = gradient_state::vanishing;
    }
    const gradient_report report{state, size, typical_, where};
    ++counts_[static_cast<std::size_t>(state)];
    if (state == gradient_state::sound) learn(size);
    return report;
  }

  void learn(double size) {
    const bool anew = !(typical_ > 0) || in_a_row_ >= options_.patience;
    in_a_row_ = 0;
    if (!(size > 0)) return;  // a zero has no logarithm
    typical_ =
        anew ? size
             : std::exp(options_.smoothing * std::log(typical_) + (1 - options_.smoothing) * std::log(size));
    largest_ = std::max(largest_, typical_);
  }

  gradient_watch_options options_;
  double typical_ = 0, largest_ = 0;
  std::size_t in_a_row_ = 0;
  std::size_t counts_[4] = {};
};

}  // namespace tg

#include "../support/compiler/end.hpp"
