// SPDX-License-Identifier: BSL-1.0
// Robust losses: each against its definition, and a line through points with outliers against a search by
// brute force in long double that knows nothing of derivatives.
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <typegrad/optimize/dogleg.hpp>
#include <typegrad/optimize/gauss_newton.hpp>
#include <typegrad/optimize/l_bfgs.hpp>
#include <typegrad/optimize/levenberg_marquardt.hpp>
#include <typegrad/optimize/minimize.hpp>
#include <typegrad/optimize/robust_loss.hpp>
#include <typegrad/typegrad.hpp>
#include <vector>

namespace {

using wide = long double;

/// rho as it stands in the books, with s = r^2.
void each_loss(auto use) {
  use("huber", tg::huber{.scale = 0.3},
      [](wide s) { return std::sqrt(s) <= 0.3L ? s : 0.6L * std::sqrt(s) - 0.09L; });
  use("soft_l1", tg::soft_l1{.scale = 0.3}, [](wide s) { return 0.18L * (std::sqrt(1 + s / 0.09L) - 1); });
  use("cauchy", tg::cauchy{.scale = 0.3}, [](wide s) { return 0.09L * std::log(1 + s / 0.09L); });
  use("arctan", tg::arctan{.scale = 0.3}, [](wide s) { return 0.09L * std::atan(s / 0.09L); });
  use("tukey", tg::tukey{.scale = 1.5},
      [](wide s) { return s <= 2.25L ? 0.75L * (1 - std::pow(1 - s / 2.25L, 3.0L)) : 0.75L; });
}

/// 1 + 2 t with errors of 0.1, and every fifth point 5 too high.
struct points {
  std::vector<double> t, y;
  points() {
    for (int i = 0; i < 20; ++i) {
      t.push_back(i / 10.0);
      y.push_back(1 + 2 * t.back() + 0.1 * std::sin(7.0 * i) + (i % 5 == 2 ? 5 : 0));
    }
  }
};

/// The lowest point of f near (a, b): the middle of ever smaller grids of 5 x 5 points.
std::array<wide, 2> search(auto f, wide a, wide b) {
  for (wide width = 0.5L; width > 1e-12L; width *= 0.6L) {
    wide best = std::numeric_limits<wide>::infinity(), at_a = a, at_b = b;
    for (int i = -2; i <= 2; ++i)
      for (int j = -2; j <= 2; ++j)
        if (const wide value = f(a + i * width / 2, b + j * width / 2); value < best)
          best = value, at_a = a + i * width / 2, at_b = b + j * width / 2;
    a = at_a, b = at_b;
  }
  return {a, b};
}

constexpr auto level = tg::symbol<"level">;
constexpr auto slope = tg::symbol<"slope">;
constexpr auto t = tg::symbol<"t">;
constexpr auto y = tg::symbol<"y">;

}  // namespace

// Values against the definition; slopes against central differences of it in long double, whose rounding is
// 5e-9 at s = 1e-6.
BOOST_AUTO_TEST_CASE(definitions) {
  each_loss([](std::string_view name, auto loss, auto definition) {
    for (const double s : {0.0, 1e-6, 0.01, 0.08, 0.5, 1.0, 2.0, 4.0, 100.0}) {
      BOOST_TEST_CONTEXT(name << " at " << s) {
        const auto found = loss(s);
        BOOST_TEST(std::abs(found.value - static_cast<double>(definition(s))) <= 1e-15 + 1e-14 * found.value);
        const wide h = s > 0 ? 1e-5L * s : 1e-9L;
        const wide difference = s > 0 ? (definition(s + h) - definition(s - h)) / (2 * h) : 1;
        BOOST_TEST(std::abs(found.slope - static_cast<double>(difference)) <= 1e-8);
      }
    }
    BOOST_TEST(std::isnan(loss(std::nan("")).value));
  });
}

BOOST_AUTO_TEST_CASE(a_line_with_outliers) {
  const points data;
  const auto line = tg::sum_over(tg::rows(t = data.t, y = data.y), level + slope * t - y, level, slope);
  each_loss([&](std::string_view name, auto loss, auto definition) {
    const auto cost = [&](wide a, wide b) {
      wide sum = 0;
      for (std::size_t i = 0; i < data.t.size(); ++i) {
        const wide r = a + b * data.t[i] - data.y[i];
        sum += definition(r * r);
      }
      return sum / 2;
    };
    const auto truth = search(cost, 1, 2);
    const auto check = [&](std::string_view by, const auto& parameters, double value) {
      BOOST_TEST_CONTEXT(name << " by " << by) {
        // The search sees values only: 1e-8 is what a value of 19 digits tells of its minimum.
        BOOST_TEST(std::abs(parameters[0] - static_cast<double>(truth[0])) <= 1e-8);
        BOOST_TEST(std::abs(parameters[1] - static_cast<double>(truth[1])) <= 1e-8);
        BOOST_TEST(value == static_cast<double>(cost(truth[0], truth[1])),
                   boost::test_tools::tolerance(1e-12));
        BOOST_TEST(std::abs(parameters[0] - 1) < 0.3);  // the outliers do not pull
      }
    };
    const auto problem = tg::robust(line, loss);
    const std::array start{1.2, 1.8};
    const auto fit = tg::levenberg_marquardt(problem, start);
    BOOST_TEST(fit.converged);
    BOOST_TEST(fit.residual_count == data.t.size());
    check("levenberg_marquardt", fit.parameters, fit.cost);
    const auto run = [&](std::string_view by, auto method) {
      const auto result = tg::minimize(problem, start, method);
      BOOST_TEST(result.converged, by << ": " << result.why());
      check(by, result.parameters, result.value);
    };
    run("levenberg_marquardt_method", tg::levenberg_marquardt_method{});
    run("dogleg", tg::dogleg{});
    run("gauss_newton", tg::gauss_newton{});
    run("l_bfgs", tg::l_bfgs{});
  });
  // Without a loss they do.
  const auto pulled = tg::levenberg_marquardt(line, std::array{1.2, 1.8});
  BOOST_TEST(std::abs(pulled.parameters[0] - 1) > 0.8);
}

