// SPDX-License-Identifier: BSL-1.0
// The code of docs/inspection.md: a formula as text, as a type, counted, and as Boost.Hana sees it.
#include <cstdio>
#include <iostream>
#include <string>
#include <typegrad/hana.hpp>
#include <typegrad/typegrad.hpp>

#include "support/expect.hpp"

using example::expect;
using example::near;
using namespace tg::literals;

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;

// [text]
constexpr auto f = x * sin(y) / 2_c;
constexpr auto text = tg::to_string(tg::gradient(f, x, y));
static_assert(text.view() == "[sin(y)/2, x*cos(y)/2]");
static_assert(tg::to_latex(tg::diff(f, y)).view() == "\\frac{x\\, \\cos\\left(y\\right)}{2}");
// [text]

// [type]
static_assert(tg::type_name<decltype(x * sin(y))>().view() ==
              "formula<variable<\"x\">, variable<\"y\">, apply<op::sin, 1>, apply<op::multiply, 0, 2>>");
// [type]

// [tree]
using tree = tg::tree_t<decltype(tg::diff(x * sin(y), y))>;
static_assert(std::is_same_v<
              tree, tg::tree::multiply<tg::node::variable<"x">, tg::tree::cos<tg::node::variable<"y">>>>);
// [tree]

// [cost]
constexpr auto fn = tg::function(tg::inputs(x, y), tg::outputs(f, tg::gradient(f, x, y)));
static_assert(tg::cost(f).multiplications == 2);  // one formula
static_assert(tg::cost(fn).transcendental == 2);  // a compiled function: sin(y) and cos(y), once each
static_assert(tg::cost(fn).divisions == 0);
// [cost]

// [questions]
static_assert(tg::symbols_of(f).size() == 2 && tg::symbols_of(f)[0] == "x");
static_assert(tg::depends_on(f, x) && !tg::depends_on(tg::diff(f, x), x));
static_assert(tg::domain(log(x) / y).view() == "x > 0, y != 0");
static_assert(tg::domain(f).view() == "everywhere");
// [questions]

// [hana]
namespace hana = boost::hana;
static_assert(hana::size(tg::nodes_of(x * sin(y))) == hana::size_c<4>);  // the nodes, as types
static_assert(hana::equal(x + y, y + x));                                // a constant
// [hana]

int main() {
  std::cout << text << '\n';  // an object with .view(), and << to a stream

  // [c]
  std::puts(std::string(tg::to_c(f, "height").view())
                .c_str());  // a complete C file with double height(double x, double y)
  std::puts(std::string(tg::to_dot(f).view()).c_str());  // for Graphviz: dot -Tsvg
  // [c]

  // [map]
  const auto values = hana::make_map(hana::make_pair(BOOST_HANA_STRING("x"), 2.0),
                                     hana::make_pair(BOOST_HANA_STRING("y"), 1.0));
  double v = tg::evaluate(f, values);
  // [map]
  expect(near(v, std::sin(1.0)));
  return example::status();
}
