// SPDX-License-Identifier: BSL-1.0
// The main job, on real input: the weekly CO2 record of Mauna Loa, a model written as a formula, its
// derivatives made by the compiler and checked against differences, the fit by Levenberg-Marquardt, and a
// picture.
// Usage: co2_demo [CSV] [--out SVG]. Status 0: converged and within the bound; 1: an error, in one sentence;
// 2: a poor fit.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <typegrad/optimize/levenberg_marquardt.hpp>
#include <typegrad/typegrad.hpp>
#include <typegrad/validate/microderivative.hpp>
#include <vector>

#include "support/arguments.hpp"
#include "support/co2_picture.hpp"
#include "support/co2_record.hpp"

namespace {

using namespace tg::literals;

// ---- the model: a cubic trend and three yearly harmonics, the first of which may grow
// -------------------------------------

constexpr auto t = tg::symbol<"t">;      // years since the start of 1980
constexpr auto co2 = tg::symbol<"co2">;  // what was measured, in ppm
constexpr double epoch = 1980;

constexpr auto level = tg::symbol<"level">;
constexpr auto slope = tg::symbol<"slope">;
constexpr auto bend = tg::symbol<"bend">;
constexpr auto twist = tg::symbol<"twist">;
constexpr auto a1 = tg::symbol<"a1">;
constexpr auto growth = tg::symbol<"growth">;
constexpr auto phi1 = tg::symbol<"phi1">;
constexpr auto a2 = tg::symbol<"a2">;
constexpr auto phi2 = tg::symbol<"phi2">;
constexpr auto a3 = tg::symbol<"a3">;
constexpr auto phi3 = tg::symbol<"phi3">;

constexpr auto trend = level + slope * t + bend * pow(t, 2_c) + twist * pow(t, 3_c);
constexpr auto model = trend + (a1 + growth * t) * cos(2_c * tg::pi * t + phi1) +
                       a2 * cos(4_c * tg::pi * t + phi2) + a3 * cos(6_c * tg::pi * t + phi3);

/// The parameters in their order: the only list of them.
constexpr auto with_parameters = [](auto use) {
  return use(level, slope, bend, twist, a1, growth, phi1, a2, phi2, a3, phi3);
};
constexpr std::size_t n = with_parameters([](auto... p) { return sizeof...(p); });
using parameters = std::array<double, n>;

constexpr parameters start{300, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0};
constexpr double largest_deviation =
    0.65;  // ppm; the residuals of a good fit of the whole record deviate by 0.62
constexpr std::size_t fewest_rows = 10 * n;

constexpr auto model_and_gradient = with_parameters([](auto... p) {
  return tg::function(tg::inputs(t, p...), tg::outputs(model, tg::gradient(model, p...)));
});
constexpr auto trend_alone = tg::function(tg::inputs(t, level, slope, bend, twist), tg::outputs(trend));

std::string name_of(std::size_t i) {
  const auto names =
      with_parameters([](auto... p) { return std::array{std::string(tg::to_string(p).view())...}; });
  return names[i];
}

struct point_of_model {
  double value;
  parameters gradient;
};

point_of_model evaluate(double years, const parameters& v) {
  std::array<double, n + 1> in{years}, out{};
  for (std::size_t i = 0; i < n; ++i) in[i + 1] = v[i];
  model_and_gradient(in, out);
  point_of_model result{out[0], {}};
  for (std::size_t i = 0; i < n; ++i) result.gradient[i] = out[i + 1];
  return result;
}

double trend_at(double years, const parameters& v) { return trend_alone(years, v[0], v[1], v[2], v[3]); }

// ---- what is printed
// ------------------------------------------------------------------------------------------------------

void heading(const char* words) { std::printf("\n%s\n", words); }

void print_formulas() {
  constexpr auto derivative = tg::diff(model, phi1);
  heading("The model, in ppm of CO2; t in years since 1980");
  std::printf("  %s\n", std::string(tg::to_string(model).view()).c_str());
  heading("Its derivative by the phase phi1, made by the compiler: as infix, and as a type");
  std::printf("  %s\n", std::string(tg::to_string(derivative).view()).c_str());
  std::printf("  %s\n", std::string(tg::type_name<decltype(derivative)>()).c_str());
}

void print_cost() {
  constexpr auto value = tg::cost(model);
  constexpr auto with_gradient = tg::cost(model_and_gradient);
  static_assert(value.transcendental == 3, "the model takes three cosines");
  static_assert(with_gradient.transcendental == 6, "the gradient adds three sines, and no second cosine");
  heading("Cost certificate, known at compile time");
  std::printf("  %-28s %9s %15s %9s %14s %7s %12s\n", "", "additions", "multiplications", "divisions",
              "transcendental", "depth", "stack bytes");
  const auto line = [](const char* name, const tg::operation_count& c) {
    std::printf("  %-28s %9d %15d %9d %14d %7d %12d\n", name, c.additions, c.multiplications, c.divisions,
                c.transcendental, c.depth, c.stack_bytes);
  };
  line("model", value);
  line("model and its 11 partials", with_gradient);
}

/// Every partial derivative against central differences, at every date of the record; true if all agree.
bool check_partials(const demo::co2_record& record) {
  heading(
      "Every partial derivative against central differences, at every date of the record; the worst date is "
      "shown");
  std::printf("  %-8s %10s %22s %22s %12s  %s\n", "by", "date", "exact", "numeric", "difference", "verdict");
  bool all = true;
  for (std::size_t i = 0; i < n; ++i) {
    double largest = 0, worst = -1, date = 0, exact = 0;
    tg::numeric_derivative<double> numeric{};
    bool agree = true;
    for (const double year : record.years) {
      const double at = year - epoch, partial = evaluate(at, start).gradient[i];
      const auto difference = tg::microderivative([&](const parameters& v) { return evaluate(at, v).value; },
                                                  start, i, {.scale = 1.0});
      agree = agree && difference.agrees(partial);
      largest = std::max(largest, std::abs(partial));
      if (const double apart = std::abs(partial - difference.value); !(apart <= worst)) {
        worst = apart, date = year, exact = partial, numeric = difference;
      }
    }
    const double relative = worst / largest;
    const bool good = agree && largest > 0 && relative < 1e-8;
    all = all && good;
    std::printf("  %-8s %10.3f %22.15g %22.15g %12.1e  %s\n", name_of(i).c_str(), date, exact, numeric.value,
                relative, good ? "PASS" : "WRONG");
  }
  std::printf(
      "  The difference is relative to the largest partial by that parameter; a pass is within the numeric "
      "one's error bar.\n");
  return all;
}

auto fit_record(const demo::co2_record& record) {
  std::vector<double> times;
  for (const double year : record.years) times.push_back(year - epoch);
  const auto squares = with_parameters(
      [&](auto... p) { return tg::sum_over(tg::rows(t = times, co2 = record.ppm), model - co2, p...); });
  heading("The fit, by Levenberg-Marquardt");
  std::printf("  %4s  %-8s %18s %12s %12s %12s\n", "step", "", "sum of squares", "gradient", "step length",
              "radius");
  return tg::levenberg_marquardt(squares, start, {}, [](const auto& now) {
    std::printf("  %4d  %-8s %18.10f %12.2e %12.2e %12.2e\n", static_cast<int>(now.iteration),
                now.iteration == 0 ? "start"
                : now.accepted     ? "taken"
                                   : "rejected",
                2 * now.cost, now.slope, now.step, now.damping);
  });
}

void print_result(const tg::least_squares_result<double, n>& fit, std::size_t rows) {
  constexpr std::array<const char*, n> unit{"ppm", "ppm/year", "ppm/year^2", "ppm/year^3", "ppm", "ppm/year",
                                            "rad", "ppm",      "rad",        "ppm",        "rad"};
  std::printf("  %s; %d steps\n", std::string(fit.why()).c_str(), static_cast<int>(fit.iterations));
  heading("Parameters");
  std::printf("  %-8s %16s %16s  %s\n", "", "value", "standard error", "unit");
  const auto errors = fit.standard_errors();
  for (std::size_t i = 0; i < n; ++i)
    std::printf("  %-8s %16.8f %16.8f  %s\n", name_of(i).c_str(), fit.parameters[i], errors[i], unit[i]);
  std::printf(
      "  Standard errors take the residuals for independent; they vary over months (see the picture), so "
      "true errors are "
      "larger.\n");
  std::printf("\nResidual standard deviation: %.4f ppm (%d weeks less %d parameters)\n",
              fit.residual_deviation(), static_cast<int>(rows), static_cast<int>(n));
}

int run(const demo::arguments& given) {
  const std::string& table = given.tables[0];
  const demo::co2_record record = demo::read_co2(table, fewest_rows);
  const std::size_t rows = record.ppm.size();
  std::printf("%s: %d weeks, %d of them measured; %d without a measurement are skipped\n", table.c_str(),
              static_cast<int>(record.weeks), static_cast<int>(rows), static_cast<int>(record.missing()));
  print_formulas();
  print_cost();
  const bool derivatives_agree = check_partials(record);
  const auto fit = fit_record(record);
  print_result(fit, rows);

  const double deviation = fit.residual_deviation();
  if (!fit.converged) throw std::runtime_error("the fit did not converge: " + std::string(fit.why()) + ".");
  char subtitle[160];
  std::snprintf(subtitle, sizeof subtitle,
                "%d weekly means; cubic trend and three yearly harmonics, %d parameters; residual standard "
                "deviation %.2f ppm",
                static_cast<int>(rows), static_cast<int>(n), deviation);
  demo::co2_picture(
      record, [&](double year) { return evaluate(year - epoch, fit.parameters).value; },
      [&](double year) { return trend_at(year - epoch, fit.parameters); }, deviation, subtitle)
      .save(given.picture);
  std::printf("Picture: %s\n", given.picture.c_str());

  if (!derivatives_agree)
    throw std::runtime_error(
        "a partial derivative disagrees with its central difference; see the table above.");
  if (!(deviation <= largest_deviation)) {
    std::fflush(stdout);
    std::fprintf(stderr,
                 "co2_demo: the residual standard deviation is above the bound of %.2f ppm for a good fit.\n",
                 largest_deviation);
    return 2;
  }
  return 0;
}

}  // namespace

int main(int count, char** words) {
  return demo::guarded("co2_demo", [&] {
    return run(demo::parse_arguments(count, words,
                                     {.tables = {TYPEGRAD_EXAMPLE_DATA "/co2.csv"},
                                      .picture = "co2_demo.svg",
                                      .usage = "co2_demo [CSV] [--out SVG]"}));
  });
}
