// SPDX-License-Identifier: BSL-1.0
// The code of docs/attention.md, compiled and run.
#include <cstdio>
#include <iostream>
#include <string_view>
#include <typegrad/attention.hpp>
#include <typegrad/groups.hpp>
#include <typegrad/loss.hpp>
#include <typegrad/tensor_file.hpp>
#include <vector>

#include "support/expect.hpp"

using example::expect;

// [classifier]
constexpr auto words = tg::index<"words", tg::rows, 6>;  // 6 of 9 words in each row
constexpr auto mask = tg::index<"mask", tg::rows, 6>;    // 1 where there is one, 0 behind the last
constexpr auto sides = tg::index<"sides", tg::rows>;
constexpr auto classifier = tg::model([](auto& net, auto in, auto keep) {
  auto h = embedding<9, 16>(net, in, "word");
  h = layers<2>(net, h + tg::sinusoidal_positions(h), "encoder", [&](auto& layer, auto x) {
    return encoder_layer<2, 32>(layer, x, "own", {.mask = keep, .dropout = 0.1});
  });
  return dense<2>(net, tg::mean_of_tokens(h, keep), "out");
});
constexpr auto theta = classifier.parameters(words, mask);
static_assert(theta.parts[1].name == "encoder.*.own.self_attn.in_proj_weight");
static_assert(theta.parts[1].size == 2 * 3 * 16 * 16);  // of both layers
constexpr auto loss = tg::loss::cross_entropy(classifier.training(words, mask), sides);
constexpr auto step = tg::function(tg::inputs(words, mask, sides, tg::seed, theta),
                                   tg::outputs(loss, tg::gradient(loss, theta)));
// [classifier]

// [bert]
constexpr tg::bert_sizes small{
    .vocabulary = 100, .width = 16, .layers = 3, .heads = 2, .hidden = 32, .positions = 20};
constexpr auto topics = tg::model([](auto& net, auto in, auto keep) {
  auto text = net.part("text");
  const auto h = bert<small>(text, in, {.mask = keep});
  return dense<5>(net, dropout(net, tg::mean_of_tokens(h, keep), 0.1, "drop"), "out");
});
constexpr auto weights_of_topics = topics.parameters(words, mask);
static_assert(weights_of_topics.parts[5].name == "text.encoder.layer.*.attention.self.query.weight");
// [bert]

int main() {
  // Is word 1 before word 2?
  std::vector<int> some, kept, before;
  for (int row = 0; row < 64; ++row) {
    const int length = 3 + row % 4, one = row * 7 % length, other = (one + 1 + row % (length - 1)) % length;
    before.push_back(one < other);
    for (int place = 0; place < 6; ++place) {
      kept.push_back(place < length);
      const int any = 3 + (row * 5 + place * place) % 6;
      some.push_back(place >= length ? 0 : place == one ? 1 : place == other ? 2 : any);
    }
  }
  std::vector<float> weights(theta.size()), slopes(theta.size());
  classifier.initialise(weights, 1, words, mask);
  tg::first_order<tg::adam, float> rule({.rate = 0.005}, theta.size());
  auto run = tg::bound<float>(step);
  float now = 0, first = 0;
  for (int k = 0; k < 150; ++k) {
    now = run(some, kept, before, static_cast<float>(k), weights, slopes);
    if (k == 0) first = now;
    rule.step(weights, slopes);
  }
  std::cout << "loss " << first << ", then " << now << '\n';
  expect(now < 0.3f && now < first / 2);

  const char* const published = "published.safetensors";
  {
    constexpr auto bare = tg::model([](auto& net, auto in) { return bert<small>(net, in); });
    std::vector<float> numbers(bare.parameters(words).size());
    bare.initialise(numbers, 2, words);
    tg::save_tensors(published, bare.parameters(words), numbers);
  }
  // [load]
  std::vector<float> all(weights_of_topics.size());
  topics.initialise(all, 1, words, mask);
  tg::load_bert(published, weights_of_topics, all, "text");  // "out" stays as it is
  // [load]

  // [rates]
  tg::grouped<tg::adam, float> tuned(weights_of_topics, {{"out", {.rate = 1.5e-3}},
                                                         {"text.encoder.layer.2", {.rate = 1.5e-4}},
                                                         {"text.encoder.layer.*", {.rate = 5e-5}}});
  // [rates]
  expect(tuned.size() == all.size());

  // [frozen]
  constexpr auto head = weights_of_topics.only<"out">();
  constexpr auto scores =
      tg::function(tg::inputs(words, mask, weights_of_topics), tg::outputs(topics(words, mask)));
  // [frozen]
  static_assert(head.size() == 5 * 16 + 5);
  std::vector<float> of_topics(64 * 5);
  auto use = tg::bound<float>(scores);
  use(some, kept, all, of_topics);
  expect(of_topics[0] == of_topics[0] && of_topics[0] != of_topics[1]);
  std::remove(published);
}
