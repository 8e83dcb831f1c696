// SPDX-License-Identifier: BSL-1.0
// Smooth functions with gradients and Hessians written by hand: convex and not, with degenerate minima,
// minima at zero and far from it, saddles, cliffs, plateaus, and without a lower bound. They are rows of one
// type, so that each method is compiled once for all of them.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

namespace minimize_test {

/// The value and both derivatives at a point of two parameters; functions of one leave the second alone.
struct jet {
  double f, x, y, xx, xy, yy;
};

enum class shape {
  convex,     ///< with a minimum
  bounded,    ///< not convex; has a minimum
  endless,    ///< falls for ever towards a bound: there is no minimum, or not on every side
  unbounded,  ///< falls below every bound from almost every start
};

struct smooth_function {
  std::string_view name;
  shape kind;
  jet (*at)(double x, double y);
};

inline jet of_x(double f, double first, double second) { return {f, first, 0, second, 0, 0}; }

inline double softplus(double z) { return z > 0 ? z + std::log1p(std::exp(-z)) : std::log1p(std::exp(z)); }
inline double sigmoid(double z) { return 1 / (1 + std::exp(-z)); }

inline jet logistic(double a, double b) {
  constexpr std::array<double, 6> at{-2, -1, 0, 1, 2, 3}, label{0, 0, 1, 0, 1, 1};
  jet sum{};
  for (std::size_t i = 0; i < at.size(); ++i) {
    const double m = a + b * at[i], p = sigmoid(m), w = p * sigmoid(-m);
    sum.f += label[i] > 0 ? softplus(-m) : softplus(m);
    const double slope = label[i] > 0 ? -sigmoid(-m) : p;
    sum.x += slope, sum.y += slope * at[i];
    sum.xx += w, sum.xy += w * at[i], sum.yy += w * at[i] * at[i];
  }
  return sum;
}

inline jet rosenbrock_jet(double x, double y, double k) {
  const double d = y - x * x;
  return {(1 - x) * (1 - x) + k * d * d,
          -2 * (1 - x) - 4 * k * x * d,
          2 * k * d,
          2 - 4 * k * d + 8 * k * x * x,
          -4 * k * x,
          2 * k};
}

/// 1/2 (r s + t u) of two residuals r, t given with their derivatives.
struct residual_jet {
  double r, x, y, xx, xy, yy;
};
inline jet half_square(const residual_jet& a, const residual_jet& b) {
  jet sum{};
  for (const residual_jet& each : {a, b}) {
    sum.f += each.r * each.r / 2;
    sum.x += each.r * each.x, sum.y += each.r * each.y;
    sum.xx += each.x * each.x + each.r * each.xx, sum.xy += each.x * each.y + each.r * each.xy;
    sum.yy += each.y * each.y + each.r * each.yy;
  }
  return sum;
}

inline const std::vector<smooth_function>& smooth_functions() {
  using std::cos, std::cosh, std::exp, std::sin, std::sinh, std::sqrt;
  static const std::vector<smooth_function> all{
      {"x + exp(-10 x)", shape::convex,
       [](double x, double) {
         const double e = exp(-10 * x);
         return of_x(x + e, 1 - 10 * e, 100 * e);
       }},
      {"(x - 1)^2", shape::convex, [](double x, double) { return of_x((x - 1) * (x - 1), 2 * (x - 1), 2); }},
      {"(x - 1)^2 + 19411", shape::convex,
       [](double x, double) { return of_x((x - 1) * (x - 1) + 19411, 2 * (x - 1), 2); }},
      {"1e-12 (x - 3)^2", shape::convex,
       [](double x, double) { return of_x(1e-12 * (x - 3) * (x - 3), 2e-12 * (x - 3), 2e-12); }},
      {"(1e9 x - 2)^2", shape::convex,
       [](double x, double) {
         const double r = 1e9 * x - 2;
         return of_x(r * r, 2e9 * r, 2e18);
       }},
      {"x^2", shape::convex, [](double x, double) { return of_x(x * x, 2 * x, 2); }},
      {"x^4", shape::convex, [](double x, double) { return of_x(x * x * x * x, 4 * x * x * x, 12 * x * x); }},
      {"x^4 + 7", shape::convex,
       [](double x, double) { return of_x(x * x * x * x + 7, 4 * x * x * x, 12 * x * x); }},
      {"(x - 2)^6", shape::convex,
       [](double x, double) {
         const double d = x - 2;
         return of_x(std::pow(d, 6), 6 * std::pow(d, 5), 30 * std::pow(d, 4));
       }},
      {"cosh(x - 2)", shape::convex,
       [](double x, double) { return of_x(cosh(x - 2), sinh(x - 2), cosh(x - 2)); }},
      {"cosh(100 x)", shape::convex,
       [](double x, double) { return of_x(cosh(100 * x), 100 * sinh(100 * x), 1e4 * cosh(100 * x)); }},
      {"exp(x) - x", shape::convex, [](double x, double) { return of_x(exp(x) - x, exp(x) - 1, exp(x)); }},
      {"exp(x) - 3 x - 7", shape::convex,
       [](double x, double) { return of_x(exp(x) - 3 * x - 7, exp(x) - 3, exp(x)); }},
      {"sqrt(1 + x^2)", shape::convex,
       [](double x, double) {
         const double s = sqrt(1 + x * x);
         return of_x(s, x / s, 1 / (s * s * s));
       }},
      {"log(cosh(x - 1))", shape::convex,
       [](double x, double) {
         const double z = x - 1, c = 1 / cosh(std::min(std::abs(z), 300.0));
         return of_x(std::abs(z) < 1 ? std::log1p(2 * sinh(z / 2) * sinh(z / 2))
                                     : std::abs(z) + std::log1p(exp(-2 * std::abs(z))) - std::log(2),
                     std::tanh(z), c * c);
       }},
      {"softplus(x) - x / 3", shape::convex,
       [](double x, double) {
         return of_x(softplus(x) - x / 3, sigmoid(x) - 1 / 3., sigmoid(x) * sigmoid(-x));
       }},
      {"logistic regression", shape::convex, logistic},
      {"(x - 1)^2 + 1e8 (y - 2)^2", shape::convex,
       [](double x, double y) {
         return jet{(x - 1) * (x - 1) + 1e8 * (y - 2) * (y - 2), 2 * (x - 1), 2e8 * (y - 2), 2, 0, 2e8};
       }},
      {"(x - 1)^2 + y^2 + 5", shape::convex,
       [](double x, double y) { return jet{(x - 1) * (x - 1) + y * y + 5, 2 * (x - 1), 2 * y, 2, 0, 2}; }},
      {"x^4 + y^2", shape::convex,
       [](double x, double y) { return jet{x * x * x * x + y * y, 4 * x * x * x, 2 * y, 12 * x * x, 0, 2}; }},
      {"exp(x + y - 1) + exp(x - y) + exp(-x)", shape::convex,
       [](double x, double y) {
         const double a = exp(x + y - 1), b = exp(x - y), c = exp(-x);
         return jet{a + b + c, a + b - c, a - b, a + b + c, a - b, a + b};
       }},
      {"nearly dependent", shape::convex,
       [](double x, double y) {
         const double s = x + y - 3, d = x - y + 1;
         return jet{s * s + 1e-6 * d * d, 2 * s + 2e-6 * d, 2 * s - 2e-6 * d, 2 + 2e-6, 2 - 2e-6, 2 + 2e-6};
       }},
      {"Rosenbrock", shape::bounded, [](double x, double y) { return rosenbrock_jet(x, y, 100); }},
      {"Rosenbrock + 5", shape::bounded,
       [](double x, double y) {
         jet j = rosenbrock_jet(x, y, 100);
         j.f += 5;
         return j;
       }},
      {"Himmelblau", shape::bounded,
       [](double x, double y) {
         return half_square({x * x + y - 11, 2 * x, 1, 2, 0, 0}, {x + y * y - 7, 1, 2 * y, 0, 0, 2});
       }},
      {"Freudenstein and Roth", shape::bounded,
       [](double x, double y) {
         return half_square({-13 + x + ((5 - y) * y - 2) * y, 1, (10 - 3 * y) * y - 2, 0, 0, 10 - 6 * y},
                            {-29 + x + ((y + 1) * y - 14) * y, 1, (3 * y + 2) * y - 14, 0, 0, 6 * y + 2});
       }},
      {"Beale, two rows", shape::bounded,
       [](double x, double y) {
         return half_square({1.5 - x * (1 - y), y - 1, x, 0, 1, 0},
                            {2.25 - x * (1 - y * y), y * y - 1, 2 * x * y, 0, 2 * y, 2 * x});
       }},
      {"(x^2 - 1)^2 / 4 + y^2", shape::bounded,
       [](double x, double y) {
         const double d = x * x - 1;
         return jet{d * d / 4 + y * y, x * d, 2 * y, 3 * x * x - 1, 0, 2};
       }},
      {"x^4 / 4 + x^3 / 3 + 1", shape::bounded,
       [](double x, double) {
         return of_x(x * x * x * x / 4 + x * x * x / 3 + 1, x * x * x + x * x, 3 * x * x + 2 * x);
       }},
      {"sin(x)^2", shape::bounded,
       [](double x, double) { return of_x(sin(x) * sin(x), 2 * sin(x) * cos(x), 2 * cos(2 * x)); }},
      {"x^2 / 50 + sin(3 x)", shape::bounded,
       [](double x, double) {
         return of_x(x * x / 50 + sin(3 * x), x / 25 + 3 * cos(3 * x), 1 / 25. - 9 * sin(3 * x));
       }},
      {"x^2 / (1 + x^2)", shape::bounded,
       [](double x, double) {
         const double s = 1 + x * x;
         return of_x(x * x / s, 2 * x / (s * s), (2 - 6 * x * x) / (s * s * s));
       }},
      {"(x y - 1)^2", shape::bounded,
       [](double x, double y) {
         const double r = x * y - 1;
         return jet{r * r, 2 * r * y, 2 * r * x, 2 * y * y, 2 * (x * y + r), 2 * x * x};
       }},
      {"cosh(x) - 1", shape::bounded, [](double x, double) { return of_x(cosh(x) - 1, sinh(x), cosh(x)); }},
      {"1 - cos(x - 2)", shape::bounded,
       [](double x, double) { return of_x(1 - cos(x - 2), sin(x - 2), cos(x - 2)); }},
      {"exp(x) - x - 1", shape::bounded,
       [](double x, double) { return of_x(exp(x) - x - 1, exp(x) - 1, exp(x)); }},
      {"cosh(x) + cosh(y - 1) - 2", shape::bounded,
       [](double x, double y) {
         return jet{cosh(x) - 1 + (cosh(y - 1) - 1), sinh(x), sinh(y - 1), cosh(x), 0, cosh(y - 1)};
       }},
      {"exp(x) - 5 x", shape::convex,
       [](double x, double) { return of_x(exp(x) - 5 * x, exp(x) - 5, exp(x)); }},
      {"1e10 x^2 + 1e-10 y^2", shape::bounded,
       [](double x, double y) {
         return jet{1e10 * x * x + 1e-10 * y * y, 2e10 * x, 2e-10 * y, 2e10, 0, 2e-10};
       }},
      {"(x - y^2) (x - 2 y^2)", shape::unbounded,
       [](double x, double y) {
         const double q = y * y;
         return jet{(x - q) * (x - 2 * q), 2 * x - 3 * q, -6 * x * y + 8 * q * y, 2, -6 * y, 24 * q - 6 * x};
       }},
      {"x^2 + y^3", shape::unbounded,
       [](double x, double y) { return jet{x * x + y * y * y, 2 * x, 3 * y * y, 2, 0, 6 * y}; }},
      {"x^2 + exp(-y)", shape::endless,
       [](double x, double y) { return jet{x * x + exp(-y), 2 * x, -exp(-y), 2, 0, exp(-y)}; }},
      {"exp(-x)", shape::endless, [](double x, double) { return of_x(exp(-x), -exp(-x), exp(-x)); }},
      {"1 - exp(-x^2)", shape::endless,
       [](double x, double) {
         const double e = exp(-x * x);
         return of_x(-std::expm1(-x * x), 2 * x * e, (2 - 4 * x * x) * e);
       }},
      {"atan(x)", shape::endless,
       [](double x, double) {
         const double s = 1 + x * x;
         return of_x(std::atan(x), 1 / s, -2 * x / (s * s));
       }},
      {"x", shape::unbounded, [](double x, double) { return of_x(x, 1, 0); }},
      {"x^3", shape::unbounded, [](double x, double) { return of_x(x * x * x, 3 * x * x, 6 * x); }},
      {"-x^2", shape::unbounded, [](double x, double) { return of_x(-x * x, -2 * x, -2); }},
      {"y^2 - log(1 + x^2)", shape::unbounded,
       [](double x, double y) {
         const double s = 1 + x * x;
         return jet{y * y - std::log(s), -2 * x / s, 2 * y, (2 * x * x - 2) / (s * s), 0, 2};
       }},
      {"x - exp(x / 100)", shape::unbounded,
       [](double x, double) { return of_x(x - exp(x / 100), 1 - exp(x / 100) / 100, -exp(x / 100) / 1e4); }},
      {"(x - 1)^2 - 3 x y + y^2", shape::unbounded,
       [](double x, double y) {
         return jet{(x - 1) * (x - 1) - 3 * x * y + y * y, 2 * (x - 1) - 3 * y, 2 * y - 3 * x, 2, -3, 2};
       }},
  };
  return all;
}

/// Residuals of two parameters with their derivatives; their cost is half the sum of squares.
struct residual_function {
  std::string_view name;
  shape kind;
  std::vector<residual_jet> (*at)(double x, double y);
};

inline residual_jet r_of_x(double r, double first, double second) { return {r, first, 0, second, 0, 0}; }

inline const std::vector<residual_function>& residual_functions() {
  using std::exp, std::sin, std::cos;
  using rows = std::vector<residual_jet>;
  static const std::vector<residual_function> all{
      {"x - 1", shape::convex, [](double x, double) { return rows{r_of_x(x - 1, 1, 0)}; }},
      {"x - 1, x + 1", shape::convex,
       [](double x, double) {
         return rows{r_of_x(x - 1, 1, 0), r_of_x(x + 1, 1, 0)};
       }},
      {"1e6 x - 1, y - 1e6", shape::convex,
       [](double x, double y) {
         return rows{r_of_x(1e6 * x - 1, 1e6, 0), {y - 1e6, 0, 1, 0, 0, 0}};
       }},
      {"x + y - 3, 1e-4 (x - y), 2", shape::convex,
       [](double x, double y) {
         return rows{{x + y - 3, 1, 1, 0, 0, 0}, {1e-4 * (x - y), 1e-4, -1e-4, 0, 0, 0}, r_of_x(2, 0, 0)};
       }},
      {"x^2", shape::convex, [](double x, double) { return rows{r_of_x(x * x, 2 * x, 2)}; }},
      {"exp(x), exp(-x)", shape::convex,
       [](double x, double) {
         return rows{r_of_x(exp(x), exp(x), exp(x)), r_of_x(exp(-x), -exp(-x), exp(-x))};
       }},
      {"exp(x) - 2", shape::bounded,
       [](double x, double) { return rows{r_of_x(exp(x) - 2, exp(x), exp(x))}; }},
      {"x^2 - 2", shape::bounded, [](double x, double) { return rows{r_of_x(x * x - 2, 2 * x, 2)}; }},
      {"x^2 + 1", shape::bounded, [](double x, double) { return rows{r_of_x(x * x + 1, 2 * x, 2)}; }},
      {"x^3 - 1", shape::bounded,
       [](double x, double) { return rows{r_of_x(x * x * x - 1, 3 * x * x, 6 * x)}; }},
      {"atan(x)", shape::bounded,
       [](double x, double) {
         const double s = 1 + x * x;
         return rows{r_of_x(std::atan(x), 1 / s, -2 * x / (s * s))};
       }},
      {"sin(x), cos(x) - 2", shape::bounded,
       [](double x, double) {
         return rows{r_of_x(sin(x), cos(x), -sin(x)), r_of_x(cos(x) - 2, -sin(x), -cos(x))};
       }},
      {"x y - 1, x - y", shape::bounded,
       [](double x, double y) {
         return rows{{x * y - 1, y, x, 0, 1, 0}, {x - y, 1, -1, 0, 0, 0}};
       }},
      {"Rosenbrock", shape::bounded,
       [](double x, double y) {
         return rows{r_of_x(1 - x, -1, 0), {10 * (y - x * x), -20 * x, 10, -20, 0, 0}};
       }},
      {"Freudenstein and Roth", shape::bounded,
       [](double x, double y) {
         return rows{{-13 + x + ((5 - y) * y - 2) * y, 1, (10 - 3 * y) * y - 2, 0, 0, 10 - 6 * y},
                     {-29 + x + ((y + 1) * y - 14) * y, 1, (3 * y + 2) * y - 14, 0, 0, 6 * y + 2}};
       }},
      {"x exp(-y t) - data", shape::endless,
       [](double x, double y) {
         constexpr std::array<double, 5> data{5.1, 3, 1.8, 1.1, 0.7};
         rows all_rows;
         for (std::size_t i = 0; i < data.size(); ++i) {
           const double t = static_cast<double>(i), e = exp(-y * t);
           all_rows.push_back({x * e - data[i], e, -t * x * e, 0, -t * e, t * t * x * e});
         }
         return all_rows;
       }},
      {"exp(-x) - 1/2", shape::bounded,
       [](double x, double) { return rows{r_of_x(exp(-x) - 0.5, -exp(-x), exp(-x))}; }},
      {"x y - 3", shape::bounded,
       [](double x, double y) {
         return rows{{x * y - 3, y, x, 0, 1, 0}};
       }},
      {"1e5 + x^2", shape::bounded, [](double x, double) { return rows{r_of_x(1e5 + x * x, 2 * x, 2)}; }},
      {"sin(x) + 2", shape::bounded,
       [](double x, double) { return rows{r_of_x(sin(x) + 2, cos(x), -sin(x))}; }},
      {"1e8 x - 1, 1e-8 y - 1", shape::bounded,
       [](double x, double y) {
         return rows{{1e8 * x - 1, 1e8, 0, 0, 0, 0}, {1e-8 * y - 1, 0, 1e-8, 0, 0, 0}};
       }},
      {"atan(x) - 2", shape::endless,
       [](double x, double) {
         const double s = 1 + x * x;
         return rows{r_of_x(std::atan(x) - 2, 1 / s, -2 * x / (s * s))};
       }},
      {"exp(-x)", shape::endless, [](double x, double) { return rows{r_of_x(exp(-x), -exp(-x), exp(-x))}; }},
      {"1 / (1 + x^2)", shape::endless,
       [](double x, double) {
         const double s = 1 + x * x;
         return rows{r_of_x(1 / s, -2 * x / (s * s), (6 * x * x - 2) / (s * s * s))};
       }},
  };
  return all;
}

inline jet jet_of(const smooth_function& f, const std::vector<double>& v) {
  return f.at(v[0], v.size() > 1 ? v[1] : 0.0);
}
inline jet jet_of(const residual_function& f, const std::vector<double>& v) {
  jet sum{};
  for (const residual_jet& each : f.at(v[0], v.size() > 1 ? v[1] : 0.0)) {
    const jet one = half_square(each, {});
    sum.f += one.f, sum.x += one.x, sum.y += one.y, sum.xx += one.xx, sum.xy += one.xy, sum.yy += one.yy;
  }
  return sum;
}

/// 1 where nothing depends on y.
inline std::size_t parameters_of(const auto& row) {
  const std::vector<double> here{0.3, 0.1};
  const jet j = jet_of(row, here);
  return j.y != 0 || j.yy != 0 ? 2 : 1;
}

/// Rows as problems of tg::minimize.
struct function_problem {
  const smooth_function* row;

