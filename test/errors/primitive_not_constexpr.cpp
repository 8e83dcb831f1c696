// SPDX-License-Identifier: BSL-1.0
// expect: a_derivative_is_made_while_compiling__so_the_partials_of_a_primitive_must_be_constexpr
// expect: a_derivative_is_made_while_compiling__so_the_definition_of_a_primitive_must_be_constexpr
// The rule of a user's primitive is run by the compiler. Its value alone may be an ordinary function.
#include <typegrad/typegrad.hpp>

struct cube {
  static constexpr auto name = "cube";
  template <class T>
  static T value(const T& x) {
    return x * x * x;
  }
#ifdef MUST_FAIL
  static auto partials(auto x) { return 3 * x * x; }
#else
  static constexpr auto partials(auto x) { return 3 * x * x; }
#endif
};
struct twice {
  static constexpr auto name = "twice";
  template <class T>
#ifndef MUST_FAIL
  constexpr
#endif
      static auto
      definition(const T& x) {
    return x + x;
  }
};

constexpr auto x = tg::symbol<"x">;
auto by_rule = tg::diff(tg::apply<cube>(x), x);
auto by_definition = tg::diff(tg::apply<twice>(x), x);
