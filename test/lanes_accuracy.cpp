// SPDX-License-Identifier: BSL-1.0
// ./run accuracy [STEP [DOUBLES]] [FUNCTION...]: the greatest errors of the functions in lanes at every float
// (or every STEP-th) and at 10^8 random doubles, with each set of instructions of the machine. Prints a
// table, and fails where an error is greater than the bound that the unit test has.
#include "lanes.hpp"

#include <unistd.h>

#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <string>

using namespace lanes_test;

namespace {

/// Runs part(i) for i < 100 and shows how far it is, on a terminal.
template <class Part>
void with_progress(const char* name, const char* type, const Part& part) {
  for (unsigned i = 0; i < 100; ++i) {
    if (isatty(2)) std::fprintf(stderr, "\r%s of %s: %u %% ", name, type, i);
    part(i);
  }
  if (isatty(2)) std::fprintf(stderr, "\r%40s\r", "");
}

}  // namespace

int main(int count, char** arguments) {
  std::vector<std::uint64_t> numbers;
  std::vector<std::string> names;
  for (int i = 1; i < count; ++i) {
    if (std::isdigit(static_cast<unsigned char>(*arguments[i])))
      numbers.push_back(std::strtoull(arguments[i], nullptr, 10));
    else
      names.push_back(arguments[i]);
  }
  const std::uint64_t step = numbers.empty() || numbers[0] == 0 ? 1 : numbers[0];
  const std::uint64_t doubles = numbers.size() < 2 ? 100'000'000 : numbers[1];
  bool good = true;
  const auto measure = [&](const auto& r) {
    if (!names.empty() && std::find(names.begin(), names.end(), r.name) == names.end()) return;
    constexpr std::uint64_t all = std::uint64_t{1} << 32;
    worst<float> of_float;
    with_progress(r.name, "float", [&](std::uint64_t i) {
      const auto begin = [&](std::uint64_t part) { return (part * all / 100 + step - 1) / step * step; };
      sweep(r, begin(i), begin(i + 1), step, of_float);
    });
    worst<double> of_double;
    with_progress(r.name, "double", [&](std::uint64_t i) { random_points(r, doubles / 100, i, of_double); });
    std::printf("%-16s  float %.3f ulp at %-16.9g  double %.3f ulp at %.17g\n", r.name, of_float.error,
                static_cast<double>(of_float.x), of_double.error, of_double.x);
    std::fflush(stdout);
    good = good && of_float.error <= r.float_bound && of_double.error <= r.double_bound;
  };
  std::apply([&](const auto&... r) { (measure(r), ...); }, rows);
  if (!good) std::puts("An error is greater than its bound in test/lanes.hpp.");
  return good ? 0 : 1;
}
