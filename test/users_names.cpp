// SPDX-License-Identifier: BSL-1.0
// A user's global variables may have any name: what the headers call a local variable must not shadow one of
// them where g++ looks for that, which is when a template with a lambda is instantiated. This file has to
// compile with -Wshadow.
#include <boost/test/unit_test.hpp>
#include <typegrad/typegrad.hpp>

inline int i = 1, j = i, k = i, n = i, m = i, p = i, q = i, c = i, s = i, g = i, h = i, b = i, d = i, e = i,
           r = i, t = i, u = i, v = i, w = i, z = i;
inline int at = i, first = i, last = i, next = i, side = i, table = i, place = i, node = i, lane = i,
           frame = i, in = i, out = i, args = i, count = i, size = i;
inline int row = i, column = i, start = i, choice = i, taken = i, other = i, slot = i, root = i, own = i,
           all = i, any = i, operand = i, operands = i;
inline int value = i, values = i, weight = i, direction = i, number = i, numbers = i, symbol = i, symbols = i,
           data = i, points = i, graph = i, name = i;

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;

BOOST_AUTO_TEST_CASE(globals_of_any_name) {
  constexpr auto f = where(x > y, x * y, x / y) + (x < y) * y;
  const auto scaled = 2.0 * f;
  const auto forward = tg::along(x = 1.0, y = 3.0);
  const auto everything = tg::function(
      tg::inputs(x, y),
      tg::outputs(scaled, tg::gradient(scaled, x, y), tg::hessian(scaled, x, y), tg::jvp(scaled, forward),
                  tg::hvp(scaled, forward), tg::vjp(scaled, tg::weights(5.0), x),
                  tg::substitute(scaled, x = 4.0), tg::diff(scaled, x), tg::taylor<2>(scaled, x, 1.0)));
  const auto [plain, gradient, hessian, along, curved, weighted, replaced, slope, series] =
      everything(3.0, 2.0);
  BOOST_TEST(plain == 12);
  BOOST_TEST(gradient[1] == 6);
  BOOST_TEST(hessian[0][1] == 2);
  BOOST_TEST(along == 22);
  BOOST_TEST(curved[0] == 6);
  BOOST_TEST(weighted[0] == 20);
  BOOST_TEST(replaced == 16);
  BOOST_TEST(slope == 4);
  BOOST_TEST(series == 7);  // about x = 1, where f is x/y + y
  BOOST_TEST(f(x = 1.0, y = 4.0) == 4.25);
}
