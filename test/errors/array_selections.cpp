// SPDX-License-Identifier: BSL-1.0
// expect: gather: the shape (rows) is that of no index; declare one by tg::index<"i", ...>.
// expect: gather: the shape (5, 3) has no axis 2.
// expect: take_along: the shapes (rows, 4) and (4) do not fit: rows against 4.
// expect: scatter_add: the shapes (rows, 4) and (7) do not fit: rows against 7.
// expect: one_hot: the shape (rows, 4) is that of no index; declare one by tg::index<"i", ...>.
// expect: gradient: 'i' is an index and holds integers; nothing is differentiated by it.
// expect: parameters: 'i' is an index and holds integers; nothing is differentiated by it.
// expect: function: argument 1 is an index and must hold 32- or 64-bit integers.
// Selections by what is no index, and indices where there is none.
#include <typegrad/selection.hpp>
#include <vector>

constexpr auto w = tg::array<"w", 5, 3>;
constexpr auto x = tg::array<"x", tg::rows, 4>;
constexpr auto t = tg::array<"t", tg::rows>;
constexpr auto i = tg::index<"i", tg::rows>;
constexpr auto four = tg::index<"four", 4>;
constexpr auto lookup = tg::function(tg::inputs(w, i), tg::outputs(sum(gather(w, i))));
std::vector<double> numbers(15);

#ifdef MUST_FAIL
auto by_numbers = gather(w, t);
auto no_axis = tg::gather<2>(w, i);
auto other_lines = tg::take_along<1>(x, four);
auto other_rows = tg::scatter_add<3>(x, tg::index<"seven", 7>);
auto of_numbers = tg::one_hot<3>(x);
auto slope = tg::gradient(sum(gather(w, i)), i);
auto weights = tg::parameters(w, four, i);
auto called(std::vector<short>& places) { return lookup(numbers, places, numbers); }
#else
auto by_index = gather(w, i);
auto lines = tg::take_along<0>(x, four);
auto called(std::vector<unsigned>& places) { return lookup(numbers, places, numbers); }
#endif
