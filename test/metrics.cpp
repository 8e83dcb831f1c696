// SPDX-License-Identifier: BSL-1.0
// Metrics: values of scikit-learn from a table (metric_tables.py), what must hold of any, and what is
// refused.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <fstream>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <random>
#include <sstream>
#include <string>
#include <typegrad/evaluation.hpp>
#include <vector>

namespace {

namespace metric = tg::metric;
using reals = std::vector<double>;
using integers = std::vector<std::int64_t>;

reals read(const std::string& text) {
  reals values;
  std::istringstream words(text == "-" ? "" : text);
  for (std::string word; words >> word;) values.push_back(std::strtod(word.c_str(), nullptr));
  return values;
}
integers whole(const reals& values) { return {values.begin(), values.end()}; }

/// A row of the table: metric, truth, what is judged, weights, options, values.
struct table_row {
  std::string name, values;
  integers truth;
  reals real_truth, judged, weights;
  std::map<std::string, std::string> options;

  explicit table_row(const std::string& line) {
    std::istringstream cells(line);
    std::string cell[6];
    for (std::string& each : cell) std::getline(cells, each, '\t');
    name = cell[0], values = cell[5];
    real_truth = read(cell[1]), judged = read(cell[2]), weights = read(cell[3]);
    truth = whole(real_truth);
    std::istringstream words(cell[4]);
    for (std::string word; words >> word;)
      options[word.substr(0, word.find('='))] = word.substr(std::min(word.size(), word.find('=') + 1));
  }
  integers labels() const { return whole(judged); }
  double number(const std::string& option, double otherwise) const {
    const auto at = options.find(option);
    return at == options.end() ? otherwise : std::stod(at->second);
  }
  integers classes() const {
    const auto at = options.find("classes");
    std::string text = at == options.end() ? "" : at->second;
    std::ranges::replace(text, ',', ' ');
    return whole(read(text));
  }
};

void append(reals& all, const auto& more) { all.insert(all.end(), more.begin(), more.end()); }

reals curve_of(const table_row& r) {
  const auto positive = static_cast<std::int64_t>(r.number("positive", 1));
  reals all;
  if (r.name == "roc") {
    const auto c = metric::roc_curve(r.truth, r.judged, r.weights, positive, !r.options.contains("all"));
    append(all, c.false_positive_rate), append(all, c.true_positive_rate), append(all, c.thresholds);
  } else if (r.name == "precision_recall") {
    const auto c = metric::precision_recall_curve(r.truth, r.judged, r.weights, positive);
    append(all, c.precision), append(all, c.recall), append(all, c.thresholds);
  } else {
    const auto c =
        metric::calibration_curve(r.truth, r.judged, static_cast<std::size_t>(r.number("bins", 0)));
    for (const auto& bin : c.bins) all.push_back(bin.observed);
    for (const auto& bin : c.bins) all.push_back(bin.predicted);
  }
  return all;
}

reals scores_of(const table_row& r) {
  const auto s = metric::per_class(r.truth, r.labels(),
                                   {.classes = r.classes(),
                                    .weights = r.weights,
                                    .beta = r.number("beta", 1),
                                    .zero_division = r.number("zero", 0)});
  reals all;
  for (double metric::class_score::*each : {&metric::class_score::precision, &metric::class_score::recall,
                                            &metric::class_score::f, &metric::class_score::support})
    for (const auto& score : s.each) all.push_back(score.*each);
  for (const auto& mean : {s.micro, s.macro, s.weighted})
    append(all, reals{mean.precision, mean.recall, mean.f});
  return all;
}

std::string report_of(const table_row& r) {
  std::vector<std::string> names;
  const std::size_t count =
      r.classes().empty() ? tg::detail::classes_of(r.truth, r.labels()).size() : r.classes().size();
  for (std::size_t k = 0; k < count && r.options.contains("names"); ++k)
    names.push_back((k == 1 ? "a long name of a class \xC3\xA9 " : "name ") + std::to_string(k));
  std::string text = metric::classification_report(r.truth, r.labels(),
                                                   {.classes = r.classes(),
                                                    .names = names,
                                                    .weights = r.weights,
                                                    .digits = static_cast<int>(r.number("digits", 2)),
                                                    .zero_division = r.number("zero", 0)});
  std::ranges::replace(text, '\n', '|');
  return text;
}

/// What a metric gives: a number, or several.
struct answer {
  answer(double number) : numbers{number} {}
  answer(reals all) : numbers(std::move(all)) {}
  reals numbers;
};
/// What the row's metric gives; `seen` has all metrics, and of how many rows each was.
reals value_of(const table_row& r, std::map<std::string, int>& seen) {
  const auto labels = r.labels();
  const bool adjusted = r.options.contains("adjusted"), macro = r.options.contains("macro");
  const auto k = static_cast<std::size_t>(r.number("k", 0));
  const auto positive = static_cast<std::int64_t>(r.number("positive", 1));
  const std::string how = r.options.contains("normalise") ? r.options.at("normalise") : "";
  const auto normalise = how == "true"   ? metric::normalised::by_truth
                         : how == "pred" ? metric::normalised::by_prediction
                         : how == "all"  ? metric::normalised::by_all
                                         : metric::normalised::no;
  const std::map<std::string, std::function<answer()>> metrics{
      {"accuracy", [&] { return metric::accuracy(r.truth, labels, r.weights); }},
      {"balanced_accuracy", [&] { return metric::balanced_accuracy(r.truth, labels, r.weights, adjusted); }},
      {"adjusted_rand_index", [&] { return metric::adjusted_rand_index(r.truth, labels); }},
      {"confusion",
       [&] {
         return metric::confusion_matrix(
                    r.truth, labels, {.classes = r.classes(), .weights = r.weights, .normalise = normalise})
             .counts;
       }},
      {"per_class", [&] { return scores_of(r); }},
      {"roc", [&] { return curve_of(r); }},
      {"precision_recall", [&] { return curve_of(r); }},
      {"calibration", [&] { return curve_of(r); }},
      {"roc_auc", [&] { return metric::roc_auc(r.truth, r.judged, r.weights, positive); }},
      {"average_precision",
       [&] { return metric::average_precision(r.truth, r.judged, r.weights, positive); }},
      {"roc_auc_one_vs_rest",
       [&] {
         const auto all = metric::roc_auc_one_vs_rest(r.truth, r.judged, r.weights);
         return macro ? all.macro : all.weighted;
       }},
      {"top_k", [&] { return metric::top_k_accuracy(r.truth, r.judged, k, r.weights); }},
      {"brier", [&] { return metric::brier_score(r.truth, r.judged, r.weights); }},
      {"log_loss", [&] { return metric::log_loss(r.truth, r.judged, r.weights); }},
      {"mae", [&] { return metric::mae(r.real_truth, r.judged, r.weights); }},
      {"mse", [&] { return metric::mse(r.real_truth, r.judged, r.weights); }},
      {"rmse", [&] { return metric::rmse(r.real_truth, r.judged, r.weights); }},
      {"r2", [&] { return metric::r2(r.real_truth, r.judged, r.weights); }},
      {"explained_variance", [&] { return metric::explained_variance(r.real_truth, r.judged, r.weights); }},
  };
  for (const auto& [name, metric] : metrics) seen[name] += name == r.name;
  return metrics.at(r.name)().numbers;
}

}  // namespace