  using point = std::vector<double>;
  double value(const point& v) const { return jet_of(*row, v).f; }
  double value_and_gradient(const point& v, std::span<double> g) const {
    const jet j = jet_of(*row, v);
    g[0] = j.x;
    if (g.size() > 1) g[1] = j.y;
    return j.f;
  }
  double value_gradient_hessian(const point& v, std::span<double> g, std::span<double> h) const {
    const jet j = jet_of(*row, v);
    h[0] = j.xx;
    if (g.size() > 1) h[1] = h[2] = j.xy, h[3] = j.yy;
    return value_and_gradient(v, g);
  }
};

struct residual_problem {
  const residual_function* row;

  using point = std::vector<double>;
  std::size_t residual_count() const { return row->at(0.3, 0.1).size(); }
  void residuals(const point& v, std::span<double> r) const {
    const auto all = row->at(v[0], v.size() > 1 ? v[1] : 0.0);
    for (std::size_t i = 0; i < all.size(); ++i) r[i] = all[i].r;
  }
  void linearize(const point& v, std::span<double> r, std::span<double> jacobian) const {
    const auto all = row->at(v[0], v.size() > 1 ? v[1] : 0.0);
    for (std::size_t i = 0; i < all.size(); ++i) {
      r[i] = all[i].r, jacobian[i * v.size()] = all[i].x;
      if (v.size() > 1) jacobian[i * v.size() + 1] = all[i].y;
    }
  }
};

}  // namespace minimize_test
