// SPDX-License-Identifier: BSL-1.0
// Inspection: what to_string, to_latex, to_dot, type_name, tree_t, cost, symbols_of, depends_on, domain and
// sparsity say of small formulas, as constants and word for word. What to_c writes is compiled and run by
// test/inspect_c.py.
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <sstream>
#include <string>
#include <string_view>
#include <typegrad/typegrad.hpp>

namespace {

using namespace tg::literals;

struct bump {  // a user's primitive without any notation
  static constexpr std::string_view name = "bump";
  template <class T>
  static constexpr T value(const T& v) {
    return v;
  }
  static constexpr auto partials(auto) { return 1; }
};

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
constexpr auto z = tg::symbol<"z">;
constexpr auto f = x * sin(y);
constexpr auto H = tg::hessian(f, x, y);

// Infix.
static_assert(tg::to_string(f) == "x*sin(y)");
static_assert(tg::to_string(x - y) == "x - y");
static_assert(tg::to_string(-(x + y)) == "-x - y");
static_assert(tg::to_string(-(x + y) * z) == "-z*(x + y)");
static_assert(tg::to_string(x - (y - z) * 2_c) == "x - 2*(y - z)");
static_assert(tg::to_string((x + y) * (x - y)) == "(x + y)*(x - y)");
static_assert(tg::to_string(1_c - x * x) == "1 - x^2");
static_assert(tg::to_string(2.5_c * x + 1013.25_c + x * x * x) == "x^3 + 5*x/2 + 1013.25");
static_assert(tg::to_string(x / 2_c - 0.1_c * y) == "x/2 - 0.1*y");
static_assert(tg::to_string(x / (y * z)) == "x/(y*z)");
static_assert(tg::to_string(x / (3_c * y)) == "x/(3*y)");
static_assert(tg::to_string(pow(x, -2_c)) == "1/x^2");
static_assert(tg::to_string(pow(x + 1_c, 2_c)) == "(x + 1)^2");
static_assert(tg::to_string(pow(-2_c, x)) == "(-2)^x");
static_assert(tg::to_string(pow(x, pow(y, z))) == "x^y^z");
static_assert(tg::to_string(pow(pow(x, y), z)) == "(x^y)^z");
static_assert(tg::to_string(pow(x, -y)) == "x^(-y)");
static_assert(tg::to_string(pow(x, 1_c / 3_c)) == "x^(1/3)");
static_assert(tg::to_string(exp(-x * x)) == "exp(-x^2)");
static_assert(tg::to_string(6.02e23_c * x + 1e-7_c) == "6.02e23*x + 1e-7");
static_assert(tg::to_string(tg::pi * x) == "pi*x");
static_assert(tg::to_string(where(x > 0_c && !(y < z), x, y)) == "where(x > 0 && !(y < z), x, y)");
static_assert(tg::to_string(where((x < y || y < z) && z < x, x, 0_c)).view().starts_with("where("));
static_assert(tg::to_string(tg::apply<bump>(x)) == "bump(x)");
static_assert(tg::to_string(0_c * x) == "0");
static_assert(tg::to_string(tg::gradient(f, x, y)) == "[sin(y), x*cos(y)]");
static_assert(tg::to_string(H) == "[[0, cos(y)], [cos(y), -x*sin(y)]]");
static_assert(tg::to_string(tg::outputs(f, x)) == "[x*sin(y), x]");

// LaTeX.
static_assert(tg::to_latex(f) == "x\\, \\sin\\left(y\\right)");
static_assert(tg::to_latex(x / 2_c) == "\\frac{x}{2}");
static_assert(tg::to_latex(-x / (y * z)) == "-\\frac{x}{y\\, z}");
static_assert(tg::to_latex(sqrt(x + 1_c)) == "\\sqrt{x + 1}");
static_assert(tg::to_latex(pow(exp(x), 2_c)) == "\\left(e^{x}\\right)^{2}");
static_assert(tg::to_latex(3_c * pow(2_c, x)) == "3 \\cdot 2^{x}");
static_assert(tg::to_latex(tg::symbol<"alpha"> * tg::symbol<"p10">) == "p_{10}\\, \\alpha");
static_assert(tg::to_latex(tg::symbol<"mass">) == "\\mathrm{mass}");
static_assert(tg::to_latex(tg::symbol<"\\">) == "\\backslash ");
static_assert(tg::to_latex(tg::symbol<"a\\b">) == "\\mathrm{a\\backslash b}");
static_assert(tg::to_latex(tg::symbol<"rate in %">) == "\\mathrm{rate\\ in\\ \\%}");
static_assert(tg::to_latex(tg::symbol<"#$&{}^~">) ==
              "\\mathrm{\\#\\$\\&\\{\\}\\text{\\textasciicircum}\\text{\\textasciitilde}}");
static_assert(tg::to_latex(tg::symbol<"x_a_b">) == "x_{a\\_b}");
static_assert(tg::to_latex(where(x > 0_c, x, 0_c)) ==
              "\\begin{cases} x & \\text{if } x > 0 \\\\ 0 & \\text{otherwise} \\end{cases}");
static_assert(tg::to_latex(tg::gradient(f, x, y)) ==
              "\\begin{pmatrix} \\sin\\left(y\\right) \\\\ x\\, \\cos\\left(y\\right) \\end{pmatrix}");

// Types.
static_assert(tg::type_name<decltype(f)>() ==
              "formula<variable<\"x\">, variable<\"y\">, apply<op::sin, 1>, apply<op::multiply, 0, 2>>");
static_assert(tg::type_name<decltype(x / 2_c)>() ==
              "formula<constant<1, 2>, variable<\"x\">, apply<op::multiply, 0, 1>>");
static_assert(tg::type_name<decltype(2.0 * x)>() ==
              "formula<captured<0>, variable<\"x\">, apply<op::multiply, 0, 1>>");
static_assert(tg::type_name<decltype(tg::gradient(f, x, y))>() ==
              "formulas<shape<2>, roots<1, 4>, variable<\"y\">, apply<op::sin, 0>, variable<\"x\">, "
              "apply<op::cos, 0>, apply<op::multiply, 2, 3>>");
static_assert(tg::type_name<tg::tree_t<decltype(f)>>() == "multiply<variable<\"x\">, sin<variable<\"y\">>>");
static_assert(tg::type_name<tg::tree_t<decltype(pow(x, 3_c) * 2.0)>>() ==
              "multiply<captured<0>, power<variable<\"x\">, constant<3>>>");
static_assert(
    std::is_same_v<tg::tree_t<decltype(f)>,
                   tg::tree::multiply<tg::node::variable<"x">, tg::tree::sin<tg::node::variable<"y">>>>);
static_assert(
    std::is_same_v<tg::tree_t<decltype(tg::apply<bump>(x))>, tg::tree::apply<bump, tg::node::variable<"x">>>);
static_assert(std::is_same_v<tg::tree_t<decltype(tg::gradient(f, x, y))>,
                             tg::tree::outputs<tg::tree::sin<tg::node::variable<"y">>,
                                               tg::tree::multiply<tg::node::variable<"x">,
                                                                  tg::tree::cos<tg::node::variable<"y">>>>>);

// Cost, symbols, zeros.
static_assert(tg::cost(f).multiplications == 1 && tg::cost(f).transcendental == 1 &&
              tg::cost(f).divisions == 0 && tg::cost(f).depth == 2);
static_assert(tg::cost(tg::gradient(f, x, y)).transcendental == 2);
static_assert(tg::cost(tg::outputs(f, tg::gradient(f, x, y))).transcendental == 2);
constexpr auto joint = tg::function(tg::inputs(x, y), tg::outputs(f, tg::gradient(f, x, y)));
static_assert(tg::cost(joint).transcendental == 2 && tg::cost(joint).multiplications == 2 &&
              tg::cost(joint).stack_bytes > 0);

constexpr auto many = tg::symbol<"p10"> + tg::symbol<"p2"> * x;
static_assert(tg::symbols_of(many).size() == 3 && tg::symbols_of(many)[0] == "x" &&
              tg::symbols_of(many)[1] == "p2" && tg::symbols_of(many)[2] == "p10");
static_assert(tg::symbols_of(0_c * x).empty());
static_assert(tg::depends_on(f, x) && !tg::depends_on(f, z) && !tg::depends_on(tg::diff(f, x), x));
static_assert(tg::depends_on(many, tg::symbols<"p", 3>));
static_assert(tg::sparsity(H) == std::array{std::array{false, true}, std::array{true, true}} &&
              tg::nonzeros(H) == 3);
static_assert(tg::sparsity(tg::gradient(f, x, y)) == std::array{true, true});

// Domains.
static_assert(tg::domain(f) == "everywhere");
static_assert(tg::domain(log(x) / y) == "x > 0, y != 0");
static_assert(tg::domain(log(tg::symbol<"exp">) / tg::symbol<"e">) ==
              "exp > 0, e != 0");  // symbols named as functions or constants
static_assert(tg::domain(x / 0_c) == "nowhere");
static_assert(tg::domain(sqrt(x) / x + log(x)) == "x > 0");
static_assert(tg::domain(pow(x, 3_c / 2_c)) == "x >= 0");
static_assert(tg::domain(pow(x, 1_c / 3_c)) == "x > 0");
static_assert(tg::domain(1_c / (1_c + x * x) + sqrt(exp(x))) == "everywhere");
static_assert(tg::domain(1_c / (x * pow(y, 3_c))) == "x != 0, y != 0");
static_assert(tg::domain(asin(x + y)) == "-1 < x + y < 1");
static_assert(tg::domain(where(x > 0_c, sqrt(x), 0_c)) == "everywhere");
static_assert(tg::domain(where(x <= 0_c, 0_c, log(x) / y)) == "y != 0 if not (x <= 0)");
static_assert(tg::domain(log(-2_c) + x) == "nowhere");
static_assert(tg::domain(log(1_c + abs(tanh(exp(x))))) == "everywhere");
static_assert(tg::domain(log(tanh(exp(x)))) == "everywhere");  // tanh keeps the sign
static_assert(tg::domain(log(tanh(x))) == "tanh(x) > 0");

/// 2^x as a user writes it, with every kind of fact.
struct expit2 {
  static constexpr std::string_view name = "expit2";
  static constexpr tg::facts facts{.range = tg::facts::positive,
                                   .at_zero = 1,
                                   .latex = "2^{$1}",
                                   .c = "two_to($1)",
                                   .c_helper = "static double two_to(double x) { return exp2(x); }\n"};
  template <class T>
  static constexpr T value(const T& r) {
    using std::exp2;
    return static_cast<T>(exp2(r));
  }
  static constexpr auto partials(auto r, auto self) { return self * log(0 * r + 2); }
};
static_assert(tg::domain(log(tg::apply<expit2>(x))) == "everywhere");
static_assert(tg::domain(sqrt(tg::apply<expit2>(x) - 1_c)) == "expit2(x) - 1 > 0");
static_assert(tg::apply<expit2>(0_c) == 1_c);
static_assert(tg::to_latex(tg::apply<expit2>(x)) == "2^{x}");
constexpr auto expit2_in_c = tg::to_c(tg::apply<expit2>(x), "f");
static_assert(expit2_in_c.view().find("two_to(x)") != std::string_view::npos);
static_assert(expit2_in_c.view().find("static double two_to(double x)") != std::string_view::npos);

// Names do not collide with the user's symbols, whatever these are.
constexpr auto large = [] {
  constexpr auto a = sin(tg::symbol<"t1"> * x) + y;
  constexpr auto b = a * cos(a) / (1_c + a);
  constexpr auto c = exp(b) * b + b / x;
  constexpr auto d = sin(c) * c + sqrt(c);
  constexpr auto e = d * cos(d) + d / y;
  return e * sin(e) + e / d + d;
}();
static_assert(tg::to_string(large).view().starts_with("s1 = "));
constexpr auto large_in_c = tg::to_c(large, "large");
static_assert(large_in_c.view().find("const double s1 = ") != std::string_view::npos);

}  // namespace

