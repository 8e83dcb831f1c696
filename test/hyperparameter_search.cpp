// SPDX-License-Identifier: BSL-1.0
// Random search and successive halving: what is drawn, what goes on to the next round, how failures rank,
// what is printed.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <typegrad/optimize/hyperparameter_search.hpp>
#include <vector>

namespace {

const std::vector<tg::search_range> space{
    tg::log_range("rate", 1e-5, 1e-1), tg::linear_range("momentum", 0.5, 1), tg::integer_range("width", 2, 4),
    tg::choice_of("method", {"sgd", "adam"})};

/// Lowest at rate 1e-3 with adam.
double score(const tg::trial_point& point) {
  return std::pow(std::log10(point["rate"]) + 3, 2) + (point.label("method") == "adam" ? 0 : 1);
}

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

}  // namespace

BOOST_AUTO_TEST_CASE(draws) {
  const auto table = tg::random_search(space, score, {.trials = 4000, .seed = 3});
  BOOST_TEST(table.rows.size() == 4000U);
  std::map<double, int> widths;
  std::map<std::string, int> methods;
  double small = 0, momentum = 0;
  std::set<double> rates;
  for (const tg::trial& row : table.rows) {
    const auto point = table.point(row);
    BOOST_TEST((point["rate"] >= 1e-5 && point["rate"] <= 1e-1));
    BOOST_TEST((point["momentum"] >= 0.5 && point["momentum"] <= 1));
    rates.insert(point["rate"]);
    small += point["rate"] < 1e-4 ? 1 : 0;
    momentum += point["momentum"] / 4000;
    ++widths[point["width"]];
    ++methods[point.label("method")];
  }
  // Four standard deviations of each frequency, and of the mean of uniform numbers.
  BOOST_TEST(std::abs(small / 4000 - 0.25) < 4 * std::sqrt(0.25 * 0.75 / 4000));
  BOOST_TEST(std::abs(momentum - 0.75) < 4 * 0.5 / std::sqrt(12.0 * 4000));
  BOOST_TEST(widths.size() == 3U);
  for (const auto& [width, times] : widths)
    BOOST_TEST(std::abs(times / 4000.0 - 1.0 / 3) < 4 * std::sqrt(2.0 / 9 / 4000));
  BOOST_TEST(std::abs(methods["adam"] / 4000.0 - 0.5) < 4 * std::sqrt(0.25 / 4000));
  BOOST_TEST(rates.size() == 4000U);
  BOOST_TEST(std::ranges::is_sorted(table.rows, {}, &tg::trial::score));
  BOOST_TEST(table.rows.front().score < 1e-4);
  BOOST_TEST(table.best().label("method") == "adam");
}

BOOST_AUTO_TEST_CASE(seeds) {
  const auto text = [](std::size_t trials, std::uint64_t seed) {
    auto table = tg::random_search(space, score, {.trials = trials, .seed = seed});
    std::ranges::sort(table.rows, {}, &tg::trial::number);
    std::ostringstream all;
    for (const auto& row : table.rows)
      for (const double value : row.values) all << std::hexfloat << value << ' ';
    return all.str();
  };
  BOOST_TEST(text(5, 1) == text(5, 1));
  BOOST_TEST(text(5, 1) != text(5, 2));
  BOOST_TEST(text(8, 1).starts_with(text(5, 1)));  // a longer search begins as a shorter one
  // The engine's numbers are fixed by the standard, and the mapping is the library's: these are so with every
  // compiler.
  const auto table = tg::random_search({tg::linear_range("x", 0, 1)}, [](auto point) { return point["x"]; },
                                       {.trials = 3, .seed = 42});
  for (const auto& row : table.rows) BOOST_TEST(row.score * 0x1p53 == std::floor(row.score * 0x1p53));
}

