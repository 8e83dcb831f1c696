// SPDX-License-Identifier: BSL-1.0
// Boost.Test: BOOST_TEST(tg::gradient_agrees(f, gradient, point)) fails with the table of the check as its
// message. Other frameworks take the report itself, which is true if the check passed and prints itself on a
// stream.
#pragma once
#include "../support/compiler/begin.hpp"

#include <boost/test/tools/assertion_result.hpp>
#include <utility>

#include "check.hpp"

namespace tg {

/// Any report, of a check or of Taylor's test, as the result of an assertion.
template <class Report>
boost::test_tools::assertion_result agrees(const Report& report) {
  boost::test_tools::assertion_result result(report.passed());
  result.message() << '\n' << to_text(report);
  return result;
}

/// check_gradient as an assertion: a pair of callables and a point, or a formula and tg::at.
template <class... A>
boost::test_tools::assertion_result gradient_agrees(A&&... arguments) {
  return agrees(check_gradient(std::forward<A>(arguments)...));
}
template <class... A>
boost::test_tools::assertion_result jacobian_agrees(A&&... arguments) {
  return agrees(check_jacobian(std::forward<A>(arguments)...));
}
template <class... A>
boost::test_tools::assertion_result hessian_agrees(A&&... arguments) {
  return agrees(check_hessian(std::forward<A>(arguments)...));
}

}  // namespace tg

#include "../support/compiler/end.hpp"
