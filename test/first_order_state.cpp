// SPDX-License-Identifier: BSL-1.0
// Saved states of first-order optimizers: damaged ones are refused, every number comes back bit by bit. That
// a run goes on as if it had not been interrupted is tested for each method in first_order.cpp.
#include <array>
#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <string>
#include <tuple>
#include <typegrad/optimize/first_order.hpp>
#include <vector>

namespace {
constexpr std::size_t n = 5;
}

// A state that cannot be loaded leaves the optimizer as it was.
BOOST_AUTO_TEST_CASE(damaged_states) {
  using adam = tg::first_order<tg::adam, double>;
  adam rule({}, n);
  std::array<double, n> now{1, 2, 3, 4, 5};
  rule.step(now, std::array<double, n>{0.1, -0.2, 0.3, -0.4, 0.5});
  std::ostringstream saved;
  rule.save(saved);
  const auto loads = [&](const std::string& text, auto into) {
    std::ostringstream before, after;
    into.save(before);
    std::istringstream in(text);
    try {
      into.load(in);
      return into.steps() == 1;
    } catch (const std::runtime_error&) {
      into.save(after);
      BOOST_TEST(before.str() == after.str());
      return false;
    }
  };
  const std::string text = saved.str();
  BOOST_TEST(loads(text, adam({}, n)));
  BOOST_TEST(!loads(text, tg::first_order<tg::adamw, double>({}, n)));
  BOOST_TEST(!loads(text, tg::first_order<tg::adam, float>({}, n)));
  BOOST_TEST(!loads(text, adam({}, n + 1)));
  BOOST_TEST(!loads(text, adam({.amsgrad = true}, n)));
  BOOST_TEST(!loads("", adam({}, n)));
  BOOST_TEST(!loads(text.substr(0, text.size() / 2), adam({}, n)));
  BOOST_TEST(!loads(text.substr(0, text.size() - 8) + "zzz", adam({}, n)));
}

// Every bit pattern that a state may hold comes back: subnormal, infinite, negative zero.
BOOST_AUTO_TEST_CASE_TEMPLATE(extreme_states, T, decltype(std::tuple<float, double, long double>{})) {
  using limits = std::numeric_limits<T>;
  const std::vector<T> extremes{limits::min(), limits::denorm_min(), limits::max(), limits::infinity(), -T(0),
                                T(1) / 3,      -limits::epsilon()};
  tg::first_order<tg::sgd, T> rule({.rate = 1, .momentum = 1}, extremes.size()), loaded = rule;
  std::vector<T> now(extremes.size()), zero(extremes.size());
  rule.step(now, extremes);  // the velocity is the gradient
  std::stringstream file;
  rule.save(file);
  loaded.load(file);
  std::vector<T> then = now;
  rule.step(now, zero);
  loaded.step(then, zero);
  BOOST_TEST(now == then, boost::test_tools::per_element());
  std::ostringstream saved, saved_again;
  rule.save(saved);
  loaded.save(saved_again);
  BOOST_TEST(saved.str() == saved_again.str());
}
