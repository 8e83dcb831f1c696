// SPDX-License-Identifier: BSL-1.0
// Looking at formulas with arrays: what to_string, to_latex, to_dot and domain write them with.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../notation/array/dot.hpp"
#include "../../notation/array/infix.hpp"
#include "../../notation/array/latex.hpp"
#include "../inspect.hpp"

namespace tg::detail {

template <>
struct printer_of_arrays<infix_printer> {
  using type = array_infix_printer;
};
template <>
struct printer_of_arrays<latex_printer> {
  using type = array_latex_printer;
};
template <>
struct printer_of_arrays<dot_printer> {
  using type = array_dot_printer;
};
template <>
struct printer_of_arrays<domain_printer> {
  using type = domain_text<array_infix_printer>;
};

/// C has no arrays as values.
struct refused_in_c {
  template <class Builder>
  static constexpr void print(Builder&, const buffer<int>&, const dimensions&, writer&) {
    refuse_when_reached<text{"to_c: the formula has arrays; C code is written for formulas of numbers."}>();
  }
};
template <>
struct printer_of_arrays<c_printer> {
  using type = refused_in_c;
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
