// SPDX-License-Identifier: BSL-1.0
// Bits that are mixed, so that neighbouring numbers give unlike ones, as seeds of random numbers.
#pragma once
#include "../support/compiler/begin.hpp"

#include <cstdint>

namespace tg::detail {

/// splitmix64's output function.
constexpr std::uint64_t splitmix(std::uint64_t z) {
  z += 0x9e3779b97f4a7c15U;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
