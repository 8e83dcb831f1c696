// SPDX-License-Identifier: BSL-1.0
// expect: to_string: an argument of type 'double' is no formula; a number is written as 2_c, and several formulas as tg::outputs(f, g).
// expect: to_text: an argument of type 'double' is no formula;
// expect: to_latex: an argument of type 'double' is no formula;
// expect: to_dot: an argument of type 'double' is no formula;
// expect: to_c: an argument of type 'double' is no formula;
// expect: to_c: the arguments are not what it takes; write to_c(f, "name") with the name as a literal.
// expect: domain: an argument of type 'double' is no formula;
// expect: cost: an argument of type 'double' is no formula;
// expect: symbols_of: an argument of type 'double' is no formula;
// expect: depends_on: an argument of type 'double' is no formula;
// expect: depends_on: an argument of type 'double' is no symbol.
// expect: simplify: an argument of type 'double' is no formula;
// expect: sparsity: the arguments are not what it takes; write sparsity(J) with a gradient, a Jacobian or a Hessian.
// expect: nonzeros: the arguments are not what it takes; write nonzeros(J) with a gradient, a Jacobian or a Hessian.
// expect: to_string: a compiled function is no formula; use the formula that it was made of.
// What can be looked at is a formula, not a number.
#include <typegrad/typegrad.hpp>

using namespace tg::literals;

constexpr auto x = tg::symbol<"x">;
constexpr auto f = x * sin(x);
constexpr auto compiled = tg::function(tg::inputs(x), tg::outputs(f));

#ifdef MUST_FAIL
auto text = tg::to_string(2.0);
auto written = tg::to_text<int>(2.0);
auto latex = tg::to_latex(2.0);
auto picture = tg::to_dot(2.0);
auto program = tg::to_c(2.0, "f");
auto unnamed = tg::to_c(f);
auto named_later = tg::to_c(f, std::string_view{"f"});
auto where = tg::domain(2.0);
auto price = tg::cost(2.0);
auto names = tg::symbols_of(2.0);
auto of_number = tg::depends_on(2.0, x);
auto on_number = tg::depends_on(f, 2.0);
auto simple = tg::simplify(2.0);
auto zeros = tg::sparsity(f);
auto entries = tg::nonzeros(f);
auto of_function = tg::to_string(compiled);
#else
static_assert(tg::to_string(2_c) == "2");
static_assert(tg::cost(compiled).transcendental == 1);
auto zeros = tg::sparsity(tg::gradient(f, x));
#endif
