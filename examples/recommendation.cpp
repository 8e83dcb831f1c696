// SPDX-License-Identifier: BSL-1.0
// Recommendation: what 500 people think of 3,000 films is factorised, where films are known by their texts:
// the genres and the words of their titles. The films are real, the ratings are not: each person has a taste
// of rank 6 for what a text says, and a rating has noise of deviation 0.5; one in 33 is known. The factors
// come as close to other ratings as that noise allows, and rank films that nobody has rated by their texts
// alone. Usage: recommendation [CSV] [--out SVG] [--seed NUMBER]. Status 0: learnt; 1: an error, in one
// sentence; 2: not so.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <map>
#include <numbers>
#include <numeric>
#include <random>
#include <string>
#include <typegrad/data.hpp>
#include <typegrad/evaluation.hpp>
#include <typegrad/loss.hpp>
#include <typegrad/selection.hpp>
#include <typegrad/training.hpp>
#include <vector>

#include "support/arguments.hpp"
#include "support/chart.hpp"
#include "support/expect.hpp"
#include "support/svg.hpp"

namespace {

using namespace tg::literals;
constexpr std::size_t people = 500, most_films = 3000, rank = 6, most_words = 128, longest = 16,
                      unrated = 100;
constexpr double noise = 0.5, mean = 3.3;

// [model]
constexpr auto person = tg::index<"person", tg::rows>;
constexpr auto film = tg::index<"film", tg::rows>;
constexpr auto words = tg::index<"words", tg::rows, 16>;  // of the film's text; -1: none
constexpr auto share = tg::array<"share", tg::rows>;      // 1 by the square root of their number
constexpr auto rating = tg::array<"rating", tg::rows>;    // above the mean of all
constexpr auto tastes = tg::array<"tastes", 500, 6>;
constexpr auto kindness = tg::array<"kindness", 500>;  // of a person to all films
constexpr auto meanings = tg::array<"meanings", 128, 6>;
constexpr auto worth = tg::array<"worth", 128>;   // of a word to all people
constexpr auto merit = tg::array<"merit", 3000>;  // of a film beyond its text
constexpr auto theta = tg::parameters(tastes, kindness, meanings, worth, merit);

constexpr auto meaning =
    tg::sum<1>(gather(meanings, words, tg::ignore<-1>)) * tg::reshape<tg::rows, 1>(share);
constexpr auto liked = gather(kindness, person) + gather(merit, film) +
                       share * tg::sum<1>(gather(worth, words, tg::ignore<-1>)) +
                       tg::sum<1>(gather(tastes, person) * meaning);
// The squares are those of a normal prior: the variance of the noise by that of each table and by the
// ratings.
constexpr auto strength = tg::symbol<"strength">;
constexpr auto loss =
    tg::loss::mse(liked, rating) + strength * (sum(tastes * tastes) / 0.025_c + sum(meanings * meanings) +
                                               sum(kindness * kindness) / 0.09_c +
                                               sum(worth * worth) / 0.02_c + sum(merit * merit) / 0.0009_c);
// [model]

/// A number between 0 and 1, and a normal one. (The distributions of standard libraries differ.)
double uniform(std::mt19937_64& random) { return static_cast<double>(random() >> 11U) * 0x1p-53; }
double normal(std::mt19937_64& random) {
  const double radius = std::sqrt(-2 * std::log(1 - uniform(random)));
  return radius * std::cos(2 * std::numbers::pi * uniform(random));
}

/// Films with the numbers of their words.
struct films {
  std::vector<double> years;
  std::vector<std::string> titles, genres, words;
  std::vector<std::vector<int>> texts;
  std::size_t genre_count = 0;  ///< the first of the words are genres

  explicit films(const std::string& path) {
    const tg::data::table table = tg::data::read_csv(path, {.text = {"title"}, .number = {"year"}});
    years = table.numbers("year"), genres = table.texts("genres"), titles = table.texts("title");
    if (titles.size() <= 2 * unrated || titles.size() > most_films)
      throw demo::unusable(path + " has " + std::to_string(titles.size()) +
                           " films; give more than 200, and 3000 at most.");
    std::map<std::string, int> known, count;
    texts.resize(titles.size());
    const auto take = [&](std::size_t row, const std::string& word) {
      const auto [at, added] = known.emplace(word, static_cast<int>(words.size()));
      if (added) words.push_back(word);
      auto& text = texts[row];
      if (text.size() < longest && std::ranges::count(text, at->second) == 0) text.push_back(at->second);
    };
    for (std::size_t row = 0; row < titles.size(); ++row)
      for (const auto& genre : pieces(genres[row], [](char c) { return c != '|'; })) take(row, genre);
    for (std::size_t row = 0; row < titles.size(); ++row)
      if (texts[row].empty())
        throw demo::unusable(path + ": " + demo::quoted(titles[row]) + " has no genre.");
    genre_count = words.size();
    // Words of four letters and more that 15 titles have.
    const auto of_title = [&](std::size_t row) {
      std::string lower = titles[row];
      for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      return pieces(lower, [](char c) { return c >= 'a' && c <= 'z'; });
    };
    for (std::size_t row = 0; row < titles.size(); ++row)
      for (const auto& word : of_title(row)) count[word] += word.size() >= 4;
    for (std::size_t row = 0; row < titles.size(); ++row)
      for (const auto& word : of_title(row))
        if (count[word] >= 15) take(row, word);
    if (words.size() > most_words)
      throw demo::unusable(path + " has more than 128 genres and frequent words.");
  }

