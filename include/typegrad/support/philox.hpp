// SPDX-License-Identifier: BSL-1.0
// Random bits from a key and a counter: Philox 4x32 with 10 rounds (Salmon, Moraes, Dror and Shaw, "Parallel
// random numbers: as easy as 1, 2, 3", 2011). No state: the bits of any counter can be asked for in any
// order.
#pragma once
#include "../support/compiler/begin.hpp"

#include <cstdint>

namespace tg::detail {

/// The bits of `Count` counters at once, word by word: word[w][k] is word w of counter k, before and after.
template <int Count>
struct philox_words {
  std::uint32_t word[4][Count];

  constexpr void mix(std::uint32_t key0, std::uint32_t key1) {
    for (int round = 0; round < 10; ++round) {
      for (int k = 0; k < Count; ++k) {
        const std::uint64_t p = std::uint64_t{0xD2511F53u} * word[0][k],
                            q = std::uint64_t{0xCD9E8D57u} * word[2][k];
        word[0][k] = static_cast<std::uint32_t>(q >> 32) ^ word[1][k] ^ key0;
        word[1][k] = static_cast<std::uint32_t>(q);
        word[2][k] = static_cast<std::uint32_t>(p >> 32) ^ word[3][k] ^ key1;
        word[3][k] = static_cast<std::uint32_t>(p);
      }
      key0 += 0x9E3779B9u, key1 += 0xBB67AE85u;
    }
  }
};

/// A stream of random numbers of one seed and one place in a formula.
struct philox_stream {
  std::uint64_t seed, site;

  /// The words of counters first, first + 1, ...; `half` chooses between two independent sets of them.
  template <int Count>
  constexpr void fill(philox_words<Count>& p, std::uint64_t first, std::uint32_t half) const {
    for (int k = 0; k < Count; ++k) {
      const std::uint64_t counter = first + static_cast<std::uint64_t>(k);
      p.word[0][k] = static_cast<std::uint32_t>(counter);
      p.word[1][k] = static_cast<std::uint32_t>(counter >> 32) ^ half << 31;
      p.word[2][k] = static_cast<std::uint32_t>(site);
      p.word[3][k] = static_cast<std::uint32_t>(site >> 32);
    }
    p.mix(static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32));
  }
};

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
