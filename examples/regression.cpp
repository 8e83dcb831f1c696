// SPDX-License-Identifier: BSL-1.0
// A nonlinear regression with a confidence band, on Engel's households of 1857: which share of its income
// does a family spend on food? Everything that the statistics need beside the fit is a derivative, and the
// compiler makes it. Usage: regression [CSV] [--out SVG]. Status 0: converged, and the numbers are those of
// an independent fit; 1: an error, in one sentence; 2: other numbers.
#include <algorithm>
#include <array>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <typegrad/optimize/levenberg_marquardt.hpp>
#include <typegrad/optimize/robust_loss.hpp>
#include <typegrad/typegrad.hpp>
#include <vector>

#include "support/arguments.hpp"
#include "support/chart.hpp"
#include "support/expect.hpp"
#include "support/reading.hpp"
#include "support/svg.hpp"

namespace {

using namespace tg::literals;
using example::expect;

// ---- the model: Törnqvist's curve of a necessity, food = most income / (income + half), as a share of
// income --------------

constexpr auto income = tg::symbol<"income">;  // francs a year
constexpr auto most = tg::symbol<"most">;      // francs a year that even the richest would spend on food
constexpr auto half = tg::symbol<"half">;      // the income of a family that spends half of that
constexpr auto observed = tg::symbol<"observed">;

constexpr auto food = most * income / (income + half);
constexpr auto share = 100_c * food / income;  // percent
constexpr auto elasticity =
    income * tg::diff(food, income) / food;  // percent more food for a percent more income

constexpr std::size_t n = 2;
using parameters = std::array<double, n>;
constexpr parameters start{2000, 1000};

struct households {
  std::vector<double> income, food, share;
};

households read_households(const std::string& path) {
  constexpr const char* header = "\"income\",\"foodexp\"";
  demo::text_lines lines(path, "a CSV file with the columns \"income\",\"foodexp\"",
                         std::string("the line ") + header);
  households all;
  lines.next();
  if (lines.line() != header)
    throw lines.bad("found " + demo::quoted(lines.line()) + " where the header " + header + " should be.");
  while (lines.next()) {
    const auto fields = demo::split(lines.line());
    if (fields.size() != 2)
      throw lines.bad("found " + demo::quoted(lines.line()) +
                      " where a row has two fields, income and expenditure on food.");
    const std::string francs = "an amount in francs above 0 and up to a million";
    const double earned = demo::number_between(lines, fields[0], 1e-3, 1e6, francs),
                 eaten = demo::number_between(lines, fields[1], 1e-3, 1e6, francs);
    all.income.push_back(earned), all.food.push_back(eaten), all.share.push_back(100 * eaten / earned);
  }
  constexpr std::size_t least = 20;
  if (all.income.size() < least)
    throw demo::unusable(path + " has " + std::to_string(all.income.size()) +
                         " households; the fit needs at least " + std::to_string(least) + ".");
  return all;
}

auto residuals(const households& all) {
  return tg::sum_over(tg::rows(income = all.income, observed = all.share), share - observed, most, half);
}

using fit_result = tg::least_squares_result<double, n>;

fit_result settled(const fit_result& fit) {
  if (!fit.converged) throw std::runtime_error("the fit did not converge: " + std::string(fit.why()) + ".");
  return fit;
}
fit_result fitted(const households& all) { return settled(tg::levenberg_marquardt(residuals(all), start)); }
fit_result fitted_robustly(const households& all, double scale) {
  return settled(tg::levenberg_marquardt(tg::robust(residuals(all), tg::cauchy{scale}), start));
}

// ---- the delta method: a quantity's standard error from its gradient by the parameters and their covariance
// ---------------

struct estimate {
  double value, error;
};

/// The quantity at an income. Its error is sqrt(g^T C g), with the gradient g made by the compiler and C the
/// parameters' covariance.
template <class Quantity>
estimate at(const Quantity& quantity, double francs, const fit_result& fit) {
  constexpr auto value_and_gradient = tg::function(
      tg::inputs(income, most, half), tg::outputs(Quantity{}, tg::gradient(Quantity{}, most, half)));
  const auto [value, gradient] = value_and_gradient(francs, fit.parameters[0], fit.parameters[1]);
  double square = 0;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) square += gradient[i] * fit.inverse_normal[i][j] * gradient[j];
  (void)quantity;
  return {value, fit.residual_deviation() * std::sqrt(square)};
}