BOOST_AUTO_TEST_CASE(values_are_those_of_scikit_learn) {
  const auto& suite = boost::unit_test::framework::master_test_suite();
  BOOST_REQUIRE(suite.argc > 1);
  std::ifstream table(suite.argv[1]);
  std::map<std::string, int> seen{{"report", 0}};
  for (std::string line; std::getline(table, line);) {
    const table_row r(line);
    BOOST_TEST_CONTEXT(line) {
      if (r.name == "report") {
        BOOST_TEST((++seen[r.name], report_of(r) == r.values));
        continue;
      }
      const reals got = value_of(r, seen), expected = read(r.values);
      BOOST_TEST_REQUIRE(got.size() == expected.size());
      for (std::size_t k = 0; k < got.size(); ++k)  // sums of up to 200 numbers in another order
        BOOST_TEST(((got[k] == expected[k]) || (std::isnan(got[k]) && std::isnan(expected[k])) ||
                    std::abs(got[k] - expected[k]) <= 4e-15 * std::max(1.0, std::abs(expected[k]))),
                   "value " << k << ": " << got[k] << " for " << expected[k]);
    }
  }
  for (const auto& [name, count] : seen) BOOST_TEST(count > 0, name << " is not in the table");
}

namespace {

/// Numbers from a seed: labels of so many classes, and scores with ties.
struct drawn {
  integers truth, other;
  reals scores;
  drawn(unsigned seed, std::size_t rows, unsigned classes) {
    std::mt19937 random(seed);
    for (std::size_t i = 0; i < rows; ++i) {
      truth.push_back(random() % classes), other.push_back(random() % classes);
      scores.push_back(static_cast<double>(random() % 9));
    }
    truth[0] = 0, truth[1] = 1;
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(laws_hold_for_random_rows) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    const drawn all(seed, 20 + 3 * seed, 2 + seed % 4);
    BOOST_TEST_CONTEXT("seed " << seed) {
      // Names of clusters do not matter, nor which grouping comes first.
      integers renamed = all.other;
      for (auto& each : renamed) each = 7 - 3 * each;
      const double index = metric::adjusted_rand_index(all.truth, all.other);
      BOOST_TEST(index == metric::adjusted_rand_index(all.truth, renamed));
      BOOST_TEST(index == metric::adjusted_rand_index(renamed, all.truth), 1e-12);
      BOOST_TEST(metric::adjusted_rand_index(renamed, all.other) == 1.0);
      // Areas: of pairs in the right order, ties one half; turned round by turning the scores round.
      double pairs = 0, right = 0;
      for (std::size_t i = 0; i < all.truth.size(); ++i)
        for (std::size_t k = 0; k < all.truth.size(); ++k)
          if (all.truth[i] == 1 && all.truth[k] != 1) {
            ++pairs;
            right += all.scores[i] > all.scores[k] ? 1 : all.scores[i] == all.scores[k] ? 0.5 : 0;
          }
      const double area = metric::roc_auc(all.truth, all.scores);
      BOOST_TEST(area == right / pairs, boost::test_tools::tolerance(1e-12));
      reals turned = all.scores;
      for (double& each : turned) each = -each;
      BOOST_TEST(metric::roc_auc(all.truth, turned) == 1 - area, boost::test_tools::tolerance(1e-12));
      // A weight of 2 is a row that is there twice, a weight of 0 one that is not.
      reals weights, twice_scores;
      integers twice, twice_other;
      for (std::size_t i = 0; i < all.truth.size(); ++i) {
        weights.push_back(static_cast<double>(i % 3));
        for (std::size_t k = 0; k < i % 3; ++k) {
          twice.push_back(all.truth[i]), twice_other.push_back(all.other[i]);
          twice_scores.push_back(all.scores[i]);
        }
      }
      const auto same = [](double a, double b) {
        BOOST_TEST(std::abs(a - b) <= 1e-12 * std::max(1.0, std::abs(a)), a << " for " << b);
      };
      same(metric::accuracy(all.truth, all.other, weights), metric::accuracy(twice, twice_other));
      same(metric::per_class(all.truth, all.other, {.classes = {0, 1}, .weights = weights}).macro.f,
           metric::per_class(twice, twice_other, {.classes = {0, 1}}).macro.f);
      same(metric::average_precision(all.truth, all.scores, weights),
           metric::average_precision(twice, twice_scores));
      same(metric::r2(all.scores, reals(all.scores.size(), 4), weights),
           metric::r2(twice_scores, reals(twice.size(), 4)));
      // Where all classes count, the micro average is the accuracy.
      same(metric::per_class(all.truth, all.other).micro.precision, metric::accuracy(all.truth, all.other));
      // The mean over bins is the mean over rows.
      reals p = all.scores;
      for (double& each : p) each /= 8;
      double mean = 0, weight = 0;
      for (const auto& bin : metric::calibration_curve(all.truth, p, 1 + seed).bins) {
        BOOST_TEST((bin.predicted >= bin.low && bin.predicted <= bin.high));
        mean += bin.weight * bin.predicted, weight += bin.weight;
      }
      same(mean, std::accumulate(p.begin(), p.end(), 0.0));
      same(weight, static_cast<double>(p.size()));
    }
  }
}

BOOST_AUTO_TEST_CASE(intervals_cover_what_they_should) {
  // Means of 40 numbers of mean 0: 90 % of the intervals hold it, a little less as the percentile interval is
  // too narrow by sqrt(39/40). Of 400 trials 360 +- 6 are expected.
  std::mt19937 random(3);
  int covered = 0;
  for (unsigned trial = 0; trial < 400; ++trial) {
    reals x(40);
    for (double& each : x) each = std::generate_canonical<double, 53>(random) - 0.5;
    const auto mean = [](const auto& values) {
      return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    };
    const auto found = metric::bootstrap({.resamples = 200, .level = 0.9, .seed = trial}, mean, x);
    covered += found.low <= 0 && 0 <= found.high ? 1 : 0;
    BOOST_TEST((found.low <= found.value && found.value <= found.high));
    if (trial == 0) {
      BOOST_TEST(found.resamples == metric::bootstrap({200, 0.9, 0}, mean, x).resamples);
      BOOST_TEST(found.resamples != metric::bootstrap({200, 0.9, 1}, mean, x).resamples);
    }
  }
  BOOST_TEST(covered > 330);
  BOOST_TEST(covered < 385);
  // One row of the class among many: each resample has it once, if it is drawn by class.
  integers truth(50);
  truth[7] = 1;
  reals scores(50);
  std::iota(scores.begin(), scores.end(), 0.0);
  const auto found = metric::bootstrap(
      {.strata = truth}, [](const auto& t, const auto& s) { return metric::roc_auc(t, s); }, truth, scores);
  BOOST_TEST(found.value == 7.0 / 49, boost::test_tools::tolerance(1e-12));
  BOOST_TEST((found.low > 0 && found.high < 0.3));
}

BOOST_AUTO_TEST_CASE(boxes) {
  using metric::box;
  const box unit{0, 0, 1, 1};
  BOOST_TEST(metric::intersection_over_union(unit, {0.5, 0, 1.5, 1}) == 1.0 / 3,
             boost::test_tools::tolerance(1e-15));
  BOOST_TEST(metric::intersection_over_union(unit, {1, 0, 2, 1}) == 0.0);
  // Two objects; hits at the first and the third score: precisions 1 and 2/3. The second meets an object
  // again.
  const std::vector<metric::object> truth{{0, 5, unit}, {1, 5, unit}};
  const std::vector<metric::detection> found{
      {0, 5, 0.9, {0, 0, 1, 1.1}}, {0, 5, 0.8, unit}, {1, 5, 0.7, {0.1, 0, 1, 1}}, {1, 6, 0.99, unit}};
  BOOST_TEST(metric::mean_average_precision(truth, found).mean == (1 + 2.0 / 3) / 2,
             boost::test_tools::tolerance(1e-12));
  // At 101 recalls: 51 of them up to 0.5.
  BOOST_TEST(metric::mean_average_precision(truth, found, {.points = 101}).mean == (51 + 50 * 2.0 / 3) / 101,
             boost::test_tools::tolerance(1e-12));
  BOOST_TEST(metric::mean_average_precision(truth, found, {.iou = 0.95}).mean == 0.25,
             boost::test_tools::tolerance(1e-12));
  // A class that is never found counts.
  auto more = truth;
  more.push_back({1, 6, {4, 4, 5, 5}});
  BOOST_TEST(metric::mean_average_precision(more, found).mean == (1 + 2.0 / 3) / 4,
             boost::test_tools::tolerance(1e-12));
  for (double box::*side : {&box::left, &box::top, &box::right, &box::bottom}) {
    auto [objects, detections] = std::pair(truth, found);
    objects[1].where.*side = detections[2].where.*side = std::nan("");
    BOOST_CHECK_THROW(metric::mean_average_precision(objects, found), std::invalid_argument);
    BOOST_CHECK_THROW(metric::mean_average_precision(truth, detections), std::invalid_argument);
  }
}

BOOST_AUTO_TEST_CASE(wrong_arguments_are_refused_by_a_sentence) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  // clang-format off
  const std::vector<std::pair<std::string, std::function<void()>>> cases{
      {"accuracy: 2 rows are compared with 1; give as many of both.", [] { metric::accuracy({0, 1}, {0}); }},
      {"metric: the label 0.500000 is no whole number; give classes, such as the argmax of scores.", [] { metric::accuracy({0, 1}, reals{0, 0.5}); }},
      {"accuracy: there are no rows; give at least one.", [] { metric::accuracy({}, {}); }},
      {"accuracy: 1 weights for 2 rows; give one for each row, or none.", [] { metric::accuracy({0, 1}, {0, 1}, {1.0}); }},
      {"accuracy: a weight is negative; give 0 for a row that does not count.", [] { metric::accuracy({0, 1}, {0, 1}, {1, -1.0}); }},
      {"r2: all weights are 0; at least one row must count.", [] { metric::r2({0.0, 1}, {0, 1.0}, {0.0, 0}); }},
      {"roc_auc: score 1 is NaN; leave the row out, or mend what computed it.", [&] { metric::roc_auc({0, 1}, {0.5, nan}); }},
      {"mae: true number 0 is infinite; leave the row out, or mend what computed it.", [&] { metric::mae({1 / 0.0, 1}, {0.5, 1}); }},
      {"roc_auc: no row is of the class 1; the area needs rows of the class and others.", [] { metric::roc_auc({0, 0}, {0.5, 1}); }},
      {"roc_auc: no row is not of the class 1; the area needs rows of the class and others.", [] { metric::roc_auc({1, 1}, {0.5, 1}); }},
      {"brier_score: probability 1 is not from 0 to 1; give probabilities, such as the softmax or the sigmoid of logits.", [] { metric::brier_score({0, 1}, {0.5, 1.5}); }},
      {"log_loss: row 1 is of class 2, and there are 2 classes.", [] { metric::log_loss({0, 2}, {0.5, 0.5}); }},
      {"top_k_accuracy: 3 scores are no table of 2 rows; give a score for each class.", [] { metric::top_k_accuracy({0, 1}, {1, 2, 3}, 1); }},
      {"confusion_matrix: no row is of a class that is listed; list one that occurs.", [] { metric::confusion_matrix({0, 1}, {0, 1}, {.classes = {4}}); }},
      {"per_class: the class 1 is listed twice; name each class once.", [] { metric::per_class({0, 1}, {0, 1}, {.classes = {1, 1}}); }},
      {"classification_report: 1 names for 2 classes; give a name for each, or list the classes.", [] { metric::classification_report({0, 1}, {0, 1}, {.names = {"a"}}); }},
      {"mean_average_precision: there are no objects; give at least one.", [] { metric::mean_average_precision({}, {}); }},
  };
  // clang-format on
  for (const auto& each : cases)
    BOOST_CHECK_EXCEPTION(each.second(), std::invalid_argument, [&](const auto& error) {
      BOOST_TEST(error.what() == each.first);
      return true;
    });
}
