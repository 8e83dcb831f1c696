// SPDX-License-Identifier: BSL-1.0
// What a training is told apart from others by, before it goes on from a file: the loss at a point of no
// meaning, and what rule, schedules and treatments do to made-up numbers.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../../optimize/record/saved_run.hpp"
#include "../../support/compiler/finite.hpp"
#include "options.hpp"

namespace tg::detail {

/// Numbers between -0.1 and 0.1, the same everywhere.
class made_up_numbers {
 public:
  explicit made_up_numbers(std::uint32_t from = 1) : at_(from) {}
  double operator()() {
    at_ = at_ * 1664525u + 1013904223u;
    return (static_cast<double>(at_) / 4294967296.0 - 0.5) / 5;
  }

 private:
  std::uint32_t at_;
};
template <class T>
void fill_made_up(std::span<T> numbers, std::uint32_t from = 1) {
  made_up_numbers next(from);
  for (T& each : numbers) each = static_cast<T>(next());
}

struct training_signature {
  double loss = 0, rule = 0, schedule = 0, epoch_schedule = 0, treatments = 0;

  /// What of two signatures differs, as the end of a sentence; nothing where none does.
  std::string difference(const training_signature& saved) const {
    const auto differs = [](double a, double b) {
      if (is_nan(a) || is_nan(b)) return is_nan(a) != is_nan(b);
      return !(std::abs(a - b) <= 1e-4 * std::abs(a)) && a != b;
    };
    const auto tell = [](std::string_view what, double was, double is) {
      std::ostringstream text;
      text << what << was << " in it, not " << is << "; give that of the saved run, or begin a new one";
      return text.str();
    };
    if (differs(loss, saved.loss))
      return tell("is of another model, loss or data: at a point made up to tell them apart the loss is ",
                  saved.loss, loss);
    if (differs(rule, saved.rule))
      return tell("is of a run whose rule has other options: its steps along a made-up gradient sum to ",
                  saved.rule, rule);
    if (differs(schedule, saved.schedule))
      return tell("is of a run with another schedule: some of its factors sum to ", saved.schedule, schedule);
    if (differs(epoch_schedule, saved.epoch_schedule))
      return tell("is of a run with another schedule of epochs: some of its factors sum to ",
                  saved.epoch_schedule, epoch_schedule);
    if (differs(treatments, saved.treatments))
      return tell(
          "is of a run with other treatments: the shares that they leave of made-up gradients sum to ",
          saved.treatments, treatments);
    return {};
  }

  template <class Archive>
  void archive(Archive& file) {
    file("loss", loss), file("rule", rule), file("schedule", schedule),
        file("epoch_schedule", epoch_schedule), file("treatments", treatments);
  }
};

/// The sum of sizes, each with a factor of its own.
template <class T>
double spread(std::span<const T> numbers) {
  double sum = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i)
    sum += std::abs(static_cast<double>(numbers[i])) * static_cast<double>(1 + i % 7);
  return sum;
}

inline double signature_of(any_schedule schedule) {
  double sum = 0, loss = 1;
  for (std::size_t step = 0; step < 1u << 20u; step = step < 32 ? step + 1 : step * 2, loss *= 1.01)
    sum += (1 + 0.1 * static_cast<double>(step % 5)) * schedule(step, loss, 1);
  return sum;
}

/// All but the loss, by a rule that has taken no step, which it resets. Weights and slopes are only room.
template <class V, class T>
training_signature signature_of(const train_options<V>& options, rule_at_work<T>& rule, std::span<T> weights,
                                std::span<T> slopes) {
  training_signature made;
  fill_made_up(weights);
  for (std::uint32_t step = 1; step <= 3; ++step) {
    fill_made_up(slopes, step);
    rule.step(weights, slopes, 1);
  }
  rule.reset();
  made_up_numbers before;
  for (std::size_t i = 0; i < weights.size(); ++i)
    made.rule += std::abs(before() - static_cast<double>(weights[i])) * static_cast<double>(1 + i % 7);
  made.schedule = signature_of(options.schedule);
  made.epoch_schedule = signature_of(options.epoch_schedule);
  for (const double scale : {1e-3, 0.1, 10.0, 1e3, 1e5}) {
    fill_made_up(slopes);
    for (T& each : slopes) each *= static_cast<T>(scale);
    const double before_it = spread(std::span<const T>(slopes));
    for (const auto& treatment : options.treatments) treatment.treat(slopes, std::span<const T>(weights), 1);
    made.treatments += spread(std::span<const T>(slopes)) / before_it;
  }
  return made;
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
