// SPDX-License-Identifier: BSL-1.0
// Which of twelve sections is a package of Debian in, by its description of some seven words? Two classifiers
// learn it from 4,800 descriptions: a linear one that adds up scores of words and of pairs of them, and an
// encoder of vectors for words and three or four letters of them, which is their mean by learnt attention and
// a dense layer. Both are judged by 1,200 others. Usage: sections [CSV] [--out SVG] [--seed NUMBER]. Status
// 0: learnt, and the encoder is no worse; 1: an error, in one sentence; 2: not so.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <typegrad/data.hpp>
#include <typegrad/evaluation.hpp>
#include <typegrad/language.hpp>
#include <typegrad/loss.hpp>
#include <typegrad/random.hpp>
#include <typegrad/selection.hpp>
#include <typegrad/training.hpp>
#include <vector>

#include "support/arguments.hpp"
#include "support/chart.hpp"
#include "support/expect.hpp"
#include "support/svg.hpp"

namespace {

using namespace tg::literals;
constexpr std::size_t kinds = 12, most_pairs = 24, most_pieces = 112;

// [linear]
constexpr auto section = tg::index<"section", tg::rows>;
constexpr auto grams = tg::index<"grams", tg::rows, 24>;  // words and pairs of words; -1: none
constexpr auto scores_of = tg::array<"scores", 32768, 12>;
constexpr auto bias = tg::array<"bias", 12>;
constexpr auto added = tg::sum<1>(gather(scores_of, grams, tg::ignore<-1>)) + bias;
constexpr auto linear = tg::parameters(scores_of, bias);
constexpr auto linear_loss = tg::loss::cross_entropy(added, section);
// [linear]

// [encoder]
constexpr auto pieces = tg::index<"pieces", tg::rows, 112>;  // words and pieces of them; -1: none
constexpr auto vectors = tg::array<"vectors", 16384, 32>;
constexpr auto notice = tg::array<"notice", 16384>;  // how much a piece is attended to
constexpr auto weight = tg::array<"weight", 32, 12>;
constexpr auto drops = tg::symbol<"drops">;
constexpr auto heard = tg::softmax<1>(masked(gather(notice, pieces, tg::ignore<-1>), pieces >= 0_c));
constexpr auto code = tg::einsum<"rp,rpv->rv">(heard, gather(vectors, pieces, tg::ignore<-1>));
constexpr auto told = matmul(3_c * code, weight) + bias;
constexpr auto encoder = tg::parameters(vectors, notice, weight, bias);
constexpr auto encoder_loss =
    tg::loss::cross_entropy(matmul(3_c * tg::dropout<"drop">(code, 0.5_c, drops), weight) + bias, section);
// [encoder]

// [pieces]
/// Descriptions as rows of pieces.
struct texts {
  std::vector<int> grams, pieces, sections;
  std::vector<std::string> all;

