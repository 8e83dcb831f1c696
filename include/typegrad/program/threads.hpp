// SPDX-License-Identifier: BSL-1.0
// Sums over rows and functions of arrays in several threads: sum.value(v, tg::threads(4)). The result has the
// same bits for any number of threads, one included: each takes blocks of rows, which are added in their
// order, and of a step of a function of arrays a part of the elements.
#pragma once
#include "../support/compiler/begin.hpp"

#include <atomic>
#include <exception>
#include <thread>
#include <utility>
#include <vector>

#include "../support/compiler/exceptions.hpp"
#include "sum.hpp"

namespace tg {

/// What tg::threads throws for fewer threads than one.
struct unfit_threads : std::exception {
  const char* what() const noexcept override { return "threads: this one is among them; give 1 or more."; }
};

namespace detail {

/// Where threads wait until all are there; how many, is known when it begins.
class meeting {
 public:
  void begin(int threads) {
    threads_ = threads;
    go_on();
  }
  void wait_for_begin() { round_.wait(0); }
  void wait() {
    const int round = round_;
    if (++there_ == threads_) {
      there_ = 0;
      return go_on();
    }
    for (int k = 0; k < 200 && round_ == round; ++k) std::this_thread::yield();  // cheaper than sleep
    round_.wait(round);
  }

 private:
  void go_on() {
    ++round_;
    round_.notify_all();
  }
  int threads_ = 0;
  std::atomic<int> there_{0}, round_{0};
};

}  // namespace detail

/// The last argument of a call of a sum or of a function of arrays: how many threads compute it, this one
/// included. It pays from some 100,000 operations for each thread on. A call starts its threads, and
/// allocates the sums of the blocks, or scratch memory for each further thread. An exception that a user's
/// number throws in another thread, or in a function of arrays, ends the program. Errors: tg::unfit_threads.
class threads {
 public:
  using runs_blocks = threads;
  using runs_steps = threads;
  template <std::integral Count>
  constexpr explicit threads(Count count) : count_{static_cast<std::size_t>(count)} {
    if (count < 1) detail::raise(unfit_threads{});
  }

  /// Sums blocks: add(k, sums) adds those of block k.
  template <int Size, class T, class Add>
  void run(std::size_t blocks, T* total, Add add) const {
    if (count_ < 2 || blocks < 2) return detail::in_turn::run<Size>(blocks, total, add);
    constexpr std::size_t size = static_cast<std::size_t>(Size);
    std::vector<T> parts(blocks * size);
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
      for (std::size_t k = next++; k < blocks; k = next++) add(k, parts.data() + k * size);
    };
    {
      team others;
      for (std::size_t k = 1; k < count_ && k < blocks; ++k) others.members.emplace_back(work);
      work();
    }
    for (std::size_t k = 0; k < parts.size(); ++k) total[k % size] += parts[k];
  }

  /// Runs the steps of a function of arrays (program/array/split_steps.hpp).
  template <class Steps>
  void run_steps(Steps steps) const {
    int size = steps.split(static_cast<std::ptrdiff_t>(count_));
    if (size < 2) return steps.run_all();
    detail::meeting all;
    team others;
    TYPEGRAD_TRY {
      for (int k = 1; k < size; ++k)
        others.members.emplace_back([&steps, &all, k] {
          all.wait_for_begin();
          run_parts(steps, k, all);
        });
    }
    TYPEGRAD_CATCH_ALL {  // the others do it
      size = 1 + static_cast<int>(others.members.size());
      steps.split(size);
    }
    all.begin(size);
    run_parts(steps, 0, all);
  }

 private:
  /// What thread `own` does: its part of the steps that are split, and the first one the others.
  template <class Steps>
  static void run_parts(Steps& steps, int own, detail::meeting& all) noexcept {
    bool together = true;
    for (int k = 0; k < Steps::count; ++k) {
      const bool whole = steps.parts(k) < 2;
      if (whole && own == 0) steps.run_whole(k);
      if (!whole && !together) all.wait();
      if (!whole && own < steps.parts(k)) steps.run_part(k, own);
      if (!whole) all.wait();
      together = !whole;
    }
  }

  struct team {
    std::vector<std::thread> members;
    team() = default;
    team(const team&) = delete;
    team& operator=(const team&) = delete;
    ~team() {
      for (std::thread& each : members) each.join();
    }
  };
  std::size_t count_;
};

/// A sum whose calls all run in several threads, for tg::minimize; made by tg::in_threads.
template <class Sum>
class threaded_sum {
 public:
  constexpr threaded_sum(Sum sum, threads by) : sum_(std::move(sum)), by_{by} {}

  static constexpr std::size_t parameter_count() { return Sum::parameter_count(); }
  constexpr std::size_t row_count() const { return sum_.row_count(); }
  static constexpr std::size_t residuals_in_row() { return Sum::residuals_in_row(); }
  constexpr std::size_t residual_count() const { return sum_.residual_count(); }

  template <class V, class... Which>
  requires Sum::is_value auto value(const V& at, const Which&... which) const {
    return sum_.value(at, which..., by_);
  }
  template <class V, class... Which>
  requires Sum::is_value auto gradient(const V& at, const Which&... which) const {
    return sum_.gradient(at, which..., by_);
  }
  template <class V, class... Which>
  requires Sum::is_value auto value_and_gradient(const V& at, std::span<detail::number_among<V>> slopes,
                                                 const Which&... which) const {
    return sum_.value_and_gradient(at, slopes, which..., by_);
  }
  template <class V, class... Which>
  requires Sum::is_value auto hessian(const V& at, const Which&... which) const {
    return sum_.hessian(at, which..., by_);
  }
  template <class V, class... Which>
  auto gauss_newton(const V& at, const Which&... which) const {
    return sum_.gauss_newton(at, which..., by_);
  }
  /// One row after the other, in this thread.
  template <class V, class Use>
  void residuals(const V& at, Use&& use) const {
    sum_.residuals(at, use);
  }

 private:
  Sum sum_;
  threads by_;
};
/// The same for a sum, or for a problem of tg::objective that is a loss of arrays.
template <class Problem>
constexpr auto in_threads(Problem problem, threads by) {
  if constexpr (requires { problem.run_by(by); })
    return problem.run_by(by);
  else
    return threaded_sum<Problem>(std::move(problem), by);
}

}  // namespace tg

#include "../support/compiler/end.hpp"
