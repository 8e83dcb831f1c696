// SPDX-License-Identifier: BSL-1.0
// Option prices and greeks of the generalised Black-Scholes formula against the tables in Haug (1998), as
// collected by QuantLib. The price is written once; every greek is a derivative of it that the compiler
// makes. The table is read when the test runs, from the path given after `--`.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <typegrad/typegrad.hpp>

namespace {

using namespace tg::literals;

constexpr auto spot = tg::symbol<"S">;
constexpr auto strike = tg::symbol<"K">;
constexpr auto dividend = tg::symbol<"q">;
constexpr auto rate = tg::symbol<"r">;
constexpr auto time_left = tg::symbol<"t">;
constexpr auto volatility = tg::symbol<"v">;
constexpr auto inputs = tg::inputs(spot, strike, dividend, rate, time_left, volatility);

constexpr auto normal(auto z) { return 0.5_c * erfc(-z / sqrt(2_c)); }
constexpr auto d1 = (log(spot / strike) + (rate - dividend + 0.5_c * volatility * volatility) * time_left) /
                    (volatility * sqrt(time_left));
constexpr auto d2 = d1 - volatility * sqrt(time_left);
constexpr auto discounted_spot = spot * exp(-dividend * time_left);
constexpr auto discounted_strike = strike * exp(-rate * time_left);
constexpr auto call = discounted_spot * normal(d1) - discounted_strike * normal(d2);
constexpr auto put = discounted_strike * normal(-d2) - discounted_spot * normal(-d1);

struct option {
  double spot, strike, dividend, rate, time, volatility;
};

using quantity = double (*)(const option&);

template <auto formula>
double evaluate(const option& o) {
  return tg::function(inputs, tg::outputs(formula))(o.spot, o.strike, o.dividend, o.rate, o.time,
                                                    o.volatility);
}

// Haug's theta is per year of calendar time that passes, hence the sign; his vega and rho are per unit, not
// per cent.
template <auto price>
const std::map<std::string, quantity> quantities = {
    {"price", evaluate<price>},
    {"delta", evaluate<tg::diff(price, spot)>},
    {"elasticity", evaluate<tg::diff(price, spot) * spot / price>},
    {"gamma", evaluate<tg::diff(price, spot, spot)>},
    {"vega", evaluate<tg::diff(price, volatility)>},
    {"theta", evaluate<-tg::diff(price, time_left)>},
    {"theta_per_day", evaluate<-tg::diff(price, time_left) / 365_c>},
    {"rho", evaluate<tg::diff(price, rate)>},
    {"dividend_rho", evaluate<tg::diff(price, dividend)>},
};

/// A number, or a quotient of two such as 1.0/12.0.
double number(const std::string& text) {
  const auto slash = text.find('/');
  return slash == std::string::npos ? std::stod(text)
                                    : std::stod(text.substr(0, slash)) / std::stod(text.substr(slash + 1));
}

}  // namespace

BOOST_AUTO_TEST_CASE(haug) {
  const auto& suite = boost::unit_test::framework::master_test_suite();
  BOOST_TEST_REQUIRE(suite.argc == 2, "give the path of black_scholes_haug.tsv after --");
  std::ifstream table(suite.argv[1]);
  BOOST_TEST_REQUIRE(table.good(), "cannot read " << suite.argv[1]);
  std::string line;
  std::getline(table, line);
  BOOST_TEST_REQUIRE(line == "quantity\ttype\tstrike\tspot\tq\tr\tt\tvol\tvalue\ttol");
  int passed = 0;
  int failed = 0;
  while (std::getline(table, line)) {
    std::istringstream row(line);
    std::string name, type, strike_text, spot_text, q, r, t, vol, value, tolerance;
    row >> name >> type >> strike_text >> spot_text >> q >> r >> t >> vol >> value >> tolerance;
    BOOST_TEST_REQUIRE((type == "Call" || type == "Put"), line);
    const option o{number(spot_text), number(strike_text), number(q), number(r), number(t), number(vol)};
    const double found = (type == "Call" ? quantities<call> : quantities<put>).at(name)(o);
    const double error = std::abs(found - number(value));
    // The table prints four decimals.
    const bool good = error <= std::max(number(tolerance), 0.5e-4);
    BOOST_TEST(good, name << ' ' << line << ": is " << found);
    ++(good ? passed : failed);
  }
  std::cout << passed << " passed, " << failed << " failed, 0 skipped\n";
  BOOST_TEST(passed > 0);
}
