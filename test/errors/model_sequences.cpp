// SPDX-License-Identifier: BSL-1.0
// expect: model_lengths_of_sequences_must_have_the_axes_between_time_and_the_last
// expect: tg::bidirectional runs both ways; tg::reversed is for one.
// expect: a recurrent layer takes one array of lengths, one for each sequence.
// expect: model_layers_in_layers_have_one_loop_only__write_the_inner_ones_out
// expect: typegrad: layers: there is at least one, and options are tg::recompute and tg::save_every<n>.
// Recurrent layers over sequences of other lengths than there are; layers in a loop that hold such, or are
// none.
#include <typegrad/attention.hpp>

constexpr auto xs = tg::array<"xs", 5, 2, 3>;
constexpr auto n = tg::index<"n", 5>;
constexpr auto lengths = tg::index<"lengths", 2>;

constexpr auto of_layer = [](auto& layer, auto h) { return dense<3>(layer, h, "own"); };
constexpr auto all_layers = [](auto& layer, auto h) { return layers<2>(layer, h, "all", of_layer); };
#ifdef MUST_FAIL
auto other = tg::model([](auto& net, auto x, auto each) { return rnn<4>(net, x, "rnn", each).last; })(xs, n);
auto ways = tg::model(
    [](auto& net, auto x) { return rnn<4, tg::bidirectional, tg::reversed>(net, x, "rnn").last; })(xs);
auto twice = tg::model([](auto& net, auto x, auto each) { return rnn<4>(net, x, "rnn", each, each).last; })(
    xs, lengths);
auto nested = tg::model([](auto& net, auto in) { return layers<2>(net, in, "all", all_layers); })(xs);
auto none = tg::model([](auto& net, auto in) { return layers<0>(net, in, "all", of_layer); })(xs);
#else
static_assert(tg::shape_of(tg::model([](auto& net, auto in) { return all_layers(net, in); })(xs)) ==
              tg::shape_of(xs));
static_assert(tg::shape_of(tg::model([](auto& net, auto x, auto each) {
                return rnn<4, tg::bidirectional>(net, x, "rnn", each).last;
              })(xs, lengths)) == tg::extents<2, 8>{});
#endif
