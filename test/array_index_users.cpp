// SPDX-License-Identifier: BSL-1.0
// Arrays of indices in what uses functions of arrays: checks of derivatives hold them, objectives keep them.
#include <boost/test/unit_test.hpp>
#include <span>
#include <string>
#include <typegrad/optimize/array_problem.hpp>
#include <typegrad/optimize/l_bfgs.hpp>
#include <typegrad/optimize/minimize.hpp>
#include <typegrad/selection.hpp>
#include <typegrad/validate/array_formula.hpp>
#include <vector>

using namespace tg::literals;

namespace {

constexpr auto scores = tg::array<"scores", 4, 3>;  // of each group
constexpr auto group = tg::index<"group", tg::rows>;
constexpr auto kind = tg::index<"kind", tg::rows>;
constexpr auto loss = -tg::mean(tg::take_along<1>(tg::log_softmax<1>(gather(scores, group)), kind)) +
                      1e-3_c * sum(scores * scores);
const std::vector<int> groups{0, 3, 1, 2, 2, 0, 3, 1, 1, 0}, kinds{0, 1, 2, 0, 1, 0, 2, 2, 0, 1};

}  // namespace

BOOST_AUTO_TEST_CASE(checks_hold_indices) {
  const std::vector<double> at{0.1, -0.2, 0.3, 0.5, 0.4, -0.1, 0.2, 0.7, -0.6, 0.9, -0.8, 0.25};
  const auto passes = [](const auto& report) { BOOST_TEST(report.passed(), report); };
  passes(tg::check_gradient(loss, tg::at(scores = at), group = groups, kind = kinds));
  passes(tg::check_hvp(loss, tg::at(scores = at), {.directions = 2}, group = groups, kind = kinds));
  const auto chosen =
      tg::outputs(gather(scores, group), tg::scatter_add<4>(tanh(gather(scores, group)), group));
  passes(tg::check_jvp(chosen, tg::at(scores = at), {.directions = 2}, group = groups));
  passes(tg::check_vjp(chosen, tg::at(scores = at), group = groups));
  passes(tg::check_adjoint(chosen, tg::at(scores = at), group = groups));
}

BOOST_AUTO_TEST_CASE(objectives_keep_indices) {
  constexpr auto theta = tg::parameters(scores);
  const std::vector<double> start(12);
  const auto problem = tg::objective(loss, theta, group = groups, kind = kinds);
  const auto copied = tg::minimize(problem, start, tg::l_bfgs{});
  const auto referred = tg::minimize(
      tg::objective(loss, theta, group = std::span{groups}, kind = std::span{kinds}), start, tg::l_bfgs{});
  BOOST_TEST(copied.converged);
  BOOST_TEST(referred.converged);
  BOOST_TEST(copied.parameters == referred.parameters, boost::test_tools::per_element());
  BOOST_TEST(copied.value < problem.value(start) - 0.1);
}

BOOST_AUTO_TEST_CASE(an_index_out_of_range_ends_the_run) {
  const std::vector<double> start(12);
  const auto found = tg::minimize(
      tg::objective(loss, tg::parameters(scores), group = std::vector{0, 4}, kind = std::vector{0, 1}), start,
      tg::l_bfgs{});
  BOOST_TEST(std::string(found.why()).find("the index 'group' is 4 at element 1") != std::string::npos);
}
