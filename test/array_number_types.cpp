// SPDX-License-Identifier: BSL-1.0
// Functions of arrays of other numbers than float and double: with more digits, complex ones, and intervals.
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <boost/multiprecision/cpp_dec_float.hpp>
#include <boost/numeric/interval.hpp>
#include <boost/numeric/interval/limits.hpp>
#include <boost/test/unit_test.hpp>
#include <complex>
#include <typegrad/array.hpp>
#include <vector>

namespace {

using namespace tg::literals;

constexpr auto X = tg::array<"X", tg::rows, 3>;
constexpr auto W = tg::array<"W", 3, 3>;
constexpr auto b = tg::array<"b", 3>;
constexpr auto s = tg::symbol<"s">;

// Every kernel but those that ask which number is larger, and the derivatives of all that.
constexpr auto hidden = tanh(matmul(X, W) + s * b) / tg::mean<1>(X * X + 1, tg::keep);
constexpr auto parts = tg::concatenate<0>(b, tg::slice<0, 0, 2>(diagonal(W)), tg::pad<0, 1, 0>(exp(b)));
constexpr auto number = sum(hidden * hidden) + tg::determinant(W) + sum(matmul(tg::inverse(W), b)) +
                        tg::norm(tg::reshape<9>(transpose(W))) + tg::variance(parts);
constexpr auto smooth =
    tg::function(tg::inputs(X, W, b, s),
                 tg::outputs(number, hidden, parts, tg::inverse(W), tg::gradient(number, X, W, b, s)));
constexpr auto ordered_number = sum(tg::max<1>(X) * tg::min<1>(X)) + sum(b * tg::logsumexp<0>(X)) +
                                tg::log_determinant(W) +
                                sum(tg::softmax<1>(X) * tg::log_softmax<1>(matmul(X, W)));
constexpr auto ordered =
    tg::function(tg::inputs(X, W, b), tg::outputs(ordered_number, tg::gradient(ordered_number, X, W, b)));

constexpr int digits[] = {7, -3, 9, 4, -8, 2, 5, 1, -6, 8, -2, 6, 3, -7, 4};

template <class T>
struct operands {
  std::vector<T> x, w, b;
  /// Numbers that are the same in each type that has binary digits.
  explicit operands(const T& factor = T(1)) {
    for (int d : digits) (x.size() < 6 ? x : w).push_back(T(d) * factor / T(8));
    for (std::size_t i = 0; i < 3; ++i) w[4 * i] += T(2), b.push_back(x[i] + T(1));
  }
};

/// All outputs in a row.
template <class T>
std::vector<T> outputs_of_smooth(const operands<T>& in, const T& scale) {
  std::vector<T> hidden_out(6), parts_out(9), inverse(9), dx(6), dw(9), db(3), space(smooth.workspace<T>(2));
  const std::array<T, 2> r =
      smooth(in.x, in.w, in.b, scale, hidden_out, parts_out, inverse, dx, dw, db, space);
  std::vector<T> all(r.begin(), r.end());
  for (const auto& part : {hidden_out, parts_out, inverse, dx, dw, db})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}
template <class T>
std::vector<T> outputs_of_ordered(const operands<T>& in) {
  std::vector<T> dx(6), dw(9), db(3), space(ordered.workspace<T>(2));
  std::vector<T> all{ordered(in.x, in.w, in.b, dx, dw, db, space)};
  for (const auto& part : {dx, dw, db}) all.insert(all.end(), part.begin(), part.end());
  return all;
}

/// The same in another type with at least as many digits, up to the rounding of the first.
template <class T, class U>
void compare(double tolerance) {
  const auto check = [&](const std::vector<T>& own, const std::vector<U>& expected) {
    BOOST_REQUIRE_EQUAL(own.size(), expected.size());
    for (std::size_t i = 0; i < own.size(); ++i) {
      const U error = U(own[i]) - expected[i],
              bound = U(tolerance) * (expected[i] < 0 ? U(1 - expected[i]) : U(1 + expected[i]));
      BOOST_TEST((error <= bound && -error <= bound),
                 "element " << i << ": " << own[i] << " and " << expected[i]);
    }
  };
  check(outputs_of_smooth(operands<T>{}, T(0.75)), outputs_of_smooth(operands<U>{}, U(0.75)));
  check(outputs_of_ordered(operands<T>{}), outputs_of_ordered(operands<U>{}));
}

}  // namespace

BOOST_AUTO_TEST_CASE(more_digits) {
  namespace mp = boost::multiprecision;
  using expression = mp::number<mp::cpp_dec_float<50>, mp::et_on>;
  compare<float, double>(2e-5);
  compare<double, long double>(1e-13);
  compare<long double, mp::cpp_bin_float_50>(1e-16);
  compare<mp::cpp_dec_float_50, mp::cpp_bin_float_100>(1e-45);
  compare<expression, mp::cpp_dec_float_50>(1e-45);
}

// On the real axis complex numbers give what real ones give, and beside it the derivative shows: f(x + i h)
// is f(x) + i h f'(x) up to h^2.
BOOST_AUTO_TEST_CASE(complex_numbers) {
  using complex = std::complex<double>;
  const double h = 1e-6;
  const auto expected = outputs_of_smooth(operands<double>{}, 0.75);
  const operands<complex> in;
  const auto real = outputs_of_smooth(in, complex(0.75));
  for (std::size_t i = 0; i < expected.size(); ++i)
    BOOST_TEST(std::abs(real[i] - expected[i]) <= 1e-12 * (1 + std::fabs(expected[i])));
  const auto slope = [&](auto&& change) {
    operands<complex> beside;
    complex scale = 0.75;
    change(beside, scale) += complex(0, h);
    return outputs_of_smooth(beside, scale)[0].imag() / h;
  };
  const auto is_slope = [&](double found, double derivative) {
    BOOST_TEST(std::fabs(found - derivative) <= 1e-8 * (1 + std::fabs(derivative)),
               found << " and " << derivative);
  };
  is_slope(slope([](auto&, complex& scale) -> complex& { return scale; }), expected[1]);
  for (std::size_t i = 0; i < 6; ++i)
    is_slope(slope([&](auto& o, complex&) -> complex& { return o.x[i]; }), expected[26 + i]);
  for (std::size_t i = 0; i < 9; ++i)
    is_slope(slope([&](auto& o, complex&) -> complex& { return o.w[i]; }), expected[32 + i]);
  for (std::size_t i = 0; i < 3; ++i)
    is_slope(slope([&](auto& o, complex&) -> complex& { return o.b[i]; }), expected[41 + i]);
}

// What intervals give holds what each of their numbers gives.
BOOST_AUTO_TEST_CASE(intervals_enclose) {
  namespace numeric = boost::numeric;
  using interval = numeric::interval<
      double, numeric::interval_lib::policies<
                  numeric::interval_lib::save_state<numeric::interval_lib::rounded_transc_std<double>>,
                  numeric::interval_lib::checking_base<double>>>;
  const operands<interval> in(interval(1, 1.001));
  const auto whole = outputs_of_smooth(in, interval(0.75));
  for (const double factor : {1.0, 1.0003, 1.001}) {
    const auto one = outputs_of_smooth(operands<double>(factor), 0.75);
    for (std::size_t i = 0; i < one.size(); ++i)
      BOOST_TEST((whole[i].lower() <= one[i] && one[i] <= whole[i].upper() && width(whole[i]) < 1),
                 "element " << i << ": " << one[i] << " in " << whole[i].lower() << ", " << whole[i].upper());
  }
}
