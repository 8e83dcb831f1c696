// SPDX-License-Identifier: BSL-1.0
// The loop that all first-order optimizers share: sizes the state, walks over the coordinates and counts the
// steps. A method is a struct of options with one function, the update of one coordinate; see
// first_order/sgd.hpp for a short one.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <functional>
#include <istream>
#include <ostream>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "../../support/batch.hpp"
#include "../../support/compiler/exceptions.hpp"
#include "../problem/vector_view.hpp"
#include "../record/checkpoint.hpp"
#include "../tool/option_check.hpp"
#include "../tool/segments.hpp"

namespace tg {

/// What a method knows of a step besides the coordinates. R is double, or long double where the parameters
/// are.
template <class R>
struct step_moment {
  R rate;      ///< the options' rate times the caller's factor
  R step;      ///< 1 in the first step
  R& carried;  ///< one number that the method may keep from step to step; 1 before the first
};

/// The options of a first-order method: an aggregate with
/// - `rate`, `weight_decay` and `maximize`, and whatever else it needs;
/// - `name`; `couples_decay`: whether the driver adds weight_decay * parameter to the gradient, and, where
/// that is an option, a member
///   `decoupled_decay` that says no;
/// - `check(option_check)`, which refuses impossible options;
/// - `variants`: how many forms the update has; `variant(step)`: which one this step takes;
/// `states(variant)`: how many numbers
///   that form keeps for each coordinate (the same in every step);
/// - `update<variant>(moment)`: the update of one coordinate for this step, a callable
///   `(parameter&, gradient, std::array of its state&)` over batches of numbers;
/// - where it is needed, `initial_state()`, with which the state begins in place of 0;
/// - where layers differ in their rate, `segments` and `trust(norm of the parameters, norm of the step)`:
/// then the update
///   leaves the parameter alone and writes its step to the last state, and the driver takes rate * trust of
///   it.
template <class Method>
concept FirstOrderMethod = requires(const Method& method, const detail::option_check& check) {
  { Method::name } -> std::convertible_to<std::string_view>;
  { Method::variants } -> std::convertible_to<std::size_t>;
  { Method::couples_decay } -> std::convertible_to<bool>;
  { method.rate } -> std::convertible_to<double>;
  { method.weight_decay } -> std::convertible_to<double>;
  { method.maximize } -> std::convertible_to<bool>;
  { method.variant(std::size_t{1}) } -> std::convertible_to<std::size_t>;
  { Method::states(std::size_t{0}) } -> std::convertible_to<std::size_t>;
  method.check(check);
};

/// A first-order optimizer: the options of a method and the state that its steps need.
///
///     tg::first_order<tg::adam, float> rule({.rate = 1e-3}, parameters.size());
///     rule.step(parameters, gradient);
///
/// `Method`: one of the option structs. `T`: float, double or long double; parameters and gradient are
/// vectors of it. The numbers that a whole step shares are computed in double at least and rounded to T where
/// they meet a coordinate, as PyTorch does. Memory: states(variant) numbers of T for each coordinate, taken
/// by the constructor. A copy is an independent optimizer in the same state.
template <class Method, class T>
class first_order {
  static_assert(FirstOrderMethod<Method>,
                "first_order: the first argument is no first-order method; give one such as tg::adam.");
  static_assert(std::is_floating_point_v<T>,
                "first_order: the number type must be float, double or long double.");

 public:
  using real = std::common_type_t<T, double>;

  /// Throws std::invalid_argument for impossible options, for `size` 0 and for segments that do not add up to
  /// `size`.
  first_order(const Method& chosen_method, std::size_t size)
      : method_(chosen_method), size_(size), state_count_(Method::states(method_.variant(1))) {
    const detail::option_check check(Method::name);
    method_.check(
        check.not_negative("rate", method_.rate).not_negative("weight_decay", method_.weight_decay));
    if (size == 0)
      detail::raise(
          std::invalid_argument(std::string(Method::name) + ": there are no parameters; give at least one."));
    if constexpr (by_segment) detail::segments(method_.segments, size).check(Method::name);
    reset();
  }