/// How many standard errors the 95 % interval reaches to either side: Student's t with m - n degrees of
/// freedom.
double reach(std::size_t rows) {
  return boost::math::quantile(boost::math::students_t(static_cast<double>(rows - n)), 0.975);
}

// ---- the picture
// ----------------------------------------------------------------------------------------------------------

template <class Quantity, class Half>
void banded_curve(demo::chart& chart, const Quantity& quantity, demo::range x, const fit_result& fit,
                  std::string_view hue, Half half_width) {
  const auto edge = [&](double sign) {
    return demo::sampled(
        [&](double francs) { return at(quantity, francs, fit).value + sign * half_width(francs); }, x, 240);
  };
  chart.band(edge(-1), edge(1), hue);
}

void draw(const households& all, const fit_result& fit, const fit_result& robust, const std::string& path) {
  const double t = reach(all.income.size()), deviation = fit.residual_deviation();
  const auto [poorest, richest] = std::minmax_element(all.income.begin(), all.income.end());
  const demo::range incomes = demo::rounded_range(all.income, 10), shown{*poorest, *richest};
  const auto value_of = [&](const auto& quantity, const fit_result& of) {
    return demo::sampled([&](double francs) { return at(quantity, francs, of).value; }, shown, 240);
  };
  std::vector<demo::point> shares, foods;
  for (std::size_t i = 0; i < all.income.size(); ++i) {
    shares.push_back({all.income[i], all.share[i]});
    foods.push_back({all.income[i], all.food[i]});
  }
  const auto mean_share = [&](double x) { return t * at(share, x, fit).error; };
  const auto next_share = [&](double x) { return t * std::hypot(deviation, at(share, x, fit).error); };

  std::vector<double> share_heights = all.share, food_heights = all.food, elasticities{0.4, 1.1};
  for (const double x : {shown.low, shown.high}) {
    const double reached = next_share(x), bent = t * at(elasticity, x, fit).error;
    for (const double sign : {-1.0, 1.0}) {
      share_heights.push_back(at(share, x, fit).value + sign * reached);
      food_heights.push_back(at(food, x, fit).value + sign * reached * x / 100);
      elasticities.push_back(at(elasticity, x, fit).value + sign * bent);
    }
  }
  food_heights.push_back(0);

  constexpr double left = 92, width = 1060, half_width = 480;
  char words[200];
  std::snprintf(words, sizeof words,
                "%d Belgian working-class households, 1857; food = %.0f income / (income + %.0f) francs; "
                "residual standard "
                "deviation %.1f points",
                static_cast<int>(all.income.size()), fit.parameters[0], fit.parameters[1], deviation);
  demo::svg_page page = demo::headed_page(
      1200, 1010, left,
      "Engel\xE2\x80\x99s law: the richer a family, the smaller the share of its income that goes on food",
      words);

  demo::chart top(page, {left, 125}, width, 380, incomes, demo::rounded_range(share_heights, 8));
  top.title("Share of income spent on food");
  banded_curve(top, share, shown, fit, demo::color::faint_band, next_share);
  banded_curve(top, share, shown, fit, demo::color::band, mean_share);
  top.axes("yearly income (francs)", "share (%)", 10, 8);
  top.dots(shares, 5, demo::color::data, 0.7);
  top.curve(value_of(share, robust), demo::color::ink, 1.4, "7 4");
  top.curve(value_of(share, fit), demo::color::fit, 2.2);
  top.legend_at(0.72, 0);
  top.legend(0, "household", demo::color::data, 0);
  top.legend(1, "least squares", demo::color::fit, 2.2);
  top.legend(2, "robust fit (Cauchy\xE2\x80\x99s loss)", demo::color::ink, 1.4, "7 4");
  top.legend(3, "95 % confidence band of the mean", demo::color::band, 12);
  top.legend(4, "95 % prediction band of a household", demo::color::faint_band, 12);

  demo::chart francs(page, {left, 625}, half_width, 310, incomes, demo::rounded_range(food_heights, 6));
  francs.title("The same in francs");
  banded_curve(francs, food, shown, fit, demo::color::faint_band,
               [&](double x) { return next_share(x) * x / 100; });
  banded_curve(francs, food, shown, fit, demo::color::band,
               [&](double x) { return t * at(food, x, fit).error; });
  francs.axes("yearly income (francs)", "spent on food (francs)", 6, 6);
  francs.dots(foods, 4.4, demo::color::data, 0.7);
  francs.curve(value_of(food, fit), demo::color::fit, 2.2);

  demo::chart bend(page, {left + width - half_width, 625}, half_width, 310, incomes,
                   demo::rounded_range(elasticities, 7));
  bend.title("Elasticity: % more food for 1 % more income", "below 1: Engel\xE2\x80\x99s law");
  banded_curve(bend, elasticity, shown, fit, demo::color::band,
               [&](double x) { return t * at(elasticity, x, fit).error; });
  bend.axes("yearly income (francs)", "elasticity", 6, 7);
  bend.curve({{incomes.low, 1}, {incomes.high, 1}}, demo::color::ink, 1, "3 3");
  bend.curve(value_of(elasticity, fit), demo::color::fit, 2.2);
  page.save(path);
}

