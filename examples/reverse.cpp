// SPDX-License-Identifier: BSL-1.0
// A transformer's encoder learns to write sequences backwards: each of 10 places has to find the place that
// is as far from the other end, by attention alone. One layer of width 32 with two heads, traced once, with
// its gradient by all parameters in one vector; trained by Adam, in float. The picture shows which places the
// heads attend to. Usage: reverse [--out SVG] [--seed NUMBER]. Status 0: learnt; 1: an error, in one
// sentence; 2: poor accuracy.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <random>
#include <span>
#include <string>
#include <typegrad/array.hpp>
#include <typegrad/optimize/first_order.hpp>
#include <typegrad/optimize/schedule.hpp>
#include <vector>

#include "support/arguments.hpp"
#include "support/chart.hpp"
#include "support/expect.hpp"
#include "support/svg.hpp"

namespace {

constexpr std::size_t places = 10, letters = 8, heads = 2;

constexpr auto x = tg::array<"x", tg::rows, 10, 8>;            // 1 for the letter at each place, 0 for others
constexpr auto wanted = tg::array<"wanted", tg::rows, 10, 8>;  // the same of the sequence backwards
constexpr auto letter = tg::array<"letter", 8, 32>;            // what stands for a letter, and for a place
constexpr auto place = tg::array<"place", 10, 32>;
constexpr auto wq = tg::array<"wq", 32, 32>;
constexpr auto wk = tg::array<"wk", 32, 32>;
constexpr auto wv = tg::array<"wv", 32, 32>;
constexpr auto wo = tg::array<"wo", 32, 32>;
constexpr auto w1 = tg::array<"w1", 32, 64>;
constexpr auto b1 = tg::array<"b1", 64>;
constexpr auto w2 = tg::array<"w2", 64, 32>;
constexpr auto b2 = tg::array<"b2", 32>;
constexpr auto wy = tg::array<"wy", 32, 8>;
constexpr auto by = tg::array<"by", 8>;
constexpr auto theta = tg::parameters(letter, place, wq, wk, wv, wo, w1, b1, w2, b2, wy, by);

/// (rows, places, width) as (rows, heads, places, width of a head).
constexpr auto in_heads(auto z) { return tg::permute<0, 2, 1, 3>(tg::reshape<tg::rows, 10, 2, 16>(z)); }
/// What is attended to: of each place the weights of all, (rows, heads, places, places).
constexpr auto attention(auto z, auto v_q, auto v_k) {
  const auto keys = tg::permute<0, 1, 3, 2>(in_heads(matmul(z, v_k)));
  return tg::softmax<-1>(matmul(in_heads(matmul(z, v_q)), keys) / 4);
}
constexpr auto attended = tg::trace(
    x, letter, place, wq, wk,
    [](auto x_, auto e, auto p, auto v_q, auto v_k) { return attention(matmul(x_, e) + p, v_q, v_k); });
constexpr auto scores = tg::trace(
    x, letter, place, wq, wk, wv, wo, w1, b1, w2, b2, wy, by,
    [](auto x_, auto e, auto p, auto v_q, auto v_k, auto v_v, auto v_o, auto v1, auto c1, auto v2, auto c2,
       auto v_y, auto c_y) {
      const auto z = matmul(x_, e) + p;
      const auto seen = tg::permute<0, 2, 1, 3>(matmul(attention(z, v_q, v_k), in_heads(matmul(z, v_v))));
      const auto h = tg::layer_norm<-1>(z + matmul(tg::reshape<tg::rows, 10, 32>(seen), v_o));
      return matmul(tg::layer_norm<-1>(h + matmul(tg::gelu(matmul(h, v1) + c1), v2) + c2), v_y) + c_y;
    });
constexpr auto loss = -tg::mean(tg::sum<-1>(wanted * tg::log_softmax<-1>(scores)));
constexpr auto step =
    tg::function(tg::inputs(x, wanted, theta), tg::outputs(loss, tg::gradient(loss, theta)));
constexpr auto judge = tg::function(tg::inputs(x, theta), tg::outputs(scores, attended));

/// A number between 0 and 1. (The distributions of standard libraries differ.)
double uniform(std::mt19937_64& random) { return static_cast<double>(random() >> 11U) * 0x1p-53; }

struct sequences {
  std::vector<std::size_t> letter;
  std::vector<float> forwards, backwards;
};
sequences random_sequences(std::size_t count, std::mt19937_64& random) {
  sequences all;
  all.forwards.resize(count * places * letters), all.backwards.resize(count * places * letters);
  for (std::size_t i = 0; i < count * places; ++i) {
    const std::size_t at = i % places, own = random() % letters;
    all.letter.push_back(own);
    all.forwards[i * letters + own] = 1;
    all.backwards[(i - at + places - 1 - at) * letters + own] = 1;
  }
  return all;
}

/// Of the letters how many are right, in percent; and the mean weight of each place for each, by head.
struct judgement {
  double accuracy = 0;
  std::vector<double> weight;
};
judgement judged(const sequences& all, const std::vector<float>& weights) {
  const std::size_t count = all.letter.size() / places;
  std::vector<float> said(all.forwards.size()), attends(count * heads * places * places);
  auto run = tg::bound<float>(judge);
  run(all.forwards, weights, said, attends);
  judgement result;
  for (std::size_t i = 0; i < count * places; ++i) {
    const auto row = std::span(said).subspan(i * letters, letters);
    const auto best = static_cast<std::size_t>(std::ranges::max_element(row) - row.begin());
    result.accuracy += 100.0 * static_cast<double>(all.backwards[i * letters + best]);
  }
  result.accuracy /= static_cast<double>(count * places);
  result.weight.resize(heads * places * places);
  for (std::size_t i = 0; i < attends.size(); ++i)
    result.weight[i % result.weight.size()] += static_cast<double>(attends[i]) / static_cast<double>(count);
  return result;
}

void draw(const std::vector<demo::point>& curve, const judgement& reached, const std::string& path) {
  constexpr double left = 92, cell = 26;
  char line[160];
  std::snprintf(line, sizeof line, "%zu parameters; %.2f %% of the letters of unseen sequences are right",
                theta.size(), reached.accuracy);
  demo::svg_page page =
      demo::headed_page(1200, 520, left, "One layer of a transformer writes sequences backwards", line);
  demo::chart losses(page, {left, 125}, 330, 270, {0, curve.back().x}, demo::logarithmic_range({curve}),
                     demo::scale::logarithmic);
  losses.title("Its loss");
  losses.axes("step", "mean cross-entropy (nats)", 5, 0);
  losses.curve(curve, demo::color::data, 1.5);
  for (std::size_t head = 0; head < heads; ++head) {
    const demo::point corner{left + 440 + 340 * static_cast<double>(head), 135};
    page.text({corner.x, 113}, "Where head " + std::to_string(head + 1) + " looks",
              demo::chart::style(15, demo::color::ink, "start") + " font-weight=\"bold\"");
    for (std::size_t i = 0; i < places; ++i) {
      const double at = cell * (static_cast<double>(i) + 0.5);
      page.text({corner.x - 8, corner.y + at + 4}, std::to_string(i + 1),
                demo::chart::style(12, demo::color::ink, "end"));
      page.text({corner.x + at, corner.y + cell * places + 16}, std::to_string(i + 1),
                demo::chart::style(12, demo::color::ink, "middle"));
      for (std::size_t k = 0; k < places; ++k) {
        char style[100];
        std::snprintf(style, sizeof style, "fill=\"#0072b2\" fill-opacity=\"%.2f\" stroke=\"#e4e7eb\"",
                      reached.weight[(head * places + i) * places + k]);
        page.rectangle({corner.x + cell * static_cast<double>(k), corner.y + cell * static_cast<double>(i)},
                       cell, cell, style);
      }
    }
    page.text({corner.x + cell * places / 2, corner.y + cell * places + 38}, "place that is looked at",
              demo::chart::style(13, demo::color::ink, "middle"));
    page.text({corner.x - 34, corner.y + cell * places / 2}, "place that looks",
              demo::chart::style(13, demo::color::ink, "middle"), -90);
  }
  page.save(path);
}

int run(const demo::arguments& given) {
  std::mt19937_64 random(given.seed);
  std::vector<float> weights(theta.size()), slopes(theta.size());
  theta.each(weights, [&](std::string_view, auto shape, auto numbers) {
    if (shape.size() < 2) return;
    const double reach = std::sqrt(3.0 / static_cast<double>(shape[1]));
    for (float& each : numbers) each = static_cast<float>(reach * (2 * uniform(random) - 1));
  });
  auto step_on = tg::bound<float>(step);
  tg::first_order<tg::adam, float> rule({.rate = 3e-3}, theta.size());
  constexpr std::size_t steps = 800, batch = 32;
  auto schedule = tg::warm_up(50, tg::cosine_schedule{.steps = steps - 1, .last = 0.02});
  std::vector<demo::point> curve;
  for (std::size_t k = 0; k < steps; ++k) {
    const sequences some = random_sequences(batch, random);
    const float now = step_on(some.forwards, some.backwards, weights, slopes);
    curve.push_back({static_cast<double>(k), static_cast<double>(now)});
    rule.step(weights, slopes, static_cast<float>(schedule(k, now)));
  }
  const judgement reached = judged(random_sequences(500, random), weights);
  double opposite = 0;  // how much all places look at the one opposite, by the better head
  for (std::size_t i = 0; i < places; ++i) {
    const auto weight = [&](std::size_t head) {
      return reached.weight[(head * places + i) * places + places - 1 - i];
    };
    opposite += std::max(weight(0), weight(1)) / places;
  }
  std::printf(
      "loss %.4f, after %zu steps %.4f; %.2f %% of 5000 letters right, %.0f %% of the attention opposite\n",
      curve.front().y, steps, curve.back().y, reached.accuracy, 100 * opposite);
  example::expect(reached.accuracy >= 99);
  example::expect(opposite >= 0.5);
  draw(curve, reached, given.picture);
  std::printf("Picture: %s\n", given.picture.c_str());
  return example::status() == 0 ? 0 : 2;
}

}  // namespace

int main(int count, char** words) {
  return demo::guarded("reverse", [&] {
    return run(demo::parse_arguments(count, words,
                                     {.tables = {},
                                      .picture = "reverse.svg",
                                      .usage = "reverse [--out SVG] [--seed NUMBER]",
                                      .has_seed = true}));
  });
}
