// SPDX-License-Identifier: BSL-1.0
// A ladder of steps: central differences of order 8 with steps h, h/2, h/4, ..., going where the error falls.
// Every rung measures its own truncation, noise and asymmetry from its nine values, so that the ladder knows
// which of its derivatives can be trusted.
#pragma once
#include "../support/compiler/begin.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>

#include "../support/compiler/finite.hpp"
#include "jump.hpp"
#include "rung.hpp"

namespace tg::detail {

/// The derivative of f at x by steps on a ladder. `evaluations` counts calls of f; a value is asked for once.
template <std::floating_point T, class F>
class ladder {
 public:
  static constexpr T epsilon = std::numeric_limits<T>::epsilon();
  static constexpr int most_rungs = 48;
  /// Noise that may be structure, in units of rounding.
  static constexpr T fine_structure = 16;
  /// The bar, relative to a derivative, below which finer steps are taken for nothing but structure.
  static constexpr T target = std::numeric_limits<T>::digits > 30 ? T(1e-10) : T(2e-5);

  /// `center` is f(x).
  ladder(F& function, T middle, T center, const difference_options& options)
      : f_(function),
        x_(middle),
        center_(center),
        known_noise_(static_cast<T>(options.noise)),
        order_(options.derivative) {
    if (!is_finite(center)) return;
    scale_ = scale_at(middle, options);
    // Powers of two: x + k h is then exact but for carries.
    search(options.step > 0 ? static_cast<T>(options.step) : std::exp2(std::floor(std::log2(scale_))) / 8);
  }

  int size() const { return count_; }  // coarse to fine
  const rung<T>& operator[](int i) const { return rungs_[static_cast<std::size_t>(i)]; }
  int best() const { return best_; }
  int evaluations() const { return evaluations_; }
  T at() const { return x_; }
  T center() const { return center_; }
  /// Whether f was finite above and below x, somewhere close.
  bool finite_above() const { return any(&rung<T>::above); }
  bool finite_below() const { return any(&rung<T>::below); }
  /// Whether f changed at all, over all steps.
  bool varied() const { return any(&rung<T>::varies); }
  /// Whether a step goes so far that f may be another function there.
  bool beyond_scale(T step) const { return 2 * step > scale_; }
  /// The largest step that was seen.
  T widest() const {
    for (int i = 0; i < count_; ++i)
      if ((*this)[i].seen) return (*this)[i].spacing;
    return 0;
  }
  /// Whether small and large steps tell different derivatives, and nothing says which to believe.
  bool contested() const { return contested_; }
  /// How many times rounding the noise of f is.
  T noise_ratio() const {
    const rung<T>& r = (*this)[best_];
    return r.noise > r.floor ? r.noise / std::max(r.floor, std::numeric_limits<T>::min()) : T(1);
  }

  /// Whether the one-sided derivatives differ down to the smallest step at which they can be told apart, over
  /// a factor of 16 at least.
  bool has_kink() const {
    const int first = finest_jump();
    if (first < 0) return false;
    const auto same = [&](int i) {
      return i >= 0 && has_jump(i) && std::signbit((*this)[i].jump) == std::signbit((*this)[first].jump);
    };
    int last = first, sure = first;  // a difference that changes its sign with the step is rounding
    while (same(last - 1)) --last;
    while (same(sure) && std::abs((*this)[sure].jump) < 2 * (*this)[sure].side_error) --sure;
    const rung<T>&fine = (*this)[same(sure) ? sure : first], &coarse = (*this)[last];
    if (coarse.spacing < 16 * fine.spacing) return false;
    const T jump = std::abs(fine.jump), middle = (fine.forward + fine.backward) / 2;
    for (int i = 0; i < count_;
         ++i)  // a smaller step that sees both sides and no kink, or another slope than the middle of a kink
      if (const rung<T>& r = (*this)[i];
          r.spacing < fine.spacing && r.seen && !same(i) &&
          (2 * r.side_error < jump || std::abs(r.value - middle) > r.error + jump / 4))
        return false;
    if (jump < std::sqrt(std::sqrt(epsilon)) * std::max(std::abs(fine.forward), std::abs(fine.backward)))
      return false;
    const T kept = T(0.3) * std::abs(coarse.jump);
    if (4 * jump * fine.spacing < std::abs(coarse.jump) * coarse.spacing)
      return jump - fine.side_error > kept;
    // A step in f itself, not in its slope: where it is small, that is rounding.
    return jump > kept && std::abs(coarse.jump) * coarse.spacing * std::sqrt(epsilon) >= coarse.floor;
  }
  /// Whether the slopes of the four finest steps go one way by gaps that do not fall: a vertical tangent.
  /// Noise shows in the differences of each step.
  bool keeps_growing() const {
    const rung<T>* finer = nullptr;
    T gap = 0;
    int gaps = 0;
    for (int i = count_; i-- > 0 && gaps < 3;) {
      const rung<T>& r = (*this)[i];
      if (!r.seen || r.refused) continue;
      if (r.flat || r.unrest() > r.variation / 8) return false;
      if (finer != nullptr) {
        const T change = finer->value - r.value, octave = change / std::log2(r.spacing / finer->spacing);
        if (!(std::abs(change) > rounding(*finer, finer->unrest() / 2) &&
              std::abs(finer->value) > std::abs(r.value)))
          return false;
        if (gaps++ > 0 && !(octave / gap > 0 && octave / gap < T(1.1))) return false;
        gap = octave;
      }
      finer = &r;
    }
    return gaps == 3;
  }
  const rung<T>& kink_rung() const { return (*this)[finest_jump()]; }

