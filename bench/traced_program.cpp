// SPDX-License-Identifier: BSL-1.0
//
// A traced function of 1,000 operations and its gradient: as C, and by typegrad.
#include "problems/traced_program.hpp"
#include "mixed_formula.hpp"

#include <span>

// Written by write_traced_program.
extern "C" void traced_program_c(const double* in, double* out);

namespace {

struct as_c {
  static void evaluate(const double* point, double* result) { traced_program_c(point, result); }
};

struct with_typegrad {
  static void evaluate(const double* point, double* result) {
    constexpr auto program = tg::function(tg::inputs(tg::symbols<"x", 8>), mixed_outputs());
    program(std::span<const double, 8>(point, 8), std::span<double, 9>(result, 9));
  }
};

// The C text takes the place of hand-written code: it is the same program.
const bool added = bench::add<bench::traced_program, as_c>("hand") &&
                   bench::add<bench::traced_program, with_typegrad>("typegrad");

}  // namespace
