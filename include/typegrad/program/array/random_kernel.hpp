// SPDX-License-Identifier: BSL-1.0
// How random numbers are made: element i of an array from counter i/4, so that no element needs another.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <bit>
#include <string_view>

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

/// The stream of a place: array number `which` of those with that name.
constexpr std::uint64_t random_site(std::string_view name, std::uint64_t which) {
  const std::uint64_t site = hash_of(name) + which * 0x9E3779B97F4A7C15u;
  return (site & 0x7fffffffu) | site >> 33 << 31;
}

/// Elements first, first + 1, ... of an array of random numbers; `first` is a multiple of 4.
template <class T>
void fill_unit_numbers(const philox_stream& stream, std::ptrdiff_t first, T* to, std::ptrdiff_t n) {
  constexpr int block = 64;
  philox_words<block / 4> high, low{};
  for (std::ptrdiff_t i = 0; i < n; i += block) {
    const auto counter = static_cast<std::uint64_t>((first + i) / 4);
    stream.fill(high, counter, 0);
    if constexpr (!std::is_same_v<T, float>) stream.fill(low, counter, 1);
    for (int k = 0; k < block && i + k < n; ++k)
      to[i + k] = unit_number<T>(high.word[k % 4][k / 4], low.word[k % 4][k / 4]);
  }
}

/// As philox_stream and unit_number, for one element.
inline constexpr std::string_view philox_in_c =
    "/* Word w of 128 random bits: Philox 4x32 with 10 rounds. */\n"
    "static unsigned long long random_bits(unsigned long long seed, unsigned long long site, unsigned long "
    "long "
    "counter,\n                                      unsigned long long half, int w) {\n"
    "  const unsigned long long low = 0xffffffffu;\n"
    "  unsigned long long x[4], key0 = seed & low, key1 = seed >> 32;\n"
    "  x[0] = counter & low, x[1] = (counter >> 32) ^ (half << 31), x[2] = site & low, x[3] = site >> 32;\n"
    "  for (int round = 0; round < 10; ++round) {\n"
    "    const unsigned long long p = 0xd2511f53u * x[0], q = 0xcd9e8d57u * x[2];\n"
    "    x[0] = (q >> 32) ^ x[1] ^ key0, x[1] = q & low, x[2] = (p >> 32) ^ x[3] ^ key1, x[3] = p & low;\n"
    "    key0 = (key0 + 0x9e3779b9u) & low, key1 = (key1 + 0xbb67ae85u) & low;\n"
    "  }\n"
    "  return x[w];\n"
    "}\n";
template <bool Float>
inline constexpr std::string_view uniform_in_c =
    "static double random_uniform(unsigned long long seed, unsigned long long site, unsigned long long i) {\n"
    "  const unsigned long long high = random_bits(seed, site, i / 4, 0, (int)(i % 4));\n"
    "  const unsigned long long low = random_bits(seed, site, i / 4, 1, (int)(i % 4));\n"
    "  return (double)((high << 20) | (low >> 12)) / 4503599627370496.0 + 1.0 / 9007199254740992.0;\n"
    "}\n";
template <>
inline constexpr std::string_view uniform_in_c<true> =
    "static double random_uniform(unsigned long long seed, unsigned long long site, unsigned long long i) {\n"
    "  return ((double)(random_bits(seed, site, i / 4, 0, (int)(i % 4)) >> 9) + 0.5) / 8388608.0;\n"
    "}\n";

/// The words: the places of the seed and of the result, the number of the first element as that of a place,
/// how many elements there are with their strides, and the site.
template <>
struct kernel_of<op::random_uniform<>> {
  using primitive = op::random_uniform<>;

  static constexpr void lower(array_lowering& a, int node) {
    const int list = a.b.attribute(node);
    const array_view seed = a.view(a.b.operand(node, 0)), to = a.begin_call(node);
    const std::uint64_t site =
        random_site(a.b.lists.at(list, 0).name->name, static_cast<std::uint64_t>(a.b.lists.at(list, 1).size));
    a.put_place(seed), a.put_place(to);
    a.put(0), a.put(length_table::zero);
    a.put(a.elements_of(to)), a.put(length_table::one), a.put(length_table::one);
    a.put(static_cast<int>(site & 0x7fffffffu)), a.put(static_cast<int>(site >> 31));
  }
  static constexpr void count(auto& c, const int* words) {
    c.add({.other = 25}, c.length(words[6]));
    c.total.written += c.length(words[6]);
  }
  static constexpr split_axes split(const int*) { return split_axes{2, 2}.with(6, 64); }
  static void write_c(auto& c, const int* words) {
    c.helper(philox_in_c);
    c.helper(c.is_float ? uniform_in_c<true> : uniform_in_c<false>);
    c.line("union { binary64 number; unsigned long long bits; } key;");
    c.line("key.number = ", c.at(words), " + 0.0;");
    const std::uint64_t site = static_cast<std::uint64_t>(words[9]) | static_cast<std::uint64_t>(words[10])
                                                                          << 31;
    c.count(c.length(words[6]), [&](const auto& i) {
      auto to = c.at(words + 2);
      c.add(to, i, length_table::one);
      c.line(to, " = random_uniform(key.bits, ", c.number(site), "ull, (unsigned long long)", i, ");");
    });
  }
  template <class T>
  static void run(const array_machine<T>& m, const int* words) {
    const std::uint64_t site = static_cast<std::uint64_t>(words[9]) | static_cast<std::uint64_t>(words[10])
                                                                          << 31;
    fill_unit_numbers({seed_bits(*m.place(words)), site}, m.length[words[5]], m.place(words + 2),
                      m.length[words[6]]);
  }
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
