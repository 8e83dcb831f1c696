// SPDX-License-Identifier: BSL-1.0
// The least-squares problems of Moré, Garbow and Hillstrom (ACM Trans. Math. Softw. 7, 1981) as formulas,
// minimised by every method, free and inside of bounds. Starts, bounds and optimal costs come from a table.
// Usage: more_garbow_hillstrom -- more_garbow_hillstrom.tsv
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <limits>
#include <map>
#include <sstream>
#include <string>
#include <typegrad/optimize/conjugate_gradient.hpp>
#include <typegrad/optimize/dogleg.hpp>
#include <typegrad/optimize/formula_problem.hpp>
#include <typegrad/optimize/gauss_newton.hpp>
#include <typegrad/optimize/l_bfgs.hpp>
#include <typegrad/optimize/levenberg_marquardt.hpp>
#include <typegrad/optimize/minimize.hpp>
#include <typegrad/optimize/newton.hpp>
#include <typegrad/typegrad.hpp>
#include <vector>

namespace {

using namespace tg::literals;
using numbers = std::vector<double>;

struct row {
  numbers start, lower, upper;
  double cost, bounded_cost;
  bool reached = false;  ///< by one method at least
};

double number_in(const std::string& word) {
  if (word == "kDoubleMax") return std::numeric_limits<double>::infinity();
  if (word == "-kDoubleMax") return -std::numeric_limits<double>::infinity();
  return word.find("NaN") != std::string::npos ? std::nan("") : std::stod(word);
}

numbers numbers_in(const std::string& words) {
  numbers result;
  std::istringstream in(words);
  for (std::string word; in >> word;) result.push_back(number_in(word));
  return result;
}

std::map<int, row>& table() {
  static std::map<int, row> all = [] {
    const auto& suite = boost::unit_test::framework::master_test_suite();
    BOOST_REQUIRE_MESSAGE(suite.argc > 1, "usage: more_garbow_hillstrom -- more_garbow_hillstrom.tsv");
    std::map<int, row> result;
    std::ifstream file(suite.argv[1]);
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
      std::vector<std::string> cell;
      std::istringstream in(line);
      for (std::string each; std::getline(in, each, '\t');) cell.push_back(each);
      result[std::stoi(cell.at(0))] = {numbers_in(cell.at(3)), numbers_in(cell.at(6)), numbers_in(cell.at(7)),
                                       number_in(cell.at(4)), number_in(cell.at(5))};
    }
    return result;
  }();
  return all;
}

/// Where a method ends elsewhere, and why it must be allowed to.
struct exception {
  int number;
  bool bounded;
  std::string methods;  ///< empty for all
  double cost;          ///< where it may end, NaN for anywhere
  const char* why;
};
const std::vector<exception> exceptions{
    {2, false, "", 48.98425, "a second minimum that the authors give; the start is in its basin"},
    {18, false, "l_bfgs cg", 5.65565e-3, "a second minimum that the authors give"},
    {18, false, "newton gauss_newton", std::nan(""), "the valley that starts here leads to infinity"},
    {11, true, "", 5.29086,
     "the table's cost is of another text of the problem: 400 random starts find nothing lower"},
    {11, true, "gauss_newton", std::nan(""),
     "large residuals, whose curvature a linear model does not see: where it stops is up to the last bit"},
    {12, false, "ceres", std::nan(""), "a valley that leads to infinity"},
    {14, true, "l_bfgs", 7.093844, "a second minimum, in a corner of the bounds"},
    {3, false, "cg", std::nan(""), "conjugate gradients know no scale: the curvatures differ by 1e8 here"},
    {3, true, "cg gauss_newton", std::nan(""), "as before; and J is nearly singular along the bound"},
    {4, false, "cg", std::nan(""), "the scales differ by 1e12"},
    {10, false, "cg", std::nan(""), "the curvatures differ by 1e12"},
    {16, true, "cg gauss_newton", std::nan(""),
     "large residuals, whose curvature a linear model does not see"},
    {2, false, "gauss_newton", std::nan(""), "J becomes singular: the reason for Levenberg-Marquardt"},
    {6, false, "gauss_newton", std::nan(""), "J is singular at the start"},
    {14, true, "gauss_newton", std::nan(""), "J becomes singular at the bounds"},
};

