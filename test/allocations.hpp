// SPDX-License-Identifier: BSL-1.0
// Counts the allocations of a test program. It replaces the global operators, so one file of a program
// includes it.
#pragma once

#include <cstdlib>
#include <new>

namespace {

int allocations = 0;

}  // namespace

[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(size > 0 ? size : 1)) return memory;
  throw std::bad_alloc{};
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
