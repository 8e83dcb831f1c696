// SPDX-License-Identifier: BSL-1.0
// The checks as properties over many functions: right derivatives are never called wrong, be they of
// polynomials with ripples of every size and frequency, of rough or of ill-conditioned functions; wrong ones
// always are, also where they are wrong at one point or on one side only.
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <string>
#include <tuple>
#include <type_traits>
#include <typegrad/validate/microderivative.hpp>
#include <typegrad/validate/taylor.hpp>
#include <vector>

namespace {

using tg::verdict;

/// A function with its first and second derivative.
template <class T>
struct row {
  const char* name;
  T (*value)(T);
  T (*first)(T);
  T (*second)(T);
};

template <class T>
const std::vector<row<T>> polynomials{
    {"0", [](T) { return T(0); }, [](T) { return T(0); }, nullptr},
    {"x", [](T x) { return x; }, [](T) { return T(1); }, nullptr},
    {"100 - 5x", [](T x) { return 100 - 5 * x; }, [](T) { return T(-5); }, nullptr},
    {"x^3 - 2x", [](T x) { return x * x * x - 2 * x; }, [](T x) { return 3 * x * x - 2; }, nullptr},
};

template <class T>
const std::vector<row<T>> ripples{
    {"sin", [](T x) { return std::sin(x); }, [](T x) { return std::cos(x); }, nullptr},
    {"cos", [](T x) { return std::cos(x); }, [](T x) { return -std::sin(x); }, nullptr},
    {"tanh", [](T x) { return std::tanh(x); }, [](T x) { return 1 / std::cosh(x) / std::cosh(x); }, nullptr},
    {"two waves", [](T x) { return std::sin(x) + std::sin(T(1.7320508) * x + 1) / 2; },
     [](T x) { return std::cos(x) + T(0.8660254) * std::cos(T(1.7320508) * x + 1); }, nullptr},
};

/// Counts what checks of right derivatives say.
struct tally {
  int all = 0, passed = 0, noisy = 0;

  void add(const auto& report, const auto&... place) {
    for (const auto& c : report.components) {
      ++all;
      passed += c.verdict == verdict::pass;
      noisy += c.verdict == verdict::noisy;
      if (c.verdict == verdict::wrong || c.verdict == verdict::domain) {
        std::string where;
        ((where += ' ', where += std::to_string(place)), ...);
        BOOST_ERROR("false alarm, case" << where << '\n' << report);
      }
    }
  }
};

}  // namespace

// value(x) + a ripple(w x): what the steps of a smooth function see is not the derivative. Where the ripple
// can be resolved it is, and where it drowns in rounding the exact derivative tells that there is one.
// Frequencies end where neighbouring numbers do not resolve the ripple.
BOOST_AUTO_TEST_CASE_TEMPLATE(ripples_are_not_called_wrong, T, decltype(std::tuple<double, float>{})) {
  using point = std::array<T, 1>;
  constexpr bool single = std::is_same_v<T, float>;
  constexpr T epsilon = std::numeric_limits<T>::epsilon();
  tally gradients, along;
  int bars = 0, held = 0;
  for (std::size_t p = 0; p < polynomials<T>.size(); ++p)
    for (std::size_t r = 0; r < ripples<T>.size(); ++r)
      for (int a = single ? -9 : -18; a <= 0; a += single ? 2 : 3)
        for (int w = single ? 0 : static_cast<int>(p % 2); w <= (single ? 4 : 12); w += single ? 1 : 2)
          for (const T at : {T(0), T(0.3), T(1.1), T(-3)})
            for (const T phase : {T(0), at}) {
              const T size = std::pow(T(10), static_cast<T>(a)),
                      frequency = std::pow(T(10), static_cast<T>(w));
              const row<T>&base = polynomials<T>[p], &ripple = ripples<T>[r];
              const auto f = [&](const point& x) {
                return base.value(x[0]) + size * ripple.value(frequency * (x[0] - phase) + T(0.3));
              };
              const auto g = [&](const point& x) {
                return point{base.first(x[0]) +
                             size * frequency * ripple.first(frequency * (x[0] - phase) + T(0.3))};
              };
              const point x{at};
              gradients.add(tg::check_gradient(f, g, x), p, r, a, w, at, phase);
              if (w % 3 != 0) continue;
              along.add(tg::check_projections(f, g, x, {.directions = 1}), p, r, a, w, at, phase);
              const auto taylor = tg::taylor_test(f, g, x);
              BOOST_TEST((taylor.verdict != verdict::wrong),
                         "Taylor " << p << ' ' << r << ' ' << a << ' ' << w << ' ' << at << taylor);
              // The bar of a microderivative holds where the ripple stands out of the rounding.
              if (size < 1000 * epsilon * (std::abs(f(x)) + std::abs(at * g(x)[0]))) continue;
              const auto numeric = tg::microderivative([&](T place) { return f(point{place}); }, at);
              ++bars;
              held += !(std::abs(numeric.value - g(x)[0]) > 2 * numeric.error);
            }
  BOOST_TEST(gradients.all > 800);
  BOOST_TEST(gradients.passed * 10 > 6 * gradients.all);
  BOOST_TEST(gradients.noisy * 100 < gradients.all);
  BOOST_TEST(along.passed * 10 > 6 * along.all);
  BOOST_TEST(bars > 300);
  BOOST_TEST((bars - held) * 30 <= bars);  // a ripple may still hide between all steps
  BOOST_TEST_MESSAGE(gradients.passed << " of " << gradients.all << " pass, " << along.passed << " of "
                                      << along.all << " along a direction; " << held << " of " << bars
                                      << " bars hold");
}

