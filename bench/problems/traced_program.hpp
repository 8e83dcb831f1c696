// SPDX-License-Identifier: BSL-1.0
//
// A made-up function of 8 inputs and 1,000 operations with its gradient, as a template in the number type.
#pragma once

#include "../harness.hpp"
#include "mixed_program.hpp"

namespace bench {

struct traced_program {
  static constexpr const char* name = "traced_program_gradient";
  static constexpr int active = 8;
  static constexpr int passive = 0;
  static constexpr int values = 1;
  static constexpr int order = 1;
  static constexpr int points = 256;

  static void sample(random_numbers& random, double* point) {
    for (int i = 0; i < active; ++i) point[i] = random.uniform(-1, 1);
  }

  template <class T, class Data>
  static constexpr void formula(const T* x, const Data* /*passive*/, T* y) {
    y[0] = mixed_program<1000>(x);
  }
};

}  // namespace bench
