// SPDX-License-Identifier: BSL-1.0
// main() of every unit test. Compiled once into a small library, so that a test file costs its own cases
// only.
#include <boost/test/unit_test.hpp>

int main(int count, char* arguments[]) {
  const auto named = [] {
    boost::unit_test::framework::master_test_suite().p_name.value = "typegrad";
    return true;
  };
  return boost::unit_test::unit_test_main(named, count, arguments);
}