// Right formulas of which rounding leaves little, and functions without a second derivative anywhere.
BOOST_AUTO_TEST_CASE_TEMPLATE(rough_functions_are_not_called_wrong, T,
                              decltype(std::tuple<double, float>{})) {
  using point = std::array<T, 1>;
  const std::vector<row<T>> rough{
      {"(1 - cos x)/x^2", [](T x) { return (1 - std::cos(x)) / (x * x); },
       [](T x) { return std::sin(x) / (x * x) - 2 * (1 - std::cos(x)) / (x * x * x); }, nullptr},
      {"(e^x - 1)/x", [](T x) { return (std::exp(x) - 1) / x; },
       [](T x) { return std::exp(x) / x - (std::exp(x) - 1) / (x * x); }, nullptr},
      {"the same by branches",
       [](T x) {
         return std::abs(x) < T(0.01) ? 1 + x / 2 + x * x / 6 + x * x * x / 24 : (std::exp(x) - 1) / x;
       },
       [](T x) {
         return std::abs(x) < T(0.01) ? T(0.5) + x / 3 + x * x / 8
                                      : std::exp(x) / x - (std::exp(x) - 1) / (x * x);
       },
       nullptr},
      {"a sum that cancels", [](T x) { return (T(1e5) + std::sin(x)) - T(1e5); },
       [](T x) { return std::cos(x); }, nullptr},
      {"a slope that cancels", [](T x) { return std::exp(x); },
       [](T x) { return (T(64) + std::exp(x)) - T(64); }, nullptr},
      {"(x - 1)^5, expanded", [](T x) { return ((((x - 5) * x + 10) * x - 10) * x + 5) * x - 1; },
       [](T x) { return (((5 * x - 20) * x + 30) * x - 20) * x + 5; }, nullptr},
      {"sqrt(x + 1) - sqrt(x)", [](T x) { return std::sqrt(std::abs(x) + 1) - std::sqrt(std::abs(x)); },
       [](T x) {
         const T slope = T(0.5) / std::sqrt(std::abs(x) + 1) - T(0.5) / std::sqrt(std::abs(x));
         return x < 0 ? -slope : slope;
       },
       nullptr},
      {"Weierstrass",
       [](T x) {
         T sum = 0;
         for (int k = 0; k < 30; ++k) sum += std::pow(T(0.3), T(k)) * std::cos(std::pow(T(3), T(k)) * x);
         return sum;
       },
       [](T x) {
         T sum = 0;
         for (int k = 0; k < 30; ++k) sum -= std::pow(T(0.9), T(k)) * std::sin(std::pow(T(3), T(k)) * x);
         return sum;
       },
       nullptr},
  };
  tally seen;
  for (std::size_t r = 0; r < rough.size(); ++r)
    for (int decade = std::is_same_v<T, float> ? -5 : -8; decade <= 0; ++decade)
      for (const T digit : {T(1), T(-1), T(1.7), T(3.14), T(-6.02), T(9.99)}) {
        const T at = digit * std::pow(T(10), static_cast<T>(decade));
        const auto& function = rough[r];
        seen.add(tg::check_gradient([&](const point& x) { return function.value(x[0]); },
                                    [&](const point& x) { return point{function.first(x[0])}; }, point{at}),
                 r, decade, digit);
      }
  BOOST_TEST(seen.all >= static_cast<int>(rough.size()) * 36);
  BOOST_TEST(seen.passed * 10 > 3 * seen.all);
}

