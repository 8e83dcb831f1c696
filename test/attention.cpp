// SPDX-License-Identifier: BSL-1.0
// Attention with masks, layers of encoders, layers as a loop, positions and pooling: values and gradients
// against a table that PyTorch has written (attention_table.py), and what dropout does in a loop.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <string>
#include <typegrad/attention.hpp>
#include <vector>

#include "rows_by_name.hpp"

namespace {

using numbers = std::vector<double>;

constexpr auto x = tg::array<"x", tg::rows, 5, 8>;
constexpr auto w = tg::array<"w", tg::rows, 5, 8>;
constexpr auto mask = tg::index<"mask", tg::rows, 5>;
constexpr auto lengths = tg::index<"lengths", tg::rows>;

constexpr auto attention = tg::model([](auto& net, auto in, auto keep) {
  return multi_head_attention<2>(net, in, "attention", {.mask = keep, .causal = true});
});
constexpr auto post = tg::model(
    [](auto& net, auto in) { return encoder_layer<2, 12>(net, in, "post", {.causal = true, .dropout = 0}); });
constexpr auto pre = tg::model([](auto& net, auto in, auto count) {
  return layers<3>(net, in, "pre", [&](auto& layer, auto h) {
    return encoder_layer<2, 12>(layer, h, "own",
                                {.lengths = count,
                                 .dropout = 0,
                                 .activation = tg::encoder_activation::gelu_tanh,
                                 .norm_first = true,
                                 .epsilon = 0.001});
  });
});

const numbers& row(const std::string& wanted) { return row_of("attention.tsv", wanted); }
/// PyTorch's numbers are rounded to 14 digits; in float, sums of some dozen terms are.
template <class T>
void compare(const std::string& name, std::span<const T> own) {
  const numbers& expected = row(name);
  const double tolerance = std::is_same_v<T, float> ? 1e-5 : 1e-12;
  BOOST_REQUIRE_EQUAL(own.size(), expected.size());
  for (std::size_t k = 0; k < own.size(); ++k)
    BOOST_TEST(std::fabs(static_cast<double>(own[k]) - expected[k]) <= tolerance,
               name << " " << k << ": " << own[k] << ", PyTorch " << expected[k]);
}
std::vector<int> whole(const numbers& all) { return {all.begin(), all.end()}; }

/// The value of a model, whose parameters' names in the table are those behind `skipped` letters, and all
/// gradients.
template <class T, class Theta, class Call>
void check(const std::string& name, std::size_t skipped, const Theta& theta, Call call) {
  std::vector<T> weights(theta.size()), slopes(theta.size()), y(row("x").size()), slopes_of_x(y.size());
  theta.each(weights, [&](std::string_view own, auto, auto to) {
    const numbers& from = row(name + " " + std::string(own.substr(skipped)));
    BOOST_REQUIRE_EQUAL(from.size(), to.size());
    for (std::size_t k = 0; k < to.size(); ++k) to[k] = static_cast<T>(from[k]);
  });
  const std::vector<T> in(row("x").begin(), row("x").end()), of_y(row("w").begin(), row("w").end());
  call(in, of_y, weights, y, slopes, slopes_of_x);
  compare<T>(name + " value", y);
  compare<T>(name + " slopes x", slopes_of_x);
  theta.each(slopes, [&](std::string_view own, auto, std::span<T> of) {
    compare<T>(name + " slopes " + std::string(own.substr(skipped)), of);
  });
}
template <class Y, class Theta>
constexpr auto outputs_of(const Y& y, const Theta& theta) {
  return tg::outputs(y, tg::gradient(tg::sum(w * y), theta), tg::gradient(tg::sum(w * y), x));
}

}  // namespace

// The third row of the mask is all 0; a future place and a masked one are nothing to each other.
BOOST_AUTO_TEST_CASE(attention_with_masks_and_nothing_to_look_at) {
  constexpr auto theta = attention.parameters(x, mask);
  constexpr auto f = tg::function(tg::inputs(x, mask, w, theta), outputs_of(attention(x, mask), theta));
  const auto run = [&]<class T>(T) {
    auto bound = tg::bound<T>(f);
    check<T>("attention", 10, theta, [&](auto& in, auto& of_y, auto& weights, auto&... out) {
      bound(in, whole(row("mask")), of_y, weights, out...);
    });
  };
  run(double{});
  run(float{});
}

BOOST_AUTO_TEST_CASE(a_layer_with_norms_behind_its_parts) {
  constexpr auto theta = post.parameters(x);
  constexpr auto f = tg::function(tg::inputs(x, w, theta), outputs_of(post(x), theta));
  auto bound = tg::bound<double>(f);
  check<double>("post", 5, theta, bound);
}

BOOST_AUTO_TEST_CASE(three_layers_with_norms_before_their_parts_are_a_loop) {
  constexpr auto theta = pre.parameters(x, lengths);
  static_assert(theta.parts[0].name == "pre.*.own.norm1.weight");
  static_assert(theta.parts[0].shape()[0] == 3);
  constexpr auto f = tg::function(tg::inputs(x, lengths, w, theta), outputs_of(pre(x, lengths), theta));
  auto bound = tg::bound<double>(f);
  check<double>("pre", 10, theta, [&](auto& in, auto& of_y, auto& weights, auto&... out) {
    bound(in, whole(row("lengths")), of_y, weights, out...);
  });
}

BOOST_AUTO_TEST_CASE(positions_and_pooling) {
  constexpr auto places = tg::model([](auto&, auto in) { return tg::sinusoidal_positions(in); });
  constexpr auto mean = tg::model([](auto&, auto in, auto keep) { return tg::mean_of_tokens(in, keep); });
  constexpr auto first = tg::model([](auto&, auto in) { return tg::first_token(in); });
  constexpr auto learnt =
      tg::model([](auto& net, auto in) { return in + learned_positions<9>(net, in, "place"); });
  static_assert(learnt(x) == x + tg::slice<0, 0, 5>(tg::array<"place.weight", 9, 8>));
  static_assert(first(x) == tg::reshape<tg::rows, 8>(tg::slice<1, 0, 1>(x)));
  constexpr auto f = tg::function(tg::inputs(x, mask), tg::outputs(places(x), mean(x, mask), first(x)));
  numbers p(5 * 8), m(row("mean").size()), one(m.size());
  auto bound = tg::bound<double>(f);
  bound(row("x"), whole(row("mask")), p, m, one);
  compare<double>("positions", p);
  compare<double>("mean", m);
  compare<double>("first", one);
}

// Of two layers that drop half, each by a mask of its own, a quarter is left, 4 times as large; in use all.
BOOST_AUTO_TEST_CASE(each_layer_drops_others) {
  constexpr auto twice = tg::model([](auto& net, auto in) {
    return layers<2>(net, in, "drops", [](auto& layer, auto h) { return dropout(layer, h, 0.5, "half"); });
  });
  constexpr auto ones = tg::array<"ones", 10000>;
  constexpr auto f = tg::function(tg::inputs(ones, tg::seed), tg::outputs(twice.training(ones), twice(ones)));
  numbers dropped(10000), kept(10000);
  auto bound = tg::bound<double>(f);
  for (const double seed : {1.0, 2.0}) {
    bound(numbers(10000, 1.0), seed, dropped, kept);
    int left = 0;
    for (const double each : dropped) {
      BOOST_REQUIRE(each == 0 || each == 4);
      left += each == 4;
    }
    BOOST_TEST(std::abs(left - 2500) < 200);  // 4.6 standard deviations
    BOOST_TEST(kept == numbers(10000, 1.0));
  }
}
