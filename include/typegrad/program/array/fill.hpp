// SPDX-License-Identifier: BSL-1.0
// Random numbers outside formulas: initial values of parameters, the same that a formula has.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cmath>
#include <concepts>
#include <numbers>
#include <span>
#include <string_view>

#include "random_kernel.hpp"

namespace tg {

namespace detail {

/// The elements of the first arrays of a place, a block of each at once, as use(places, count, arrays...).
template <class T, class Use>
void with_unit_numbers(std::span<T> to, std::string_view site, double seed, Use use) {
  constexpr std::ptrdiff_t block = 64;
  const auto size = static_cast<std::ptrdiff_t>(to.size());
  for (std::ptrdiff_t first = 0; first < size; first += block) {
    T numbers[2][block];
    const std::ptrdiff_t count = size - first < block ? size - first : block;
    for (unsigned which = 0; which < 2; ++which)
      fill_unit_numbers({seed_bits(seed), random_site(site, which)}, first, numbers[which], count);
    for (std::ptrdiff_t k = 0; k < count; ++k)
      to[static_cast<std::size_t>(first + k)] = use(numbers[0][k], numbers[1][k]);
  }
}
template <class Numbers>
using filled_number = std::remove_reference_t<decltype(std::span{std::declval<Numbers&>()}[0])>;

}  // namespace detail

/// Fills numbers in a row uniformly between two bounds: low + (high - low)*u, where u is what a formula has
/// as random_uniform<"site", ...>(seed). Of parameters the name is a good site:
/// `theta.each(weights, [](auto name, auto, auto own) { tg::fill_uniform(own, name, 1, -0.1, 0.1); })`.
template <class Numbers>
requires std::floating_point<detail::filled_number<Numbers>>
void fill_uniform(Numbers&& to, std::string_view site, double seed, double low = 0, double high = 1) {
  using T = detail::filled_number<Numbers>;
  detail::with_unit_numbers(std::span<T>{to}, site, seed,
                            [&](T u, T) { return static_cast<T>(low) + static_cast<T>(high - low) * u; });
}
/// Fills numbers in a row normally: mean + deviation*z, where z is random_normal<"site", ...>(seed) but for
/// the last bits.
template <class Numbers>
requires std::floating_point<detail::filled_number<Numbers>>
void fill_normal(Numbers&& to, std::string_view site, double seed, double mean = 0, double deviation = 1) {
  using T = detail::filled_number<Numbers>;
  detail::with_unit_numbers(std::span<T>{to}, site, seed, [&](T p, T q) {
    const T z = std::sqrt(T(-2) * std::log(p)) * std::cos(2 * std::numbers::pi_v<T> * q);
    return static_cast<T>(mean) + static_cast<T>(deviation) * z;
  });
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
