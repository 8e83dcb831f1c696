// SPDX-License-Identifier: BSL-1.0
// A layer of a transformer's encoder, in which attention, masks, norms and products meet: values and
// gradients against a table that PyTorch has written (encoder_table.py), and how many products and copies its
// plan has.
#include "../bench/encoder.hpp"
#include "../bench/memory.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <string>
#include <typegrad/program/array/array_cost.hpp>
#include <vector>

#include "rows_by_name.hpp"

namespace {

using numbers = std::vector<double>;
using net = encoder<5, 8, 2, 12>;

constexpr auto mask = tg::array<"mask", tg::rows, 1, 1, 5>;
constexpr auto masked =
    tg::trace(net::x, net::wq, net::bq, net::wk, net::bk, net::wv, net::bv, net::wo, net::bo, net::g1,
              net::s1, net::w1, net::b1, net::w2, net::b2, net::g2, net::s2, mask, net::layer);

const numbers& row(const std::string& wanted) { return row_of("encoder.tsv", wanted); }
/// Both round sums of a few dozen terms, one after the other.
void compare(const std::string& name, const numbers& own) {
  const numbers expected = row(name);
  BOOST_REQUIRE_EQUAL(own.size(), expected.size());
  for (std::size_t k = 0; k < own.size(); ++k)
    BOOST_TEST(std::fabs(own[k] - expected[k]) <= 1e-13,
               name << " " << k << ": " << own[k] << ", PyTorch " << expected[k]);
}

/// How many products of matrices a call makes, and how many calls are neither these nor reductions.
template <class Inputs, class Tag, class Numbers, class... Shapes>
constexpr auto products_and_copies(const tg::array_function<Inputs, Tag, Numbers, Shapes...>&) {
  using code = tg::detail::array_code<Tag, 0>;
  std::array<int, 2> count{};
  for (int k = 0; k < code::plan.steps; ++k) {
    const int runner = code::plan.runner[k];
    if (runner < 0) continue;
    const tg::detail::record* const op = code::kernels::rules[runner].op;
    if (op == tg::detail::known<tg::op::contraction>)
      count[0] += code::plan.word[code::plan.first[k]] == 2;
    else
      count[1] += op != tg::detail::known<tg::op::reduce_logsumexp<>>;
  }
  return count;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_layer_and_its_gradients_are_those_of_PyTorch) {
  constexpr auto f = tg::function(
      tg::inputs(net::x, net::target, net::theta),
      tg::outputs(net::loss, net::y, tg::gradient(net::loss, net::theta), tg::gradient(net::loss, net::x)));
  const numbers x = row("x");
  numbers y(x.size()), slopes(net::theta.size()), slopes_of_x(x.size());
  auto run = tg::bound<double>(f);
  const double loss = run(x, row("target"), row("parameters"), y, slopes, slopes_of_x);
  compare("loss", {loss});
  compare("value", y);
  compare("slopes", slopes);
  compare("slopes of x", slopes_of_x);
}

BOOST_AUTO_TEST_CASE(masked_tokens_are_not_attended_to) {
  constexpr auto f = tg::function(tg::inputs(net::x, net::theta, mask), tg::outputs(masked));
  numbers y(row("x").size());
  auto run = tg::bound<double>(f);
  run(row("x"), row("parameters"), row("mask"), y);
  compare("masked", y);
}

// Heads are views. Attention is two products of matrices and its derivatives four; of the others, six with
// weights, each has two derivatives, but the three of the input, which is not asked for, one.
BOOST_AUTO_TEST_CASE(attention_is_two_products_and_four_for_its_gradients) {
  constexpr auto q = tg::array<"q", tg::rows, 5, 8>;
  constexpr auto k = tg::array<"k", tg::rows, 5, 8>;
  constexpr auto v = tg::array<"v", tg::rows, 5, 8>;
  constexpr auto w = tg::array<"w", tg::rows, 5, 8>;
  constexpr auto attention = tg::trace(q, k, v, [](auto q_, auto k_, auto v_) {
    const auto scores = matmul(net::heads(q_), tg::permute<0, 1, 3, 2>(net::heads(k_)));
    return net::joined(matmul(tg::softmax<-1>(scores), net::heads(v_)));
  });
  constexpr auto loss = tg::sum(attention * w);
  constexpr auto value = tg::function(tg::inputs(q, k, v, w), tg::outputs(loss));
  static_assert(products_and_copies(value) == std::array{2, 0});
  constexpr auto all = tg::function(tg::inputs(q, k, v, w), tg::outputs(loss, tg::gradient(loss, q, k, v)));
  static_assert(products_and_copies(all) == std::array{6, 0});
  static_assert(products_and_copies(net::step) == std::array{8 + 4 + 6 * 2 - 3, 0});
}

BOOST_AUTO_TEST_CASE(gradients_of_frozen_parameters_are_not_computed) {
  constexpr auto frozen = tg::function(tg::inputs(net::x, net::target, net::theta),
                                       tg::outputs(net::loss, tg::gradient(net::loss, net::g2, net::s2)));
  constexpr auto value = tg::function(tg::inputs(net::x, net::target, net::theta), tg::outputs(net::loss));
  static_assert(products_and_copies(frozen) == products_and_copies(value));
  static_assert(tg::cost(frozen, 64).operations() < tg::cost(value, 64).operations() * 105 / 100);
  static_assert(tg::cost(net::step, 64).operations() > 2 * tg::cost(value, 64).operations());
}

// Places are found that add little to what is needed at once, in an order that needs less than as written.
BOOST_AUTO_TEST_CASE(the_order_of_steps_saves_memory) {
  constexpr auto step = encoder<5, 8, 2, 32>::step;
  constexpr auto all = tg::cost(step, 64);
  static_assert(all.live <= all.stored && all.stored * 100 <= all.live * 105);
  static_assert(all.live < bench::live_as_written(step, 64));
}

// Of six layers two are there at a time.
BOOST_AUTO_TEST_CASE(a_value_alone_saves_nothing) {
  constexpr auto x = tg::array<"x", tg::rows, 64>;
  constexpr auto w = tg::array<"w", 64, 64>;
  constexpr auto score = tg::trace(x, w, [](auto h, auto w_) {
    for (int layer = 0; layer < 6; ++layer) h = tanh(matmul(h, w_));
    return h;
  });
  constexpr auto infer = tg::function(tg::inputs(x, w), tg::outputs(score));
  constexpr auto learn =
      tg::function(tg::inputs(x, w), tg::outputs(score, tg::gradient(tg::sum(score * score), w)));
  static_assert(tg::cost(infer, 100).stored <= 2 * 64 * 100);
  static_assert(tg::cost(learn, 100).stored >= 5 * 64 * 100);
}
