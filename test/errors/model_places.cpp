// SPDX-License-Identifier: BSL-1.0
// expect: model_place_of_random_numbers_made_twice__give_each_a_name_of_its_own
// expect: model: the shape () has no axis -1.
// Places of random numbers, and numbers as inputs.
#include <typegrad/model.hpp>

constexpr auto x = tg::array<"x", tg::rows, 4>;
constexpr auto r = tg::symbol<"r">;

#ifdef MUST_FAIL
auto dropped_twice =
    tg::model([](auto& net, auto in) { return dropout(net, dropout(net, in, 0.5, "drop"), 0.5, "drop"); })(x);
auto of_number = tg::model([](auto& net, auto in) { return dense<2>(net, in, "one"); })(r);
#else
static_assert(tg::shape_of(tg::model([](auto& net, auto in) { return dense<2>(net, in, "one"); })(x)) ==
              tg::extents<tg::extent<"rows">, 2>{});
#endif
