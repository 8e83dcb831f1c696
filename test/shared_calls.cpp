// SPDX-License-Identifier: BSL-1.0
// Calls of one function that do not need each other, made together in lanes: from how many on, and that
// nothing else is different: values, NaN and infinities, choices, long programs, number types, constants.
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <span>
#include <string_view>
#include <typegrad/typegrad.hpp>
#include <utility>

namespace {

using namespace tg::literals;

// The functions of the list, as formulas and as the C library has them.
template <class T>
T logistic(T x) {
  return 1 / (1 + std::exp(-x));
}
#define FUNCTION(name, reference, from)                              \
  struct name##_call {                                               \
    static constexpr std::string_view text = #name;                  \
    static constexpr int calls = from;                               \
    static constexpr auto of(auto x) { return name(x); }             \
    static long double value(long double x) { return reference(x); } \
  };
FUNCTION(tanh, std::tanh, 4)
FUNCTION(erf, std::erf, 6)
FUNCTION(expm1, std::expm1, 6)
FUNCTION(log1p, std::log1p, 6)
FUNCTION(exp, std::exp, 12)
FUNCTION(log, std::log, 12)
FUNCTION(sin, std::sin, 12)
FUNCTION(cos, std::cos, 12)
FUNCTION(sigmoid, logistic, 12)
#undef FUNCTION

/// The function F of each of N symbols, one after the other.
template <class F, int N>
constexpr auto each_of = [] {
  return []<int... K>(std::integer_sequence<int, K...>) {
    constexpr auto x = tg::symbols<"x", N>;
    return tg::function(tg::inputs(x), tg::outputs(F::of(tg::get<K>(x))...));
  }
  (std::make_integer_sequence<int, N>{});
}();

template <class Inputs, class Tag, class... Rest>
constexpr auto& plan_of(const tg::function_object<Inputs, Tag, Rest...>&) {
  return tg::detail::code<Tag>::plan;
}
template <class Function>
constexpr int shared_in(const Function& f) {
  int calls = 0;
  for (int g = 0; g < plan_of(f).shared; ++g) calls += plan_of(f).shared_end[g] - plan_of(f).shared_begin[g];
  return calls;
}

const double points[] = {0.3, -0.7, 2.5, -40, 1e-9, -1e-300, 700, 0, -0.0, 3.7, 0.011, 5, -2, 1, -1, 9};

template <class F, class T, std::size_t N>
void check_values() {
  const T places[] = {T(std::numeric_limits<T>::infinity()), T(-std::numeric_limits<T>::infinity()),
                      std::numeric_limits<T>::quiet_NaN(), std::numeric_limits<T>::denorm_min(),
                      std::numeric_limits<T>::max()};
  std::array<T, N> x{}, y{};
  for (std::size_t first = 0; first < 21; ++first) {
    for (std::size_t k = 0; k < N; ++k) {
      const std::size_t place = (first + k) % 21;
      x[k] = place < 16 ? T(points[place]) : places[place - 16];
    }
    each_of<F, static_cast<int>(N)>(std::span<const T, N>(x), std::span<T, N>(y));
    for (std::size_t k = 0; k < N; ++k) {
      const long double right = F::value(static_cast<long double>(x[k]));
      const T nearest = static_cast<T>(right);
      BOOST_TEST_CONTEXT(F::text << " of " << x[k] << ", one of " << N) {
        if (nearest != nearest)
          BOOST_TEST(y[k] != y[k]);
        else if (nearest == T(0) || nearest - nearest != T(0))
          BOOST_TEST((y[k] == nearest && std::signbit(y[k]) == std::signbit(nearest)));
        else
          BOOST_TEST(std::abs(y[k] - right) <= 3 * std::abs(std::nextafter(nearest, T(0)) - nearest));
      }
    }
  }
}

template <class F>
void check_function() {
  static_assert(shared_in(each_of<F, F::calls - 1>) == 0);
  static_assert(shared_in(each_of<F, F::calls>) == F::calls);
  static_assert(shared_in(each_of<F, 17>) == 17);
  check_values<F, double, F::calls>();
  check_values<F, double, 17>();
  check_values<F, float, 17>();
}

BOOST_AUTO_TEST_CASE(functions_of_the_list) {
  [&]<class... Op, class... Function, int... Calls>(
      const tg::detail::sharing_list<tg::detail::sharing<Op, Function, Calls>...>&) {
    static_assert(sizeof...(Op) == 9, "the list has a function that is not tested below");
  }(tg::detail::shared_functions{});
  check_function<tanh_call>(), check_function<erf_call>(), check_function<expm1_call>();
  check_function<log1p_call>(), check_function<exp_call>(), check_function<log_call>();
  check_function<sin_call>(), check_function<cos_call>(), check_function<sigmoid_call>();
}

// --- Where calls need each other, or only one side of a choice needs them

