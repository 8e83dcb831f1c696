// SPDX-License-Identifier: BSL-1.0
// expect: model_axis_must_have_a_length_that_is_a_number
// expect: model_parameter_name_is_too_long__63_letters_are_the_most
// expect: model: the function must take the network and one argument per input; if it does, the error is in it.
// expect: model: the function must be a lambda without captures.
// Functions that do not fit their inputs, and names without end.
#include <typegrad/model.hpp>

constexpr auto x = tg::array<"x", tg::rows, 4>;
constexpr auto t = tg::array<"t", 4, tg::extent<"time">>;

#ifdef MUST_FAIL
auto open_axis = tg::model([](auto& net, auto in) { return dense<2>(net, in, "one"); })(t);
auto long_name = tg::model([](auto& net, auto in) {
  auto inner = net.part("a_name_of_many_letters_for_a_part").part("another_name_of_many_letters_for_a_part");
  return dense<2>(inner, in, "one");
})(x);
auto inputs = tg::model([](auto& net, auto in) { return dense<2>(net, in, "one"); })(x, x);
int captured = 3;
auto capture = tg::model([n = captured](auto& net, auto in) { return n * dense<2>(net, in, "one"); });
#else
static_assert(tg::shape_of(tg::model([](auto& net, auto in) { return dense<2>(net, in, "one"); })(x)) ==
              tg::extents<tg::extent<"rows">, 2>{});
#endif
