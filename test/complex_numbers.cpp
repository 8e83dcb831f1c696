// SPDX-License-Identifier: BSL-1.0
// The imaginary unit and the parts of complex numbers, against std::complex.
#include <boost/test/unit_test.hpp>
#include <complex>
#include <typegrad/complex.hpp>
#include <typegrad/typegrad.hpp>

namespace {

using namespace tg::literals;
using number = std::complex<double>;

constexpr auto x = tg::symbol<"x">;
const number at{0.75, -1.25};

void close(const number& found, const number& expected) {
  BOOST_TEST(std::abs(found - expected) <= 1e-14 * std::abs(expected), found << " should be " << expected);
}

}  // namespace

BOOST_AUTO_TEST_CASE(imaginary_unit) {
  constexpr auto wave = exp(1_i * x);
  close(wave(x = at), std::exp(number(0, 1) * at));
  close(tg::diff(wave, x)(x = at), number(0, 1) * std::exp(number(0, 1) * at));
  close((x + 0.5_i)(x = at), at + number(0, 0.5));
  close((x * x * tg::imaginary_unit * tg::imaginary_unit)(x = at), -at * at);
  static_assert(1_i == tg::imaginary_unit);
  BOOST_TEST(tg::to_string(2_i * x) == "2*i*x");
  BOOST_TEST(tg::to_latex(tg::imaginary_unit) == "\\mathrm{i}");
}

BOOST_AUTO_TEST_CASE(parts) {
  close(real(x * x)(x = at), std::real(at * at));
  close(imag(exp(x))(x = at), std::imag(std::exp(at)));
  close((x * conj(x))(x = at), std::norm(at));
  close(arg(x)(x = at), std::arg(at));
  close(real(tg::diff(sin(x), x))(x = at), std::real(std::cos(at)));
  close(abs(x)(x = at), std::abs(at));
  BOOST_TEST((real(x) + imag(x) + conj(x))(x = -2.0) == -4);
  BOOST_TEST(tg::to_latex(conj(x) + real(x)) == "\\overline{x} + \\operatorname{Re}\\left(x\\right)");
}
