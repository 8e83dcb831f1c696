// SPDX-License-Identifier: BSL-1.0
//
// The main program of the run-time benchmarks. It says which peers were left out, compares every way of
// computing a problem with the hand-written one in all values and derivatives at all points, and only then
// lets Google Benchmark measure.
#include "harness.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace bench {

std::vector<entry>& entries() {
  static std::vector<entry> all;
  return all;
}

namespace {

constexpr double tolerance = 1e-9;
constexpr std::string_view reference_name = "hand";

std::vector<double> evaluate_all(const entry& code) {
  const std::size_t points = code.inputs->size() / static_cast<std::size_t>(code.width);
  std::vector<double> all(points * static_cast<std::size_t>(code.results));
  for (std::size_t i = 0; i < points; ++i)
    code.evaluate(code.inputs->data() + i * static_cast<std::size_t>(code.width),
                  all.data() + i * static_cast<std::size_t>(code.results));
  return all;
}

/// A derivative may pass through zero, where its relative error says nothing; so each result is compared on
/// the scale of its own magnitude plus its mean magnitude over all points.
bool agrees(const entry& code, const std::vector<double>& expected) {
  const std::vector<double> found = evaluate_all(code);
  const auto count = static_cast<std::size_t>(code.results);
  std::vector<double> typical(count, 0.0);
  for (std::size_t i = 0; i < expected.size(); ++i) typical[i % count] += std::abs(expected[i]);
  for (double& t : typical) t *= static_cast<double>(count) / static_cast<double>(expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (std::abs(found[i] - expected[i]) <= tolerance * (std::abs(expected[i]) + typical[i % count]))
      continue;
    std::fprintf(stderr,
                 "bench: %s: '%s' gives %.17g for result %zu at point %zu, and hand-written code %.17g; "
                 "nothing was measured.\n",
                 code.problem.c_str(), code.name.c_str(), found[i], i % count, i / count, expected[i]);
    return false;
  }
  return true;
}

bool all_agree() {
  for (const entry& reference : entries()) {
    if (reference.name != reference_name) continue;
    const std::vector<double> expected = evaluate_all(reference);
    for (const entry& code : entries())
      if (code.problem == reference.problem && !agrees(code, expected)) return false;
  }
  return true;
}

void print_skipped() {
  std::istringstream names(BENCH_SKIPPED);
  for (std::string name; std::getline(names, name, ';');)
    std::fprintf(stderr, "skipped: %s (not installed)\n", name.c_str());
}

/// Evaluates one way of computing one problem so many times and does nothing else, for tools that count
/// instructions.
int evaluate_only(const std::string& name, int times) {
  for (const entry& code : entries()) {
    if (code.problem + "/" + code.name != name) continue;
    const std::size_t points = code.inputs->size() / static_cast<std::size_t>(code.width);
    std::vector<double> result(static_cast<std::size_t>(code.results));
    for (std::size_t i = 0; i < static_cast<std::size_t>(times); ++i)
      code.evaluate(code.inputs->data() + i % points * static_cast<std::size_t>(code.width), result.data());
    return 0;
  }
  std::fprintf(stderr, "bench: there is no '%s'.\n", name.c_str());
  return 1;
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  if (argc == 4 && std::string_view(argv[1]) == "--evaluate")
    return bench::evaluate_only(argv[2], std::atoi(argv[3]));
  bench::print_skipped();
  if (!bench::all_agree()) return 1;
  std::sort(bench::entries().begin(), bench::entries().end(),
            [](const bench::entry& a, const bench::entry& b) {
              return std::tie(a.problem, a.name) < std::tie(b.problem, b.name);
            });
  for (const bench::entry& code : bench::entries())
    benchmark::RegisterBenchmark((code.problem + "/" + code.name).c_str(), code.measure)
        ->Unit(benchmark::kNanosecond);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