namespace {

template <class T>
const std::vector<row<T>> smooth{
    {"sin", [](T x) { return std::sin(x); }, [](T x) { return std::cos(x); },
     [](T x) { return -std::sin(x); }},
    {"exp", [](T x) { return std::exp(x); }, [](T x) { return std::exp(x); },
     [](T x) { return std::exp(x); }},
    {"x^3 - 2x + 1", [](T x) { return x * x * x - 2 * x + 1; }, [](T x) { return 3 * x * x - 2; },
     [](T x) { return 6 * x; }},
    {"tanh 3x", [](T x) { return std::tanh(3 * x); },
     [](T x) { return 3 / std::cosh(3 * x) / std::cosh(3 * x); },
     [](T x) { return -18 * std::tanh(3 * x) / std::cosh(3 * x) / std::cosh(3 * x); }},
    {"x^2", [](T x) { return x * x; }, [](T x) { return 2 * x; }, [](T) { return T(2); }},
};

/// Where a derivative is wrong, around the point: at it, on one side, within a distance, and everywhere.
template <class T>
struct guard {
  const char* name;
  bool (*holds)(T offset);
};
template <class T>
constexpr T ulps = 8 * std::numeric_limits<T>::epsilon();
template <class T>
const std::vector<guard<T>> guards{
    {"at the point", [](T t) { return t == 0; }},
    {"from the point on", [](T t) { return t >= 0; }},
    {"up to the point", [](T t) { return t <= 0; }},
    {"from a little before it", [](T t) { return t >= -ulps<T>; }},
    {"closer than a few numbers", [](T t) { return std::abs(t) <= ulps<T>; }},
    {"closer than 1e-5", [](T t) { return std::abs(t) < T(1e-5); }},
    {"closer than 1e-3", [](T t) { return std::abs(t) < T(1e-3); }},
    {"closer than 1e-2", [](T t) { return std::abs(t) < T(1e-2); }},
    {"everywhere", [](T) { return true; }},
};

}  // namespace

// By the second of two coordinates: the gradient, the Hessian from it, and the Hessian from the function.
// Errors within 12 bars of the differences are left out, which in float are those of small derivatives.
BOOST_AUTO_TEST_CASE_TEMPLATE(guards_are_found, T, decltype(std::tuple<double, float>{})) {
  using point = std::array<T, 2>;
  const std::vector<T> factors = std::is_same_v<T, float>
                                     ? std::vector<T>{0, 2, -1, T(1.01), T(1e6)}
                                     : std::vector<T>{0, 2, -1, T(1.01), T(1.0003), T(1e6)};
  int damaged = 0;
  for (const row<T>& function : smooth<T>)
    for (const T at : {T(0), T(0.5), T(1), T(-1.3), std::is_same_v<T, float> ? T(2.2) : T(1e-3)})
      for (const T factor : factors)
        for (const guard<T>& where : guards<T>)
          for (int kind = 0; kind < 3; ++kind) {
            const auto claimed = [&](T x) {
              return (kind == 0 ? function.first : function.second)(x) *
                     (where.holds(x - at) ? factor : T(1));
            };
            const auto f = [&](const point& x) { return function.value(x[1]) + x[0] * x[0]; };
            const auto g = [&](const point& x) { return point{2 * x[0], function.first(x[1])}; };
            const auto damaged_gradient = [&](const point& x) { return point{2 * x[0], claimed(x[1])}; };
            const auto damaged_hessian = [&](const point& x) {
              return std::array<point, 2>{point{2, 0}, point{0, claimed(x[1])}};
            };
            const point x{T(0.7), at};
            const auto report = kind == 0   ? tg::check_gradient(f, damaged_gradient, x)
                                : kind == 1 ? tg::check_hessian(g, damaged_hessian, x)
                                            : tg::check_hessian(f, damaged_hessian, x);
            const auto& c = report.components.back();
            const T right = (kind == 0 ? function.first : function.second)(at);
            if (!(std::abs((factor - 1) * right) > 12 * c.error)) continue;
            ++damaged;
            BOOST_TEST((c.verdict == verdict::wrong), function.name << " at " << at << " times " << factor
                                                                    << ' ' << where.name << '\n'
                                                                    << report);
            BOOST_TEST(report.count(verdict::wrong) == 1);
          }
  BOOST_TEST(damaged > 1000);
}

