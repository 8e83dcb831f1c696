// SPDX-License-Identifier: BSL-1.0
// The widest vectors of the machine that a program runs on, chosen while it runs: programs are seldom
// compiled for it (-march=native).
#pragma once
#include "../support/compiler/begin.hpp"

#include "../support/compiler/attributes.hpp"

namespace tg::lanes {

/// Sets of instructions, each with all before it.
enum class instructions { baseline, avx2, avx512 };

template <class Kernel>
void run_baseline(Kernel& kernel) {
  kernel.template run<16>();
}
#if defined(__x86_64__)
template <class Kernel>
[[gnu::target("avx2,fma"), gnu::flatten]] void run_avx2(Kernel& kernel) {
  kernel.template run<32>();
}
template <class Kernel>
[[gnu::target("avx512f,avx512vl,avx512dq,avx2,fma"), gnu::flatten]] void run_avx512(Kernel& kernel) {
  kernel.template run<64>();
}
#endif

/// The largest set that this machine has.
inline instructions instructions_here() {
#if defined(__x86_64__)
  const auto has = [](auto... yes) { return (yes && ...); };
  if (has(__builtin_cpu_supports("avx512f"), __builtin_cpu_supports("avx512vl"),
          __builtin_cpu_supports("avx512dq"), __builtin_cpu_supports("fma")))
    return instructions::avx512;
  if (has(__builtin_cpu_supports("avx2"), __builtin_cpu_supports("fma"))) return instructions::avx2;
#endif
  return instructions::baseline;
}

/// Calls kernel.run<bytes>(), a TYPEGRAD_LANES function, inside a function that is compiled for the set of
/// instructions; `bytes` is the size of its vectors.
template <class Kernel>
void run_with(instructions set, Kernel& kernel) {
#if defined(__x86_64__)
  if (set == instructions::avx512) return run_avx512(kernel);
  if (set == instructions::avx2) return run_avx2(kernel);
#endif
  run_baseline(kernel);
}

}  // namespace tg::lanes

#include "../support/compiler/end.hpp"
