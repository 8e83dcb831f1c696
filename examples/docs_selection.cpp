// SPDX-License-Identifier: BSL-1.0
// The code of docs/selection.md: lookups in tables and their transposes, and vectors of letters that learn
// which letter follows.
#include <cmath>
#include <cstdio>
#include <random>
#include <string_view>
#include <typegrad/optimize/first_order.hpp>
#include <typegrad/selection.hpp>
#include <vector>

using namespace tg::literals;

namespace shapes {

// [calls]
constexpr auto table = tg::array<"table", 1000, 16>;
constexpr auto x = tg::array<"x", tg::rows, 10>;
constexpr auto i = tg::index<"i", tg::rows>;
constexpr auto words = tg::index<"words", tg::rows, 20>;
static_assert(tg::shape_of(gather(table, i)) == tg::extents<tg::extent<"rows">, 16>{});
static_assert(tg::shape_of(gather(table, words)) == tg::extents<tg::extent<"rows">, 20, 16>{});
static_assert(tg::shape_of(tg::take_along<1>(x, i)) == tg::shape_of(i));  // one element of each row
static_assert(tg::shape_of(tg::one_hot<10>(i)) == tg::shape_of(x));
static_assert(tg::shape_of(tg::scatter_add<4>(x, i)) == tg::extents<4, 10>{});  // rows added up in 4 groups
// [calls]

// [order]
constexpr auto best = tg::argmax<1>(x);
static_assert(tg::shape_of(best) == tg::extents<tg::extent<"rows">>{});
constexpr auto hits = mean(where(equal(best, i), 1_c, 0_c));  // how often the largest is the right one
static_assert(tg::take_along<1>(x, best) !=
              tg::max<1>(x));  // of equal ones the first alone has the derivative
static_assert(tg::shape_of(tg::cumsum<1>(tg::flip<1>(x))) == tg::shape_of(x));
// [order]

// [masks]
constexpr auto time = tg::extent<"time">;
constexpr auto q = tg::array<"q", tg::rows, time, 16>;
constexpr auto k = tg::array<"k", tg::rows, time, 16>;
constexpr auto lengths = tg::index<"lengths", tg::rows>;  // the places behind them are padding
constexpr auto scores = tg::einsum<"rid,rjd->rij">(q, k) / 4_c;
constexpr auto earlier = tg::softmax<-1>(masked(scores, tg::causal_mask<time>));
constexpr auto inside = tg::sequence_mask<time>(tg::reshape<tg::rows, 1>(lengths));  // (rows, 1, time)
constexpr auto present = tg::softmax<-1>(masked(scores, inside));
// [masks]

static_assert(tg::shape_of(hits) == tg::extents<>{});
static_assert(tg::shape_of(earlier) == tg::shape_of(scores) && tg::shape_of(present) == tg::shape_of(scores));

// [derivatives]
constexpr auto u = tg::array<"u", tg::rows, 16>;
static_assert(tg::gradient(sum(gather(table, i) * u), table) == tg::scatter_add<1000>(u, i));
static_assert(tg::gradient(sum(tg::scatter_add<1000>(u, i) * table), u) == gather(table, i));
// [derivatives]

// [none]
constexpr auto known = gather(table, i, tg::ignore<-100>);  // a row of zeros where i is -100
static_assert(tg::gradient(sum(known), table) ==
              tg::scatter_add<1000>(tg::broadcast<tg::rows, 16>(1_c), i, tg::ignore<-100>));
// [none]

// [ignored]
constexpr auto counts = tg::array<"counts", tg::rows>;  // 1; 0 where the place is to be ignored
constexpr auto cross_entropy = -sum(counts * tg::take_along<1>(tg::log_softmax<1>(x), i)) / sum(counts);
static_assert(tg::shape_of(cross_entropy) == tg::extents<>{});
// [ignored]

}  // namespace shapes

namespace {

constexpr std::string_view text = "the theme then: these thorns there";

// [letters]
constexpr auto letter = tg::index<"letter", tg::rows>;
constexpr auto next = tg::index<"next", tg::rows>;
constexpr auto vectors = tg::array<"vectors", 128, 8>;  // of each letter
constexpr auto w = tg::array<"w", 8, 128>;
constexpr auto scores = matmul(tanh(gather(vectors, letter)), w);
constexpr auto loss = -mean(tg::take_along<1>(tg::log_softmax<1>(scores), next));
constexpr auto theta = tg::parameters(vectors, w);
constexpr auto step =
    tg::function(tg::inputs(letter, next, theta), tg::outputs(loss, tg::gradient(loss, theta)));
// [letters]

}  // namespace

int main() {
  std::mt19937 random(1);
  std::normal_distribution<double> normal;
  std::vector<double> weights(theta.size()), slopes(theta.size());
  for (double& each : weights) each = normal(random) / 10;
  // [training]
  const std::vector<int> letters(text.begin(), text.end() - 1), followers(text.begin() + 1, text.end());
  auto run = tg::bound<double>(step);
  tg::first_order<tg::adam, double> rule({.rate = 0.05}, theta.size());
  double cost = 0;
  for (int epoch = 0; epoch < 200; ++epoch) {
    cost = run(letters, followers, weights, slopes);
    rule.step(weights, slopes);
  }
  // [training]
  // The least that there is: a letter says no more than how often others follow it.
  double least = 0;
  for (std::size_t k = 0; k < letters.size(); ++k) {
    int times = 0, followed = 0;
    for (std::size_t j = 0; j < letters.size(); ++j)
      if (letters[j] == letters[k]) ++times, followed += followers[j] == followers[k];
    least -= std::log(static_cast<double>(followed) / times) / static_cast<double>(letters.size());
  }
  std::printf("loss %.4f, at least %.4f\n", cost, least);
  return cost < least + 0.02 ? 0 : 1;
}
