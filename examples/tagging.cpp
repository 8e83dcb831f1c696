// SPDX-License-Identifier: BSL-1.0
// Names in sentences: which words are of a person, an organisation or a place? WikiGold (Balasuriya et al.
// 2009) has 1,696 sentences of Wikipedia whose names are marked. A small network learns it from four fifths
// of them, without any other text: vectors of what a word is, how it begins, ends and is written, and two
// convolutions over the sentence. Sentences are filled up with O, or cut, to 64 words. Judged by the entities
// of the others, as seqeval does. Usage: tagging FILE [--out SVG] [--seed NUMBER], FILE being
// wikigold.conll. Status 0: learnt; 1: an error, in one sentence; 2: not so.
#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <typegrad/convolution.hpp>
#include <typegrad/data.hpp>
#include <typegrad/evaluation.hpp>
#include <typegrad/language.hpp>
#include <typegrad/loss.hpp>
#include <typegrad/model.hpp>
#include <typegrad/selection.hpp>
#include <typegrad/training.hpp>
#include <vector>

#include "support/arguments.hpp"
#include "support/chart.hpp"
#include "support/expect.hpp"
#include "support/svg.hpp"

namespace {

constexpr std::size_t longest = 64, features = 6;
const tg::language::tag_numbers tag2id({"O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"});

// [network]
constexpr auto traits = tg::index<"traits", tg::rows, 64, 6>;  // of each word
constexpr auto tags = tg::index<"tags", tg::rows, 64>;
constexpr auto mask = tg::array<"mask", tg::rows, 64>;  // 1 of words, 0 of what fills up
constexpr auto network = tg::model([](auto& net, auto in) {
  auto words = net.part("words");
  const auto each = gather(words.parameter("weight", {16384, 32}, tg::initial::normal(0.2)), in);
  const auto seen = dropout(net, tg::einsum<"rtik->rkt">(each), 0.4, "first");
  const auto hidden = relu(conv1d<64, 5>(net, seen, "around", tg::same));
  return conv1d<7, 3>(net, dropout(net, hidden, 0.4, "second"), "out", tg::same);
});
constexpr auto theta = network.parameters(traits);
constexpr auto loss = tg::loss::cross_entropy(network.training(traits), tags, tg::loss::sample_weights(mask));
// [network]

// [words]
/// Where something of a word has its row in the table. (Fowler, Noll and Vo's hash, 32 bits.)
int place_of(std::string_view text, std::size_t trait) {
  std::uint32_t hash = (2166136261U ^ static_cast<std::uint32_t>(trait)) * 16777619U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return static_cast<int>((hash ^ hash >> 15U) % 16384);
}

/// A word, without regard to capitals, its first two and three and last three letters, how it is written: Xx
/// of "Paris", Xx-X of "Coca-C", 0 of "1984"; and that with its place at the beginning of the sentence.
std::array<int, features> traits_of(const std::string& word, bool first) {
  std::string lower, written;
  for (const char c : word) {
    const auto letter = static_cast<unsigned char>(c);
    lower += static_cast<char>(std::tolower(letter));
    const char sort = std::isupper(letter)                   ? 'X'
                      : std::isalpha(letter) || letter > 127 ? 'x'
                      : std::isdigit(letter)                 ? '0'
                                                             : c;
    if (written.empty() || written.back() != sort) written += sort;
  }
  const std::size_t end = lower.size();
  return {place_of(lower, 0),
          place_of(lower.substr(0, 3), 1),
          place_of(lower.substr(end - std::min<std::size_t>(3, end)), 2),
          place_of(lower.substr(end - std::min<std::size_t>(2, end)), 3),
          place_of(written, 4),
          place_of(written + (first ? '^' : '.') + std::to_string(std::min<std::size_t>(end, 4)), 5)};
}

/// Sentences as rows of one length.
struct sentences {
  std::vector<std::vector<std::string>> words, names;
  std::vector<int> traits, tags;
  std::vector<float> mask;