 private:
  bool any(auto is) const { return std::any_of(rungs_.begin(), rungs_.begin() + count_, std::mem_fn(is)); }

  T sample(T offset) {
    for (int i = samples_ - 1; i >= 0; --i)
      if (offsets_[static_cast<std::size_t>(i)] == offset) return values_[static_cast<std::size_t>(i)];
    const T value = static_cast<T>(f_(x_ + offset));
    ++evaluations_;
    if (samples_ < static_cast<int>(offsets_.size())) {
      offsets_[static_cast<std::size_t>(samples_)] = offset;
      values_[static_cast<std::size_t>(samples_++)] = value;
    }
    return value;
  }

  /// Whether f between the nodes lies on the polynomial through them: a step near a multiple of a period sees
  /// a smooth function where there is none.
  bool confirm(rung<T>& r) {
    r.probed = true;
    for (const T place : {T(0.38196601), T(-1.38196601)}) {
      const T beyond = x_ + place * r.spacing, at = (beyond - x_) / r.spacing, value = sample(beyond - x_);
      T sum = 0, weights = 0,
        weight = 1;  // barycentric; the weights are binomial coefficients of alternating sign
      for (int k = -4; k <= 4; ++k) {
        const T part = weight / (at - static_cast<T>(k));
        if (!is_finite(part)) return true;  // the step is too small for points between
        sum += part * (k == 0 ? center_ : sample(static_cast<T>(k) * r.spacing));
        weights += part;
        weight *= -static_cast<T>(4 - k) / static_cast<T>(k + 5);
      }
      if (!(std::abs(sum / weights - value) <= 16 * std::max(r.unrest(), r.floor) + r.error * r.spacing))
        return false;
    }
    return true;
  }

  /// The finest rung with a kink; -1 without any.
  int finest_jump() const {
    int at = count_ - 1;
    while (at >= 0 && !has_jump(at)) --at;
    return at;
  }
  /// Whether the sides of a rung differ, and not because f(x) alone stands apart, which makes 25/24 of their
  /// error.
  bool has_jump(int i) const {
    const rung<T>& r = (*this)[i];
    const T jump = std::abs(r.jump);
    return r.seen && jump > 0 &&
           (jump > T(1.1) * r.side_error || 10 * std::abs(r.forward + r.backward - 2 * r.value) > jump);
  }

  int find(T h) const {
    for (int i = 0; i < count_; ++i)
      if (rungs_[static_cast<std::size_t>(i)].spacing == h) return i;
    return -1;
  }

  /// Measures the step h, unless that was done; false where no more is to be had.
  bool add(T h) {
    if (count_ == most_rungs || find(h) >= 0 || !(h > finest_useful()) || !is_finite(8 * h)) return false;
    const rung<T> r =
        measure_rung([this](T offset) { return sample(offset); }, h, x_, center_, order_, known_noise_);
    int at = count_++;
    for (; at > 0 && rungs_[static_cast<std::size_t>(at - 1)].spacing < h; --at)
      rungs_[static_cast<std::size_t>(at)] = rungs_[static_cast<std::size_t>(at - 1)];
    rungs_[static_cast<std::size_t>(at)] = r;
    weigh();
    return true;
  }

  T finest_useful() const {
    return std::max(4 * epsilon * std::abs(x_), std::numeric_limits<T>::min() / epsilon);
  }
  /// Deviation of the derivative per deviation of a value.
  T spread_of_noise(T h) const { return order_ == 1 ? T(1.17) / h : T(3.4) / (h * h); }
  T rounding(const rung<T>& r, T noise) const {
    return 4 * spread_of_noise(r.spacing) * std::max(noise, r.floor);
  }

