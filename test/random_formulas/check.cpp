// SPDX-License-Identifier: BSL-1.0
// Runs every random formula: each derivative by the library has to agree with differences of 50-digit
// numbers. Prints the seed, the failing formulas, and one line `failing: N N ...` that shrink.py reads.
#include <algorithm>
#include <cmath>
#include <iomanip>
#include <iostream>
#include <string>

#include "cases.hpp"

namespace {

/// Agreement to 1e-9 of the derivative, or of what the formula's own size makes of rounding. The generator
/// keeps all steps below 30 in size and 0.1 away from every edge, so that a derivative is seldom smaller than
/// its terms by more than a few digits.
bool agrees(double found, double expected, double size) {
  return std::abs(found - expected) <= 1e-9 * std::abs(expected) + 1e-11 * size;
}

}  // namespace

int main() {
  std::cout << "seed " << random_formulas::seed() << '\n' << std::setprecision(17);
  int passed = 0;
  std::string failing;
  for (const auto& part : random_formulas::all_cases()) {
    for (const auto& test : part) {
      bool good = true;
      std::vector<double> found(
          static_cast<std::size_t>(random_formulas::result_count(test.how, test.variables)));
      for (int i = 0; good && i < test.point_count; ++i) {
        const double* at = test.points + i * test.variables;
        if (const char* broken = test.by_library(at, found.data()); broken != nullptr) {
          good = false;
          std::cout << "FAILED formula " << test.number << ", law: " << broken << "\n  " << test.text << '\n';
          break;
        }
        const auto expected = test.by_oracle(test.function, test.how, at);
        double size = 1.0;
        for (const auto& e : expected) size = std::max(size, std::abs(static_cast<double>(e)));
        for (std::size_t k = 0; good && k < found.size(); ++k) {
          const auto truth = static_cast<double>(expected[k]);
          good = agrees(found[k], truth, size);
          if (!good) {
            std::cout << "FAILED formula " << test.number << ", result " << k << " at (";
            for (int v = 0; v < test.variables; ++v) std::cout << (v ? ", " : "") << at[v];
            std::cout << "): is " << found[k] << ", should be " << truth << "\n  " << test.text << '\n';
          }
        }
      }
      if (good)
        ++passed;
      else
        failing += " " + std::to_string(test.number);
    }
  }
  if (!failing.empty()) std::cout << "failing:" << failing << '\n';
  std::cout << passed << " passed, " << std::count(failing.begin(), failing.end(), ' ')
            << " failed, 0 skipped\n";
  return failing.empty() ? 0 : 1;
}