// ---- what is printed and asserted
// -----------------------------------------------------------------------------------------

/// The same households fitted with both losses.
struct both_fits {
  fit_result squares, robust;
};

/// One expenditure with its decimal point misplaced: the richest household's, which pulls most.
households with_slip(households all) {
  all.share[static_cast<std::size_t>(std::ranges::max_element(all.income) - all.income.begin())] /= 10;
  return all;
}

/// By how many standard errors of the least-squares fit one parameter moves.
double moved(const fit_result& to, const fit_result& from, const fit_result& squares) {
  return (to.parameters[1] - from.parameters[1]) / squares.standard_errors()[1];
}

void print_row(const char* name, const parameters& numbers) {
  std::printf("  %-40s %10.2f %10.2f", name, numbers[0], numbers[1]);
}

void print_fits(const both_fits& fits) {
  std::printf("  %-40s %10s %10s   %s", "in francs a year", "most", "half",
              "half moved, in standard errors\n");
  print_row("least squares", fits.squares.parameters);
  std::printf("\n");
  print_row("  standard error", fits.squares.standard_errors());
  std::printf("\n");
  print_row("Cauchy's loss", fits.robust.parameters);
  std::printf("   %+.2f\n", moved(fits.robust, fits.squares, fits.squares));
}

void print_slip(const both_fits& slip, const both_fits& fits) {
  print_row("least squares, one expenditure a tenth", slip.squares.parameters);
  std::printf("   %+.2f\n", moved(slip.squares, fits.squares, fits.squares));
  print_row("Cauchy's loss, one expenditure a tenth", slip.robust.parameters);
  std::printf("   %+.2f from Cauchy's above\n", moved(slip.robust, fits.robust, fits.squares));
}

void print_table(const fit_result& fit, const households& all) {
  const double t = reach(all.income.size());
  const auto [poorest, richest] = std::ranges::minmax(all.income);
  std::printf("\n  %14s  %10s %18s  %10s %18s\n", "income, francs", "share, %", "95 % band", "elasticity",
              "95 % band");
  for (const double francs : {400.0, 700.0, 1000.0, 1500.0, 2000.0, 3000.0, 4900.0}) {
    if (francs < poorest || francs > richest) continue;
    const estimate s = at(share, francs, fit), e = at(elasticity, francs, fit);
    std::printf("  %14.0f  %10.2f %8.2f ..%8.2f  %10.4f %8.4f ..%8.4f\n", francs, s.value,
                s.value - t * s.error, s.value + t * s.error, e.value, e.value - t * e.error,
                e.value + t * e.error);
  }
}

