// SPDX-License-Identifier: BSL-1.0
// First-order optimizers against trajectories that PyTorch's own tests hold: a 2-3-1 network of sigmoids
// trained with each set of options for a thousand steps, its parameters recorded every hundred. Here the
// network is a traced formula with its exact gradient. Usage: trajectories -- trajectories.tsv
// trajectories_start.txt
#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <typegrad/optimize/first_order.hpp>
#include <typegrad/typegrad.hpp>
#include <vector>

namespace {

/// Relative to the parameter, as both programs round every operation of a thousand steps in their own way.
/// Where a trajectory itself magnifies rounding by more, as some do that oscillate, ten times what a start
/// that is off by 1e-15 makes of it.
constexpr double tolerance = 1e-12, start_error = 1e-15, magnified = 10;

/// 13 parameters: the first layer's weights (row major) and biases, then the second layer's.
using parameters = std::array<double, 13>;

/// The sum of the network's outputs over its three inputs.
constexpr auto loss = tg::trace<"p[13]">([](auto p) {
  constexpr double inputs[3][2] = {{0.1, 0.2}, {0.3, 0.4}, {0.5, 0.6}};
  const auto squash = [](auto z) { return 1 / (1 + exp(-z)); };
  auto sum = 0 * p[0];
  for (const auto& input : inputs) {
    auto out = p[12];
    for (std::size_t unit = 0; unit < 3; ++unit)
      out += p[9 + unit] * squash(p[2 * unit] * input[0] + p[2 * unit + 1] * input[1] + p[6 + unit]);
    sum += squash(out);
  }
  return sum;
});
constexpr auto p = tg::symbols<"p", 13>;
constexpr auto gradient = tg::function(tg::inputs(p), tg::outputs(tg::gradient(loss, p)));

using options = std::map<std::string, double>;

/// "adam lr=1 amsgrad" as {lr: 1, amsgrad: 1}; the method's name in front is left out.
options parse(const std::string& text) {
  options result;
  std::istringstream words(text);
  std::string word;
  words >> word;
  while (words >> word) {
    const auto sign = word.find('=');
    const std::string value = sign == std::string::npos ? "1" : word.substr(sign + 1);
    result[word.substr(0, sign)] = value == "true" || value == "True"     ? 1
                                   : value == "false" || value == "False" ? 0
                                                                          : std::stod(value);
  }
  return result;
}

/// Takes options out of a map, so that what is left is what nobody knew.
struct reader {
  options left;

  double operator()(const char* name, double otherwise) {
    const auto node = left.extract(name);
    return node ? node.mapped() : otherwise;
  }
  template <class Method>
  auto trainer(const Method& method) const {
    BOOST_TEST(left.empty(), "the option " << (left.empty() ? "" : left.begin()->first) << " of "
                                           << Method::name << " is unknown here");
    return [rule = tg::first_order<Method, double>(method, 13)](parameters& at) mutable {
      rule.step(at, gradient(at));
    };
  }
};

/// One step of training by the method that a row of the table names.
std::function<void(parameters&)> trainer(const std::string& text) {
  reader o{parse(text)};
  const std::string method = text.substr(0, text.find(' '));
  if (method == "sgd") {
    const tg::sgd chosen{.rate = o("lr", 1e-3),
                         .momentum = o("momentum", 0),
                         .dampening = o("dampening", 0),
                         .weight_decay = o("weight_decay", 0),
                         .nesterov = o("nesterov", 0) != 0};
    return o.trainer(chosen);
  }
  if (method == "adagrad") {
    const tg::adagrad chosen{.rate = o("lr", 1e-2),
                             .rate_decay = o("lr_decay", 0),
                             .weight_decay = o("weight_decay", 0),
                             .initial_accumulator = o("initial_accumulator_value", 0),
                             .epsilon = o("eps", 1e-10)};
    return o.trainer(chosen);
  }
  if (method == "rmsprop") {
    const tg::rmsprop chosen{.rate = o("lr", 1e-2),
                             .alpha = o("alpha", 0.99),
                             .epsilon = o("eps", 1e-8),
                             .weight_decay = o("weight_decay", 0),
                             .momentum = o("momentum", 0),
                             .centred = o("centered", 0) != 0};
    return o.trainer(chosen);
  }
  const auto adam = [&]<class Method>(Method chosen) {
    chosen.rate = o("lr", chosen.rate);
    chosen.beta1 = o("beta1", chosen.beta1);
    chosen.beta2 = o("beta2", chosen.beta2);
    chosen.epsilon = o("eps", chosen.epsilon);
    chosen.weight_decay = o("weight_decay", chosen.weight_decay);
    chosen.amsgrad = o("amsgrad", 0) != 0;
    return o.trainer(chosen);
  };
  if (method == "adam") return adam(tg::adam{});
  if (method == "adamw") return adam(tg::adamw{});
  return nullptr;
}

std::ifstream open(int argument) {
  const auto& suite = boost::unit_test::framework::master_test_suite();
  BOOST_REQUIRE_MESSAGE(suite.argc > 2, "usage: trajectories -- trajectories.tsv trajectories_start.txt");
  std::ifstream file(suite.argv[argument]);
  BOOST_REQUIRE_MESSAGE(file, "cannot open " << suite.argv[argument]);
  return file;
}

parameters read_start() {
  std::ifstream file = open(2);
  std::string line;
  while (std::getline(file, line) && line.starts_with('#')) {
  }
  std::istringstream numbers(line);
  parameters start{};
  for (double& number : start) BOOST_REQUIRE(numbers >> number);
  return start;
}

}  // namespace

BOOST_AUTO_TEST_CASE(trajectories) {
  const parameters start = read_start();
  std::ifstream file = open(1);
  std::string line, running;
  std::getline(file, line);  // the names of the columns
  std::function<void(parameters&)> train, train_twin;
  parameters now{}, twin{};
  std::size_t steps = 0;
  std::map<std::string, double> worst;
  while (std::getline(file, line)) {
    std::istringstream columns(line);
    std::string config, text, step;
    std::getline(columns, config, '\t');
    std::getline(columns, text, '\t');
    std::getline(columns, step, '\t');
    if (config != running) {
      running = config;
      train = trainer(text);
      train_twin = trainer(text);
      BOOST_REQUIRE_MESSAGE(train, "no method here is called as in '" << text << "'");
      now = twin = start;
      for (double& number : twin) number *= 1 + start_error;
      steps = 0;
    }
    for (const std::size_t until = std::stoul(step); steps < until; ++steps) {
      train(now);
      train_twin(twin);
    }
    for (std::size_t i = 0; i < now.size(); ++i) {
      double wanted = 0;
      BOOST_REQUIRE(columns >> wanted);
      const double error = std::abs(now[i] - wanted) / std::abs(wanted);
      worst[config] = std::max(worst[config], error);
      const double allowed = std::max(tolerance, magnified * std::abs(twin[i] - now[i]) / std::abs(wanted));
      BOOST_TEST(error <= allowed, config << ", step " << step << ", parameter " << i << ": " << now[i]
                                          << " and not " << wanted);
    }
  }
  BOOST_TEST(worst.size() >= 3U);
  for (const auto& [config, error] : worst)
    BOOST_TEST_MESSAGE(config << ": largest relative error " << error);
}
