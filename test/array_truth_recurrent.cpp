// SPDX-License-Identifier: BSL-1.0
// Recurrent layers against PyTorch's table, which recurrent_tables.py has written.
#include <typegrad/model.hpp>

#include "array_truth_gradients.hpp"

using array_truth_gradients::check;

namespace {

constexpr auto xs = tg::array<"xs", 5, 2, 3>;

/// A layer with all its parameters.
template <class Net>
void check_layer(const char* name, const Net& net) {
  constexpr auto theta = Net{}.parameters(xs);
  [&]<class... S>(const tg::parameter_list<S...>&) { check(name, net(xs), xs, S{}...); }(theta);
}

}  // namespace

BOOST_AUTO_TEST_CASE(simple) {
  check_layer("rnn", tg::model([](auto& net, auto x) { return rnn<4>(net, x, "rnn").all; }));
  check_layer("rnn_last", tg::model([](auto& net, auto x) { return rnn<4>(net, x, "rnn").last; }));
  check_layer("rnn_reversed",
              tg::model([](auto& net, auto x) { return rnn<4, tg::reversed>(net, x, "rnn").all; }));
}
BOOST_AUTO_TEST_CASE(long_short_term_memory) {
  check_layer("lstm", tg::model([](auto& net, auto x) { return lstm<4>(net, x, "lstm").all; }));
  check_layer("lstm_last", tg::model([](auto& net, auto x) { return lstm<4>(net, x, "lstm").last; }));
  check_layer("lstm_reversed",
              tg::model([](auto& net, auto x) { return lstm<4, tg::reversed>(net, x, "lstm").all; }));
}
BOOST_AUTO_TEST_CASE(gated_recurrent_unit) {
  check_layer("gru", tg::model([](auto& net, auto x) { return gru<4>(net, x, "gru").all; }));
  check_layer("gru_last",
              tg::model([](auto& net, auto x) { return gru<4, tg::recompute>(net, x, "gru").last; }));
  check_layer("gru_reversed",
              tg::model([](auto& net, auto x) { return gru<4, tg::reversed>(net, x, "gru").all; }));
}