 private:
  template <class Part>
  static std::vector<std::string> pieces(const std::string& text, Part part) {
    std::vector<std::string> all(1);
    for (const char c : text)
      if (part(c))
        all.back() += c;
      else if (!all.back().empty())
        all.emplace_back();
    if (all.back().empty()) all.pop_back();
    return all;
  }
};

/// What people would think without noise, by the model of the ratings.
struct opinions {
  std::vector<double> tastes, kindness, meanings, worth, merit;
  const films* all;

  opinions(const films& of, std::mt19937_64& random) : all(&of) {
    const auto draw = [&](std::vector<double>& table, std::size_t count, double deviation) {
      for (std::size_t k = 0; k < count; ++k) table.push_back(deviation * normal(random));
    };
    draw(tastes, people * rank, 0.16), draw(kindness, people, 0.3), draw(merit, of.titles.size(), 0.03);
    for (std::size_t k = 0; k < of.words.size(); ++k) {
      const double much = k < of.genre_count ? 1 : 0.3;  // words of titles say less than genres
      draw(meanings, rank, much), draw(worth, 1, 0.15 * much);
    }
  }
  double operator()(std::size_t who, std::size_t what) const {
    double sum = 0;
    for (const int word : all->texts[what]) {
      const auto k = static_cast<std::size_t>(word);
      sum += worth[k];
      for (std::size_t i = 0; i < rank; ++i) sum += tastes[rank * who + i] * meanings[rank * k + i];
    }
    return mean + kindness[who] + merit[what] + sum / std::sqrt(static_cast<double>(all->texts[what].size()));
  }
};

/// Pairs of people and films as columns.
struct pairs {
  std::vector<int> person, film, words;
  std::vector<float> share, rating;

