// SPDX-License-Identifier: BSL-1.0
// Hard regressions of NIST's collection by tg::minimize with default options: what they have to reach, and
// that no method takes a plateau at infinity or a degenerate saddle for a minimum. Certified values are of
// https://www.itl.nist.gov/div898/strd/nls.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstddef>
#include <string_view>
#include <typegrad/optimize/default_method.hpp>
#include <typegrad/optimize/dogleg.hpp>
#include <typegrad/optimize/gauss_newton.hpp>
#include <typegrad/optimize/newton.hpp>
#include <typegrad/typegrad.hpp>
#include <vector>

namespace {

using namespace tg::literals;
using tg::stop_reason;
using numbers = std::vector<double>;

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;

/// The number of decimal digits in which all parameters agree with the certified ones.
double digits(const numbers& found, const numbers& certified) {
  double worst = 0;
  for (std::size_t i = 0; i < certified.size(); ++i)
    worst = std::max(worst, std::abs(found[i] / certified[i] - 1));
  return -std::log10(worst + 1e-15);
}

/// Whoever says converged is at the certified sum of squares; where `least` is above 0, so many digits are
/// needed.
void check(std::string_view method, const auto& result, const numbers& certified, double square,
           double least) {
  BOOST_TEST_CONTEXT(method << ": " << result.why() << "; digits " << digits(result.parameters, certified)) {
    if (result.converged) BOOST_TEST(2 * result.value <= square * (1 + 1e-9) + 1e-24);
    if (least > 0) BOOST_TEST(result.converged);
    if (least > 0) BOOST_TEST(digits(result.parameters, certified) >= least);
  }
}

/// Lanczos: three exponentials, in as many decimals as are asked for.
auto lanczos(double unit) {
  numbers at, value;
  for (int i = 0; i < 24; ++i) {
    const double a = 0.05 * i,
                 v = 0.0951 * std::exp(-a) + 0.8607 * std::exp(-3 * a) + 1.5576 * std::exp(-5 * a);
    at.push_back(a), value.push_back(unit > 0 ? std::round(v / unit) * unit : v);
  }
  return std::pair(at, value);
}

}  // namespace

// The gradient of the cost is small here long before the parameters are right: an absolute tolerance of 4e-11
// stopped at 7.4 digits.
BOOST_AUTO_TEST_CASE(mgh09) {
  const numbers at{4, 2, 1, .5, .25, .167, .125, .1, .0833, .0714, .0625},
      value{.1957, .1947, .1735, .16, .0844, .0627, .0456, .0342, .0323, .0235, .0246},
      certified{1.9280693458E-01, 1.9128232873E-01, 1.2305650693E-01, 1.3606233068E-01};
  constexpr auto b = tg::symbols<"b", 4>;
  const auto model = b[0_c] * (x * x + x * b[1_c]) / (x * x + x * b[2_c] + b[3_c]);
  const auto squares = tg::half_squares(tg::sum_over(tg::rows(x = at, y = value), model - y, b));
  for (const numbers& start : {numbers{25, 39, 41.5, 39}, numbers{.25, .39, .415, .39}}) {
    check("default", tg::minimize(squares, start), certified, 3.0750560385E-04, 10);
    check("dogleg", tg::minimize(squares, start, tg::dogleg{}), certified, 3.0750560385E-04, 10);
    check("gauss_newton", tg::minimize(squares, start, tg::gauss_newton{}), certified, 3.0750560385E-04, 0);
  }
}

