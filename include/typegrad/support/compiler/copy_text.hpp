// SPDX-License-Identifier: BSL-1.0
// Text copied in a constant evaluation: by the builtin in clang, which counts it as one step of its 2^20,
// where a loop takes several for each letter; by a loop in the others, whose constant evaluation has no such
// builtin (g++ 12). May go when std::copy is one step in clang.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <string_view>

namespace tg::detail {

constexpr void copy_text(std::string_view from, char* to) {
#if defined(__clang__)
  __builtin_memcpy(to, from.data(), from.size());
#else
  const char* const letters = from.data();
  const int size = static_cast<int>(from.size());
  for (int i = 0; i < size; ++i) to[i] = letters[i];
#endif
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
