// SPDX-License-Identifier: BSL-1.0
// expect: primitive 'bump': notation, parity, domain and the like are said in one place,
// What a primitive says outside its facts would be overlooked in silence.
#include <typegrad/typegrad.hpp>

struct bump {
  static constexpr auto name = "bump";
#ifdef MUST_FAIL
  static constexpr int parity = 1;
#else
  static constexpr tg::facts facts{.parity = 1};
#endif
  template <class T>
  static constexpr T value(const T& r) {
    return T(1) / (T(1) + r * r);
  }
};

constexpr auto f = tg::apply<bump>(tg::symbol<"x">);
