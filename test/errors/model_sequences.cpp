// SPDX-License-Identifier: BSL-1.0
// expect: model_lengths_of_sequences_must_have_the_axes_between_time_and_the_last
// expect: tg::bidirectional runs both ways; tg::reversed is for one.
// expect: a recurrent layer takes one array of lengths, one for each sequence.
// Recurrent layers over sequences of other lengths than there are.
#include <typegrad/model.hpp>

constexpr auto xs = tg::array<"xs", 5, 2, 3>;
constexpr auto n = tg::index<"n", 5>;
constexpr auto lengths = tg::index<"lengths", 2>;

#ifdef MUST_FAIL
auto other = tg::model([](auto& net, auto x, auto each) { return rnn<4>(net, x, "rnn", each).last; })(xs, n);
auto ways = tg::model(
    [](auto& net, auto x) { return rnn<4, tg::bidirectional, tg::reversed>(net, x, "rnn").last; })(xs);
auto twice = tg::model([](auto& net, auto x, auto each) { return rnn<4>(net, x, "rnn", each, each).last; })(
    xs, lengths);
#else
static_assert(tg::shape_of(tg::model([](auto& net, auto x, auto each) {
                return rnn<4, tg::bidirectional>(net, x, "rnn", each).last;
              })(xs, lengths)) == tg::extents<2, 8>{});
#endif
