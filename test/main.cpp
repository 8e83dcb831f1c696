// SPDX-License-Identifier: BSL-1.0
// main() of every unit test. Compiled once into a small library, so that a test file costs its own cases
// only.
#define BOOST_TEST_MODULE typegrad
#include <boost/test/unit_test.hpp>
