// SPDX-License-Identifier: BSL-1.0
// Scan, iterate and repeat: values, first and second derivatives beside the steps written out.
#include "loops.hpp"

using namespace loops;

namespace {

struct recurrent {
  template <class L>
  constexpr auto operator()(L, auto x, auto s, auto m, auto v) const {
    const auto all = L::scan([&](auto y, auto z) { return tanh(matmul(y, m) + z + v); }, s, x);
    return sum(all * all) + sum(sin(all));
  }
};
struct last_state {
  template <class L>
  constexpr auto operator()(L, auto x, auto s, auto m, auto v) const {
    return sum(exp(L::iterate([&](auto y, auto z) { return sigmoid(matmul(y, m) * z - v); }, s, x)));
  }
};

/// Two carried arrays, slices, and both kinds of results of one loop.
struct long_short_term_memory {
  template <class L>
  constexpr auto operator()(L, auto x, auto s, auto m, auto v) const {
    const auto cell = [&](auto y, auto c, auto z) {
      const auto a = matmul(y, m) + z + v;
      const auto gate = sigmoid(a), next = gate * c + (1 - gate) * tanh(a * y);
      return tg::carry(gate * tanh(next), next);
    };
    const auto all = L::scan(cell, tg::carry(s, 2 * s), x);
    const auto last = L::iterate(cell, tg::carry(s, 2 * s), x);
    return sum(all[0] * all[1]) + sum(last[1] * last[0]);
  }
};
/// Backwards, giving out something else; what is carried changes places; a part of the body is steady.
struct backwards {
  template <class L>
  constexpr auto operator()(L, auto x, auto s, auto m, auto v) const {
    const auto out = L::template scan<tg::reversed>(
        [&](auto y, auto c, auto z) {
          return tg::carry(c, y * cos(z) + matmul(c, m * m)).emit(max(y, c) * z, tg::sum<1>(z - c), v * v);
        },
        tg::carry(s, sin(s)), x);
    return sum(out[0] * out[0]) + sum(cos(out[1])) + sum(out[2]);
  }
};
/// Numbers are carried; a choice; the sequence is no symbol; no sequence.
struct numbers {
  template <class L>
  constexpr auto operator()(L, auto x, auto s, auto m, auto v) const {
    const auto r = L::iterate([&](auto y, auto p) { return where(y < p, y * p + sum(s), sin(y) - p * p); },
                              sum(v), tg::sum<1, 2>(x * x));
    const auto q =
        L::template iterate<tg::steps<L::steps>>([&](auto y) { return y / (1 + y * y) + r; }, sum(m));
    return q * r;
  }
};
struct recomputed {
  template <class L>
  constexpr auto operator()(L, auto x, auto s, auto m, auto v) const {
    const auto all = L::template scan<tg::recompute>(
        [&](auto y, auto z) { return tanh(matmul(sin(y), m) + z) * v; }, s, x);
    return sum(all * all * all);
  }
};
}  // namespace

BOOST_AUTO_TEST_CASE(recurrent_network) { check<recurrent>(); }
BOOST_AUTO_TEST_CASE(last_states) { check<last_state>(); }
BOOST_AUTO_TEST_CASE(several_carried_arrays) { check<long_short_term_memory>(); }
BOOST_AUTO_TEST_CASE(backwards_with_outputs) { check<backwards>(); }
BOOST_AUTO_TEST_CASE(numbers_and_choices) { check<numbers>(); }
BOOST_AUTO_TEST_CASE(steps_computed_again) { check<recomputed>(); }
