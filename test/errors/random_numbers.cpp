// SPDX-License-Identifier: BSL-1.0
// expect: random_uniform: it needs a shape: random_uniform<"noise", 3>(seed).
// expect: random_uniform: the shapes (3) and () do not fit.
// expect: random numbers: the name of the place is empty; write random_uniform<"noise", 3>(seed).
// expect: dropout: the shapes (3) and () do not fit.
// expect: array: an extent must be at least 1.
// expect: function: no input has the axis 'rows', so its length is not known; name an array among the inputs that has it.
// expect: function: no input has the axis 'time', so its length is not known; name an array among the inputs that has it.
// Random numbers without a shape or a name, and arrays where numbers are wanted.
#include <typegrad/random.hpp>

constexpr auto seed = tg::symbol<"seed">;
constexpr auto v = tg::array<"v", 3>;

#ifdef MUST_FAIL
auto no_shape = tg::random_uniform<"noise">(seed);
auto several_seeds = tg::random_uniform<"noise", 3>(v);
auto no_name = tg::random_normal<"", 3>(seed);
auto several_rates = tg::dropout<"noise">(v, v, seed);
auto no_elements = tg::random_uniform<"noise", 0>(seed);
constexpr auto noise = tg::random_uniform<"noise", tg::rows, 3>(seed);
auto open_length = tg::function(tg::inputs(seed), tg::outputs(sum(noise))).workspace<double>();
constexpr auto copies = tg::broadcast<tg::extent<"time">, 3>(v);
auto repeated_as_often = tg::function(tg::inputs(v), tg::outputs(copies)).workspace<double>();
#else
constexpr auto fn = tg::function(tg::inputs(seed), tg::outputs(tg::random_uniform<"noise", 3>(seed)));
static_assert(tg::shape_of(tg::dropout<"noise">(v, 0.5, seed)) == tg::extents<3>{});
static_assert(tg::shape_of(tg::random_normal<"noise", 2, tg::rows>(seed)).rank == 2);
#endif
