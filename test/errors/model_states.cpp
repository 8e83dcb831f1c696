// SPDX-License-Identifier: BSL-1.0
// expect: model_next_state_is_of_no_state__make_it_by_net_state_first
// expect: model_next_state_has_another_shape_than_the_state
// expect: model: it keeps no state from batch to batch.
// expect: model_state_in_layers_is_not_kept__make_layers_that_keep_none_or_write_them_one_by_one
// States that are not made, or do not fit; layers in a loop that keep one.
#include <typegrad/attention.hpp>

constexpr auto x = tg::array<"x", tg::rows, 3>;
constexpr auto norm = [](auto& layer, auto h) { return batch_norm(layer, h, "norm"); };
constexpr auto same = [](auto& layer, auto h) { return dense<3>(layer, h, "own"); };
#ifdef MUST_FAIL
auto no_state = tg::model([](auto& net, auto in) {
                  net.parameter("mean", {3}, tg::initial::constant(0));
                  net.next_state("mean", tg::mean<0>(in));
                  return in;
                }).training(x);
auto other_shape = tg::model([](auto& net, auto in) {
                     net.state("mean", {3}, tg::initial::constant(0));
                     net.next_state("mean", in);
                     return in;
                   }).training(x);
auto no_states = tg::model([](auto& net, auto in) { return dense<2>(net, in, "one"); }).states(x);
auto of_layers = tg::model([](auto& net, auto in) { return layers<2>(net, in, "all", norm); })(x);
#else
static_assert(
    tg::model([](auto& net, auto in) { return layers<2>(net, in, "all", same); }).parameters(x).size() ==
    2 * (3 * 3 + 3));
static_assert(tg::model([](auto& net, auto in) { return batch_norm(net, in, "norm"); }).states(x).size() ==
              6);
#endif
