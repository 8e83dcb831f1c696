// SPDX-License-Identifier: BSL-1.0
// The nonlinear regression problems of NIST's Statistical Reference Datasets: models written as formulas,
// fitted from both starts with exact Jacobians. Parameters, standard deviations and the residual sum of
// squares must agree with the certified values. Usage: nist -- nist_strd.json
#include <algorithm>
#include <array>
#include <boost/property_tree/json_parser.hpp>
#include <boost/property_tree/ptree.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstddef>
#include <iomanip>
#include <iostream>
#include <set>
#include <string>
#include <typegrad/optimize/levenberg_marquardt.hpp>
#include <typegrad/typegrad.hpp>
#include <vector>

namespace {

using namespace tg::literals;
using tree = boost::property_tree::ptree;

/// Decimal digits in which the certified values, given to 11, have to be met.
constexpr double digits_required = 9.5;

std::vector<double> numbers(const tree& node) {
  std::vector<double> result;
  for (const auto& [key, value] : node) result.push_back(value.get_value<double>());
  return result;
}

/// The number of decimal digits in which two numbers agree, at most 15.
double agreement(double value, double truth) {
  const double relative = std::abs(value - truth) / std::abs(truth);
  return relative < 1e-15 ? 15 : relative >= 0 ? -std::log10(relative) : -1;
}

const tree& table() {
  static const tree all = [] {
    const auto& suite = boost::unit_test::framework::master_test_suite();
    BOOST_REQUIRE_MESSAGE(suite.argc > 1, "usage: nist -- nist_strd.json");
    tree result;
    boost::property_tree::read_json(suite.argv[1], result);
    return result;
  }();
  return all;
}

std::set<std::string> fitted;

/// One observation: the response and the predictors, of which most problems have one.
constexpr auto y = tg::symbol<"y">;
constexpr auto x = tg::symbol<"x">;
constexpr auto x2 = tg::symbol<"x2">;

/// Fits `model` (of x, or of x and x2) to the problem's data from both starts. `response` is what the model
/// stands for: y or log(y).
void fit(const std::string& name, auto response, auto model, auto... parameter) {
  constexpr std::size_t n = sizeof...(parameter);
  const tree& problem = table().get_child(name);
  fitted.insert(name);
  std::vector<double> columns[3];  // y, x, x2
  for (const auto& [key, row] : problem.get_child("data")) {
    std::vector<double> values = numbers(row);
    values.resize(3);
    for (std::size_t i = 0; i < 3; ++i) columns[i].push_back(values[i]);
  }
  const auto certified = numbers(problem.get_child("certified")),
             stddev = numbers(problem.get_child("stddev"));
  BOOST_REQUIRE_EQUAL(certified.size(), n);

  const auto squares =
      tg::sum_over(tg::rows(y = columns[0], x = columns[1], x2 = columns[2]), model - response, parameter...);

  for (const char* which : {"start1", "start2"}) {
    const auto given = numbers(problem.get_child(which));
    std::array<double, n> start{};
    std::copy_n(given.begin(), n, start.begin());
    const auto result = tg::levenberg_marquardt(squares, start);
    const auto errors = result.standard_errors();
    double parameter_digits = 15, error_digits = 15;
    for (std::size_t i = 0; i < n; ++i) {
      parameter_digits = std::min(parameter_digits, agreement(result.parameters[i], certified[i]));
      error_digits = std::min(error_digits, agreement(errors[i], stddev[i]));
    }
    const double square_digits = agreement(2 * result.cost, problem.get<double>("rss"));
    std::cout << std::left << std::setw(9) << name << ' ' << which << std::right << std::setw(4)
              << result.iterations << " steps; digits: parameters " << std::fixed << std::setprecision(1)
              << parameter_digits << ", standard deviations " << error_digits << ", sum of squares "
              << square_digits << '\n';
    BOOST_TEST_CONTEXT(name << " from " << which << ": " << result.why()) {
      BOOST_TEST(result.converged);
      BOOST_TEST(parameter_digits >= digits_required);
      BOOST_TEST(error_digits >= digits_required);
      BOOST_TEST(square_digits >= digits_required);
    }
  }
}

constexpr auto b1 = tg::symbol<"b1">;
constexpr auto b2 = tg::symbol<"b2">;
constexpr auto b3 = tg::symbol<"b3">;
constexpr auto b4 = tg::symbol<"b4">;
constexpr auto b5 = tg::symbol<"b5">;
constexpr auto b6 = tg::symbol<"b6">;
constexpr auto b7 = tg::symbol<"b7">;
constexpr auto b8 = tg::symbol<"b8">;

}  // namespace

BOOST_AUTO_TEST_CASE(misra) {
  fit("Misra1a", y, b1 * (1_c - exp(-b2 * x)), b1, b2);
  fit("Misra1b", y, b1 * (1_c - pow(1_c + b2 * x / 2_c, -2_c)), b1, b2);
  fit("Misra1c", y, b1 * (1_c - pow(1_c + 2_c * b2 * x, -0.5_c)), b1, b2);
  fit("Misra1d", y, b1 * b2 * x / (1_c + b2 * x), b1, b2);
}

BOOST_AUTO_TEST_CASE(chwirut) {
  constexpr auto model = exp(-b1 * x) / (b2 + b3 * x);
  fit("Chwirut1", y, model, b1, b2, b3);
  fit("Chwirut2", y, model, b1, b2, b3);
}

BOOST_AUTO_TEST_CASE(danwood) { fit("DanWood", y, b1 * pow(x, b2), b1, b2); }

BOOST_AUTO_TEST_CASE(gauss) {
  constexpr auto model = b1 * exp(-b2 * x) + b3 * exp(-pow(x - b4, 2_c) / pow(b5, 2_c)) +
                         b6 * exp(-pow(x - b7, 2_c) / pow(b8, 2_c));
  fit("Gauss1", y, model, b1, b2, b3, b4, b5, b6, b7, b8);
  fit("Gauss2", y, model, b1, b2, b3, b4, b5, b6, b7, b8);
  fit("Gauss3", y, model, b1, b2, b3, b4, b5, b6, b7, b8);
}

BOOST_AUTO_TEST_CASE(nelson) { fit("Nelson", log(y), b1 - b2 * x * exp(-b3 * x2), b1, b2, b3); }

BOOST_AUTO_TEST_CASE(ratkowsky) {
  fit("Rat42", y, b1 / (1_c + exp(b2 - b3 * x)), b1, b2, b3);
  fit("Rat43", y, b1 / pow(1_c + exp(b2 - b3 * x), 1_c / b4), b1, b2, b3, b4);
}

BOOST_AUTO_TEST_CASE(none_left_out) {
  for (const auto& [name, problem] : table())
    BOOST_TEST(fitted.contains(name), name << " has no model in nist.cpp");
}