/// The costs that a method may end at.
bool excused(int number, bool bounded, const std::string& method, double cost) {
  return std::ranges::any_of(exceptions, [&](const exception& each) {
    std::istringstream names(each.methods);
    bool named = each.methods.empty();
    for (std::string name; names >> name;) named = named || name == method;
    return each.number == number && each.bounded == bounded && named &&
           !(std::abs(cost - each.cost) > 1e-5 * each.cost);
  });
}

/// Costs are given to six digits; what is zero is reached to below 1e-10.
bool optimal(double cost, double truth) { return cost <= truth * (1 + 1e-5) + 1e-10; }

/// Runs every method; `residuals` for those of least squares, `half_squares` is the cost with its Hessian for
/// the others.
void solve(int number, const auto& residuals, const auto& half_squares) {
  row& known = table().at(number);
  const auto run = [&](const char* name, const auto& problem, auto method, bool bounded) {
    tg::minimize_options<double> options{.max_iterations = 20'000};
    if (bounded) options.lower = known.lower, options.upper = known.upper;
    const auto result = tg::minimize(problem, known.start, method, options);
    const double cost = 2 * result.value, truth = bounded ? known.bounded_cost : known.cost;
    const bool reached = optimal(cost, truth);
    known.reached = known.reached || reached;
    std::cout << std::setw(2) << number << (bounded ? " bounded " : " free    ") << std::setw(12) << std::left
              << name << std::right << std::setw(6) << result.iterations << std::setw(7) << result.evaluations
              << std::setw(14) << cost << std::setw(14) << truth
              << (reached ? "  optimal  " : "  elsewhere  ") << tg::describe(result.reason) << '\n';
    BOOST_TEST_CONTEXT(number << " by " << name << (bounded ? " in bounds: " : ": ") << result.why()) {
      BOOST_TEST((reached || excused(number, bounded, name, cost)),
                 "the cost is " << cost << ", the best " << truth);
    }
  };
  for (const bool bounded : {false, true}) {
    if (bounded && std::isnan(known.bounded_cost)) continue;
    run("marquardt", residuals, tg::levenberg_marquardt_method{}, bounded);
    run("ceres", residuals, tg::levenberg_marquardt_method{.damping = tg::damping_rule::ceres}, bounded);
    run("dogleg", residuals, tg::dogleg{}, bounded);
    run("gauss_newton", residuals, tg::gauss_newton{}, bounded);
    run("newton", half_squares, tg::newton{}, bounded);
    run("l_bfgs", half_squares, tg::l_bfgs{}, bounded);
    run("cg", half_squares, tg::conjugate_gradient{}, bounded);
  }
  if (number == 2) {  // the other basin
    const auto result = tg::minimize(residuals, numbers{6, 3}, tg::levenberg_marquardt_method{});
    known.reached = optimal(2 * result.value, known.cost);
  }
}

/// Residuals of one form each.
void solve_formulas(int number, const auto& parameters, const auto&... r) {
  solve(number, tg::least_squares(tg::outputs(r...), parameters),
        tg::objective(((r * r) + ...) / 2_c, parameters));
}

/// One form for all rows of data.
void solve_rows(int number, const auto& data, const auto& r, const auto& parameters) {
  solve(number, tg::sum_over(data, r, parameters), tg::sum_over(data, r * r / 2_c, parameters));
}

/// f(1), ..., f(count).
numbers sequence(int count, auto f) {
  numbers result;
  for (int i = 1; i <= count; ++i) result.push_back(f(static_cast<double>(i)));
  return result;
}

constexpr auto p = tg::symbols<"p", 2>;
constexpr auto q = tg::symbols<"q", 3>;
constexpr auto s = tg::symbols<"s", 4>;
constexpr auto t = tg::symbol<"t">;
constexpr auto u = tg::symbol<"u">;
constexpr auto v = tg::symbol<"v">;
constexpr auto w = tg::symbol<"w">;
constexpr auto y = tg::symbol<"y">;

}  // namespace

