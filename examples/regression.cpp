// SPDX-License-Identifier: BSL-1.0
// A nonlinear regression with its confidence band, on real data: what households in the United States consume of what they have,
// as C = alpha + beta Y^gamma. Does the share that is consumed rise with income? A straight line would have gamma = 1. Writes
// regression.svg. The parameters and the band are asserted against a solution in 40 digits by another program.
#include <algorithm>
#include <array>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <typegrad/optimize/levenberg_marquardt.hpp>
#include <typegrad/typegrad.hpp>
#include <vector>

#include "support/chart.hpp"
#include "support/expect.hpp"

namespace {

using namespace tg::literals;
using example::expect;

constexpr auto income = tg::symbol<"income">;
constexpr auto consumption = tg::symbol<"consumption">;
constexpr auto alpha = tg::symbol<"alpha">;
constexpr auto beta = tg::symbol<"beta">;
constexpr auto gamma = tg::symbol<"gamma">;
constexpr auto model = alpha + beta * pow(income, gamma);
constexpr auto curve =
    tg::function(tg::inputs(income, alpha, beta, gamma), tg::outputs(model, tg::gradient(model, alpha, beta, gamma)));

struct table {
  std::vector<double> income, consumption;
};

/// The columns realdpi and realcons.
table read(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) throw std::runtime_error("'" + path + "' cannot be read.");
  table result;
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    std::string cell;
    std::array<double, 4> row{};
    for (double& number : row) {
      if (!std::getline(cells, cell, ',')) throw std::runtime_error("'" + path + "' has a row with fewer than four numbers.");
      number = std::stod(cell);
    }
    result.income.push_back(row[2]);
    result.consumption.push_back(row[3]);
  }
  return result;
}

/// A fitted value and how far, with 95 % confidence, the curve and a single quarter may be from it.
struct band {
  double value, of_curve, of_quarter;
};

class regression {
 public:
  explicit regression(const table& data)
      : fit_(tg::levenberg_marquardt(
            tg::sum_over(tg::rows(income = data.income, consumption = data.consumption), model - consumption, alpha, beta, gamma),
            std::array{0.0, 1.0, 1.0})),
        deviation_(fit_.residual_deviation()),
        quantile_(boost::math::quantile(boost::math::students_t(static_cast<double>(data.income.size() - 3)), 0.975)) {}

  const auto& fit() const { return fit_; }
  double deviation() const { return deviation_; }

  /// By linearising at the fit: variance = s^2 g (J^T J)^-1 g, with g the gradient of the model by its parameters.
  band at(double y) const {
    const auto& v = fit_.parameters;
    const auto [value, g] = curve(y, v[0], v[1], v[2]);
    double form = 0;
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = 0; j < 3; ++j) form += g[i] * fit_.inverse_normal[i][j] * g[j];
    return {value, quantile_ * deviation_ * std::sqrt(form), quantile_ * deviation_ * std::sqrt(1 + form)};
  }

 private:
  tg::least_squares_result<double, 3> fit_;
  double deviation_, quantile_;
};

