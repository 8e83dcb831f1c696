// SPDX-License-Identifier: BSL-1.0
// Functions of random numbers: uniform, normal, and dropout.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../array/random.hpp"
#include "movements.hpp"
#include "reductions.hpp"

namespace tg {

namespace detail {

/// Uniform numbers of a shape, for a seed.
constexpr int random_numbers(builder& b, std::string_view function, const extent& site, int seed, int shape,
                             int which) {
  if (b.shape(seed) != 0) return b.refuse_shapes(function, b.shape(seed), 0), zero_node;
  buffer<extent> attribute, extents;
  buffer<int> args;
  attribute.push_back(site), attribute.push_back(as_extent(which));
  b.lists.read(shape, extents);
  for (const extent& e : extents) attribute.push_back(e);
  args.push_back(seed);
  return b.intern_structural(known<op::random_uniform<>>, b.lists.find(attribute), shape, args);
}
template <text Site>
constexpr extent site_named() {
  static_assert(
      !Site.view().empty(),
      "typegrad: random numbers: the name of the place is empty; write random_uniform<\"noise\", 3>(seed).");
  return as_extent(extent_name<Site>{});
}
/// x with elements set to 0, the others larger.
constexpr int drop(builder& b, const extent& site, int x, int rate, int seed) {
  if (b.shape(rate) != 0) return b.refuse_shapes("dropout", b.shape(rate), 0), zero_node;
  const int drawn = random_numbers(b, "dropout", site, seed, b.shape(x), 0);
  return make_where(b, make<op::less>(b, drawn, rate), zero_node, divide(b, x, subtract(b, one_node, rate)));
}

template <text Site, auto... Extents>
struct uniform_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    return random_numbers(b, "random_uniform", site_named<Site>(), args[0], shape_list<Extents...>(b), 0);
  }
};
/// Box and Muller (1958): the radius by one uniform number, the angle by another.
template <text Site, auto... Extents>
struct normal_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    const int shape = shape_list<Extents...>(b);
    const int p = random_numbers(b, "random_normal", site_named<Site>(), args[0], shape, 0),
              q = random_numbers(b, "random_normal", site_named<Site>(), args[0], shape, 1);
    const int radius = make<op::sqrt>(b, multiply(b, b.constant(-2), make<op::log>(b, p)));
    const int turn = multiply(b, b.constant(2), b.intern(known<op::pi>));
    return multiply(b, radius, make<op::cos>(b, multiply(b, turn, q)));
  }
};
template <text Site>
struct dropout_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    return drop(b, site_named<Site>(), args[0], args[1], args[2]);
  }
};

}  // namespace detail

/// Numbers in (0, 1), in that shape: random_uniform<"noise", tg::rows, 64>(seed). An element is a function of
/// the seed, of the name and of its place in row-major order: the same for any number of threads, on any
/// machine; in float it is what it is in double, shortened. Every value of the seed, a number as precise as
/// the type it is called in, gives other numbers, and every name. Its derivative by the seed is 0. Cost: some
/// 25 integer operations for an element.
template <text Site, auto... Extents, class Seed>
constexpr auto random_uniform(const Seed& seed) {
  static_assert(sizeof...(Extents) > 0,
                "typegrad: random_uniform: it needs a shape: random_uniform<\"noise\", 3>(seed).");
  return detail::call_structural<detail::uniform_call<Site, Extents...>>(seed);
}
/// Numbers of the standard normal distribution: sqrt(-2 log(u)) cos(2 pi v) with two arrays of uniform
/// numbers. Seed and name as for random_uniform, from which it is independent under another name only.
template <text Site, auto... Extents, class Seed>
constexpr auto random_normal(const Seed& seed) {
  static_assert(sizeof...(Extents) > 0,
                "typegrad: random_normal: it needs a shape: random_normal<\"noise\", 3>(seed).");
  return detail::call_structural<detail::normal_call<Site, Extents...>>(seed);
}
/// x with elements set to 0 with the probability `rate`, the others divided by 1 - rate, so that the mean
/// stays: dropout<"hidden">(x, rate, seed). With a rate of 0 it is x; bind that when a network is evaluated.
/// (Srivastava et al. 2014; inverted, as in PyTorch.)
template <text Site, Symbolic X, class Rate, class Seed>
constexpr auto dropout(const X& x, const Rate& rate, const Seed& seed) {
  return detail::call_structural<detail::dropout_call<Site>>(x, rate, seed);
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