// From the first start some methods run along a valley in which one term dies out, to a cost of 0.01226 or
// more.
BOOST_AUTO_TEST_CASE(mgh17) {
  numbers at;
  for (int i = 0; i < 33; ++i) at.push_back(10 * i);
  const numbers value{0.844, 0.908, 0.932, 0.936, 0.925, 0.908, 0.881, 0.850, 0.818, 0.784, 0.751,
                      0.718, 0.685, 0.658, 0.628, 0.603, 0.580, 0.558, 0.538, 0.522, 0.506, 0.490,
                      0.478, 0.467, 0.457, 0.448, 0.438, 0.431, 0.424, 0.420, 0.414, 0.411, 0.406},
      certified{3.7541005211E-01, 1.9358469127E+00, -1.4646871366E+00, 1.2867534640E-02, 2.2122699662E-02};
  constexpr double square = 5.4648946975E-05;
  constexpr auto b = tg::symbols<"b", 5>;
  const auto residual = b[0_c] + b[1_c] * exp(-x * b[3_c]) + b[2_c] * exp(-x * b[4_c]) - y;
  const auto data = tg::rows(x = at, y = value);
  const auto squares = tg::half_squares(tg::sum_over(data, residual, b));
  const auto half = tg::sum_over(data, residual * residual / 2_c, b);
  for (const numbers& start : {numbers{50, 150, -100, 1, 2}, numbers{.5, 1.5, -1, .01, .02}}) {
    const bool near = start[0] < 1;
    check("default", tg::minimize(squares, start), certified, square, 9.3);
    check("dogleg", tg::minimize(squares, start, tg::dogleg{}), certified, square, near ? 9.5 : 0);
    BOOST_TEST(2 * tg::minimize(squares, start, tg::dogleg{}).value <= square * (1 + 1e-9));
    check("gauss_newton", tg::minimize(squares, start, tg::gauss_newton{}), certified, square,
          near ? 8.5 : 0);
    check("newton", tg::minimize(half, start, tg::newton{}), certified, square, near ? 9.5 : 0);
  }
}

BOOST_AUTO_TEST_CASE(lanczos_1_and_3) {
  constexpr auto b = tg::symbols<"b", 6>;
  const auto residual = b[0_c] * exp(-x * b[1_c]) + b[2_c] * exp(-x * b[3_c]) + b[4_c] * exp(-x * b[5_c]) - y;
  const numbers far{1.2, .3, 5.6, 5.5, 6.5, 7.6}, near{.5, .7, 3.6, 4.2, 4, 6.3};
  const numbers exact{.0951, 1, .8607, 3, 1.5576, 5},
      third{8.6816414977E-02, 9.5498101505E-01, 8.4400777463E-01,
            2.9515951832E+00, 1.5825685901E+00, 4.9863565084E+00};
  for (const double unit : {0.0, 1e-4}) {
    const auto [at, value] = lanczos(unit);
    const numbers& certified = unit > 0 ? third : exact;
    const double square = unit > 0 ? 1.6117193594E-08 : 0, least = unit > 0 ? 10 : 11;
    const auto data = tg::rows(x = at, y = value);
    const auto squares = tg::half_squares(tg::sum_over(data, residual, b));
    const auto half = tg::sum_over(data, residual * residual / 2_c, b);
    for (const numbers& start : {far, near}) {
      check("default", tg::minimize(squares, start), certified, square, least);
      check("dogleg", tg::minimize(squares, start, tg::dogleg{}), certified, square, least);
      check("gauss_newton", tg::minimize(squares, start, tg::gauss_newton{}), certified, square, 0);
    }
    check("newton", tg::minimize(half, far, tg::newton{}), certified, square, 9);
    // Two exponents meet on the way: a saddle along which the value is the same, and no curvature leads down.
    BOOST_TEST((tg::minimize(half, near, tg::newton{}).reason == stop_reason::degenerate));
  }
}

// A sum of 2,000 terms with a value of 19,345: no gradient can be told from zero at 4e-11 there, and none has
// to be. With that tolerance it took 98 evaluations.
BOOST_AUTO_TEST_CASE(a_large_sum) {
  numbers at, value;
  for (int i = 0; i < 2000; ++i) at.push_back(i * 0.002), value.push_back(4.4 * std::sin(0.7 * i));
  constexpr auto b = tg::symbols<"b", 3>;
  const auto residual = b[0_c] * exp(-x * b[1_c]) + b[2_c] - y;
  const auto result = tg::minimize(tg::sum_over(tg::rows(x = at, y = value), residual * residual, b),
                                   numbers{1, 1, 1}, tg::l_bfgs{});
  BOOST_TEST_CONTEXT(result.why()) {
    BOOST_TEST(result.converged);
    BOOST_TEST(result.value > 19000);
    BOOST_TEST(result.evaluations <= 60u);
  }
}