BOOST_AUTO_TEST_CASE(failures_come_last) {
  const auto table = tg::random_search(space,
                                       [](const tg::trial_point& point) {
                                         if (point["width"] == 2) throw std::runtime_error("diverged");
                                         return point["width"] == 3 ? no_number : score(point);
                                       },
                                       {.trials = 30});
  bool failed = false;
  for (const auto& row : table.rows) {
    BOOST_TEST((!failed || std::isnan(row.score)));
    failed = failed || std::isnan(row.score);
    BOOST_TEST(row.note == (row.values[2] == 2   ? "diverged"
                            : row.values[2] == 3 ? "the score is not a number"
                                                 : ""));
  }
  BOOST_TEST(failed);
  const auto none = tg::random_search(space, [](const auto&) { return no_number; }, {.trials = 3});
  BOOST_CHECK_THROW(none.best(), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(halving) {
  std::map<std::size_t, int> calls;  // by budget
  // A small budget adds an error that shrinks with it.
  const auto objective = [&](const tg::trial_point& point, std::size_t budget) {
    ++calls[budget];
    return score(point) + 0.1 * point["momentum"] / static_cast<double>(budget);
  };
  const auto table = tg::successive_halving(space, objective, {.trials = 27, .first_budget = 2, .seed = 5});
  BOOST_TEST((calls == std::map<std::size_t, int>{{2, 27}, {6, 9}, {18, 3}, {54, 1}}));
  BOOST_TEST(table.rows.size() == 27U);
  BOOST_TEST(table.rows[0].budget == 54U);
  BOOST_TEST(table.rows[1].budget == 18U);
  BOOST_TEST(table.rows[3].budget == 6U);
  BOOST_TEST(table.rows[26].budget == 2U);
  const auto plain = tg::random_search(space, score, {.trials = 27, .seed = 5});
  BOOST_TEST(table.rows[0].number == plain.rows[0].number);

  calls.clear();
  tg::successive_halving(space, objective, {.trials = 8, .reduction = 2, .rounds = 2});
  BOOST_TEST((calls == std::map<std::size_t, int>{{1, 8}, {2, 4}}));

  // A budget that would grow past the largest number stays there.
  constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
  calls.clear();
  tg::successive_halving(space, objective, {.trials = 9, .first_budget = most / 2});
  BOOST_TEST((calls == std::map<std::size_t, int>{{most / 2, 9}, {most, 4}}));

  // Trials that fail do not go on; if all do, the search ends.
  calls.clear();
  const auto failing = [&](const tg::trial_point& point, std::size_t budget) {
    ++calls[budget];
    return budget > 1 || point["width"] > 2 ? no_number : score(point);
  };
  const auto failed = tg::successive_halving(space, failing, {.trials = 9, .reduction = 2, .rounds = 5});
  BOOST_TEST(calls[1] == 9);
  BOOST_TEST(calls[4] == 0);
  BOOST_TEST(calls[2] > 0);
  BOOST_TEST(std::isnan(failed.rows.back().score));
}

// Whatever an objective throws is a failed trial.
BOOST_AUTO_TEST_CASE(throws_anything) {
  const auto table =
      tg::random_search(space, [](const tg::trial_point&) -> double { throw 3; }, {.trials = 2});
  BOOST_TEST(std::isnan(table.rows[0].score));
  BOOST_TEST(table.rows[0].note.find("no std::exception") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(printed) {
  const tg::trial_table table{{{"rate", {}}, {"method", {"sgd", "adam"}}},
                              {{2, {0.001, 1}, 0.5, 3, ""}, {10, {0.25, 0}, no_number, 1, "diverged"}}};
  std::ostringstream out;
  out << table;
  BOOST_TEST(out.str() ==
             "rank  trial   score  budget   rate  method  note\n"
             "   1      2     0.5       3  0.001    adam\n"
             "   2     10  failed       1   0.25     sgd  diverged\n");
}

BOOST_AUTO_TEST_CASE(wrong_use) {
  const auto refused = [](const std::string& part, auto call) {
    BOOST_CHECK_EXCEPTION(call(), std::invalid_argument, [&](const std::invalid_argument& error) {
      return std::string(error.what()).find(part) != std::string::npos;
    });
  };
  refused("range of 'x' is empty", [] { (void)tg::linear_range("x", 1, 0); });
  refused("range of 'x' is empty", [] { (void)tg::linear_range("x", 0, no_number); });
  refused("begins at or below 0", [] { (void)tg::log_range("x", 0, 1); });
  refused("wider than the largest number", [] { (void)tg::linear_range("x", -1.7e308, 1.7e308); });
  refused("range of 'x' is empty", [] { (void)tg::choice_of("x", {}); });
  refused("no ranges", [] { (void)tg::random_search({}, score); });
  refused("trials", [] { (void)tg::random_search(space, score, {.trials = 0}); });
  refused("two ranges named 'x'", [] {
    (void)tg::random_search({tg::linear_range("x", 0, 1), tg::linear_range("x", 0, 1)}, score);
  });
  refused("reduction", [] {
    (void)tg::successive_halving(space, [](const auto&, std::size_t) { return 0.0; }, {.reduction = 1});
  });
  const auto table = tg::random_search(space, score, {.trials = 1});
  BOOST_CHECK_THROW(table.best()["speed"], std::out_of_range);
  BOOST_CHECK_THROW(table.best().label("rate"), std::out_of_range);
}