BOOST_AUTO_TEST_CASE(two_parameters) {
  const auto [a, b] = p;
  solve_formulas(1, p, 10_c * (b - a * a), 1_c - a);  // Rosenbrock
  solve_formulas(2, p, -13_c + a + ((5_c - b) * b - 2_c) * b,
                 -29_c + a + ((b + 1_c) * b - 14_c) * b);                     // Freudenstein and Roth
  solve_formulas(3, p, 10000_c * a * b - 1_c, exp(-a) + exp(-b) - 1.0001_c);  // Powell, badly scaled
  solve_formulas(4, p, a - 1000000_c, b - 0.000002_c, a * b - 2_c);           // Brown, badly scaled
  solve_formulas(5, p, 1.5_c - a * (1_c - b), 2.25_c - a * (1_c - b * b),
                 2.625_c - a * (1_c - b * b * b));  // Beale
  const auto index = sequence(10, [](double i) { return i; });
  solve_rows(6, tg::rows(t = index), 2_c + 2_c * t - (exp(t * a) + exp(t * b)), p);  // Jennrich and Sampson
}

BOOST_AUTO_TEST_CASE(three_parameters) {
  const auto [a, b, c] = q;
  solve_formulas(7, q, 10_c * (c - 5_c * atan2(b, a) / tg::pi), 10_c * (sqrt(a * a + b * b) - 1_c),
                 c);  // helical valley
  solve_rows(8,
             tg::rows(u = sequence(15, [](double i) { return i; }),
                      v = sequence(15, [](double i) { return 16 - i; }),
                      w = sequence(15, [](double i) { return std::min(i, 16 - i); }),
                      y = numbers{0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96,
                                  1.34, 2.10, 4.39}),
             y - (a + u / (v * b + w * c)), q);  // Bard
  solve_rows(9,
             tg::rows(t = sequence(15, [](double i) { return (8 - i) / 2; }),
                      y = numbers{0.0009, 0.0044, 0.0175, 0.0540, 0.1295, 0.2420, 0.3521, 0.3989, 0.3521,
                                  0.2420, 0.1295, 0.0540, 0.0175, 0.0044, 0.0009}),
             a * exp(-b * pow(t - c, 2_c) / 2_c) - y, q);  // Gauss's curve
  solve_rows(10,
             tg::rows(t = sequence(16, [](double i) { return 45 + 5 * i; }),
                      y = numbers{34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005,
                                  5147, 4427, 3820, 3307, 2872}),
             a * exp(b / (t + c)) - y, q);  // Meyer
  solve_rows(
      11,
      tg::rows(t = sequence(100, [](double i) { return i / 100; }),
               y = sequence(100, [](double i) { return 25 + std::pow(-50 * std::log(i / 100), 2.0 / 3); })),
      exp(-pow(abs(y - b), c) / a) - t, q);  // Gulf, as corrected later
  solve_rows(12, tg::rows(t = sequence(3, [](double i) { return i / 10; })),
             exp(-t * a) - exp(-t * b) - c * (exp(-t) - exp(-10_c * t)), q);  // Box
}

