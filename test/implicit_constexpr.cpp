// SPDX-License-Identifier: BSL-1.0
// Existing code in a trace as it is, with g++'s -fimplicit-constexpr: a functor as Ceres Solver takes it and
// the inline templates that it calls, none of them constexpr.
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <typegrad/typegrad.hpp>

namespace {

template <class T>
inline T squared(const T& r) {
  return r * r;
}
template <class T>
inline T distance(const T* p, double x, double y) {
  using std::sqrt;
  return sqrt(squared(p[0] - T(x)) + squared(p[1] - T(y)));
}
struct range_residual {
  double x, y, range;
  template <class T>
  bool operator()(const T* position, T* residual) const {
    residual[0] = distance(position, x, y) - range;
    return true;
  }
};

constexpr auto f = tg::trace<"p[2]">([](auto p) {
  auto r = p[0];
  range_residual{1, 2, 4}(p.data(), &r);
  return r;
});
constexpr auto p = tg::symbols<"p", 2>;

}  // namespace

BOOST_AUTO_TEST_CASE(a_functor_that_is_not_constexpr) {
  const auto close = boost::test_tools::tolerance(1e-15);
  const std::array at{4.0, 6.0};
  BOOST_TEST(f(p = at) == 1, close);
  const auto slopes = tg::gradient(f, p)(p = at);
  BOOST_TEST(slopes[0] == 0.6, close);
  BOOST_TEST(slopes[1] == 0.8, close);
}
