// SPDX-License-Identifier: BSL-1.0
// Evaluation of an ill-conditioned case with 50 digits, behind the interface that all cases have.
#pragma once

#include "../oracle.hpp"

namespace truth {

template <oracle::digits50 (*derivative)(const oracle::digits50*), int symbols>
double in_50_digits(const double* at) {
  oracle::digits50 wide[symbols];
  for (int i = 0; i < symbols; ++i) wide[i] = at[i];
  return static_cast<double>(derivative(wide));
}

}  // namespace truth