// A scale that makes no loss is refused, with a sentence, before anything is asked.
BOOST_AUTO_TEST_CASE(impossible_scales) {
  const points data;
  const auto line = tg::sum_over(tg::rows(t = data.t, y = data.y), level + slope * t - y, level, slope);
  for (const double scale : {0.0, -1.0, std::nan(""), std::numeric_limits<double>::infinity(), 1e-200})
    each_loss([&](std::string_view name, auto loss, auto) {
      loss.scale = scale;
      const auto problem = tg::robust(line, loss);
      const auto refused = [&](std::string_view by, const auto& result, double value) {
        BOOST_TEST_CONTEXT(name << " of scale " << scale << " by " << by) {
          BOOST_TEST((result.reason == tg::stop_reason::invalid_options));
          BOOST_TEST(!result.converged);
          BOOST_TEST(std::isnan(value));
        }
      };
      const std::array start{1.2, 1.8};
      const auto by_method = tg::minimize(problem, start, tg::levenberg_marquardt_method{});
      refused("levenberg_marquardt_method", by_method, by_method.value);
      BOOST_TEST(by_method.why().find(std::string(name) + ": the option scale is") != std::string::npos);
      const auto by_line = tg::minimize(problem, start, tg::l_bfgs{});
      refused("l_bfgs", by_line, by_line.value);
      const auto fit = tg::levenberg_marquardt(problem, start);
      refused("levenberg_marquardt", fit, fit.cost);
    });
}

// The same by residuals that come all at once, and by the parameters of run-time length.
BOOST_AUTO_TEST_CASE(both_kinds_of_residuals) {
  const points data;
  const auto all = tg::least_squares(
      data.t.size(),
      [&](const auto& v, auto r) {
        for (std::size_t i = 0; i < r.size(); ++i) r[i] = v[0] + v[1] * data.t[i] - data.y[i];
      },
      [&](const auto&, auto j) {
        for (std::size_t i = 0; i < data.t.size(); ++i) j[2 * i] = 1, j[2 * i + 1] = data.t[i];
      });
  const auto rows = tg::sum_over(tg::rows(t = data.t, y = data.y), level + slope * t - y, level, slope);
  const auto one = tg::levenberg_marquardt(tg::robust(all, tg::cauchy{0.3}), std::vector<double>{1.2, 1.8});
  const auto other = tg::levenberg_marquardt(tg::robust(rows, tg::cauchy{0.3}), std::array{1.2, 1.8});
  BOOST_TEST(one.parameters[0] == other.parameters[0], boost::test_tools::tolerance(1e-12));
  BOOST_TEST(one.parameters[1] == other.parameters[1], boost::test_tools::tolerance(1e-12));
}

// Two residuals in each row are one block: the loss is of the sum of their squares.
BOOST_AUTO_TEST_CASE(blocks_of_two_residuals) {
  constexpr auto w = tg::symbol<"w">;
  const points data;
  std::vector<double> ws;
  for (std::size_t i = 0; i < data.t.size(); ++i)
    ws.push_back(data.t[i] - 2 + 0.1 * std::cos(5.0 * static_cast<double>(i)) - (i % 5 == 2 ? 3 : 0));
  const auto plane = tg::sum_over(tg::rows(t = data.t, y = data.y, w = ws),
                                  tg::outputs(level + slope * t - y, level * t - slope - w), level, slope);
  each_loss([&](std::string_view name, auto loss, auto definition) {
    const auto cost = [&](wide a, wide b) {
      wide sum = 0;
      for (std::size_t i = 0; i < data.t.size(); ++i) {
        const wide r = a + b * data.t[i] - data.y[i], s = a * data.t[i] - b - ws[i];
        sum += definition(r * r + s * s);
      }
      return sum / 2;
    };
    const auto truth = search(cost, 1, 2);
    const auto check = [&](std::string_view by, const auto& parameters, double value) {
      BOOST_TEST_CONTEXT(name << " by " << by) {
        BOOST_TEST(std::abs(parameters[0] - static_cast<double>(truth[0])) <= 1e-8);
        BOOST_TEST(std::abs(parameters[1] - static_cast<double>(truth[1])) <= 1e-8);
        BOOST_TEST(value == static_cast<double>(cost(truth[0], truth[1])),
                   boost::test_tools::tolerance(1e-12));
      }
    };
    const auto problem = tg::robust(plane, loss);
    const std::array start{1.2, 1.8};
    const auto fit = tg::levenberg_marquardt(problem, start);
    BOOST_TEST(fit.residual_count == 2 * data.t.size());
    check("levenberg_marquardt", fit.parameters, fit.cost);
    const auto result = tg::minimize(problem, start, tg::l_bfgs{});
    BOOST_TEST(result.converged, result.why());
    check("l_bfgs", result.parameters, result.value);
    const auto squares = tg::minimize(tg::robust(tg::half_squares(plane), loss), start, tg::dogleg{});
    check("dogleg", squares.parameters, squares.value);
  });
}
