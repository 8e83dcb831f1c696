// SPDX-License-Identifier: BSL-1.0
//
// What every run-time benchmark shares: a problem, the ways to compute it, and the loop that measures one of
// them. A way of computing registers itself with one `bench::add` at file scope; `harness.cpp` checks that
// all ways agree before anything is measured, and never measures a wrong one.
#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// Uniform numbers from a fixed seed, the same with every compiler and standard library (splitmix64).
class random_numbers {
 public:
  explicit random_numbers(std::uint64_t seed) : state_(seed) {}

  double uniform(double low, double high) {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    z ^= z >> 31U;
    return low + (high - low) * (static_cast<double>(z >> 11U) * 0x1p-53);
  }

 private:
  std::uint64_t state_;
};

/// What a problem says of itself. `active` inputs are differentiated, `passive` ones follow them in each
/// point and are not.
template <class P>
concept Problem = requires(random_numbers& random, double* point) {
  { P::name } -> std::convertible_to<std::string_view>;
  { P::active + P::passive + P::values + P::order + P::points } -> std::convertible_to<int>;
  P::sample(random, point);
};

/// Numbers per input point.
template <Problem P>
inline constexpr int width = P::active + P::passive;

/// Numbers per result: the values, then the Jacobian row by row, then for order 2 the Hessian of each value
/// row by row.
template <Problem P>
inline constexpr int results = P::values*(1 + P::active + (P::order == 2 ? P::active * P::active : 0));

/// The input points of a problem, one after the other.
template <Problem P>
const std::vector<double>& inputs() {
  static const std::vector<double> all = [] {
    std::vector<double> numbers(static_cast<std::size_t>(width<P>) * P::points);
    random_numbers random(20240229);
    for (int point = 0; point < P::points; ++point) P::sample(random, numbers.data() + point * width<P>);
    return numbers;
  }();
  return all;
}

/// One way of computing one problem.
struct entry {
  std::string problem;
  std::string name;
  int width;
  int results;
  const std::vector<double>* inputs;
  void (*evaluate)(const double* point, double* result);
  void (*measure)(benchmark::State& state);
};

/// All ways that were added, in no particular order.
std::vector<entry>& entries();

/// The measured loop: every evaluation reads another point, so that nothing can be hoisted out of the loop,
/// and every result must be stored. The time that Google Benchmark reports is per evaluation.
template <Problem P, class Code>
void measure(benchmark::State& state) {
  const std::vector<double>& points = inputs<P>();
  double result[results<P>];
  double* sink = result;
  benchmark::DoNotOptimize(sink);
  while (state.KeepRunningBatch(P::points)) {
    const double* point = points.data();
    for (int i = 0; i < P::points; ++i, point += width<P>) {
      Code::evaluate(point, result);
      benchmark::ClobberMemory();
    }
  }
}

/// Adds `Code`, a type with `static void evaluate(const double* point, double* result)`, as a way of
/// computing `P`.
template <Problem P, class Code>
bool add(std::string_view name) {
  entries().push_back({std::string(P::name), std::string(name), width<P>, results<P>, &inputs<P>(),
                       &Code::evaluate, &measure<P, Code>});
  return true;
}

}  // namespace bench
