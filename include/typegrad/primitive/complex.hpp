// SPDX-License-Identifier: BSL-1.0
// The imaginary unit, and the parts of complex numbers, for formulas that are evaluated with them. Brought by
// <typegrad/complex.hpp>.
#pragma once
#include "../support/compiler/begin.hpp"

#include <complex>

#include "../support/select.hpp"
#include "rules.hpp"

namespace tg {

namespace op {

/// The square root of -1, in formulas whose symbols are complex numbers.
struct imaginary_unit : rules {
  static constexpr std::string_view name = "i";
  static constexpr tg::facts facts{.calls = 0, .latex = "\\mathrm{i}"};
  static constexpr int arity = 0;
  template <class T>
  static constexpr T value() {
    if constexpr (requires(const T& z) {
                    z.imag(), T(typename T::value_type(0), typename T::value_type(1));
                  }) {
      return T(typename T::value_type(0), typename T::value_type(1));
    } else {
      refuse<text{"imaginary_unit: the formula is evaluated with complex numbers, as f(x = "
                  "std::complex(2.0))."},
             T>();
      return T(0);
    }
  }
};

/// The derivative of Op by a complex number, of which there is none; no value.
template <class Op>
struct no_complex_derivative : rules {
  static constexpr auto spelled =
      detail::join(detail::text_of([] { return std::string_view(Op::name); }), text{"_slope"});
  static constexpr std::string_view name = spelled.view();
  template <class T>
  static constexpr T value(const T& z) {
    refuse<detail::join(detail::text_of([] { return std::string_view(Op::name); }),
                        text{": it has no complex derivative; differentiate first, and apply it to the "
                             "result."}),
           T>();
    return z;
  }
  static constexpr auto partials(auto, auto self) { return self; }
};

/// The real part.
struct real : rules {
  static constexpr std::string_view name = "real";
  static constexpr tg::facts facts{
      .calls = 0, .latex = "\\operatorname{Re}\\left($1\\right)", .c = "creal($1)"};
  template <class T>
  static constexpr T value(const T& z) {
    using std::real;
    return T(real(z));
  }
  static constexpr auto partials(auto z) { return call<no_complex_derivative<real>>(z); }
};

/// The imaginary part, a real number.
struct imag : rules {
  static constexpr std::string_view name = "imag";
  static constexpr tg::facts facts{
      .calls = 0, .latex = "\\operatorname{Im}\\left($1\\right)", .c = "cimag($1)"};
  template <class T>
  static constexpr T value(const T& z) {
    using std::imag;
    return T(imag(z));
  }
  static constexpr auto partials(auto z) { return call<no_complex_derivative<imag>>(z); }
};

/// The conjugate.
struct conj : rules {
  static constexpr std::string_view name = "conj";
  static constexpr tg::facts facts{.calls = 0, .latex = "\\overline{$1}", .c = "conj($1)"};
  template <class T>
  static constexpr T value(const T& z) {
    using std::conj;
    if constexpr (Ordered<T>)
      return z;
    else
      return conj(z);
  }
  static constexpr auto partials(auto z) { return call<no_complex_derivative<conj>>(z); }
};

/// The angle to the positive real numbers, from -pi to pi.
struct arg : rules {
  static constexpr std::string_view name = "arg";
  static constexpr tg::facts facts{.latex = "\\arg\\left($1\\right)", .c = "carg($1)", .domain = "$1 != 0"};
  template <class T>
  static constexpr T value(const T& z) {
    using std::arg;
    return T(arg(z));
  }
  static constexpr auto partials(auto z) { return call<no_complex_derivative<arg>>(z); }
};

}  // namespace op

// clang-format off
template <Symbolic Z> constexpr auto real(const Z& z) { return apply<op::real>(z); }
template <Symbolic Z> constexpr auto imag(const Z& z) { return apply<op::imag>(z); }
template <Symbolic Z> constexpr auto conj(const Z& z) { return apply<op::conj>(z); }
template <Symbolic Z> constexpr auto arg(const Z& z) { return apply<op::arg>(z); }
// clang-format on

}  // namespace tg

#include "../support/compiler/end.hpp"
