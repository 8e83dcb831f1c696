// SPDX-License-Identifier: BSL-1.0
// Losses against values that the tests of PyTorch and of optax hold. Usage: published_losses -- losses.tsv
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <typegrad/loss.hpp>
#include <vector>

namespace {

namespace loss = tg::loss;
using numbers = std::vector<double>;

constexpr auto classes = tg::extent<"classes">;
constexpr auto p = tg::array<"p", tg::rows>;
constexpr auto t = tg::array<"t", tg::rows>;
constexpr auto x = tg::array<"x", tg::rows, classes>;
constexpr auto q = tg::array<"q", tg::rows, classes>;
constexpr auto y = tg::index<"y", tg::rows>;
constexpr auto o = tg::symbol<"o">;  // the option of the row

/// Numbers that are separated by spaces, rows by semicolons.
numbers read(std::string words) {
  for (char& letter : words)
    if (letter == ';') letter = ' ';
  std::istringstream in(words);
  numbers all;
  for (double each; in >> each;) all.push_back(each);
  return all;
}
std::size_t rows_in(const std::string& words) {
  return 1 + static_cast<std::size_t>(std::count(words.begin(), words.end(), ';'));
}

template <class Loss>
double of_numbers(Loss, const numbers& prediction, const numbers& target, double option) {
  return tg::bound<double>(tg::function(tg::inputs(p, t, o), tg::outputs(Loss{}())))(prediction, target,
                                                                                     option);
}
template <class Loss>
double of_classes(Loss, const std::string& scores, const numbers& target, double option) {
  auto run = tg::bound<double>(tg::function(tg::inputs(x, y, o), tg::outputs(Loss{}())));
  const numbers all = read(scores);
  return run(tg::shaped(all, rows_in(scores), all.size() / rows_in(scores)),
             std::vector<int>(target.begin(), target.end()), option);
}
double of_probabilities(const std::string& scores, const numbers& target, double option) {
  auto run = tg::bound<double>(
      tg::function(tg::inputs(x, q, o), tg::outputs(loss::cross_entropy(x, q, loss::label_smoothing(o)))));
  const numbers all = read(scores);
  const std::size_t rows = rows_in(scores), columns = all.size() / rows;
  return run(tg::shaped(all, rows, columns), tg::shaped(target, rows, columns), option);
}

double value_of(const std::string& name, const std::string& prediction, const numbers& target,
                double option) {
  const numbers own = read(prediction);
  if (name.starts_with("smooth_l1"))
    return of_numbers([] { return loss::smooth_l1(p, t, loss::beta(o)); }, own, target, option);
  if (name.starts_with("huber"))
    return of_numbers([] { return loss::huber(p, t, loss::delta(o)); }, own, target, option);
  if (name.starts_with("log_cosh"))
    return of_numbers([] { return loss::log_cosh(p, t); }, own, target, option);
  if (name.starts_with("soft_margin"))
    return of_numbers([] { return loss::soft_margin(p, t); }, own, target, option);
  if (name.starts_with("nll")) return of_classes([] { return loss::nll(x, y); }, prediction, target, option);
  if (name == "cross_entropy_mean(logits,class)")
    return of_classes([] { return loss::cross_entropy(x, y, loss::label_smoothing(o)); }, prediction, target,
                      option);
  BOOST_REQUIRE_MESSAGE(name == "softmax_cross_entropy" || name == "cross_entropy_mean(logits,probabilities)",
                        "the table has a loss that is not known here: " << name);
  return of_probabilities(prediction, target, option);
}

}  // namespace

BOOST_AUTO_TEST_CASE(published_values) {
  const auto& program = boost::unit_test::framework::master_test_suite();
  BOOST_REQUIRE_MESSAGE(program.argc > 1, "give the table losses.tsv as the argument after --");
  std::ifstream file(program.argv[1]);
  BOOST_REQUIRE(file);
  int tested = 0;
  std::string line, source, name, parameters, prediction, target, expected, tolerance;
  for (std::getline(file, line); std::getline(file, line); ++tested) {
    std::istringstream words(line);
    for (std::string* each : {&source, &name, &parameters, &prediction, &target, &expected, &tolerance})
      std::getline(words, *each, '\t');
    const double option = parameters.empty() ? 0 : std::stod(parameters.substr(parameters.find('=') + 1));
    const double value = value_of(name, prediction, read(target), option);
    BOOST_TEST(std::fabs(value - std::stod(expected)) <= std::stod(tolerance),
               source << ", " << name << " of " << prediction << ": " << value << " for " << expected);
  }
  BOOST_TEST(tested >= 23);
}
