// SPDX-License-Identifier: BSL-1.0
// expect: masked: the shapes (rows, 1, 1, 5) and (rows, 2, 6, 6) do not fit: 5 against 6.
// expect: mean_of_tokens: the shapes (rows, 6) and (rows, 5) do not fit: 6 against 5.
// expect: learned_positions: the sequence is longer than there are places.
// expect: scan: what is carried changes its shape:
// Masks, positions and layers that do not fit.
#include <typegrad/attention.hpp>

constexpr auto x = tg::array<"x", tg::rows, 6, 8>;
constexpr auto five = tg::index<"five", tg::rows, 5>;
constexpr auto mask = tg::index<"mask", tg::rows, 6>;
constexpr auto masked = tg::model([](auto& net, auto in, auto keep) {
  return multi_head_attention<2>(net, in, "attention", {.mask = keep});
});
constexpr auto mean = tg::model([](auto&, auto in, auto keep) { return tg::mean_of_tokens(in, keep); });
constexpr auto wider = [](auto& layer, auto h) { return dense<9>(layer, h, "own"); };

#ifdef MUST_FAIL
auto other_mask = masked(x, five);
auto other_mean = mean(x, five);
auto too_long = tg::model([](auto& net, auto in) { return learned_positions<5>(net, in, "place"); })(x);
auto other_shape = tg::model([](auto& net, auto in) { return layers<2>(net, in, "all", wider); })(x);
#else
static_assert(tg::shape_of(masked(x, mask)) == tg::shape_of(x));
static_assert(tg::shape_of(mean(x, mask)) == tg::extents<tg::extent<"rows">, 8>{});
#endif
