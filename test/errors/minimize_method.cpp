// SPDX-License-Identifier: BSL-1.0
// expect: minimize: the problem does not offer what the method needs for this start
// A method for residuals on a problem that has none.
#include <array>
#include <typegrad/optimize/l_bfgs.hpp>
#include <typegrad/optimize/minimize.hpp>

auto problem = tg::objective([](const auto& v) { return v[0] * v[0]; },
                             [](const auto& v) { return std::array{2 * v[0]}; });

struct needs_residuals : tg::l_bfgs {
  template <class Problem, class V>
  static constexpr bool fits = tg::detail::LeastSquares<Problem, V>;
};

#ifdef MUST_FAIL
auto result = tg::minimize(problem, std::array{1.0}, needs_residuals{});
#else
auto result = tg::minimize(problem, std::array{1.0}, tg::l_bfgs{});
#endif