  const Method& options() const { return method_; }
  std::size_t size() const { return size_; }
  /// The steps taken.
  std::size_t steps() const { return steps_; }

  /// Forgets all steps.
  void reset() {
    double initial = 0;
    if constexpr (requires { method_.initial_state(); }) initial = method_.initial_state();
    states_.assign(state_count_ * size_, static_cast<T>(initial));
    steps_ = 0;
    carried_ = 1;
  }

  /// Moves the parameters by one step. `rate_factor` multiplies the rate: what a schedule gives.
  ///
  /// Cost: O(size), one pass (two with segments), no allocation; each parameter, gradient and state is read
  /// once and all but the gradient are written once. NaN and infinity in a gradient go where the arithmetic
  /// takes them; tg::gradient_watch tells before. Errors: std::invalid_argument for a wrong size, for a
  /// gradient in part of the parameters' memory, and for a factor that is negative or not finite; nothing has
  /// been changed then.
  void step(std::span<T> parameters, std::span<const T> gradient, real rate_factor = 1) {
    detail::same_size(Method::name, "vector of parameters", parameters.size(), size_);
    detail::same_size(Method::name, "gradient", gradient.size(), size_);
    detail::option_check(Method::name).not_negative("rate_factor", static_cast<double>(rate_factor));
    const std::less<const T*> before;
    const T *const x = parameters.data(), *const g = gradient.data();
    if (x != g && before(x, g + size_) && before(g, x + size_))
      detail::raise(std::invalid_argument(std::string(Method::name) +
                                          ": gradient and parameters share memory; give each its own."));
    ++steps_;
    const step_moment<real> now{static_cast<real>(method_.rate) * rate_factor, static_cast<real>(steps_),
                                carried_};
    const std::size_t variant = method_.variant(steps_);
    [&]<std::size_t... each>(std::index_sequence<each...>) {
      (void)((each == variant && (take<each>(parameters, gradient, now), true)) || ...);
    }
    (std::make_index_sequence<Method::variants>());
  }

  /// The same for vectors of any kind with data() and size(), Eigen's for example.
  template <detail::DenseVector Parameters, detail::DenseVector Gradient>
  void step(Parameters&& parameters, const Gradient& gradient, real rate_factor = 1) {
    static_assert(std::is_same_v<detail::number_of<Parameters>, T> &&
                      std::is_same_v<detail::number_of<const Gradient>, T>,
                  "first_order::step: parameters and gradient must hold numbers of the optimizer's type.");
    step(std::span<T>(detail::view(parameters)), std::span<const T>(detail::view(gradient)), rate_factor);
  }

  /// Writes the state as text, so that a run which goes on after load() gives the same bits. The options are
  /// not part of it.
  void save(std::ostream& out) const {
    out << Method::name << ' ' << detail::number_name<T>;
    detail::save_numbers(out, "", size_, state_count_, steps_, carried_);
    for (std::size_t i = 0; i < states_.size(); ++i) {
      detail::write_number(out, states_[i]);
      if (i % 8 == 7) out << '\n';
    }
    out << '\n';
  }

