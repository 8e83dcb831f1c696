// SPDX-License-Identifier: BSL-1.0
// expect: model_parameter_made_twice__give_each_layer_a_name_of_its_own_or_share_by_net_shared
// expect: model_shared_parameter_has_another_shape_than_where_it_was_made
// expect: model_parameter_shape_is_wrong__its_extents_are_numbers_of_at_least_1_and_at_most_8
// Parameters that cannot be made.
#include <typegrad/model.hpp>

constexpr auto x = tg::array<"x", tg::rows, 4>;

#ifdef MUST_FAIL
auto twice = tg::model([](auto& net, auto in) { return dense<2>(net, dense<4>(net, in, "one"), "one"); })(x);
auto shared = tg::model([](auto& net, auto in) {
  auto again = net.shared();
  return dense<2>(again, dense<4>(again, in, "one"), "one");
})(x);
auto empty =
    tg::model([](auto& net, auto in) { return in + net.parameter("w", {0}, tg::initial::normal(1)); })(x);
#else
static_assert(tg::shape_of(tg::model([](auto& net, auto in) { return dense<2>(net, in, "one"); })(x)) ==
              tg::extents<tg::extent<"rows">, 2>{});
#endif
