// SPDX-License-Identifier: BSL-1.0
//
// Prints the traced program of 1,000 operations and its gradient as C. The build compiles that text with the
// same compiler and flags; it is what typegrad's own evaluation of the same graph is compared with.
#include "mixed_formula.hpp"

#include <iostream>

int main() {
  static constexpr auto text = tg::to_c(mixed_outputs(), "traced_program_c");
  std::cout << text.view();
}
