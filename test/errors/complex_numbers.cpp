// SPDX-License-Identifier: BSL-1.0
// expect: evaluate: numbers of type 'std::complex<double>' have no order, which <, <=, min, max, sign, relu and the derivative of abs need.
// expect: imaginary_unit: the formula is evaluated with complex numbers, as f(x = std::complex(2.0)).
// expect: real: it has no complex derivative; differentiate first, and apply it to the result.
// What complex numbers lack, and an imaginary unit among real ones.
#include <complex>
#include <typegrad/complex.hpp>
#include <typegrad/typegrad.hpp>

using namespace tg::literals;

constexpr auto x = tg::symbol<"x">;
const std::complex<double> at{3, 4};

#ifdef MUST_FAIL
auto smaller = where(x < 1_c, x, 2_c)(x = at);
auto slope = tg::diff(abs(x), x)(x = at);
auto turned = (1_i * x)(x = 2.0);
auto part = tg::diff(real(sin(x)), x)(x = at);
#else
auto length = abs(x)(x = at);
auto turned = (1_i * x)(x = at);
auto part = real(tg::diff(sin(x), x))(x = at);
#endif