// A structure of any width around the point, that large steps do not meet: a bump that dies out, a pole, a
// stair, a bend. Its derivative is right.
BOOST_AUTO_TEST_CASE(structure_around_one_point) {
  const std::vector<row<double>> structures{
      {"bump", [](double u) { return u * std::exp(-u * u); },
       [](double u) { return (1 - 2 * u * u) * std::exp(-u * u); }, nullptr},
      {"pole", [](double u) { return u / (1 + u * u); },
       [](double u) { return (1 - u * u) / ((1 + u * u) * (1 + u * u)); }, nullptr},
      {"stair", [](double u) { return std::tanh(u); },
       [](double u) { return 1 / std::pow(std::cosh(std::min(std::abs(u), 300.0)), 2); }, nullptr},
      {"bend", [](double u) { return std::sqrt(1 + (u + 1) * (u + 1)); },
       [](double u) { return (u + 1) / std::sqrt(1 + (u + 1) * (u + 1)); }, nullptr},
  };
  tally right;
  for (const row<double>& r : structures)
    for (const double at : {0.0, 0.3, 1.0, -2.0, 5.0, 100.0})
      for (const double size : {0.1, 1.0, 10.0})
        for (double width = 1e-3; width > 1e-10; width /= 10) {
          const auto value = [&](const std::array<double, 1>& p) {
            return std::sin(p[0]) + size * width * r.value((p[0] - at) / width);
          };
          const auto slope = [&](const std::array<double, 1>& p) {
            return std::array{std::cos(p[0]) + size * r.first((p[0] - at) / width)};
          };
          right.add(tg::check_gradient(value, slope, std::array{at}), at, size, width * 1e9);
        }
  BOOST_TEST(right.passed * 10 >= right.all * 9);
}

// Smooth as far as the derivative goes, but of another formula on each side: a zero that f shows by all its
// steps.
BOOST_AUTO_TEST_CASE(powers_on_one_side) {
  for (int power = 2; power <= 6; ++power)
    for (const double at : {0.0, 0.5, 1.0, -3.0, 1e3}) {
      const auto bent = [=](int down, bool both) {
        return [=](const std::array<double, 1>& p) {
          const double d = p[0] - at, one = std::pow(std::abs(d), power - down);
          double factor = 1;
          for (int k = 0; k < down; ++k) factor *= power - k;
          return d > 0 ? factor * one : both ? (down % 2 == 1 ? -factor : factor) * one : 0.0;
        };
      };
      for (const bool both : {false, true}) {
        const auto slope = [=](const auto& p) { return std::array{bent(1, both)(p)}; };
        const auto report = tg::check_gradient(bent(0, both), slope, std::array{at});
        BOOST_TEST((report.components[0].verdict == verdict::pass), report);
        if (power == 2) continue;
        const auto curved = [=](const auto& p) {
          return std::array<std::array<double, 1>, 1>{{{bent(2, both)(p)}}};
        };
        const auto second = tg::check_hessian(bent(0, both), curved, std::array{at});
        BOOST_TEST((second.components[0].verdict == verdict::pass), second);
        const auto off = [=](const auto& p) { return std::array{bent(1, both)(p) + 1e-3}; };
        const auto refuted = tg::check_gradient(bent(0, both), off, std::array{at});
        BOOST_TEST((refuted.components[0].verdict == verdict::wrong), refuted);
      }
    }
}

// A second derivative that is 0 by choice at a corner of its parts, where the whole is smooth: of |x^2|, of
// hypot(x, y)^2 and of exp(-d^2) with d = |x - y|.
BOOST_AUTO_TEST_CASE(a_wrong_zero_of_a_hessian) {
  using point = std::array<double, 2>;
  using matrix = std::array<point, 2>;
  struct corner {
    double (*value)(const point&);
    point (*gradient)(const point&);
    matrix (*hessian)(const point&);
    point at;
    int wrong;  // entries that are 0 there and should not be
  };
  const std::vector<corner> corners{
      {[](const point& p) { return std::abs(p[0] * p[0]) + p[1]; },
       [](const point& p) {
         return point{2 * p[0], 1};
       },
       [](const point& p) {
         return matrix{point{p[0] == 0 ? 0.0 : 2.0, 0}, point{0, 0}};
       },
       {0, 1},
       1},
      {[](const point& p) { return std::pow(std::hypot(p[0], p[1]), 2); },
       [](const point& p) {
         return point{2 * p[0], 2 * p[1]};
       },
       [](const point& p) {
         const double two = std::hypot(p[0], p[1]) == 0 ? 0 : 2;
         return matrix{point{two, 0}, point{0, two}};
       },
       {0, 0},
       2},
      {[](const point& p) { return std::exp(-std::pow(std::abs(p[0] - p[1]), 2)); },
       [](const point& p) {
         const double d = p[0] - p[1], slope = -2 * d * std::exp(-d * d);
         return point{slope, -slope};
       },
       [](const point& p) {
         const double d = p[0] - p[1], bend = d == 0 ? 0 : (4 * d * d - 2) * std::exp(-d * d);
         return matrix{point{bend, -bend}, point{-bend, bend}};
       },
       {1, 1},
       4},
  };
  for (const corner& c : corners) {
    const auto from_gradient = tg::check_hessian(c.gradient, c.hessian, c.at);
    BOOST_TEST(from_gradient.count(verdict::wrong) == c.wrong, from_gradient);
    const auto from_value = tg::check_hessian(c.value, c.hessian, c.at);
    BOOST_TEST(from_value.count(verdict::wrong) == c.wrong, from_value);
  }
}
