// SPDX-License-Identifier: BSL-1.0
// Plans as values: what tg::describe says agrees with the cost and the workspace of the function, arrays that
// are needed at one time do not overlap, and no bound is above what it bounds.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>
#include <typegrad/inspection.hpp>

#include "array_formulas.hpp"

namespace {

using namespace tg::literals;
using namespace array_formulas;

template <class T, class Function>
void check(const Function& fn, std::ptrdiff_t rows) {
  const tg::plan_description plan = tg::describe<T>(fn, rows);
  const tg::array_cost cost = tg::cost(fn, rows);
  constexpr std::int64_t bytes = sizeof(T);
  BOOST_TEST(plan.steps.size() == static_cast<std::size_t>(fn.steps()));
  std::int64_t operations = 0, moved = 0;
  int loops = 0;
  for (const tg::plan_step& each : plan.steps) {
    operations += each.operations, moved += each.read + each.written, loops += each.kind == "loop";
    BOOST_TEST(!each.formula.empty());
    BOOST_TEST(each.formula.find_first_of("@\x01") == std::string::npos);
  }
  BOOST_TEST(operations == cost.operations());
  BOOST_TEST(moved == cost.read + cost.written);
  BOOST_TEST(loops == cost.loops);
  BOOST_TEST(plan.workspace == bytes * static_cast<std::int64_t>(fn.template workspace<T>(rows)));
  BOOST_TEST(plan.between_steps <= plan.workspace);
  BOOST_TEST(plan.least <= plan.between_steps);
  const int steps = static_cast<int>(plan.steps.size());
  std::int64_t most = 0, largest = 0;
  for (const tg::plan_array& each : plan.arrays) {
    BOOST_TEST((0 <= each.first && each.first <= each.last && each.last < steps));
    BOOST_TEST(each.begin + each.bytes <= plan.between_steps);
    most = std::max(most, each.begin + each.bytes), largest = std::max(largest, each.bytes);
    for (const tg::plan_array& other : plan.arrays) {
      if (&other == &each || each.first > other.last || other.first > each.last) continue;
      const bool overlap = each.begin < other.begin + other.bytes && other.begin < each.begin + each.bytes;
      const bool in_place = each.last == other.first || other.last == each.first;
      BOOST_TEST((!overlap || in_place), each.name << " and " << other.name);
    }
  }
  BOOST_TEST(largest <= plan.least);
  // Places are rounded up to full lines, and there may be a gap between two regions.
  BOOST_TEST(plan.between_steps <= most + bytes * 16 * (2 + static_cast<std::int64_t>(plan.arrays.size())));
  const std::string text = plan.text(), picture = plan.svg();
  for (const tg::plan_array& each : plan.arrays) BOOST_TEST(text.find(each.name) != std::string::npos);
  BOOST_TEST((picture.starts_with("<svg ") && picture.ends_with("</svg>\n")));
}
template <class F>
void check_all(const F& f) {
  constexpr auto fn = tg::function(tg::inputs(X, W, v, t, k, place),
                                   tg::outputs(F{}, tg::gradient(sum(F{} * F{}), X, W, v, tg::allow_zero)));
  static_cast<void>(f);
  for (const std::ptrdiff_t rows : {1, 7, 1000}) check<double>(fn, rows), check<float>(fn, rows);
}

}  // namespace

BOOST_AUTO_TEST_CASE(plans_agree_with_functions) {
  check_all(tanh(matmul(X, W) + v));
  check_all(tg::softmax<1>(matmul(X, W) * k));
  check_all(table<1, 3>());
  check_all(table<2, 2>());
  check_all(column<5, 3>());
  check_all(square<9, 3>());
}

BOOST_AUTO_TEST_CASE(a_small_plan) {
  constexpr auto fn = tg::function(tg::inputs(X, W, v), tg::outputs(tg::sum<0>(exp(matmul(X, W) + v))));
  const tg::plan_description plan = tg::describe(fn, 5);
  BOOST_TEST(plan.steps.size() == 3U);
  BOOST_TEST(plan.steps[0].kind == "einsum");
  BOOST_TEST(plan.steps[0].formula == "X*W");
  BOOST_TEST(plan.steps[1].formula == "exp(v + t1)");
  BOOST_TEST(plan.steps[2].result == "out0 (3)");
  BOOST_TEST(plan.arrays.size() == 2U);
  BOOST_TEST(plan.arrays[1].is_in_place);
  BOOST_TEST(plan.least == 5 * 3 * 8);
  // If exp(X*W + v) were two steps, each could still write where it reads.
  BOOST_TEST(plan.least_as_written == 5 * 3 * 8);
}