demo::svg_page picture(const table& data, const regression& r) {
  using namespace demo;
  constexpr double left = 84, width = 1080;
  const range incomes = rounded_range(data.income, 10);
  std::vector<point> points, rest, line, low, high, lowest, highest;
  for (std::size_t i = 0; i < data.income.size(); ++i) {
    points.push_back({data.income[i], data.consumption[i]});
    rest.push_back({data.income[i], data.consumption[i] - r.at(data.income[i]).value});
  }
  const auto [least, most] = std::ranges::minmax_element(data.income);
  double furthest = 0;
  for (int i = 0; i <= 300; ++i) {
    const double y = *least + (*most - *least) * i / 300;
    const band b = r.at(y);
    line.push_back({y, b.value});
    low.push_back({y, -b.of_curve}), high.push_back({y, b.of_curve});
    lowest.push_back({y, -b.of_quarter}), highest.push_back({y, b.of_quarter});
  }
  for (const point& p : rest) furthest = std::max(furthest, std::abs(p.y));

  svg_page page(1200, 920, "Consumption against income in the United States: data, fit and confidence band");
  page.rectangle({0, 0}, 1200, 920, "fill=\"#ffffff\"");
  page.text({left, 46},
            "What is consumed of what is earned: United States, 1959\xE2\x80\x93"
            "2009",
            chart::style(25, color::ink, "start") + " font-weight=\"bold\"");
  char subtitle[160];
  std::snprintf(
      subtitle, sizeof subtitle,
      "203 quarters, billions of 2005 dollars a year; C = \xCE\xB1 + \xCE\xB2 Y^\xCE\xB3 with \xCE\xB3 = %.3f \xC2\xB1 %.3f",
      r.fit().parameters[2], r.fit().standard_errors()[2]);
  page.text({left, 73}, subtitle, chart::style(15, color::quiet, "start"));

  chart main_chart(page, {left, 125}, width, 370, incomes, rounded_range(data.consumption, 8));
  main_chart.title("Consumption and fit");
  main_chart.axes("", "consumption C", 10, 8);
  main_chart.dots(points, 4.5, color::data, 0.8);
  main_chart.curve(line, color::fit, 1.8);
  main_chart.legend(0, "a quarter", color::data, 0);
  main_chart.legend(1, "fit", color::fit, 2);

  const double reach = std::ceil(furthest / 50) * 50;
  chart band_chart(page, {left, 575}, width, 270, incomes, {-reach, reach});
  band_chart.title("The same, less the fit", "light: where 95 % of quarters should lie; dark: 95 % confidence band of the curve");
  band_chart.band(lowest, highest, color::band);
  band_chart.band(low, high, "#f5a97f");
  band_chart.axes("disposable income Y", "C less the fit", 10, 6);
  band_chart.dots(rest, 4.5, color::data, 0.8);
  band_chart.curve({{incomes.low, 0}, {incomes.high, 0}}, color::fit, 1.4);
  return page;
}

bool digits(double found, double truth, double tolerance) { return std::abs(found - truth) <= tolerance * std::abs(truth); }

}  // namespace

int main(int count, char** words) {
  try {
    const table data = read(TYPEGRAD_EXAMPLE_DATA "/consumption.csv");
    const regression r(data);
    const auto& fit = r.fit();
    const auto errors = fit.standard_errors();
    std::printf("%d quarters; %s\n\n  %-8s %14s %16s\n", static_cast<int>(data.income.size()), std::string(fit.why()).c_str(), "",
                "value", "standard error");
    constexpr std::array names{"alpha", "beta", "gamma"};
    for (std::size_t i = 0; i < 3; ++i) std::printf("  %-8s %14.8g %16.8g\n", names[i], fit.parameters[i], errors[i]);
    std::printf("\nResidual standard deviation: %.4f\n\n  %8s %14s %20s %20s\n", r.deviation(), "income", "consumption",
                "95 % of the curve", "95 % of quarters");
    for (const double y : {2000.0, 4000.0, 6000.0, 8000.0, 10000.0}) {
      const band b = r.at(y);
      std::printf("  %8.0f %14.2f %20.2f %20.2f\n", y, b.value, b.of_curve, b.of_quarter);
    }
    std::printf(
        "\ngamma is %.0f standard errors above 1: the share rises with income. Neighbouring quarters are alike (see the "
        "picture), so\n"
        "that the true errors are larger than these, which take the residuals for independent.\n",
        (fit.parameters[2] - 1) / errors[2]);
    const std::string path = count > 1 ? words[1] : "regression.svg";
    picture(data, r).save(path);
    std::printf("Picture: %s\n", path.c_str());

    // By another program, in 40 digits. The parameters nearly depend on one another, which costs a fit in double some of its 16.
    expect(fit.converged);
    constexpr std::array truth{397.984121867128, 0.212062411814851, 1.15743139086876},
        truth_errors{34.5492741152, 0.019077217992, 0.00946552941456};
    for (std::size_t i = 0; i < 3; ++i) {
      expect(digits(fit.parameters[i], truth[i], 1e-8));
      expect(digits(errors[i], truth_errors[i], 1e-8));
    }
    expect(digits(r.deviation(), 63.4483872057, 1e-10));
    const double t_quantile = 1.971896224;  // of Student's distribution, 200 degrees of freedom, 97.5 %
    expect(digits(r.at(3000).value, 2641.8298088787, 1e-10) && digits(r.at(3000).of_curve, t_quantile * 6.29310231776, 1e-8));
    expect(digits(r.at(8000).value, 7380.671018298, 1e-10) && digits(r.at(8000).of_curve, t_quantile * 6.69810983958, 1e-8));
    return example::status();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "regression: %s\n", error.what());
    return 1;
  }
}
