// SPDX-License-Identifier: BSL-1.0
// expect: model_next_state_is_of_no_state__make_it_by_net_state_first
// expect: model_next_state_has_another_shape_than_the_state
// expect: model: it keeps no state from batch to batch.
// States that are not made, or do not fit.
#include <typegrad/model.hpp>

constexpr auto x = tg::array<"x", tg::rows, 3>;
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
#else
static_assert(tg::model([](auto& net, auto in) { return batch_norm(net, in, "norm"); }).states(x).size() ==
              6);
#endif
