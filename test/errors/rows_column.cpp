// SPDX-License-Identifier: BSL-1.0
// expect: typegrad: rows: every column must be a vector, an array or a span of numbers; for a group also of arrays of its size, or a matrix of as many columns.
// A column of data that is a single number.
#include <typegrad/typegrad.hpp>
#include <vector>

constexpr auto t = tg::symbol<"t">;

#ifdef MUST_FAIL
auto data = [] { return tg::rows(t = 2.0); }();
#else
auto data = [] { return tg::rows(t = std::vector{2.0}); }();
#endif
