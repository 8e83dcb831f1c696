// SPDX-License-Identifier: BSL-1.0
// Sums over rows in several threads: sum.value(v, tg::threads(4)). Each thread takes blocks of rows, and the
// blocks are added in their order: the result has the same bits for any number of threads, one included.
#pragma once
#include "../support/compiler/begin.hpp"

#include <atomic>
#include <thread>
#include <utility>
#include <vector>

#include "sum.hpp"

namespace tg {

/// The last argument of a call of a sum: how many threads compute it, this one included. It pays from some
/// 100,000 operations for each thread on; a call starts its threads and allocates the sums of the blocks. An
/// exception that a user's number throws in another thread ends the program.
class threads {
 public:
  using runs_blocks = threads;
  constexpr explicit threads(std::size_t count) : count_{count} {}

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

 private:
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
template <class Sum>
constexpr auto in_threads(Sum sum, threads by) {
  return threaded_sum<Sum>(std::move(sum), by);
}

}  // namespace tg

#include "../support/compiler/end.hpp"