  std::size_t size() const { return sections.size(); }
  void add(const std::string& text, int of) {
    // Sequences of up to two words; words, and three or four letters of them.
    auto some = tg::language::hashed_bag(text, 32768, {.words = 2}).places;
    auto more =
        tg::language::hashed_bag(text, 16384, {.words = 1, .letters_from = 3, .letters_to = 4}).places;
    some.resize(most_pairs, -1), more.resize(most_pieces, -1);
    grams.insert(grams.end(), some.begin(), some.end()),
        pieces.insert(pieces.end(), more.begin(), more.end());
    sections.push_back(of), all.push_back(text);
  }
};
// [pieces]

/// The accuracy on texts after each epoch, and what the last weights take each for.
struct learnt {
  std::vector<demo::point> accuracy;
  std::vector<float> taken_for;
  double last() const { return accuracy.back().y; }
};

// [train]
/// Trains by a step function, and judges after each epoch.
template <class Theta, class Step, class Judge>
learnt train(const Theta& theta, const texts& training, const texts& held_out, std::size_t epochs,
             double rate, std::uint64_t seed, Step step, Judge judge) {
  learnt result;
  std::vector<float> weights(theta.size());
  theta.each(weights, [&](std::string_view name, auto, auto own) {
    if (name == "vectors" || name == "weight") tg::fill_normal(own, name, static_cast<double>(seed), 0, 0.1);
  });
  tg::data::loader batches({.size = 32, .seed = seed, .last = tg::data::last_batch::dropped},
                           tg::data::column(training.grams, most_pairs),
                           tg::data::column(training.pieces, most_pieces),
                           tg::data::column(training.sections));
  result.taken_for.resize(held_out.size());
  (void)tg::train(
      step, batches, weights,
      {.epochs = epochs,
       .rule = tg::adamw{.rate = rate, .weight_decay = 0.1},
       .schedule = tg::cosine_schedule{.steps = epochs * batches.batches()},
       .progress = &std::cout,
       .after_epoch = [&](const auto& now) {
         judge(held_out, weights, result.taken_for);
         result.accuracy.push_back({static_cast<double>(now.record.epoch),
                                    100 * tg::metric::accuracy(held_out.sections, result.taken_for)});
       }});
  return result;
}

learnt train_linear(const texts& training, const texts& held_out, std::uint64_t seed) {
  auto run = tg::bound<float>(tg::function(tg::inputs(grams, section, linear),
                                           tg::outputs(linear_loss, tg::gradient(linear_loss, linear))));
  auto use = tg::bound<float>(tg::function(tg::inputs(grams, linear), tg::outputs(tg::argmax<1>(added))));
  const auto step = [&](const auto& batch, const auto& now, auto& slopes) {
    const auto& [some, unused, of] = batch;
    return run(some, of, now, slopes);
  };
  return train(linear, training, held_out, 6, 0.01, seed, step,
               [&](const texts& asked, const auto& now, auto& is) { use(asked.grams, now, is); });
}

learnt train_encoder(const texts& training, const texts& held_out, std::uint64_t seed) {
  auto run = tg::bound<float>(tg::function(tg::inputs(pieces, section, drops, encoder),
                                           tg::outputs(encoder_loss, tg::gradient(encoder_loss, encoder))));
  auto use = tg::bound<float>(tg::function(tg::inputs(pieces, encoder), tg::outputs(tg::argmax<1>(told))));
  std::vector<int> some;
  const auto step = [&](const auto& batch, const auto& now, auto& slopes, const tg::train_moment& at) {
    const auto& [unused, all, of] = batch;
    some.assign(all.begin(), all.end());
    std::mt19937 random(static_cast<std::uint32_t>(at.batch_number));
    for (int& each : some)  // three of ten pieces are left out, others in each step
      if (random() % 10 < 3) each = -1;
    return run(some, of, static_cast<float>(at.batch_number), now, slopes);
  };
  return train(encoder, training, held_out, 8, 0.01, seed, step,
               [&](const texts& asked, const auto& now, auto& is) { use(asked.pieces, now, is); });
}
// [train]

void draw(const texts& held_out, const learnt& sums, const learnt& code_of,
          const std::vector<std::string>& names, const std::string& path) {
  char line[160];
  std::snprintf(
      line, sizeof line,
      "of %zu descriptions that were held out the encoder tells %.1f %% right, the linear classifier %.1f %%",
      held_out.size(), code_of.last(), sums.last());
  demo::svg_page page = demo::headed_page(1200, 800, 92, "Sections of packages by their descriptions", line);
  demo::chart curve(page, {92, 125}, 400, 280, {0, code_of.accuracy.back().x}, {60, 80});
  curve.title("Accuracy on descriptions held out");
  curve.axes("epoch", "told right (%)", 6, 5);
  curve.curve(code_of.accuracy, demo::color::fit, 2);
  curve.curve(sums.accuracy, demo::color::data, 2, "7 4");
  curve.legend_at(0.35, 0.6);
  curve.legend(0, "encoder", demo::color::fit, 2);
  curve.legend(1, "linear, words and pairs", demo::color::data, 2, "7 4");
  const auto table = tg::metric::confusion_matrix(held_out.sections, code_of.taken_for,
                                                  {.classes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}});
  const demo::point corner{660, 125};
  page.text({corner.x, corner.y - 12}, "Section (row) and what the encoder takes it for",
            demo::chart::style(15, demo::color::ink, "start") + " font-weight=\"bold\"");
  for (std::size_t r = 0; r < kinds; ++r) {
    const double top = corner.y + 30 * static_cast<double>(r);
    page.text({corner.x - 8, top + 19}, names[r], demo::chart::style(12, demo::color::ink, "end"));
    page.text({corner.x + 40 * static_cast<double>(r) + 20, corner.y + 376}, names[r],
              demo::chart::style(9, demo::color::ink, "middle"));
    for (std::size_t c = 0; c < kinds; ++c) {
      char style[80];
      std::snprintf(style, sizeof style, "fill=\"%s\" fill-opacity=\"%.3f\"", r == c ? "#0072b2" : "#c2410c",
                    std::min(1.0, table(r, c) * (r == c ? 8 : 30) / static_cast<double>(held_out.size())));
      page.rectangle({corner.x + 40 * static_cast<double>(c), top}, 39, 29, style);
      if (table(r, c) > 0)
        page.text({corner.x + 40 * static_cast<double>(c) + 20, top + 19},
                  std::to_string(static_cast<int>(table(r, c))),
                  demo::chart::style(12, demo::color::ink, "middle"));
    }
  }
  page.text({92, 545}, "Told right by the encoder alone",
            demo::chart::style(15, demo::color::ink, "start") + " font-weight=\"bold\"");
  std::size_t shown = 0;
  int before = -1;  // one of each section
  for (std::size_t i = 0; i < held_out.size() && shown < 9; ++i) {
    const auto right = static_cast<float>(held_out.sections[i]);
    if (held_out.sections[i] == before || code_of.taken_for[i] != right || sums.taken_for[i] == right)
      continue;
    before = held_out.sections[i];
    const double at = 570 + 24 * static_cast<double>(shown++);
    page.text({92, at}, names[static_cast<std::size_t>(held_out.sections[i])],
              demo::chart::style(13, demo::color::fit, "start"));
    page.text({170, at}, held_out.all[i], demo::chart::style(13, demo::color::ink, "start"));
    page.text({1140, at}, "not " + names[static_cast<std::size_t>(sums.taken_for[i])],
              demo::chart::style(13, demo::color::data, "end"));
  }
  page.save(path);
}

