// SPDX-License-Identifier: BSL-1.0
// The code of docs/add-a-primitive.md: a user's own primitives, and a block as it stands in a family file of
// the library.
#include <typegrad/typegrad.hpp>

#include "support/expect.hpp"

using example::expect;
using example::near;
using namespace tg::literals;

// [builtin]
namespace tg {

namespace op {

/// log(x/(1 - x)), for 0 < x < 1; infinite at both ends.
struct logit : rules {
  static constexpr std::string_view name = "logit";
  static constexpr tg::facts facts{.c = "log($1 / (1.0 - $1))", .domain = "0 < $1 < 1"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::log;
    return static_cast<T>(log(x / (T(1) - x)));
  }
  static constexpr auto partials(auto x) { return 1 / (x * (1 - x)); }
};

}  // namespace op
template <Symbolic X>
constexpr auto logit(const X& x) {
  return apply<op::logit>(x);
}

}  // namespace tg
// [builtin]

// [own]
struct lens {  // the height of a spherical surface
  static constexpr std::string_view name = "lens";
  template <class T>
  static constexpr T value(const T& r, const T& curvature) {
    using std::sqrt;
    return static_cast<T>(curvature * r * r / (T(1) + sqrt(T(1) - curvature * curvature * r * r)));
  }
  static constexpr auto partials(auto r, auto curvature) {
    const auto root = sqrt(1 - curvature * curvature * r * r);
    return tg::partials_of(curvature * r / root, r * r / (root * (1 + root)));
  }
};
// [own]

// [use]
constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
constexpr auto height = tg::apply<lens>(x, y);
constexpr auto tilt = tg::diff(height, x);
// [use]

// [composed]
struct smooth_abs {  // sqrt(r^2 + width^2)
  static constexpr std::string_view name = "smooth_abs";
  static constexpr auto definition(auto r, auto width) {
    using std::sqrt;
    return sqrt(r * r + width * width);
  }
};
constexpr auto soft = tg::apply<smooth_abs>(x, 0.1_c);
static_assert(tg::diff(soft, x) == x / sqrt(x * x + 0.01_c));
// [composed]

// [self]
struct gauss {  // exp(-r^2)
  static constexpr std::string_view name = "gauss";
  template <class T>
  static constexpr T value(const T& r) {
    using std::exp;
    return static_cast<T>(exp(-r * r));
  }
  static constexpr auto partials(auto r, auto self) { return -2 * r * self; }
};
static_assert(tg::diff(tg::apply<gauss>(x), x) == -2_c * x * tg::apply<gauss>(x));
// [self]

int main() {
  expect(near(logit(x)(x = 0.8), std::log(4.0)));
  expect(near(tg::diff(logit(x), x)(x = 0.8), 6.25));
  expect(near(tg::diff<2>(logit(x), x)(x = 0.8), (2 * 0.8 - 1) / (0.16 * 0.16)));

  const auto difference = [](auto f, double at, double h) { return (f(at + h) - f(at - h)) / (2 * h); };
  const auto at_y = [](double r) { return lens::value(r, 0.25); };
  const auto at_x = [](double k) { return lens::value(1.5, k); };
  expect(near(height(x = 1.5, y = 0.25), at_y(1.5)));
  expect(std::abs(tilt(x = 1.5, y = 0.25) - difference(at_y, 1.5, 1e-5)) < 1e-9);
  expect(std::abs(tg::diff(height, y)(x = 1.5, y = 0.25) - difference(at_x, 0.25, 1e-5)) < 1e-9);

  // [check]
  expect(
      near(gauss::partials(0.5, gauss::value(0.5)), -std::exp(-0.25)));  // a rule runs on plain numbers, too
  // [check]
  expect(near(soft(x = 2.0), std::sqrt(4.01)));
  expect(near(tg::diff<2>(soft, x)(x = 0.0), 10));
  return example::status();
}