  std::size_t size() const { return person.size(); }
  void add(const films& all, std::size_t who, std::size_t what, double value) {
    const auto& text = all.texts[what];
    person.push_back(static_cast<int>(who)), film.push_back(static_cast<int>(what));
    for (std::size_t k = 0; k < longest; ++k) words.push_back(k < text.size() ? text[k] : -1);
    share.push_back(static_cast<float>(1 / std::sqrt(static_cast<double>(text.size()))));
    rating.push_back(static_cast<float>(value));
  }
};

std::vector<float> told_of(const pairs& some, const std::vector<float>& weights) {
  static auto run =
      tg::bound<float>(tg::function(tg::inputs(person, film, words, share, theta), tg::outputs(liked)));
  std::vector<float> told(some.size());
  run(some.person, some.film, some.words, some.share, weights, told);
  return told;
}

// [bias]
/// What is told of pairs by one number for each person and each film: ridge regression, one after the other.
std::vector<float> by_biases(const pairs& known, const pairs& asked) {
  std::vector<double> of_person(people), of_film(most_films);
  for (int sweep = 0; sweep < 20; ++sweep)
    for (const bool persons : {true, false}) {
      auto& own = persons ? of_person : of_film;
      const auto &mine = persons ? known.person : known.film, &others = persons ? known.film : known.person;
      std::vector<double> sum(own.size()), count(own.size(), persons ? 4 : 10);
      for (std::size_t i = 0; i < known.size(); ++i) {
        const auto k = static_cast<std::size_t>(mine[i]);
        sum[k] += static_cast<double>(known.rating[i]) -
                  (persons ? of_film : of_person)[static_cast<std::size_t>(others[i])];
        ++count[k];
      }
      for (std::size_t k = 0; k < own.size(); ++k) own[k] = sum[k] / count[k];
    }
  std::vector<float> told;
  for (std::size_t i = 0; i < asked.size(); ++i)
    told.push_back(static_cast<float>(of_person[static_cast<std::size_t>(asked.person[i])] +
                                      of_film[static_cast<std::size_t>(asked.film[i])]));
  return told;
}
// [bias]

// [train]
auto train(const pairs& known, std::vector<float>& weights, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  for (float& each : theta.view(weights, tastes)) each = static_cast<float>(0.1 * normal(random));
  for (float& each : theta.view(weights, meanings)) each = static_cast<float>(0.1 * normal(random));
  auto run = tg::bound<float>(tg::function(tg::inputs(person, film, words, share, rating, strength, theta),
                                           tg::outputs(loss, tg::gradient(loss, theta))));
  tg::data::loader batches({.size = 500, .seed = seed, .last = tg::data::last_batch::dropped},
                           tg::data::column(known.person), tg::data::column(known.film),
                           tg::data::column(known.words, longest), tg::data::column(known.share),
                           tg::data::column(known.rating));
  const auto much = static_cast<float>(noise * noise / static_cast<double>(known.size()));
  const std::size_t epochs = 30;
  return tg::train(
      [&](const auto& batch, const auto& now, auto& slopes) {
        const auto& [who, what, text, part, value] = batch;
        return run(who, what, text, part, value, much, now, slopes);
      },
      batches, weights,
      {.epochs = epochs,
       .rule = tg::adam{.rate = 0.01},
       .schedule = tg::cosine_schedule{.steps = epochs * batches.batches(), .last = 0.01},
       .progress = &std::cout});
}
// [train]

/// A film that is told of to somebody.
struct advice {
  std::size_t film = 0;
  double told = 0, truth = 0;
};

struct outcome {
  double biases = 0, reached = 0, put_in = 0, auc = 0;
  std::vector<demo::point> losses;
  std::vector<advice> best,
      loved;  ///< the ten best of the films that one person has not rated; what she rated highest
  std::vector<demo::point> by_text;  ///< films without ratings: what is told of them and what is so
};

void draw(const outcome& all, const films& of, const std::string& path) {
  char line[160];
  std::snprintf(line, sizeof line,
                "error %.3f where %.3f is noise that was put in; by one number for each person and film %.3f",
                all.reached, all.put_in, all.biases);
  demo::svg_page page = demo::headed_page(1200, 860, 92, "Films for somebody", line);
  demo::chart curve(page, {92, 125}, 420, 280, {0, all.losses.back().x},
                    demo::logarithmic_range({all.losses}), demo::scale::logarithmic);
  curve.title("Loss");
  curve.axes("epoch", "mean square and prior", 6, 0);
  curve.curve(all.losses, demo::color::fit, 2);
  demo::chart texts(page, {92, 500}, 420, 280, {1, 6}, {1, 6});
  texts.title("100 films that nobody has rated", "the same person");
  texts.axes("told of by the text", "would be rated", 5, 5);
  texts.curve({{1, 1}, {6, 6}}, demo::color::quiet, 1, "4 4");
  texts.dots(all.by_text, 7, demo::color::data, 0.7);
  const auto list = [&](double top, const char* title, const char* head, const std::vector<advice>& films) {
    page.text({580, top}, title, demo::chart::style(15, demo::color::ink, "start") + " font-weight=\"bold\"");
    page.text({1140, top}, head, demo::chart::style(13, demo::color::quiet, "end"));
    for (std::size_t k = 0; k < films.size(); ++k) {
      const auto& [which, told, truth] = films[k];
      const double at = top + 30 + 34 * static_cast<double>(k);
      std::string genres = of.genres[which];
      std::ranges::replace(genres, '|', ' ');
      page.text({580, at}, of.titles[which] + " (" + std::to_string(static_cast<int>(of.years[which])) + ")",
                demo::chart::style(14, demo::color::ink, "start"));
      page.text({580, at + 14}, genres, demo::chart::style(11, demo::color::quiet, "start"));
      char numbers[40];
      std::snprintf(numbers, sizeof numbers, "%.1f, %.1f", told, truth);
      page.text({1140, at}, numbers, demo::chart::style(14, demo::color::fit, "end"));
    }
  };
  list(115, "What one person has rated highest", "rated, without noise", all.loved);
  list(405, "The ten of all others that are told to be liked best", "told, without noise", all.best);
  page.save(path);
}

int run(const demo::arguments& given) {
  const films all(given.tables[0]);
  const std::size_t count = all.titles.size();
  std::mt19937_64 random(given.seed);
  const opinions truth(all, random);
  const auto order = tg::data::split(count, {.parts = {0.5, 0.5}, .seed = given.seed});
  std::vector<bool> rated(count, true);
  for (std::size_t k = 0; k < unrated; ++k) rated[order[0][k]] = false;
  // Of all pairs 3 % are known, and 1 % are asked for.
  pairs known, asked;
  std::vector<float> silent;  // what those asked for are without noise
  for (std::size_t who = 0; who < people; ++who)
    for (std::size_t what = 0; what < count; ++what) {
      const double chance = uniform(random);
      if (!rated[what] || chance >= 0.04) continue;
      const double opinion = truth(who, what) - mean;
      (chance < 0.03 ? known : asked).add(all, who, what, opinion + noise * normal(random));
      if (chance >= 0.03) silent.push_back(static_cast<float>(opinion));
    }
  std::printf(
      "%zu films, %zu genres and %zu words of titles; %zu ratings are known, %zu asked for; %zu parameters\n",
      count, all.genre_count, all.words.size() - all.genre_count, known.size(), asked.size(), theta.size());
  std::vector<float> weights(theta.size());
  const auto trained = train(known, weights, given.seed);
  outcome result;
  for (const auto& epoch : trained.history)
    result.losses.push_back({static_cast<double>(epoch.epoch), epoch.loss});
  result.put_in = tg::metric::rmse(asked.rating, silent);
  result.biases = tg::metric::rmse(asked.rating, by_biases(known, asked));
  result.reached = tg::metric::rmse(asked.rating, told_of(asked, weights));

  std::size_t somebody = 0;  // the person of the strongest taste
  const auto learnt = theta.view(weights, tastes);
  const auto strength_of = [&](std::size_t who) {
    const auto own = learnt.subspan(rank * who, rank);
    return std::inner_product(own.begin(), own.end(), own.begin(), 0.0f);
  };
  for (std::size_t who = 1; who < people; ++who)
    if (strength_of(who) > strength_of(somebody)) somebody = who;

  // Of the films that nobody has rated: is one of the quarter that somebody likes best told of before
  // another?
  for (std::size_t who = 0; who < people; ++who) {
    pairs some;
    std::vector<double> values;
    for (std::size_t what = 0; what < count; ++what)
      if (!rated[what]) some.add(all, who, what, 0), values.push_back(truth(who, what));
    auto sorted = values;
    std::ranges::sort(sorted, std::greater{});
    std::vector<int> best;
    for (const double each : values) best.push_back(each >= sorted[values.size() / 4]);
    const auto told = told_of(some, weights);
    result.auc += tg::metric::roc_auc(best, told) / static_cast<double>(people);
    for (std::size_t k = 0; who == somebody && k < told.size(); ++k)
      result.by_text.push_back({mean + static_cast<double>(told[k]), values[k]});
  }

  // The list for that person: what she has rated, and all else.
  pairs others;
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (known.person[i] != static_cast<int>(somebody)) continue;
    const auto what = static_cast<std::size_t>(known.film[i]);
    result.loved.push_back({what, mean + static_cast<double>(known.rating[i]), truth(somebody, what)});
  }
  for (std::size_t what = 0; what < count; ++what)
    if (std::ranges::none_of(result.loved, [&](const auto& each) { return each.film == what; }))
      others.add(all, somebody, what, 0);
  const auto told = told_of(others, weights);
  for (std::size_t k = 0; k < told.size(); ++k) {
    const auto what = static_cast<std::size_t>(others.film[k]);
    result.best.push_back({what, mean + static_cast<double>(told[k]), truth(somebody, what)});
  }
  double usual = 0, advised = 0;
  for (const auto& each : result.best) usual += each.truth / static_cast<double>(result.best.size());
  std::ranges::sort(result.loved, std::greater{}, &advice::told);
  std::ranges::sort(result.best, std::greater{}, &advice::told);
  result.loved.resize(std::min<std::size_t>(7, result.loved.size())), result.best.resize(10);
  for (const auto& [which, as, is] : result.best) {
    std::printf("  %.2f  %s (%.0f): %s\n", as, all.titles[which].c_str(), all.years[which],
                all.genres[which].c_str());
    advised += is / 10;
  }
  std::printf("these ten are rated %.2f without noise, all others %.2f\n", advised, usual);
  std::printf(
      "error %.4f by one number for each person and film, %.4f by factors; the noise is %.4f\n"
      "films without ratings: area below the receiver operating characteristic %.4f\n",
      result.biases, result.reached, result.put_in, result.auc);
  example::expect(result.reached <= 1.05 * result.put_in);
  example::expect(result.reached <= 0.9 * result.biases);
  example::expect(result.auc >= 0.9);
  example::expect(advised > usual + 0.5);
  draw(result, all, given.picture);
  std::printf("Picture: %s\n", given.picture.c_str());
  return example::status() == 0 ? 0 : 2;
}

}  // namespace

int main(int count, char** words_given) {
  return demo::guarded("recommendation", [&] {
    return run(demo::parse_arguments(count, words_given,
                                     {.tables = {TYPEGRAD_EXAMPLE_DATA "/films.csv"},
                                      .picture = "recommendation.svg",
                                      .usage = "recommendation [CSV] [--out SVG] [--seed NUMBER]",
                                      .has_seed = true}));
  });
}
