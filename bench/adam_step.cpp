// SPDX-License-Identifier: BSL-1.0
//
// Steps of first-order optimizers over 10 million parameters against the memory bandwidth of a copy in the
// same run. Bytes are those that must be read and written once per step. Two copies are measured, of as many
// bytes as the parameters have and as a step of Adam moves; the faster counts. Rounds of all are interleaved
// and medians compared. Exit status 1: Adam is below its bar.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <typegrad/optimize/first_order.hpp>
#include <vector>

namespace {

constexpr std::size_t size = 10'000'000;
constexpr int rounds = 15;
constexpr double bar = 0.8;  // of the bandwidth of the faster copy

struct contender {
  const char* name;
  double bytes;
  std::function<void()> work;
  std::vector<double> seconds = {};

  void measure() {
    const auto begin = std::chrono::steady_clock::now();
    work();
    seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  /// Bytes per nanosecond in the median round.
  double bandwidth() const {
    std::vector<double> sorted = seconds;
    std::ranges::nth_element(sorted, sorted.begin() + rounds / 2);
    return bytes / sorted[rounds / 2] / 1e9;
  }
};

/// A step of a method that keeps so many numbers for each parameter: it reads and writes those and the
/// parameters, and reads the gradient.
template <class T, class Method>
contender step_of(const char* name, const Method& method, int states) {
  return {name, static_cast<double>(size * sizeof(T)) * (3 + 2 * states),
          [rule = tg::first_order<Method, T>(method, size), parameters = std::vector<T>(size, 1),
           gradient = std::vector<T>(size, T(0.5))]() mutable { rule.step(parameters, gradient); }};
}

contender copy(const char* name, std::size_t bytes) {
  return {name, 2 * static_cast<double>(bytes),
          [from = std::vector<char>(bytes, 1), to = std::vector<char>(bytes)]() mutable {
            ++from[from.size() / 2];  // so that no copy is like the one before
            std::memcpy(to.data(), from.data(), from.size());
            if (to[to.size() / 2] != from[from.size() / 2]) std::abort();
          }};
}

}  // namespace

int main() {
  contender all[] = {
      copy("copy of the parameters", size * sizeof(float)),
      copy("copy of 3.5 times as much", size * sizeof(float) * 7 / 2),
      step_of<float>("adam, float", tg::adam{}, 2),
      step_of<double>("adam, double", tg::adam{}, 2),
      step_of<float>("adamw, float", tg::adamw{}, 2),
      step_of<float>("amsgrad, float", tg::adam{.amsgrad = true}, 3),
      step_of<float>("sgd with momentum, float", tg::sgd{.momentum = 0.9}, 1),
      step_of<float>("adadelta, float", tg::adadelta{}, 2),
      step_of<float>("lion, float", tg::lion{}, 1),
  };
  for (contender& each : all) each.work();  // pages and caches
  for (int round = 0; round < rounds; ++round)
    for (contender& each : all) each.measure();
  std::printf(
      "a step over %zu parameters: bytes read and written per nanosecond, median of %d rounds, one thread\n",
      size, rounds);
  const double reference = std::max(all[0].bandwidth(), all[1].bandwidth());
  for (const contender& each : all)
    std::printf("  %-26s%8.2f  %5.2f of the faster copy\n", each.name, each.bandwidth(),
                each.bandwidth() / reference);
  const bool kept = all[2].bandwidth() >= bar * reference;
  std::printf("  bar for adam, float: %.2f of the faster copy: %s\n", bar, kept ? "kept" : "MISSED");
  return kept ? 0 : 1;
}
