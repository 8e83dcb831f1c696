// SPDX-License-Identifier: BSL-1.0
//
// The program of 1,000 operations as a traced formula, for the benchmark and for the generator of its C text.
#pragma once

#include "problems/mixed_program.hpp"

#include <typegrad/typegrad.hpp>

/// The outputs of the traced program: its value and its 8 first derivatives, in one joint graph.
constexpr auto mixed_outputs() {
  constexpr auto program = tg::trace<"x[8]">([](auto x) { return bench::mixed_program<1000>(x.data()); });
  return tg::outputs(program, tg::gradient(program, tg::symbols<"x", 8>));
}
