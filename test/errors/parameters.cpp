// SPDX-License-Identifier: BSL-1.0
// expect: parameters: 'x' has an extent that is known only when a function is called; parameters are laid out before, and take numbers as extents.
// expect: parameters: the symbol 'w' is given twice.
// expect: parameters: 'b' is none of the parameters.
// expect: parameters: an argument of type 'int' is no symbol.
// expect: gradient: variable 'b' does not occur in the formula; it has x, w. Write tg::allow_zero where a zero is meant.
// expect: objective: 'b' has a value and does not occur in the formula; it has x, w.
// expect: function: the array 'w' is no input; formulas of arrays are evaluated by tg::function(tg::inputs(w, ...), tg::outputs(...)).
// expect: objective: the formula is an array; take its sum, or its Jacobian.
// expect: objective: arrays are laid out in one vector, objective(loss, parameters(w, b), x = points), and <typegrad/optimize/array_problem.hpp> is included
// Parameters that cannot be laid out, and losses that do not have them.
#include <typegrad/array.hpp>
#include <typegrad/optimize/array_problem.hpp>
#include <typegrad/optimize/formula_problem.hpp>
#include <vector>

constexpr auto x = tg::array<"x", tg::rows, 3>;
constexpr auto w = tg::array<"w", 3>;
constexpr auto b = tg::array<"b", 2>;
constexpr auto loss = sum(exp(matmul(x, w)));

#ifdef MUST_FAIL
auto of_rows = tg::parameters(w, x);
auto twice = tg::parameters(w, b, w);
auto no_symbol = tg::parameters(w, 3);
auto by_another = tg::gradient(loss, tg::parameters(w, b));
auto no_data = tg::objective(loss, tg::parameters(w), x = std::vector<double>(6), b = std::vector<double>(2))
                   .value(std::vector<double>(3));
auto not_given = tg::function(tg::inputs(x, tg::parameters(b)), tg::outputs(tg::gradient(loss, w)));
auto of_array = tg::objective(matmul(x, w), tg::parameters(w), x = std::vector<double>(6));
auto one_by_one = tg::objective(loss, w, x = std::vector<double>(6));
void look(std::vector<double>& all) { tg::parameters(w).view(all, b); }
#else
auto twice = tg::parameters(w, b);
auto by_another = tg::gradient(loss, tg::parameters(w, b), tg::allow_zero);
auto no_data =
    tg::objective(loss, tg::parameters(w), x = std::vector<double>(6)).value(std::vector<double>(3));
auto not_given = tg::function(tg::inputs(x, tg::parameters(b, w)), tg::outputs(tg::gradient(loss, w)));
void look(std::vector<double>& all) { tg::parameters(w).view(all, w); }
#endif