BOOST_AUTO_TEST_SUITE(inspect)

BOOST_AUTO_TEST_CASE(texts_go_to_streams) {
  std::ostringstream out;
  out << tg::to_string(f) << " | " << tg::to_latex(x);
  BOOST_TEST(out.str() == "x*sin(y) | x");
  out.str("");
  out << f << " and " << tg::gradient(f, x);
  BOOST_TEST(out.str() == "x*sin(y) and [sin(y)]");
  BOOST_TEST(std::string(tg::to_string(f).c_str()) == "x*sin(y)");
}

BOOST_AUTO_TEST_CASE(captured_numbers_show_their_value) {
  const double k = -3.5;
  BOOST_TEST(tg::to_string(k * x).view() == "-3.5*x");
  BOOST_TEST(tg::to_string(x + k).view() == "x - 3.5");
  BOOST_TEST(tg::to_string(x - k * y).view() == "x + 3.5*y");
  BOOST_TEST(tg::to_string(k * (y + k)).view() == "-3.5*(y - 3.5)");
  BOOST_TEST(tg::to_string(pow(x, k)).view() == "x^(-3.5)");
  BOOST_TEST(tg::to_string(0.1f * x).view() == "0.10000000149011612*x");
  BOOST_TEST(tg::to_string(std::numeric_limits<double>::infinity() * x).view() == "inf*x");
  BOOST_TEST(tg::to_string<decltype(x + k)>().view() == "x + captured<0>");
  BOOST_TEST(tg::to_latex(1e-12 * x).view() == "10^{-12} x");
  static_assert(tg::to_string(0.5 * x) == "0.5*x");
  const double exact_thirds = 1.0 / 3.0;
  BOOST_TEST(
      (tg::to_c(exact_thirds * x, "third").view().find("0.3333333333333333 * x") != std::string_view::npos));
}

BOOST_AUTO_TEST_CASE(c_functions_read_as_written) {
  BOOST_TEST(tg::to_c(f, "f").view() ==
             "#include <math.h>\n\ndouble f(double x, double y) {\n  const double t1 = sin(y);\n  const "
             "double t2 = x * t1;\n  return t2;\n}\n");
  BOOST_TEST(
      (tg::to_c(tg::apply<bump>(x), "g").view().find("/* bump is not in <math.h>: link a definition. */") !=
       std::string_view::npos));
}

BOOST_AUTO_TEST_CASE(pictures_show_shared_nodes_once) {
  const std::string dot{tg::to_dot(sin(x) * y + sin(x)).view()};
  BOOST_TEST(dot.find("label=\"sin\"") != std::string::npos);
  BOOST_TEST(dot.find("label=\"sin\"") == dot.rfind("label=\"sin\""));
}

BOOST_AUTO_TEST_SUITE_END()
