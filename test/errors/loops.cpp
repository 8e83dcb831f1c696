// SPDX-License-Identifier: BSL-1.0
// expect: scan: there is no sequence, so the number of steps is not known; give it
// expect: scan: the lengths of sequences: the shapes (time, 3) and (5, 3) do not fit: time against 5.
// expect: scan: a sequence: the shape () has no axis 0.
// expect: scan: what is carried changes its shape: the shapes (3) and (2) do not fit: 3 against 2.
// expect: scan: the body must take what is carried and then a step of each sequence
// expect: scan: the body must return as many carried arrays as the loop begins with.
// expect: scan: a sequence is an index; select with it before the loop.
// Loops without a number of steps, sequences that do not fit, and bodies that return something else.
#include <typegrad/loops.hpp>
#include <typegrad/selection.hpp>

using namespace tg::literals;

constexpr auto h = tg::array<"h", 3>;
constexpr auto xs = tg::array<"xs", tg::extent<"time">, 3>;
constexpr auto five = tg::array<"five", 5, 3>;
constexpr auto a = tg::symbol<"a">;
constexpr auto i = tg::index<"i", 5>;
constexpr auto add = [](auto y, auto x) { return y + x; };
constexpr auto add_two = [](auto y, auto x, auto z) { return y + x + z; };

#ifdef MUST_FAIL
auto no_steps = tg::iterate([](auto y) { return sin(y); }, h);
auto lengths = tg::scan(add_two, h, xs, five);
auto number = tg::scan(add, h, a);
auto shrinks = tg::scan([](auto y, auto x) { return tg::slice<0, 0, 2>(y + x); }, h, xs);
auto too_few = tg::scan([](auto y) { return sin(y); }, h, xs);
auto too_many = tg::scan([](auto y, auto x) { return tg::carry(y, x); }, h, xs);
auto selected = tg::scan(add, a, i);
#else
auto steps = tg::iterate<tg::steps<3>>([](auto y) { return sin(y); }, h);
auto lengths = tg::scan(add_two, h, five, five);
auto number = tg::scan(add, a, sum<1>(xs));
#endif
