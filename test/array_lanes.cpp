// SPDX-License-Identifier: BSL-1.0
// Every function of one and two numbers over arrays, which runs on several numbers at once, against the
// function of single numbers: inside and outside of its domain, and where it saturates.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <typegrad/array.hpp>
#include <vector>

using namespace tg::literals;

namespace {

constexpr auto u = tg::array<"u", tg::extent<"n">>;
constexpr auto v = tg::array<"v", tg::extent<"n">>;
constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;

template <class T>
void agree(T own, T expected, T at, const char* what) {
  // A few units in the last place; and where a function is nearly 0 beside what it is the difference of.
  const T allowed = 64 * std::numeric_limits<T>::epsilon() * std::fmax(std::fabs(expected), T(1));
  BOOST_TEST(
      ((std::isnan(own) && std::isnan(expected)) || own == expected || std::fabs(own - expected) <= allowed),
      what << " at " << at << ": " << own << " and " << expected);
}

template <class T, class F>
void check_type(F f) {
  constexpr auto arrays = tg::function(tg::inputs(u, v), tg::outputs(f(u, v)));
  constexpr auto numbers = tg::function(tg::inputs(x, y), tg::outputs(f(x, y)));
  const T infinity = std::numeric_limits<T>::infinity();
  std::vector<T> first, second;
  for (const T p : {T(-900), T(-4.5), T(-1), T(-0.3), T(-0.0), T(0), T(0.3), T(0.75), T(1), T(2.5), T(30),
                    infinity, -infinity, std::numeric_limits<T>::quiet_NaN()})
    for (const T q : {T(-2), T(0.5), T(3), infinity}) first.push_back(p), second.push_back(q);
  std::vector<T> out(first.size()), space(arrays.template workspace<T>(first.size()));
  arrays(first, second, out, space);
  for (std::size_t i = 0; i < out.size(); ++i)
    agree(out[i], numbers(first[i], second[i]), first[i], __PRETTY_FUNCTION__);
}
template <class... F>
void check(F... f) {
  (check_type<double>(f), ...);
  (check_type<float>(f), ...);
}

}  // namespace

// clang-format off
BOOST_AUTO_TEST_CASE(functions_of_one_number) {
  check([](auto p, auto) { return exp(p); }, [](auto p, auto) { return expm1(p); }, [](auto p, auto) { return exp2(p); },
        [](auto p, auto) { return log(p); }, [](auto p, auto) { return log1p(p); }, [](auto p, auto) { return log2(p) + log10(p); },
        [](auto p, auto) { return sqrt(p); }, [](auto p, auto) { return cbrt(p); }, [](auto p, auto) { return pow(p, 3_c) / pow(p, 1.5_c); },
        [](auto p, auto) { return sin(p); }, [](auto p, auto) { return cos(p); }, [](auto p, auto) { return tan(p); },
        [](auto p, auto) { return sinc(p); }, [](auto p, auto) { return asin(p); }, [](auto p, auto) { return acos(p); },
        [](auto p, auto) { return atan(p); }, [](auto p, auto) { return acot(p); }, [](auto p, auto) { return asec(p) + acsc(p); },
        [](auto p, auto) { return tanh(p); }, [](auto p, auto) { return asinh(p); }, [](auto p, auto) { return acosh(p); },
        [](auto p, auto) { return atanh(p); }, [](auto p, auto) { return sech(p); }, [](auto p, auto) { return asech(abs(p)) + acsch(p); },
        [](auto p, auto) { return erf(p); }, [](auto p, auto) { return erfc(p); }, [](auto p, auto) { return sigmoid(p); },
        [](auto p, auto) { return softplus(p); }, [](auto p, auto) { return silu(p); }, [](auto p, auto) { return relu(p); },
        [](auto p, auto) { return abs(p) + sign(p); }, [](auto p, auto) { return floor(p) - ceil(p); }, [](auto p, auto) { return round(p) * trunc(p); });
}
BOOST_AUTO_TEST_CASE(functions_of_two_numbers) {
  check([](auto p, auto q) { return p / q; }, [](auto p, auto q) { return min(p, q); }, [](auto p, auto q) { return max(p, q); },
        [](auto p, auto q) { return pow(p, q); }, [](auto p, auto q) { return hypot(p, q); }, [](auto p, auto q) { return atan2(p, q); },
        [](auto p, auto q) { return fmod(p, q); }, [](auto p, auto q) { return where(p < q, p, 2_c); },
        [](auto p, auto q) { return where((p >= q && !(q > 0_c)) || p > 2_c, p + q, p); }, [](auto p, auto q) { return clamp(p, -1_c, q); },
        [](auto p, auto q) { return (p <= q) + 0_c * q; });
}
// clang-format on
