// SPDX-License-Identifier: BSL-1.0
// Recurrent layers against PyTorch's table, which recurrent_tables.py has written.
#include <typegrad/model.hpp>

#include "array_truth_gradients.hpp"

namespace {

constexpr auto xs = tg::array<"xs", 5, 2, 3>;

constexpr auto lengths = tg::index<"lengths", 2>;

/// All states of a layer, and behind them the last.
constexpr auto joined = [](auto&& states) {
  return tg::concatenate<0>(states.all, tg::stack<0>(states.last));
};

/// A layer with all its parameters, in numbers of type T; of sequences of different lengths, where these are
/// given.
template <class T, class Net, class... Lengths>
void check_layer(const char* name, const Net&, const Lengths&...) {
  using layer = std::remove_cvref_t<decltype(Net{}(xs, Lengths{}...))>;
  [&]<class... S>(const tg::parameter_list<S...>&) {
    array_truth_gradients::check_in<T, layer>(name, tg::input_list<std::remove_cv_t<decltype(xs)>, S...>{},
                                              tg::input_list<Lengths...>{});
  }(Net{}.parameters(xs, Lengths{}...));
}
template <class Net>
void check_both_types(const char* name, const Net& net) {
  check_layer<double>(name, net);
  check_layer<float>(name, net);
}

}  // namespace

BOOST_AUTO_TEST_CASE(one_direction) {
  check_both_types("rnn", tg::model([](auto& net, auto x) { return joined(rnn<4>(net, x, "rnn")); }));
  check_both_types("lstm", tg::model([](auto& net, auto x) { return joined(lstm<4>(net, x, "lstm")); }));
  check_both_types("gru", tg::model([](auto& net, auto x) { return joined(gru<4>(net, x, "gru")); }));
  check_layer<double>("lstm_last", tg::model([](auto& net, auto x) { return lstm<4>(net, x, "lstm").last; }));
}
BOOST_AUTO_TEST_CASE(from_the_last_step) {
  check_layer<double>("gru_reversed", tg::model([](auto& net, auto x) {
                        return gru<4, tg::reversed, tg::recompute>(net, x, "gru").all;
                      }));
}
BOOST_AUTO_TEST_CASE(both_directions) {
  check_layer<double>("gru_both", tg::model([](auto& net, auto x) {
                        return joined(gru<4, tg::bidirectional>(net, x, "gru"));
                      }));
}
BOOST_AUTO_TEST_CASE(sequences_of_different_lengths) {
  check_layer<double>("rnn_padded_both", tg::model([](auto& net, auto x, auto n) {
                        return joined(rnn<4, tg::bidirectional>(net, x, "rnn", n));
                      }),
                      lengths);
  check_layer<double>("lstm_padded_both", tg::model([](auto& net, auto x, auto n) {
                        return joined(lstm<4, tg::bidirectional, tg::recompute>(net, x, "lstm", n));
                      }),
                      lengths);
  check_layer<double>("gru_padded",
                      tg::model([](auto& net, auto x, auto n) { return joined(gru<4>(net, x, "gru", n)); }),
                      lengths);
}