  /// The same for a checkpoint, in which the states stand as bytes: writes or reads.
  template <class Archive>
  void archive(Archive& file) {
    std::string method(Method::name);
    std::size_t size = size_;
    file("method", method), file("size", size), file("steps", steps_), file("carried", carried_);
    if constexpr (Archive::loading)
      if (method != Method::name || size != size_)
        file.refuse("has the state of another rule, or of one for another number of parameters");
    file("states", std::span<T>(states_));
  }
  /// Reads what save() wrote for the same method, number type and size. Throws std::runtime_error for
  /// anything else, with the state as it was.
  void load(std::istream& in) {
    detail::read_word(Method::name, in, Method::name);
    detail::read_word(Method::name, in, detail::number_name<T>);
    for (const std::size_t wanted : {size_, state_count_})
      detail::read_word(Method::name, in, std::to_string(wanted));
    const auto steps = detail::read_number<std::size_t>(Method::name, in);
    const auto carried = detail::read_number<real>(Method::name, in);
    std::vector<T> states(states_.size());
    for (T& number : states) number = detail::read_number<T>(Method::name, in);
    states_.swap(states);
    steps_ = steps;
    carried_ = carried;
  }

 private:
  static constexpr bool by_segment = requires(const Method& method) { method.trust(1.0, 1.0); };

  template <std::size_t variant>
  void take(std::span<T> parameters, std::span<const T> gradient, const step_moment<real>& now) {
    const auto update = method_.template update<variant>(now);
    bool couples = method_.weight_decay != 0;
    if constexpr (requires { method_.decoupled_decay; }) couples = couples && !method_.decoupled_decay;
    if (Method::couples_decay && couples)
      walk<variant, Method::couples_decay>(parameters.data(), gradient.data(), update);
    else
      walk<variant, false>(parameters.data(), gradient.data(), update);
    if constexpr (by_segment) {
      const T* directions = states_.data() + (state_count_ - 1) * size_;
      for (const auto [begin, length] : detail::segments(method_.segments, size_)) {
        const std::span<T> part = parameters.subspan(begin, length);
        const std::span<const T> direction(directions + begin, length);
        const real trust = method_.trust(detail::norm(std::span<const T>(part)), detail::norm(direction));
        for (std::size_t i = 0; i < length; ++i) part[i] -= static_cast<T>(now.rate * trust) * direction[i];
      }
    }
  }

  /// All coordinates: batches as long as they fit, then one by one. The update comes by value, so that its
  /// numbers can stay in registers whatever the loop writes. Not inlined: with a size known to be small, g++
  /// 12 at -O3 warns of accesses that a loop without rounds does not make.
  template <std::size_t variant, bool decays, class Update>
  [[gnu::noinline]] void walk(T* parameters, const T* gradient, Update update) {
    constexpr std::size_t width = detail::batch_width<T>;
    T* const states =
        Method::states(variant) > 0 ? states_.data() : parameters;  // without states not read, but never null
    const std::size_t size = size_;
    const real direction = method_.maximize ? -1 : 1, decay = static_cast<real>(method_.weight_decay);
    std::size_t i = 0;
    for (; i + width <= size; i += width)
      advance<variant, decays, width>(parameters + i, gradient + i, states + i, size, direction, decay,
                                      update);
    if constexpr (width > 1)
      for (; i < size; ++i)
        advance<variant, decays, 1>(parameters + i, gradient + i, states + i, size, direction, decay, update);
  }

  template <std::size_t variant, bool decays, std::size_t width, class Update>
  TYPEGRAD_INLINE static void advance(T* parameter, const T* gradient, T* state, std::size_t stride,
                                      real direction, real decay, const Update& update) {
    using number = batch<T, width>;
    constexpr std::size_t count = Method::states(variant);
    std::array<number, count> kept;
    for (std::size_t s = 0; s < count; ++s) kept[s] = number::load(state + s * stride);
    number moved = number::load(parameter);
    number slope = direction * number::load(gradient);
    if constexpr (decays) slope = slope + decay * moved;
    update(moved, slope, kept);
    moved.store(parameter);
    for (std::size_t s = 0; s < count; ++s) kept[s].store(state + s * stride);
  }

  Method method_;
  std::size_t size_;
  std::size_t state_count_;
  std::vector<T> states_;  // one state of all coordinates after the other
  std::size_t steps_ = 0;
  real carried_ = 1;
};

}  // namespace tg

#include "../../support/compiler/end.hpp"
