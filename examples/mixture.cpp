// SPDX-License-Identifier: BSL-1.0
// Three Gaussians are fitted to the irises without telling which species each is: the log-likelihood of a
// mixture as a formula of arrays, maximised by L-BFGS from several starts, and by Newton's method from the
// best of them on. Each component has a weight, a mean and a matrix R of which R'R is the inverse of its
// covariance, so that any numbers are a mixture. Judged by the species afterwards. Usage: mixture [CSV]
// [--out SVG] [--seed NUMBER]. Status 0: fitted; 1: an error, in one sentence; 2: other than expected.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <iostream>
#include <numbers>
#include <random>
#include <span>
#include <string>
#include <typegrad/array.hpp>
#include <typegrad/optimize/array_problem.hpp>
#include <typegrad/optimize/l_bfgs.hpp>
#include <typegrad/optimize/minimize.hpp>
#include <typegrad/optimize/newton.hpp>
#include <vector>

#include "support/arguments.hpp"
#include "support/chart.hpp"
#include "support/expect.hpp"
#include "support/labelled_table.hpp"
#include "support/svg.hpp"

namespace {

using example::expect;
using namespace tg::literals;

constexpr std::size_t parts = 3, features = 4;

constexpr auto x = tg::array<"x", tg::rows, 4>;
constexpr auto weight = tg::array<"weight", 3>;  // the shares of the components are its softmax
constexpr auto mean = tg::array<"mean", 3, 4>;
constexpr auto factor = tg::array<"R", 3, 4, 4>;
constexpr auto theta = tg::parameters(weight, mean, factor);

// For row i and component k: R_k (x_i - mean_k), and the logarithm of the share times the density.
constexpr auto deviation = tg::einsum<"kab,ib->ika">(factor, x) - tg::einsum<"kab,kb->ka">(factor, mean);
constexpr auto joint = tg::log_softmax(weight) + tg::log_determinant(factor) -
                       tg::sum<2>(deviation * deviation) / 2_c - 2_c * log(2_c * tg::pi);
constexpr auto loss = -tg::sum(tg::logsumexp<1>(joint));
constexpr auto responsibility = tg::softmax<1>(joint);
constexpr auto assign = tg::function(tg::inputs(x, theta), tg::outputs(responsibility));

using rows = std::vector<std::array<double, features>>;
using matrix = std::array<std::array<double, features>, features>;

/// A start: the means are three of the rows, drawn at random, and each covariance is that of all rows.
std::vector<double> start(const rows& all, std::mt19937_64& random) {
  std::vector<double> at(theta.size());
  for (std::size_t k = 0; k < parts; ++k) {
    const auto& row = all[random() % all.size()];
    for (std::size_t f = 0; f < features; ++f) {
      double center = 0, square = 0;
      for (const auto& each : all) center += each[f] / static_cast<double>(all.size());
      for (const auto& each : all)
        square += (each[f] - center) * (each[f] - center) / static_cast<double>(all.size());
      theta.view(at, mean)[features * k + f] = row[f];
      theta.view(at, factor)[features * (features * k + f) + f] = 1 / std::sqrt(square);
    }
  }
  return at;
}

/// A fitted mixture, its components in the order of the classes that they share most rows with.
struct mixture {
  std::array<double, parts> share{};
  std::array<std::array<double, features>, parts> center{};
  std::array<matrix, parts> covariance{};
  std::vector<std::size_t> component;  // of each row, the likeliest
  double worst = 0;                    // by how much the fit misses the equations of a maximum

  /// The equations of expectation maximisation: at a maximum each share, mean and covariance is that of the
  /// rows, weighted by their responsibilities. What is on their right is taken.
  mixture(const rows& all, const std::vector<double>& fitted) {
    std::vector<std::array<double, parts>> weights(all.size());
    tg::bound<double>(assign)(all, fitted, weights);
    const auto given = theta.view(fitted, mean);
    const auto root = theta.view(fitted, factor);
    for (std::size_t k = 0; k < parts; ++k) {
      for (std::size_t i = 0; i < all.size(); ++i) share[k] += weights[i][k];
      for (std::size_t f = 0; f < features; ++f) {
        for (std::size_t i = 0; i < all.size(); ++i) center[k][f] += weights[i][k] * all[i][f] / share[k];
        worst = std::max(worst, std::abs(center[k][f] - given[features * k + f]));
      }
      for (std::size_t f = 0; f < features; ++f)
        for (std::size_t g = 0; g < features; ++g)
          for (std::size_t i = 0; i < all.size(); ++i)
            covariance[k][f][g] +=
                weights[i][k] * (all[i][f] - center[k][f]) * (all[i][g] - center[k][g]) / share[k];
      // R covariance R' = I
      const auto r = [&](std::size_t row, std::size_t f) {
        return root[features * (features * k + row) + f];
      };
      for (std::size_t row = 0; row < features; ++row)
        for (std::size_t column = 0; column < features; ++column) {
          double sum = row == column ? -1 : 0;
          for (std::size_t f = 0; f < features; ++f)
            for (std::size_t g = 0; g < features; ++g) sum += r(row, f) * covariance[k][f][g] * r(column, g);
          worst = std::max(worst, std::abs(sum));
        }
    }
    for (const auto& row : weights)
      component.push_back(static_cast<std::size_t>(std::ranges::max_element(row) - row.begin()));
  }