BOOST_AUTO_TEST_CASE(four_parameters) {
  const auto [a, b, c, d] = s;
  solve_formulas(13, s, a + 10_c * b, sqrt(5_c) * (c - d), pow(b - 2_c * c, 2_c),
                 sqrt(10_c) * pow(a - d, 2_c));  // Powell, singular
  solve_formulas(14, s, 10_c * (b - a * a), 1_c - a, sqrt(90_c) * (d - c * c), 1_c - c,
                 sqrt(10_c) * (b + d - 2_c),
                 (b - d) / sqrt(10_c));  // Wood
  solve_rows(15,
             tg::rows(u = numbers{4, 2, 1, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625},
                      y = numbers{0.1957, 0.1947, 0.1735, 0.1600, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323,
                                  0.0235, 0.0246}),
             y - a * (u * u + u * b) / (u * u + u * c + d), s);  // Kowalik and Osborne
  solve_rows(16, tg::rows(t = sequence(20, [](double i) { return i / 5; })),
             pow(a + t * b - exp(t), 2_c) + pow(c + d * sin(t) - cos(t), 2_c), s);  // Brown and Dennis
}

BOOST_AUTO_TEST_CASE(more_parameters) {
  constexpr auto five = tg::symbols<"five", 5>;
  {
    const auto [a, b, c, d, e] = five;
    solve_rows(
        17,
        tg::rows(t = sequence(33, [](double i) { return 10 * (i - 1); }),
                 y = numbers{0.844, 0.908, 0.932, 0.936, 0.925, 0.908, 0.881, 0.850, 0.818, 0.784, 0.751,
                             0.718, 0.685, 0.658, 0.628, 0.603, 0.580, 0.558, 0.538, 0.522, 0.506, 0.490,
                             0.478, 0.467, 0.457, 0.448, 0.438, 0.431, 0.424, 0.420, 0.414, 0.411, 0.406}),
        y - (a + b * exp(-t * d) + c * exp(-t * e)), five);  // Osborne's first
  }
  constexpr auto six = tg::symbols<"six", 6>;
  {
    const auto [a, b, c, d, e, f] = six;
    solve_rows(18,
               tg::rows(t = sequence(13, [](double i) { return i / 10; }),
                        y = sequence(13,
                                     [](double i) {
                                       return std::exp(-i / 10) - 5 * std::exp(-i) +
                                              3 * std::exp(-4 * i / 10);
                                     })),
               c * exp(-t * a) - d * exp(-t * b) + f * exp(-t * e) - y, six);  // Biggs, six exponents
  }
  constexpr auto eleven = tg::symbols<"eleven", 11>;
  {
    const auto [a, b, c, d, e, f, g, h, i, j, k] = eleven;
    solve_rows(
        19,
        tg::rows(t = sequence(65, [](double n) { return (n - 1) / 10; }),
                 y = numbers{1.366, 1.191, 1.112, 1.013, 0.991, 0.885, 0.831, 0.847, 0.786, 0.725, 0.746,
                             0.679, 0.608, 0.655, 0.616, 0.606, 0.602, 0.626, 0.651, 0.724, 0.649, 0.649,
                             0.694, 0.644, 0.624, 0.661, 0.612, 0.558, 0.533, 0.495, 0.500, 0.423, 0.395,
                             0.375, 0.372, 0.391, 0.396, 0.405, 0.428, 0.429, 0.523, 0.562, 0.607, 0.653,
                             0.672, 0.708, 0.633, 0.668, 0.645, 0.632, 0.591, 0.559, 0.597, 0.625, 0.739,
                             0.710, 0.729, 0.720, 0.636, 0.581, 0.428, 0.292, 0.162, 0.098, 0.054}),
        y - (a * exp(-t * e) + b * exp(-pow(t - i, 2_c) * f) + c * exp(-pow(t - j, 2_c) * g) +
             d * exp(-pow(t - k, 2_c) * h)),
        eleven);  // Osborne's second
  }
}

BOOST_AUTO_TEST_CASE(none_left_out) {
  for (const auto& [number, known] : table())
    BOOST_TEST(known.reached, "no method reached the optimal cost of problem " << number);
}