/// The numbers for the table that comes with the example, against SciPy 1.10: curve_fit,
/// least_squares(loss="cauchy") and complex-step derivatives. Those agree among themselves to 7 digits, hence
/// the tolerance.
void check(const both_fits& fits, const both_fits& slip) {
  const auto same = [](double found, double expected) {
    return std::abs(found - expected) <= 1e-6 * std::abs(expected);
  };
  const auto errors = fits.squares.standard_errors();
  expect(same(fits.squares.parameters[0], 4985.81677) && same(fits.squares.parameters[1], 6650.64386));
  expect(same(errors[0], 792.602317) && same(errors[1], 1198.89318));
  expect(same(fits.squares.residual_deviation(), 8.527270818357437));
  expect(same(reach(fits.squares.residual_count), 1.970197598971455));
  expect(same(fits.robust.parameters[0], 4747.18404) && same(fits.robust.parameters[1], 6250.90471));

  struct row {
    double income, share, share_error, elasticity, elasticity_error;
  };
  for (const row& each : {row{400, 70.7143470786, 0.998202777770, 0.943267592586, 0.00964679219332},
                          row{1000, 65.1685905353, 0.567605910257, 0.869292046749, 0.0204825732527},
                          row{4900, 43.1648385222, 2.39995598220, 0.575781224027, 0.0440315710627}}) {
    const estimate s = at(share, each.income, fits.squares), e = at(elasticity, each.income, fits.squares);
    expect(same(s.value, each.share) && same(s.error, each.share_error));
    expect(same(e.value, each.elasticity) && same(e.error, each.elasticity_error));
    expect(e.value + reach(fits.squares.residual_count) * e.error < 1);  // Engel's law
  }
  // A single slip moves the robust fit by less than half as much as least squares.
  expect(std::abs(moved(slip.squares, fits.squares, fits.squares)) >
         2 * std::abs(moved(slip.robust, fits.robust, fits.squares)));
}

int run(const demo::arguments& given) {
  const households all = read_households(given.tables[0]);
  const std::size_t rows = all.income.size();
  std::printf("%s: %d households\n\nFits of share = %s, in percent\n", given.tables[0].c_str(),
              static_cast<int>(rows), std::string(tg::to_string(share).view()).c_str());

  const fit_result fit = fitted(all);
  for (const double error : fit.standard_errors())
    if (!std::isfinite(error))
      throw std::runtime_error(
          "the incomes do not determine both parameters; give a table with different ones.");
  const double scale = fit.residual_deviation();
  const both_fits fits{fit, fitted_robustly(all, scale)};
  print_fits(fits);
  if (given.shipped) {
    const households slipped = with_slip(all);
    const both_fits slip{fitted(slipped), fitted_robustly(slipped, scale)};
    print_slip(slip, fits);
    check(fits, slip);
  }
  std::printf("\nResidual standard deviation %.4f percentage points; %s, %d steps\n",
              fit.residual_deviation(), std::string(fit.why()).c_str(), static_cast<int>(fit.iterations));
  print_table(fit, all);
  draw(all, fit, fits.robust, given.picture);
  std::printf("Picture: %s\n", given.picture.c_str());
  return example::status() == 0 ? 0 : 2;
}

}  // namespace

int main(int count, char** words) {
  return demo::guarded("regression", [&] {
    return run(demo::parse_arguments(count, words,
                                     {.tables = {TYPEGRAD_EXAMPLE_DATA "/engel.csv"},
                                      .picture = "regression.svg",
                                      .usage = "regression [CSV] [--out SVG]"}));
  });
}
