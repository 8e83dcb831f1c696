// SPDX-License-Identifier: BSL-1.0
// Problems given to NLopt: what is referred to must have a name, and the gradient leads to a minimum that is
// known.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <typegrad/optimize/nlopt.hpp>
#include <typegrad/typegrad.hpp>
#include <utility>
#include <vector>

using namespace tg::literals;

namespace {

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
constexpr auto k = tg::symbol<"k">;

auto bowl() { return tg::objective(pow(x - 1_c, 2_c) + k * y * y, x, y, k = 3.0); }
using problem = decltype(bowl());

template <class P>
concept TakenAsObjective = requires(nlopt::opt& optimizer, P&& given) {
  tg::set_min_objective(optimizer, std::forward<P>(given));
};
template <class P>
concept TakenAsInequality = requires(nlopt::opt& optimizer, P&& given) {
  tg::add_inequality_constraint(optimizer, std::forward<P>(given), 1e-8);
};
template <class P>
concept TakenAsEquality = requires(nlopt::opt& optimizer, P&& given) {
  tg::add_equality_constraint(optimizer, std::forward<P>(given));
};

}  // namespace

// NLopt keeps a pointer to the problem, so one without a name would be gone before it is asked.
static_assert(TakenAsObjective<problem&> && TakenAsObjective<const problem&>);
static_assert(TakenAsInequality<problem&> && TakenAsEquality<const problem&>);
static_assert(!TakenAsObjective<problem> && !TakenAsObjective<const problem>);
static_assert(!TakenAsInequality<problem> && !TakenAsInequality<const problem>);
static_assert(!TakenAsEquality<problem> && !TakenAsEquality<const problem>);

BOOST_AUTO_TEST_CASE(a_bowl) {
  nlopt::opt optimizer(nlopt::LD_LBFGS, 2);
  const auto given = bowl();
  tg::set_min_objective(optimizer, given);
  optimizer.set_xtol_rel(1e-10);
  std::vector<double> at{5, 5};
  double value = 0;
  optimizer.optimize(at, value);
  // The minimum of a quadratic function, which the method reaches to the square root of the accuracy of its
  // values.
  BOOST_TEST(std::abs(at[0] - 1) < 1e-7);
  BOOST_TEST(std::abs(at[1]) < 1e-7);
}