  /// The errors of all rungs, and the best.
  void weigh() {
    T noise = 0, side_noise = 0, calm = 0, hidden = 0;
    for (int i = count_; i-- > 0;) {  // fine to coarse: noise that a fine rung has seen is there for all
      rung<T>& r = rungs_[static_cast<std::size_t>(i)];
      if (!r.seen) continue;
      const T own = r.unrest();
      if (own > 8 * std::max(noise, r.floor) && calm > 0)
        hidden = std::max(hidden, 4 * spread_of_noise(calm) * own);
      r.hidden = beyond_scale(r.spacing) ? hidden : T(0);
      noise = std::max(noise, own);
      if (!r.flat && noise <= 8 * r.floor) calm = r.spacing;
      side_noise = std::max(side_noise, r.side_spread * r.spacing);
      r.side_error = 4 * r.side_spread + (40 * r.floor + 4 * side_noise) / r.spacing;
      r.jump = order_ == 1 && std::abs(r.forward - r.backward) > r.side_error ? r.forward - r.backward : T(0);
      r.error = rounding(r, noise) + r.spread + std::abs(r.jump) / 2;
    }
    const rung<T>*coarser = nullptr, *before = nullptr;
    for (int i = 0; i < count_; ++i) {
      rung<T>& r = rungs_[static_cast<std::size_t>(i)];
      if (!r.seen) continue;
      if (coarser != nullptr && !r.flat) {  // slow convergence: the gaps between rungs are a geometric series
        const T gap = std::abs(r.value - coarser->value),
                wider = before != nullptr ? std::abs(coarser->value - before->value) : 4 * gap;
        const T ratio = std::clamp(gap / std::max(wider, std::numeric_limits<T>::min()), T(0), T(0.95));
        if (gap > 2 * rounding(r, r.noise)) r.error += gap * ratio / (1 - ratio);
      }
      if (r.flat)  // steps too small to change f at all, where larger ones say otherwise
        for (int k = 0; k < i; ++k) {
          const rung<T>& other = (*this)[k];
          if (other.seen && !other.flat && std::abs(other.value - r.value) > 2 * other.error + r.error)
            r.error = infinite<T>();
        }
      before = coarser;
      coarser = &r;
    }
    best_ = 0;
    const auto chosen = [&](const rung<T>& one) {
      return one.seen && !one.refused ? one.error : infinite<T>();
    };
    for (int i = 1; i < count_; ++i)
      if (chosen((*this)[i]) <= chosen((*this)[best_])) best_ = i;
  }

  bool hopeless(const rung<T>& r) const { return !r.seen || r.flat || r.error > r.size / 16; }
  /// Whether rounding of f's values alone makes the rung hopeless, so that a finer one would be more so.
  bool drowned(const rung<T>& r) const { return r.seen && (r.flat || rounding(r, 0) > r.size / 32); }

  /// Goes where the error falls until nothing is gained, then has the best rung confirmed, or looks for the
  /// next best.
  void search(T first) {
    if (!add(first)) return;
    for (int round = 0; round < 4 * most_rungs; ++round) {
      if (improve()) continue;
      const T step = (*this)[best_].spacing;
      if (!(*this)[best_].seen || (*this)[best_].probed) return;
      if (rung<T>& found = rungs_[static_cast<std::size_t>(best_)]; !confirm(found)) {
        found.seen = false;
        refuse(step, step);
      } else if (!settle((*this)[best_])) {
        return;
      }
    }
  }

  /// One more rung, where it may help; false where none may.
  bool improve() {
    const rung<T> r = (*this)[best_];
    const rung<T>&coarsest = (*this)[0], &finest = (*this)[count_ - 1];
    if (!hopeless(r)) {
      // Zero, as far as anything of f's size can be.
      T largest = 0, noise = 0;  // the latter of this step and finer ones
      for (int i = 0; i < count_; ++i)
        if (const rung<T>& one = (*this)[i]; one.seen)
          largest = std::max(largest, one.size), noise = i < best_ ? T(0) : std::max(noise, one.unrest());
      if (count_ > 3 && std::abs(r.value) <= r.error && r.error <= epsilon * largest) return false;
      // The best rung stands between others.
      if (add(r.spacing / 2) || add(r.spacing / 4)) return true;
      // Noise far above rounding may be structure that finer steps resolve, however short the bar is here.
      if (noise > fine_structure * r.floor &&
          ((down_ < 8 && add(finest.spacing / 64) && ++down_ > 0) || divide()))
        return true;
      return best_ == 0 && r.error > target * std::abs(r.value) && up_ < 12 && add(2 * r.spacing) &&
             ++up_ > 0;
    }
    if (!drowned(finest) && down_ < 12 && add(finest.spacing / 16)) return ++down_ > 0;
    if (drowned(coarsest) && up_ < 4 && add(coarsest.spacing * next_factor_)) return ++up_ > 0;
    // The last attempt upwards left the domain, or saw too much: something between.
    if (!coarsest.seen && count_ > 1 && next_factor_ > 2) {
      next_factor_ /= 4;
      if (add((*this)[1].spacing * next_factor_)) return true;
    }
    return (r.seen && (add(r.spacing / 2) || add(r.spacing / 4))) || divide();
  }

