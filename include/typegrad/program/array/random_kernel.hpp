// SPDX-License-Identifier: BSL-1.0
// How random numbers are made: element i of an array from counter i/4, so that no element needs another.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <bit>

#include "../../array/random.hpp"
#include "../../support/philox.hpp"
#include "kernels.hpp"

namespace tg::detail {

/// A seed as bits: that of the number as a double.
template <class T>
std::uint64_t seed_bits(const T& seed) {
  if constexpr (requires { static_cast<double>(seed); })
    return std::bit_cast<std::uint64_t>(static_cast<double>(seed) + 0.0);  // -0 is 0
  else
    return seed_bits(seed.real());
}

/// The middle of one of 2^23 or 2^52 equal parts of (0, 1), so neither 0 nor 1.
template <class T>
T unit_number(std::uint32_t high, std::uint32_t low) {
  if constexpr (std::is_same_v<T, float>)
    return (static_cast<float>(high >> 9) + 0.5f) * 0x1p-23f;
  else
    return T(static_cast<double>(std::uint64_t{high} << 20 | low >> 12) * 0x1p-52 + 0x1p-53);
}

template <>
struct kernel_of<op::random_uniform<>> {
  using primitive = op::random_uniform<>;
  static constexpr int block = 64;

  static constexpr void lower(array_lowering& a, int node) {
    const int list = a.b.attribute(node);
    const array_view seed = a.view(a.b.operand(node, 0)), to = a.begin_call(node);
    const std::uint64_t which = static_cast<std::uint64_t>(a.b.lists.at(list, 1).size);
    const std::uint64_t site = hash_of(a.b.lists.at(list, 0).name->name) + which * 0x9E3779B97F4A7C15u;
    a.put_place(seed), a.put_place(to);
    a.put(a.elements_of(to));
    a.put(static_cast<int>(site & 0x7fffffffu)), a.put(static_cast<int>(site >> 33));
  }
  static constexpr void count(auto& c, const int* words) {
    c.add({.other = 25}, c.length(words[4]));
    c.total.written += c.length(words[4]);
  }
  template <class T>
  static void run(const array_machine<T>& m, const int* words) {
    const philox_stream stream{seed_bits(*m.place(words)), static_cast<std::uint64_t>(words[5]) |
                                                               static_cast<std::uint64_t>(words[6]) << 31};
    T* const to = m.place(words + 2);
    const std::ptrdiff_t n = m.length[words[4]];
    philox_words<block / 4> high, low{};
    for (std::ptrdiff_t first = 0; first < n; first += block) {
      stream.fill(high, static_cast<std::uint64_t>(first / 4), 0);
      if constexpr (!std::is_same_v<T, float>) stream.fill(low, static_cast<std::uint64_t>(first / 4), 1);
      for (int k = 0; k < block && first + k < n; ++k)
        to[first + k] = unit_number<T>(high.word[k % 4][k / 4], low.word[k % 4][k / 4]);
    }
  }
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