int run(const demo::arguments& given) {
  const tg::data::table table = tg::data::read_csv(given.tables[0], {.text = {"section", "description"}});
  const auto& descriptions = table.texts("description");
  const auto of = table.classes("section");
  if (of.names.size() != kinds)
    throw demo::unusable(given.tables[0] + " has " + std::to_string(of.names.size()) + " sections; give 12.");
  const auto parts = tg::data::stratified_split(of.rows, {.parts = {0.8, 0.2}, .seed = given.seed});
  texts training, held_out;
  for (const std::size_t row : parts[0]) training.add(descriptions[row], of.rows[row]);
  for (const std::size_t row : parts[1]) held_out.add(descriptions[row], of.rows[row]);
  std::printf("%zu descriptions, %zu of them held out\nlinear, %zu parameters:\n", table.rows(),
              held_out.size(), linear.size());
  const learnt sums = train_linear(training, held_out, given.seed);
  std::printf("encoder, %zu parameters:\n", encoder.size());
  const learnt code_of = train_encoder(training, held_out, given.seed);
  std::cout << tg::metric::classification_report(held_out.sections, code_of.taken_for, {.names = of.names});
  std::printf("told right: %.2f %% by sums of words and pairs, %.2f %% by the encoder\n", sums.last(),
              code_of.last());
  example::expect(sums.last() >= 68);
  example::expect(code_of.last() >= 74);
  example::expect(code_of.last() >= sums.last());
  draw(held_out, sums, code_of, of.names, given.picture);
  std::printf("Picture: %s\n", given.picture.c_str());
  return example::status() == 0 ? 0 : 2;
}

}  // namespace

int main(int count, char** words) {
  return demo::guarded("sections", [&] {
    return run(demo::parse_arguments(count, words,
                                     {.tables = {TYPEGRAD_EXAMPLE_DATA "/sections.csv"},
                                      .picture = "sections.svg",
                                      .usage = "sections [CSV] [--out SVG] [--seed NUMBER]",
                                      .has_seed = true}));
  });
}