  /// One more rung between a step that sees noise and the next smaller one, which sees none: what lies there
  /// is a structure that steps of its own size resolve.
  bool divide() {
    for (int i = 0; i + 1 < count_; ++i) {
      const rung<T>&noisy = (*this)[i], &calm = (*this)[i + 1];
      if (noisy.seen && calm.seen && !calm.flat &&
          std::max(noisy.noise, noisy.odd_noise) > 64 * noisy.floor &&
          std::max(calm.noise, calm.odd_noise) <= 8 * calm.floor && noisy.spacing > 2 * calm.spacing &&
          add(calm.spacing * std::exp2(std::round(std::log2(noisy.spacing / calm.spacing) / 2))))
        return true;
    }
    return false;
  }

  bool contradicts(const rung<T>& other, const rung<T>& r) const {
    return other.seen && !other.flat && !(contested_ && other.refused) &&
           std::abs(other.value - r.value) > 2 * (other.error + r.error);
  }

  /// Whether what a rung resolves is a structure and not one stair among many, of rounding or of floor(x): on
  /// the next coarser steps that show it f jumps between neighbouring numbers.
  bool is_structure(T step) {
    for (; step < (*this)[0].spacing; step *= 2) {
      add(step);
      if (const int at = find(step); at < 0 || (*this)[at].unrest() > 8 * (*this)[at].floor)
        return at >= 0 && !has_stairs((*this)[at]);
    }
    return true;
  }
  bool has_stairs(const rung<T> r) {
    const auto value_at = [this](T offset) { return sample(offset); };
    const T least = std::max(r.unrest(), 8 * r.floor);
    return jumps_before(4 * r.spacing, x_, center_, least, value_at) ||
           jumps_before(-4 * r.spacing, x_, center_, least, value_at);
  }

  /// Refuses the best rung, or those that contradict it, and says whether that was needed. Two finer ones see
  /// a structure that it does not see, or else a stair; so does it itself against coarser ones.
  bool settle(const rung<T> found) {
    // Steps that should have changed f far beyond rounding, and did not: stairs, of rounding or of floor(x).
    // Beside a short bar they are rounding.
    const T slope = std::abs(found.value);
    const bool sharp = found.error <= target * found.size;
    for (int i = 0; i < count_ && slope > found.error && !sharp; ++i)
      if (const rung<T>& r = (*this)[i]; r.seen && r.flat && slope * 4 * r.spacing > 64 * r.floor)
        contested_ = true;
    // A stair as wide as the steps says nothing, either: larger ones see chaos.
    int wildest = -1;
    for (int i = best_; i-- > 0 && (*this)[i].spacing <= 4096 * found.spacing;)
      if (const rung<T>& r = (*this)[i]; r.seen && !r.flat && (found.flat || hopeless(r)))
        if (wildest < 0 || r.unrest() > (*this)[wildest].unrest()) wildest = i;
    if (wildest >= 0 && has_stairs((*this)[wildest])) contested_ = true;
    bool coarser = false;
    T finest = found.spacing;
    for (int pass = 0; pass < 2; ++pass) {
      int finer = 0;
      for (int i = 0; i < count_; ++i) {
        const rung<T>& other = (*this)[i];
        if (!contradicts(other, found)) continue;
        if (other.spacing > found.spacing)
          coarser = true;
        else if (++finer > 1)
          finest = other.spacing;
      }
      if (finer != 1 || pass == 1) break;
      for (int i = 0; i < count_; ++i)  // one alone may be chance
        if (const rung<T> other = (*this)[i]; other.spacing < found.spacing && contradicts(other, found)) {
          add(other.spacing / 2);
          add(other.spacing * 2);
          break;
        }
    }
    if (finest < found.spacing) {
      if (is_structure(finest)) return refuse(found.spacing, infinite<T>());
      if (sharp) return false;
      contested_ = true;
      return refuse(0, finest);
    }
    if (!coarser || is_structure(found.spacing)) return false;
    contested_ = true;
    return refuse(0, found.spacing);
  }

  bool refuse(T from, T to) {
    bool any = false;
    for (int i = 0; i < count_; ++i)
      if (rung<T>& r = rungs_[static_cast<std::size_t>(i)]; r.spacing >= from && r.spacing <= to)
        any = any || !r.refused, r.refused = true;
    weigh();
    return any;
  }

  F& f_;
  T x_, center_, known_noise_, scale_ = 0, next_factor_ = 64;
  int order_, up_ = 0, down_ = 0, count_ = 0, best_ = 0, samples_ = 0, evaluations_ = 0;
  bool contested_ = false;
  std::array<rung<T>, most_rungs> rungs_;
  std::array<T, 256> offsets_, values_;
};

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