  /// How many rows of each class (first index) are in each component (second index).
  std::array<std::array<int, parts>, parts> table(const std::vector<std::size_t>& classes) const {
    std::array<std::array<int, parts>, parts> counts{};
    for (std::size_t i = 0; i < classes.size(); ++i) ++counts[classes[i]][component[i]];
    return counts;
  }
};

/// Components have no names: the one of each class, so that most rows agree.
std::array<std::size_t, parts> best_names(const std::array<std::array<int, parts>, parts>& counts) {
  std::array<std::size_t, parts> names{0, 1, 2}, best = names;
  int most = -1;
  do {
    int agree = 0;
    for (std::size_t k = 0; k < parts; ++k) agree += counts[k][names[k]];
    if (agree > most) most = agree, best = names;
  } while (std::ranges::next_permutation(names).found);
  return best;
}

/// The ellipse within which 95 % of a component lie, of two of its features.
std::vector<demo::point> ellipse(const mixture& fit, std::size_t k, std::size_t f, std::size_t g) {
  const double xx = fit.covariance[k][f][f], xy = fit.covariance[k][f][g], yy = fit.covariance[k][g][g];
  const double a = std::sqrt(xx), b = xy / a, c = std::sqrt(yy - b * b),
               reach = std::sqrt(-2 * std::log(0.05));
  std::vector<demo::point> line;
  for (int i = 0; i <= 120; ++i) {
    const double angle = 2 * std::numbers::pi * i / 120, u = reach * std::cos(angle),
                 v = reach * std::sin(angle);
    line.push_back({fit.center[k][f] + a * u, fit.center[k][g] + b * u + c * v});
  }
  return line;
}

struct story {
  std::vector<std::vector<demo::point>> starts;  // loss against the step, of each start
  std::vector<demo::point> end;                  // of Newton's method
};

void draw(const rows& all, const demo::labelled_table& table, const mixture& fit,
          const std::array<std::size_t, parts>& names, const story& runs, int agree,
          const std::string& path) {
  constexpr double left = 92, width = 470, pitch = 590;
  char words[160];
  std::snprintf(
      words, sizeof words,
      "150 irises without their species: log-likelihood %.3f; %d are in the component of their species",
      -runs.end.back().y, agree);
  demo::svg_page page =
      demo::headed_page(1200, 960, left, "A mixture of three Gaussians finds three species", words);
  const char* const measured[] = {"sepal length (cm)", "sepal width (cm)", "petal length (cm)",
                                  "petal width (cm)"};
  const auto plane = [&](double x_of_chart, std::size_t f, std::size_t g, const char* title) {
    std::vector<double> across, up;
    for (const auto& row : all) across.push_back(row[f]), up.push_back(row[g]);
    for (std::size_t k = 0; k < parts; ++k)
      for (const demo::point& p : ellipse(fit, k, f, g)) across.push_back(p.x), up.push_back(p.y);
    demo::chart chart(page, {x_of_chart, 125}, width, 380, demo::rounded_range(across, 8),
                      demo::rounded_range(up, 8));
    chart.title(title);
    chart.axes(measured[f], measured[g], 8, 8);
    for (std::size_t k = 0; k < parts; ++k) {
      std::vector<demo::point> right, other;
      for (std::size_t i = 0; i < all.size(); ++i)
        if (fit.component[i] == names[k])
          (table.labels[i] == k ? right : other).push_back({all[i][f], all[i][g]});
      chart.curve(ellipse(fit, names[k], f, g), demo::color::series[k], 2);
      chart.dots(right, 6, demo::color::series[k], 0.8);
      chart.dots(other, 13, demo::color::ink, 1);
      chart.dots(other, 8, demo::color::series[k], 1);
    }
    return chart;
  };
  demo::chart petals = plane(left, 2, 3, "Petals, with the ellipses of 95 %");
  for (std::size_t k = 0; k < parts; ++k)
    petals.legend(static_cast<int>(k), "component of " + table.classes[k], demo::color::series[k], 0);
  petals.legend(parts, "of another species", demo::color::ink, 0);
  plane(left + pitch, 0, 1, "Sepals");

  auto curves = runs.starts;
  curves.push_back(runs.end);
  std::vector<double> heights;
  for (const auto& curve : curves)
    for (const demo::point& p : curve) heights.push_back(std::min(p.y, 320.0));
  demo::chart losses(page, {left, 630}, width + pitch, 250, {0, 240}, demo::rounded_range(heights, 5));
  losses.title("From twelve starts by L-BFGS, and on from the best by Newton\xE2\x80\x99s method");
  losses.axes("step", "minus log-likelihood", 12, 5);
  for (auto& curve : curves) {
    std::erase_if(curve, [](const demo::point& p) { return p.y > 320; });
    const bool last = &curve == &curves.back();
    losses.curve(curve, last ? demo::color::fit : demo::color::data, last ? 3 : 1.2);
  }
  page.save(path);
}

int run(const demo::arguments& given) {
  const demo::labelled_table table = demo::read_labelled(given.tables[0], features, parts);
  rows all(table.rows.size());
  for (std::size_t i = 0; i < all.size(); ++i) std::ranges::copy(table.rows[i], all[i].begin());
  const auto problem = tg::objective(loss, theta, x = all);
  std::mt19937_64 random(given.seed);

  story runs;
  std::vector<double> best;
  double least = 0;
  for (int k = 0; k < 12; ++k) {
    auto& curve = runs.starts.emplace_back();
    const auto fit = tg::minimize(problem, start(all, random), tg::l_bfgs{}, {.max_iterations = 200},
                                  [&](const auto& now) {
                                    curve.push_back({static_cast<double>(now.iteration), now.value});
                                  });
    if (best.empty() || fit.value < least) best = fit.parameters, least = fit.value;
  }
  std::printf("%s: %zu flowers, %zu parameters; the best of 12 starts after 200 steps: %.6f\n",
              given.tables[0].c_str(), all.size(), theta.size(), -least);
  const auto fit = tg::minimize(problem, best, tg::newton{}, {.max_iterations = 200}, [&](const auto& now) {
    runs.end.push_back({200 + static_cast<double>(now.iteration), now.value});
  });
  std::cout << "Newton's method: " << fit.why() << '\n';
  const mixture found(all, fit.parameters);
  const auto counts = found.table(table.labels);
  const auto names = best_names(counts);
  int agree = 0;
  for (std::size_t k = 0; k < parts; ++k) {
    agree += counts[k][names[k]];
    std::printf("  %-12s share %.4f, mean", table.classes[k].c_str(),
                found.share[names[k]] / static_cast<double>(all.size()));
    for (const double each : found.center[names[k]]) std::printf(" %.4f", each);
    std::printf("; flowers of the species in the components:");
    for (const std::size_t name : names) std::printf(" %d", counts[k][name]);
    std::printf("\n");
  }
  std::printf(
      "Log-likelihood %.9f; %d of %zu flowers in the component of their species; the equations of a "
      "maximum hold to %.1e\n",
      -fit.value, agree, all.size(), found.worst);
  expect(fit.converged && found.worst < 1e-6);
  if (given.shipped && given.seed == 1) {  // scikit-learn 1.2.1, GaussianMixture without regularisation
    expect(std::abs(fit.value - 180.185477131) < 1e-6);
    expect(agree == 145);
  }
  draw(all, table, found, names, runs, agree, given.picture);
  std::printf("Picture: %s\n", given.picture.c_str());
  return example::status() == 0 ? 0 : 2;
}

}  // namespace

int main(int count, char** words) {
  return demo::guarded("mixture", [&] {
    return run(demo::parse_arguments(count, words,
                                     {.tables = {TYPEGRAD_EXAMPLE_DATA "/iris.csv"},
                                      .picture = "mixture.svg",
                                      .usage = "mixture [CSV] [--out SVG] [--seed NUMBER]",
                                      .has_seed = true}));
  });
}