constexpr auto x = tg::symbols<"x", 5>;
constexpr auto y = tg::symbol<"y">;
constexpr auto sum_of = [](auto f) {
  return f(tg::get<0>(x)) + 2_c * f(tg::get<1>(x)) + 3_c * f(tg::get<2>(x)) + 4_c * f(tg::get<3>(x)) +
         5_c * f(tg::get<4>(x));
};
double sum_of_values(const std::array<double, 5>& at, auto f) {
  double sum = 0;
  for (int k = 0; k < 5; ++k) sum += (k + 1) * f(at[static_cast<std::size_t>(k)]);
  return sum;
}
constexpr std::array at{0.3, -0.2, 1.5, 0.7, -2.0};
const auto rounding = boost::test_tools::tolerance(4e-15);

BOOST_AUTO_TEST_CASE(calls_of_calls_are_shared_by_depth) {
  constexpr auto f =
      tg::function(tg::inputs(x, y), tg::outputs(sum_of([](auto u) { return tanh(u + tanh(u * y)); })));
  static_assert(plan_of(f).shared == 2 && shared_in(f) == 10);
  BOOST_TEST(f(at, 0.4) == sum_of_values(at, [](double u) { return std::tanh(u + std::tanh(u * 0.4)); }),
             rounding);
}
BOOST_AUTO_TEST_CASE(one_side_of_a_choice) {
  constexpr auto f = tg::function(tg::inputs(x, y),
                                  tg::outputs(where(y > 0_c, sum_of([](auto u) { return tanh(u * y); }), y),
                                              sum_of([](auto u) { return tanh(u); })));
  static_assert(plan_of(f).shared == 2 && shared_in(f) == 10);
  for (const double side : {0.4, -0.4}) {
    const auto [chosen, always] = f(at, side);
    BOOST_TEST(chosen == (side > 0 ? sum_of_values(at, [&](double u) { return std::tanh(u * side); }) : side),
               rounding);
    BOOST_TEST(always == sum_of_values(at, [](double u) { return std::tanh(u); }), rounding);
  }
}
BOOST_AUTO_TEST_CASE(derivatives_and_constants) {
  constexpr auto loss = sum_of([](auto u) { return tanh(u * y) * tanh(u * y); });
  constexpr auto f = tg::function(tg::inputs(x, y), tg::outputs(loss, tg::gradient(loss, y)));
  static_assert(shared_in(f) >= 5);
  const auto [value, slope] = f(at, 0.4);
  BOOST_TEST(value == sum_of_values(at, [](double u) { return std::pow(std::tanh(u * 0.4), 2); }), rounding);
  BOOST_TEST(slope[0] == sum_of_values(at,
                                       [](double u) {
                                         const double t = std::tanh(u * 0.4);
                                         return 2 * t * (1 - t * t) * u;
                                       }),
             rounding);
}

// --- Number types, and a primitive of a user that has the name of one of the list

BOOST_AUTO_TEST_CASE(other_number_types_call_one_after_the_other) {
  std::array<long double, 17> in{}, out{};
  for (int k = 0; k < 17; ++k) in[static_cast<std::size_t>(k)] = 0.1L * k;
  each_of<tanh_call, 17>(std::span<const long double, 17>(in), std::span<long double, 17>(out));
  for (std::size_t k = 0; k < 17; ++k) BOOST_TEST(out[k] == std::tanh(in[k]));
}

struct other_tanh {
  static constexpr std::string_view name = "tanh";
  static constexpr auto value(auto u) { return u * u; }
  static constexpr auto partials(auto u) { return 2_c * u; }
};
BOOST_AUTO_TEST_CASE(names_do_not_matter) {
  constexpr auto f =
      tg::function(tg::inputs(x), tg::outputs(sum_of([](auto u) { return tg::apply<other_tanh>(u); })));
  static_assert(plan_of(f).shared == 0);
  BOOST_TEST(f(at) == sum_of_values(at, [](double u) { return u * u; }), rounding);
}

// --- Programs that are several functions

/// Rounds of tanh over a ring, for a formula or for numbers.
template <class Ring>
constexpr auto sum_over_rounds(Ring ring) {
  using std::tanh;
  auto sum = ring[0];
  for (int round = 0; round < 60; ++round) {
    const auto first = ring[0];
    for (std::size_t k = 0; k < 12; ++k) ring[k] = tanh(ring[k] * 0.9 + (k < 11 ? ring[k + 1] : first) * 0.2);
    for (std::size_t k = 0; k < 12; ++k) sum = sum + ring[k];
  }
  return sum;
}
BOOST_AUTO_TEST_CASE(programs_of_several_functions) {
  constexpr auto f = tg::trace<"p[12]">([](auto ring) { return sum_over_rounds(ring); });
  constexpr auto run = tg::function(tg::inputs(tg::symbols<"p", 12>), tg::outputs(f));
  static_assert(shared_in(run) > 12);
  std::array<double, 12> start{};
  for (std::size_t k = 0; k < 12; ++k) start[k] = 0.1 * static_cast<double>(k) - 0.4;
  BOOST_TEST(run(start) == sum_over_rounds(start), boost::test_tools::tolerance(1e-12));
}

}  // namespace
