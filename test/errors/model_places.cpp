// SPDX-License-Identifier: BSL-1.0
// expect: model_place_of_random_numbers_made_twice__give_each_a_name_of_its_own
// expect: model: the shape () has no axis -1.
// expect: model_width_of_attention_must_be_a_multiple_of_its_heads
// expect: model_attention_needs_arrays_of_the_shape_time_and_width_or_more_axes
// Places of random numbers, numbers as inputs, and attention without heads or time.
#include <typegrad/attention.hpp>

constexpr auto x = tg::array<"x", tg::rows, 4>;
constexpr auto r = tg::symbol<"r">;

#ifdef MUST_FAIL
auto dropped_twice =
    tg::model([](auto& net, auto in) { return dropout(net, dropout(net, in, 0.5, "drop"), 0.5, "drop"); })(x);
auto of_number = tg::model([](auto& net, auto in) { return dense<2>(net, in, "one"); })(r);
auto heads = tg::model([](auto& net, auto in) { return multi_head_attention<3>(net, in, "attention"); })(
    tg::array<"x", 6, 8>);
auto no_time = tg::model([](auto& net, auto in) { return multi_head_attention<2>(net, in, "attention"); })(
    tg::array<"x", 8>);
#else
static_assert(tg::shape_of(tg::model([](auto& net, auto in) { return dense<2>(net, in, "one"); })(x)) ==
              tg::extents<tg::extent<"rows">, 2>{});
#endif
