// SPDX-License-Identifier: BSL-1.0
// Schedules that look at the run: the rate shrinks where the loss stays on a plateau, or shrinks and grows
// with what the loss and the gradient do. They are called once for each step, in order. Opt-in: not part of
// the umbrella header.
#pragma once
#include "../support/compiler/begin.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <istream>
#include <limits>
#include <ostream>
#include <string>
#include <string_view>

#include "../support/compiler/finite.hpp"
#include "record/checkpoint.hpp"
#include "tool/option_check.hpp"

namespace tg {

namespace detail {

inline void require_factor(std::string_view of, double factor) {
  if (!(factor >= 0) || !detail::is_finite(factor))
    refuse_state(of, std::to_string(factor), "a factor of at least 0");
}

}  // namespace detail

/// Options of reduce_on_plateau, with the defaults of PyTorch's ReduceLROnPlateau.
struct plateau_options {
  double factor = 0.1;        ///< what the rate is multiplied with
  std::size_t patience = 10;  ///< calls without improvement that are let pass
  double threshold = 1e-4;    ///< improvements smaller than this do not count
  bool relative = true;       ///< whether the threshold is relative to the best loss
  std::size_t cooldown = 0;   ///< calls after a reduction that are let pass
  double lowest = 0;          ///< the factor does not go below
};

/// Multiplies the rate by a factor when the loss has not improved for more than `patience` calls. A loss
/// improves where it is below best - threshold |best|, or below best - threshold if not relative; NaN never
/// does. Call it once per epoch or step, with the loss at the present point. (PyTorch's best (1 - threshold)
/// is the same for positive losses.)
class reduce_on_plateau {
 public:
  /// Throws std::invalid_argument for impossible options.
  explicit reduce_on_plateau(const plateau_options& options = {}) : options_(options) {
    detail::option_check("reduce_on_plateau")
        .that(options.factor > 0 && options.factor < 1, "factor", options.factor,
              "a number above 0 and below 1")
        .not_negative("threshold", options.threshold)
        .fraction("lowest", options.lowest);
  }

  double operator()(std::size_t, double loss, double = 0) {
    const bool first = detail::is_infinite(best_);
    const double margin = first ? 0 : options_.threshold * (options_.relative ? std::abs(best_) : 1);
    if (loss < best_ - margin) {
      best_ = loss;
      waiting_ = 0;
    } else {
      ++waiting_;
    }
    if (resting_ > 0) {
      --resting_;
      waiting_ = 0;
    }
    if (waiting_ > options_.patience) {
      factor_ = std::max(factor_ * options_.factor, options_.lowest);
      resting_ = options_.cooldown;
      waiting_ = 0;
    }
    return factor_;
  }

  void save(std::ostream& out) const { detail::save_numbers(out, name, factor_, best_, waiting_, resting_); }
  /// Throws std::runtime_error, and changes nothing, where the text is not what save() wrote.
  void load(std::istream& in) {
    reduce_on_plateau read = *this;
    detail::load_numbers(in, name, read.factor_, read.best_, read.waiting_, read.resting_);
    detail::require_factor(name, read.factor_);
    *this = read;
  }

 private:
  static constexpr std::string_view name = "reduce_on_plateau";

  plateau_options options_;
  double factor_ = 1, best_ = detail::infinite<double>();
  std::size_t waiting_ = 0, resting_ = 0;
};

/// Options of automatic_rate. The three numbers of the rule are those of Vogl et al.
struct automatic_rate_options {
  double grow = 1.05;         ///< the factor's multiplier after a step that lowered the loss
  double shrink = 0.7;        ///< its multiplier after a step that misbehaved
  double tolerance = 0.04;    ///< a rise of the loss by this share of its size is let pass
  double gradient_jump = 10;  ///< a gradient so many times its typical norm misbehaves
  double smoothing =
      0;  ///< what the loss to compare with keeps of its past; 0.9 or more for losses of small batches
  double lowest = 1e-6;  ///< the factor stays at or above
  double highest = 1e3;  ///< the factor stays at or below
};

/// The automatic rate ("bold driver"). The factor begins at 1. At each call, with the loss and the gradient's
/// norm at the present point, the first of these that holds decides:
///
/// - loss or norm is not finite: factor *= shrink, and nothing is remembered of them;
/// - the norm is above gradient_jump times its typical value: factor *= shrink;
/// - the loss is above the one before by more than tolerance times its size: factor *= shrink;
/// - the loss is not above the one before: factor *= grow;
/// - else the factor stays.
///
/// The loss before is a running mean if smoothing > 0; the typical norm is a geometric running mean that
/// forgets a tenth at each call. The norm may be left out (0). The step itself is not taken back: that is the
/// business of the loop that calls (tg::minimize takes back one that led to what is not finite).
/// Sources: Vogl, Mangis, Rigler, Zink and Alkon, Biological Cybernetics 59, 1988; Battiti 1989 ("bold
/// driver").
class automatic_rate {
 public:
  /// Throws std::invalid_argument for impossible options.
  explicit automatic_rate(const automatic_rate_options& options = {}) : options_(options) {
    detail::option_check("automatic_rate")
        .that(options.grow >= 1 && detail::is_finite(options.grow), "grow", options.grow,
              "a finite number of at least 1")
        .that(options.shrink > 0 && options.shrink < 1, "shrink", options.shrink,
              "a number above 0 and below 1")
        .not_negative("tolerance", options.tolerance)
        .that(options.gradient_jump > 1, "gradient_jump", options.gradient_jump, "a number above 1")
        .share("smoothing", options.smoothing)
        .shrink("lowest", options.lowest)
        .that(options.highest >= 1, "highest", options.highest, "a number of at least 1");
  }

  double operator()(std::size_t, double loss, double gradient_norm = 0) {
    const bool finite = detail::is_finite(loss) && detail::is_finite(gradient_norm);
    if (!finite) return change(options_.shrink);
    const bool jumped = typical_ > 0 && gradient_norm > options_.gradient_jump * typical_;
    if (gradient_norm > 0)
      typical_ = typical_ > 0 ? std::pow(typical_, 0.9) * std::pow(gradient_norm, 0.1) : gradient_norm;
    if (detail::is_infinite(before_)) {
      before_ = loss;
      return factor_;
    }
    const bool rose = loss > before_ + options_.tolerance * std::abs(before_), fell = loss <= before_;
    before_ = options_.smoothing * before_ + (1 - options_.smoothing) * loss;
    return change(jumped || rose ? options_.shrink : fell ? options_.grow : 1);
  }

  void save(std::ostream& out) const { detail::save_numbers(out, name, factor_, before_, typical_); }
  /// Throws std::runtime_error, and changes nothing, where the text is not what save() wrote.
  void load(std::istream& in) {
    automatic_rate read = *this;
    detail::load_numbers(in, name, read.factor_, read.before_, read.typical_);
    detail::require_factor(name, read.factor_);
    *this = read;
  }

 private:
  static constexpr std::string_view name = "automatic_rate";

  double change(double by) { return factor_ = std::clamp(factor_ * by, options_.lowest, options_.highest); }

  automatic_rate_options options_;
  double factor_ = 1, before_ = detail::infinite<double>(), typical_ = 0;
};

}  // namespace tg

#include "../support/compiler/end.hpp"
