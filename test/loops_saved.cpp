// SPDX-License-Identifier: BSL-1.0
// Loops that save every n-th step: values, first and second derivatives beside the loop that saves all, and
// what they need of memory.
#include "loops.hpp"

using namespace loops;

namespace {

constexpr auto xs = tg::array<"xs", 6, 2, 3>;
constexpr auto dxs = tg::array<"dxs", 6, 2, 3>;
constexpr auto theta = tg::parameters(xs, h, w, b);
constexpr auto delta = tg::parameters(dxs, dh, dw, db);

/// Two carried arrays, all states and the last ones, a weight, and a part of the body that is steady.
template <auto... Options>
constexpr auto long_short_term_memory() {
  return tg::trace(xs, h, w, b, [](auto x, auto s, auto m, auto v) {
    const auto cell = [&](auto y, auto c, auto z) {
      const auto a = matmul(y, m) + z + sin(v);
      const auto gate = sigmoid(a), next = gate * c + (1 - gate) * tanh(a * y);
      return tg::carry(gate * tanh(next), next);
    };
    const auto all = tg::scan<Options...>(cell, tg::carry(s, 2 * s), x);
    const auto last = tg::iterate<Options...>(cell, tg::carry(s, 2 * s), x);
    return sum(all[0] * all[1]) + sum(last[1] * last[0]);
  });
}
/// The last step comes first; what is carried changes places; steps give out something else, and what each
/// has of a sequence.
template <auto... Options>
constexpr auto backwards() {
  return tg::trace(xs, h, w, b, [](auto x, auto s, auto m, auto v) {
    const auto out = tg::scan<tg::reversed, Options...>(
        [&](auto y, auto c, auto z) {
          return tg::carry(c, y * cos(z) + matmul(c, m * m)).emit(max(y, c) * z, tg::sum<1>(z - c), z, v * v);
        },
        tg::carry(s, sin(s)), x);
    return sum(out[0] * out[0]) + sum(cos(out[1])) + sum(out[2] * out[2]) + sum(out[3]);
  });
}
/// In the body of a loop that runs over the same sequence, and without a sequence.
template <auto... Options>
constexpr auto nested() {
  return tg::trace(xs, h, w, b, [](auto x, auto s, auto m, auto v) {
    const auto outer = [&](auto y, auto z) {
      const auto inner = [&](auto u, auto p) { return sin(u) * z + matmul(y, m) * sum(p) + v; };
      return tg::repeat<6, Options...>(inner, y, x);
    };
    const auto r = sum(sin(tg::iterate<Options...>(outer, s, x)));
    return r * tg::iterate<tg::steps<6>, Options...>([&](auto y) { return y / (1 + y * y) + r; }, sum(m));
  });
}

constexpr auto u = tg::array<"u", 4, 8>;
constexpr auto m = tg::array<"m", 8, 8>;
template <int Steps, auto... Options>
constexpr auto long_run() {
  constexpr auto seq = tg::array<"seq", Steps, 4>;
  constexpr auto first = tg::array<"first", 8>;
  constexpr auto end =
      tg::iterate<Options...>([](auto y, auto z) { return tanh(matmul(z, u) + matmul(y, m)); }, first, seq);
  return tg::function(tg::inputs(seq, first, u, m),
                      tg::outputs(sum(end * end), tg::gradient(sum(end * end), first, u, m)));
}

}  // namespace

BOOST_AUTO_TEST_CASE(several_carried_arrays) {
  constexpr auto saved = long_short_term_memory<tg::save_every<3>>();
  constexpr auto plain = long_short_term_memory<>();
  compare(first_of(saved, theta, delta), first_of(plain, theta, delta), theta.size());
  compare(second_of(saved, theta, delta), second_of(plain, theta, delta), theta.size());
}
BOOST_AUTO_TEST_CASE(backwards_with_outputs) {
  constexpr auto plain = backwards<>();
  compare(first_of(backwards<tg::save_every<2>>(), theta, delta), first_of(plain, theta, delta),
          theta.size());
}
BOOST_AUTO_TEST_CASE(loops_in_loops) {
  compare(first_of(nested<tg::save_every<2>>(), theta, delta), first_of(nested<>(), theta, delta),
          theta.size());
}

BOOST_AUTO_TEST_CASE(long_sequences_fit) {
  constexpr auto plain = long_run<4096>();
  constexpr auto again = long_run<4096, tg::recompute>();
  constexpr auto saved = long_run<4096, tg::save_every<64>>();
  BOOST_TEST(plain.workspace<double>() > 4096 * 8);
  BOOST_TEST(again.workspace<double>() > 4096 * 8);
  BOOST_TEST(saved.workspace<double>() < 2 * 64 * 4 * 8);
  // As many steps whatever their number.
  static_assert(decltype(saved)::steps() == decltype(long_run<128, tg::save_every<2>>())::steps());
  std::vector<double> seq(4096 * 4), first(8, 0.1), in(32), on(64);
  for (std::size_t k = 0; k < seq.size(); ++k) seq[k] = std::sin(static_cast<double>(k));
  for (std::size_t k = 0; k < in.size(); ++k) in[k] = std::cos(static_cast<double>(k));
  for (std::size_t k = 0; k < on.size(); ++k) on[k] = 0.3 * std::cos(3.0 * static_cast<double>(k));
  const auto numbers = [&](const auto& fn) {
    std::vector<double> of_first(8), of_u(32), of_m(64), all;
    all.push_back(tg::bound<double>(fn)(seq, first, in, on, of_first, of_u, of_m));
    for (const auto* part : {&of_first, &of_u, &of_m}) all.insert(all.end(), part->begin(), part->end());
    return all;
  };
  const std::vector<double> expected = numbers(plain), found = numbers(saved);
  BOOST_TEST(expected[0] == found[0]);
  for (std::size_t k = 1; k < expected.size(); ++k)
    BOOST_TEST(std::abs(expected[k] - found[k]) <= 1e-13 * (1 + std::abs(expected[k])));
}
