// SPDX-License-Identifier: BSL-1.0
// The parts of a training as one type each, whatever they were made of: a rule, a schedule, a treatment of
// gradients, a callable that is told how it goes. So the options of a training are a plain struct; a step
// pays a call through a pointer for each.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <concepts>
#include <cstddef>
#include <functional>
#include <istream>
#include <memory>
#include <ostream>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include "../../optimize/first_order/rule.hpp"
#include "../../optimize/gradient_treatment.hpp"
#include "../../optimize/record/saved_run.hpp"

namespace tg {

template <class Method, class T>
class grouped;

}  // namespace tg

namespace tg::detail {

/// An optimizer at work.
template <class T>
struct rule_at_work {
  virtual ~rule_at_work() = default;
  virtual void step(std::span<T> weights, std::span<const T> slopes, double factor) = 0;
  virtual void reset() = 0;
  virtual void archive(run_writer& file) = 0;
  virtual void archive(run_reader& file) = 0;
};

/// A first-order method: what makes the optimizer for so many weights, its name and its rate.
template <class T>
class any_rule {
  template <class Rule>
  struct work final : rule_at_work<T> {
    explicit work(Rule given) : rule(std::move(given)) {}
    void step(std::span<T> weights, std::span<const T> slopes, double factor) override {
      rule.step(weights, slopes, factor);
    }
    void reset() override { rule.reset(); }
    void archive(run_writer& file) override { rule.archive(file); }
    void archive(run_reader& file) override { rule.archive(file); }
    Rule rule;
  };

 public:
  template <class Method>
  requires(!std::same_as<Method, any_rule>) any_rule(const Method& method) {  // NOLINT: as is
    static_assert(FirstOrderMethod<Method>,
                  "train: the option rule must be a first-order method, such as tg::adam.");
    if constexpr (FirstOrderMethod<Method>) {
      name = Method::name;
      rate = static_cast<double>(method.rate);
      start = [method](std::size_t size) {
        return std::make_unique<work<first_order<Method, T>>>(first_order<Method, T>(method, size));
      };
    }
  }
  /// Groups with a method each; the rate that is told is the first one's.
  template <class Method>
  any_rule(const grouped<Method, T>& rule)  // NOLINT: as is
      : name(Method::name), rate(rule.rate()) {
    start = [rule](std::size_t) { return std::make_unique<work<grouped<Method, T>>>(rule); };
  }

  std::string name;
  double rate = 0;
  std::function<std::unique_ptr<rule_at_work<T>>(std::size_t)> start;
};

/// A schedule, or none, whose factor is 1.
class any_schedule {
  struct base {
    virtual ~base() = default;
    virtual std::unique_ptr<base> copy() const = 0;
    virtual double factor(std::size_t step, double loss, double norm) = 0;
    virtual void save(std::ostream& out) const = 0;
    virtual void load(std::istream& in) = 0;
  };
  template <class Schedule>
  struct one final : base {
    explicit one(Schedule given) : schedule(std::move(given)) {
      if constexpr (requires { schedule.check(); }) schedule.check();
    }
    std::unique_ptr<base> copy() const override { return std::make_unique<one>(schedule); }
    double factor(std::size_t step, double loss, double norm) override {
      return static_cast<double>(std::invoke(schedule, step, loss, norm));
    }
    void save([[maybe_unused]] std::ostream& out) const override {
      if constexpr (requires { schedule.save(out); }) schedule.save(out);
    }
    void load([[maybe_unused]] std::istream& in) override {
      if constexpr (requires { schedule.load(in); }) schedule.load(in);
    }
    Schedule schedule;
  };

 public:
  any_schedule() = default;
  template <class Schedule>
  requires(!std::same_as<Schedule, any_schedule>) any_schedule(Schedule schedule) {  // NOLINT: as is
    constexpr bool fits = std::is_invocable_r_v<double, Schedule&, std::size_t, double, double>;
    static_assert(fits,
                  "train: a schedule must be callable with (step, loss, gradient_norm) and give a factor.");
    if constexpr (fits) kept_ = std::make_unique<one<Schedule>>(std::move(schedule));
  }
  any_schedule(const any_schedule& other) : kept_(other.kept_ ? other.kept_->copy() : nullptr) {}
  any_schedule& operator=(const any_schedule& other) {
    kept_ = other.kept_ ? other.kept_->copy() : nullptr;
    return *this;
  }

  explicit operator bool() const { return kept_ != nullptr; }
  double operator()(std::size_t step, double loss, double norm) {
    return kept_ ? kept_->factor(step, loss, norm) : 1;
  }
  void save(std::ostream& out) const {
    if (kept_) kept_->save(out);
  }
  void load(std::istream& in) {
    if (kept_) kept_->load(in);
  }

 private:
  std::unique_ptr<base> kept_;
};

/// A treatment of gradients.
template <class T>
class any_treatment {
 public:
  template <class Treatment>
  requires(!std::same_as<Treatment, any_treatment>) any_treatment(Treatment treatment) {  // NOLINT: as is
    constexpr bool fits =
        std::is_invocable_v<const Treatment&, std::span<T>, std::span<const T>, std::size_t>;
    static_assert(fits, "train: a treatment must be callable with (gradient, parameters, step).");
    if constexpr (fits) {
      treatments<Treatment> checked(std::move(treatment));
      check = [checked](std::size_t size) { checked.check(size); };
      treat = [checked](std::span<T> gradient, std::span<const T> weights, std::size_t step) {
        checked(gradient, weights, step);
      };
    }
  }

  std::function<void(std::size_t)> check;
  std::function<void(std::span<T>, std::span<const T>, std::size_t)> treat;
};

/// A callable that is told something and may say to stop, by false; or none.
template <class Told>
class any_listener {
 public:
  any_listener() = default;
  template <class Callable>
  requires(!std::same_as<Callable, any_listener>) any_listener(Callable callable) {  // NOLINT: as is
    call_ = [called = std::move(callable)](const Told& told) mutable {
      if constexpr (std::is_void_v<std::invoke_result_t<Callable&, const Told&>>)
        return called(told), true;
      else
        return static_cast<bool>(called(told));
    };
  }

  explicit operator bool() const { return static_cast<bool>(call_); }
  bool operator()(const Told& told) const { return !call_ || call_(told); }

 private:
  std::function<bool(const Told&)> call_;
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
