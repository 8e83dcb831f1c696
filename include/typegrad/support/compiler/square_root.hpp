// SPDX-License-Identifier: BSL-1.0
// Square roots of vectors: g++ (12) makes no instruction of std::sqrt in a loop over the lanes, because it
// has to set errno, and has no function of vectors of its own. May go when it has one, as clang has.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cstring>
#include <type_traits>

#include "attributes.hpp"

namespace tg::detail {

/// y = sqrt(x), lane by lane. T is the type of the lanes.
template <class T, class V>
TYPEGRAD_LANES void square_root(const V& x, V& y) {
#if defined(__clang__)
  y = __builtin_elementwise_sqrt(x);
#else
  constexpr bool wide = sizeof(T) == 8;
#if defined(__AVX512F__)
  if constexpr (sizeof x == 64 && wide)
    return static_cast<void>(y = __builtin_ia32_sqrtpd512_mask(x, x, 0xff, 4));
  else if constexpr (sizeof x == 64)
    return static_cast<void>(y = __builtin_ia32_sqrtps512_mask(x, x, 0xffff, 4));
#endif
#if defined(__AVX__)
  if constexpr (sizeof x == 32 && wide)
    return static_cast<void>(y = __builtin_ia32_sqrtpd256(x));
  else if constexpr (sizeof x == 32)
    return static_cast<void>(y = __builtin_ia32_sqrtps256(x));
#endif
#if defined(__SSE2__)  // in parts, also where a function may use wider registers than the others
  using floats [[gnu::vector_size(16)]] = float;
  using doubles [[gnu::vector_size(16)]] = double;
  using part = std::conditional_t<wide, doubles, floats>;
  for (unsigned k = 0; k < sizeof x; k += sizeof(part)) {
    part own;
    std::memcpy(&own, reinterpret_cast<const char*>(&x) + k, sizeof own);
    if constexpr (wide)
      own = __builtin_ia32_sqrtpd(own);
    else
      own = __builtin_ia32_sqrtps(own);
    std::memcpy(reinterpret_cast<char*>(&y) + k, &own, sizeof own);
  }
#else
  for (unsigned lane = 0; lane < sizeof x / sizeof(T); ++lane)
    if constexpr (wide)
      y[lane] = __builtin_sqrt(x[lane]);
    else
      y[lane] = __builtin_sqrtf(x[lane]);
#endif
#endif
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
