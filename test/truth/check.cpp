// SPDX-License-Identifier: BSL-1.0
// Runs every case of a generated table and reports each point that disagrees, the largest error seen, and
// what was skipped and why.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <iomanip>
#include <iostream>

#include "check.hpp"

namespace {

/// The relative error; where the expected value is zero, the absolute one. Not a number counts as infinite.
double error_of(double value, double expected) {
  const double difference = std::abs(value - expected);
  if (!(difference < HUGE_VAL)) return HUGE_VAL;
  return expected == 0.0 ? difference : difference / std::abs(expected);
}

void describe(const truth::test_case& test, const double* point, double value, double error) {
  std::cout << "FAILED " << test.id << " at (";
  for (int i = 0; i < test.symbols; ++i) std::cout << (i ? ", " : "") << point[i];
  std::cout << "): is " << value << ", should be " << point[test.symbols] << ", relative error " << error
            << " > " << test.tolerance << '\n';
}

}  // namespace

BOOST_AUTO_TEST_CASE(table) {
  std::cout << std::setprecision(17);
  int passed = 0;
  int failed = 0;
  double largest = 0.0;
  std::string_view largest_id = "none";
  for (const auto part : truth::all_cases()) {
    for (const auto& test : part) {
      bool good = true;
      for (int i = 0; i < test.point_count; ++i) {
        const double* point = test.points + i * (test.symbols + 1);
        const double value = test.derivative(point);
        const double error = error_of(value, point[test.symbols]);
        if (error <= test.tolerance) {
          if (error > largest) {
            largest = error;
            largest_id = test.id;
          }
        } else {
          good = false;
          describe(test, point, value, error);
        }
      }
      ++(good ? passed : failed);
    }
  }
  const auto skipped = truth::all_skipped();
  for (const auto& [id, reason] : skipped) std::cout << "skipped " << id << ": " << reason << '\n';
  std::cout << passed << " passed, " << failed << " failed, " << skipped.size()
            << " skipped; largest error of a passed case " << std::setprecision(2) << largest << " ("
            << largest_id << ")\n";
  BOOST_TEST(failed == 0);
  BOOST_TEST(passed > 0);
}