  std::size_t size() const { return words.size(); }
  void add(const std::vector<std::string>& of, const std::vector<std::string>& marked) {
    // As B-PER, I-PER; the names of other things than those looked for are none.
    auto of_words = tg::language::converted(marked, tg::language::tag_scheme::iob2);
    for (auto& tag : of_words)
      if (tag.ends_with("MISC")) tag = "O";
    auto numbers = tag2id.numbers(of_words);
    numbers.resize(longest, tag2id.number("O"));
    tags.insert(tags.end(), numbers.begin(), numbers.end());
    for (std::size_t k = 0; k < longest; ++k) {
      const auto some = k < of.size() ? traits_of(of[k], k == 0) : traits_of("", false);
      traits.insert(traits.end(), some.begin(), some.end());
      mask.push_back(k < of.size() ? 1 : 0);
    }
    words.push_back(of), names.push_back(std::move(of_words));
  }
};
// [words]

// [tags]
/// The tags that the network gives the words. Those behind the 64th are O.
std::vector<std::vector<std::string>> tagged(const sentences& all, const std::vector<float>& weights) {
  static auto run =
      tg::bound<float>(tg::function(tg::inputs(traits, theta), tg::outputs(tg::argmax<1>(network(traits)))));
  std::vector<float> told(longest * all.size());
  run(all.traits, weights, told);
  std::vector<std::vector<std::string>> result;
  for (std::size_t i = 0; i < all.size(); ++i) {
    result.emplace_back(all.words[i].size(), "O");
    for (std::size_t k = 0; k < std::min(longest, all.words[i].size()); ++k)
      result[i][k] = tag2id.tag(static_cast<int>(told[longest * i + k]));
  }
  return result;
}
// [tags]

void draw(const sentences& held_out, const std::vector<std::vector<std::string>>& told,
          const std::vector<demo::point>& losses, const std::vector<demo::point>& scores,
          const std::string& path) {
  char line[160];
  std::snprintf(line, sizeof line, "%zu parameters; F1 of entities %.3f on %zu sentences that were held out",
                theta.size(), scores.back().y, held_out.size());
  demo::svg_page page = demo::headed_page(1200, 860, 92, "Names in sentences", line);
  demo::chart curve(page, {92, 125}, 420, 230, {0, losses.back().x}, demo::logarithmic_range({losses}),
                    demo::scale::logarithmic);
  curve.title("Loss");
  curve.axes("epoch", "", 6, 0);
  curve.curve(losses, demo::color::data, 2);
  demo::chart found(page, {652, 125}, 420, 230, {0, losses.back().x}, {0, 1});
  found.title("F1 of entities held out");
  found.axes("epoch", "", 6, 5);
  found.curve(scores, demo::color::fit, 2);
  page.text({92, 445}, "Sentences held out: what is told above the words, what is so below where it differs",
            demo::chart::style(15, demo::color::ink, "start") + " font-weight=\"bold\"");
  std::size_t shown = 0;
  for (std::size_t i = 0; i < held_out.size() && shown < 7; ++i) {
    const auto& words = held_out.words[i];
    if (words.size() < 8 || words.size() > 20 || tg::language::entities(held_out.names[i]).size() < 2)
      continue;
    double x = 92;
    const double y = 485 + 52 * static_cast<double>(shown++);
    for (std::size_t k = 0; k < words.size() && x < 1120; ++k) {
      const std::string &is = held_out.names[i][k], &as = told[i][k];
      const double width = 7.4 * static_cast<double>(words[k].size());
      if (as != "O")
        page.rectangle({x - 2, y - 13}, width + 3, 17, is == as ? "fill=\"#dbeafe\"" : "fill=\"#fde8d7\"");
      page.text({x, y}, words[k], demo::chart::style(13, demo::color::ink, "start"));
      if (as != "O") page.text({x, y - 16}, as, demo::chart::style(9, demo::color::data, "start"));
      if (is != as) page.text({x, y + 13}, is, demo::chart::style(9, demo::color::fit, "start"));
      x += width + 7;
    }
  }
  page.save(path);
}

int run(const demo::arguments& given) {
  const auto all = tg::language::read_conll(given.tables[0]);
  if (all.size() < 100)
    throw demo::unusable(given.tables[0] + " has " + std::to_string(all.size()) +
                         " sentences; give 100 at least.");
  const auto parts = tg::data::split(all.size(), {.parts = {0.8, 0.2}, .seed = given.seed});
  sentences training, held_out;
  for (const std::size_t i : parts[0]) training.add(all.words[i], all.tags[i]);
  for (const std::size_t i : parts[1]) held_out.add(all.words[i], all.tags[i]);
  std::printf("%zu sentences, %zu of them held out; %zu parameters\n", all.size(), held_out.size(),
              theta.size());

  // [train]
  auto step = tg::bound<float>(tg::function(tg::inputs(traits, tags, mask, tg::seed, theta),
                                            tg::outputs(loss, tg::gradient(loss, theta))));
  tg::data::loader batches({.size = 16, .seed = given.seed, .last = tg::data::last_batch::dropped},
                           tg::data::column(training.traits, longest * features),
                           tg::data::column(training.tags, longest),
                           tg::data::column(training.mask, longest));
  std::vector<float> weights(theta.size());
  network.initialise(weights, static_cast<double>(given.seed), traits);
  std::vector<demo::point> losses, scores;
  const std::size_t epochs = 15;
  (void)tg::train(
      [&](const auto& batch, const auto& now, auto& slopes, const tg::train_moment& at) {
        const auto& [of, are, count] = batch;
        return step(of, are, count, static_cast<float>(at.batch_number), now, slopes);
      },
      batches, weights,
      {.epochs = epochs,
       .rule = tg::adamw{.rate = 3e-3, .weight_decay = 0.05},
       .schedule = tg::cosine_schedule{.steps = epochs * batches.batches()},
       .progress = &std::cout,
       .after_epoch = [&](const auto& now) {
         losses.push_back({static_cast<double>(now.record.epoch), now.record.loss});
         scores.push_back({static_cast<double>(now.record.epoch),
                           tg::metric::entity_scores(held_out.names, tagged(held_out, weights)).micro.f});
       }});
  // [train]
  const auto told = tagged(held_out, weights);
  std::cout << tg::metric::entity_report(held_out.names, told);
  example::expect(scores.back().y >= 0.6);
  draw(held_out, told, losses, scores, given.picture);
  std::printf("Picture: %s\n", given.picture.c_str());
  return example::status() == 0 ? 0 : 2;
}

}  // namespace

int main(int count, char** words) {
  return demo::guarded("tagging", [&] {
    return run(demo::parse_arguments(count, words,
                                     {.tables = {"wikigold.conll"},
                                      .picture = "tagging.svg",
                                      .usage = "tagging FILE [--out SVG] [--seed NUMBER]",
                                      .has_seed = true}));
  });
}
