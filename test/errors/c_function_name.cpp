// SPDX-License-Identifier: BSL-1.0
// expect: to_c_the_name_must_be_a_C_identifier_of_at_most_63_characters_that_is_no_keyword_and_no_function_of_math_h
// A keyword of C is no name for a function.
#include <typegrad/typegrad.hpp>

constexpr auto x = tg::symbol<"x">;

void write() {
#ifdef MUST_FAIL
  constexpr auto text = tg::to_c(x, "for");
#else
  constexpr auto text = tg::to_c(x, "four");
  static_cast<void>(text);
#endif
}
