// SPDX-License-Identifier: BSL-1.0
// Functions of arrays whose steps are split as finely as they can be.
#pragma once
#include <array>
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <tuple>
#include <typegrad/array.hpp>
#include <typegrad/program/threads.hpp>
#include <vector>

namespace array_threads {

/// Threads that share also what is too small for it.
struct eager_threads {
  using runs_steps = eager_threads;
  template <class Steps>
  struct eager_steps : Steps {
    int split(std::ptrdiff_t threads) { return Steps::split(threads, 1); }
  };
  template <class Steps>
  void run_steps(const Steps& steps) const {
    tg::threads(count).run_steps(eager_steps<Steps>{steps});
  }
  int count;
};

template <class T>
std::vector<T> numbers(std::size_t count, unsigned state = 1) {
  std::vector<T> all(count);
  for (T& x : all) {
    state = state * 1664525u + 1013904223u;
    x = T(static_cast<float>(state >> 8) / (1 << 24) * 2 - 1);
  }
  return all;
}
template <class T>
bool same_bits(const std::vector<T>& x, const std::vector<T>& y) {
  return x.size() == y.size() && (x.empty() || std::memcmp(x.data(), y.data(), x.size() * sizeof(T)) == 0);
}
/// The outputs of a function of two arrays have the same bits for all numbers of threads.
template <class T, class Function>
void check_parts(const Function& fn, std::size_t rows, const std::vector<T>& first,
                 const std::vector<T>& second) {
  const auto sizes = fn.output_sizes(first, second);
  const auto run = [&](const auto&... by) {
    std::array<std::vector<T>, sizes.size()> out;
    for (std::size_t k = 0; k < out.size(); ++k) out[k].resize(sizes[k]);
    auto own = tg::bound<T>(fn);
    std::apply([&](auto&... each) { own(first, second, each..., by...); }, out);
    return out;
  };
  const auto alone = run();
  for (const int n : {2, 3, 7}) {
    const auto together = run(eager_threads{n});
    for (std::size_t k = 0; k < alone.size(); ++k)
      BOOST_TEST(same_bits(alone[k], together[k]), "output " << k << ", " << rows << " rows, " << n);
  }
}

}  // namespace array_threads
