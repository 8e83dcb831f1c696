// SPDX-License-Identifier: BSL-1.0
// Two ways of computing the same, timed in turn: the ratio of their medians, beside the bar that is promised.
#pragma once
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <vector>

namespace bench {

/// Whether all ways have agreed so far.
inline bool agrees = true;

/// The ratio of the medians of two ways, which take turns, of so many calls each; a bar of 0 is none.
template <int Turns = 101, int Calls = 1, class Own, class Reference>
void compare(const char* name, double bar, Own own, Reference reference) {
  const auto time = [](auto& way) {
    const auto start = std::chrono::steady_clock::now();
    for (int call = 0; call < Calls; ++call) way();
    const std::chrono::duration<double, std::micro> all = std::chrono::steady_clock::now() - start;
    return all.count() / Calls;
  };
  std::vector<double> of_own, of_reference;
  for (int turn = 0; turn < Turns; ++turn)
    of_reference.push_back(time(reference)), of_own.push_back(time(own));
  const auto median = [](std::vector<double>& v) {
    std::nth_element(v.begin(), v.begin() + Turns / 2, v.end());
    return v[Turns / 2];
  };
  const double a = median(of_own), b = median(of_reference);
  std::printf("%-28s %9.1f us %9.1f us  ratio %.3f", name, a, b, a / b);
  bar > 0 ? std::printf("  bar %.2f  %s\n", bar, a / b <= bar ? "kept" : "MISSED") : std::printf("\n");
}
template <class T>
void expect_near(const char* name, T own, T reference, T size) {
  if (std::fabs(own - reference) <= (sizeof(T) == 4 ? T(1e-4) : T(1e-9)) * (std::fabs(size) + 1)) return;
  agrees = false;
  std::printf("%s: %g, by hand %g\n", name, static_cast<double>(own), static_cast<double>(reference));
}

}  // namespace bench
