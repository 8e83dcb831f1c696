// SPDX-License-Identifier: BSL-1.0
// The code of docs/loops.md.
#include <iostream>
#include <typegrad/loops.hpp>
#include <vector>

#include "support/expect.hpp"

using example::expect;
using namespace tg::literals;

// [scan]
constexpr auto xs = tg::array<"xs", tg::extent<"time">, tg::rows, 4>;
constexpr auto u = tg::array<"u", 4, 8>;
constexpr auto w = tg::array<"w", 8, 8>;
constexpr auto zeros = tg::broadcast<tg::rows, 8>(0_c);
constexpr auto cell = [](auto h, auto x) { return tanh(matmul(x, u) + matmul(h, w)); };
constexpr auto states = tg::scan(cell, zeros, xs);   // shape (time, rows, 8)
constexpr auto last = tg::iterate(cell, zeros, xs);  // shape (rows, 8)
constexpr auto cost = tg::mean(last * last);
constexpr auto train = tg::function(tg::inputs(xs, u, w), tg::outputs(cost, tg::gradient(cost, u, w)));
// [scan]

// [lstm]
constexpr auto a = tg::array<"a", 12, 32>;
constexpr auto b = tg::array<"b", 32>;
constexpr auto memory = tg::trace(xs, a, b, [](auto xs_, auto a_, auto b_) {
  const auto step = [&](auto h, auto c, auto x) {
    const auto gates = matmul(tg::concatenate<1>(h, x), a_) + b_;
    const auto kept = sigmoid(tg::slice<1, 0, 8>(gates)), taken = sigmoid(tg::slice<1, 8, 16>(gates));
    const auto next = kept * c + taken * tanh(tg::slice<1, 16, 24>(gates));
    return tg::carry(sigmoid(tg::slice<1, 24, 32>(gates)) * tanh(next), next);
  };
  const auto [h, c] = tg::scan(step, tg::carry(zeros, zeros), xs_);
  return h;
});
// [lstm]

// [repeat]
constexpr auto x = tg::array<"x", tg::rows, 8>;
constexpr auto ws = tg::array<"ws", 12, 8, 8>;
constexpr auto bs = tg::array<"bs", 12, 8>;
constexpr auto layer = [](auto y, auto v, auto c) { return y + tanh(matmul(y, v) + c); };
constexpr auto deep = tg::repeat<12>(layer, x, ws, bs);
// [repeat]

// [options]
constexpr auto product = [](auto y, auto v) { return tanh(matmul(y, v)); };
constexpr auto from_the_end = tg::scan<tg::reversed>(product, x, ws);
constexpr auto in_little_memory = tg::iterate<tg::recompute>(product, x, ws);
constexpr auto start = tg::symbol<"start">;
constexpr auto fixed_point = tg::iterate<tg::steps<50>>([](auto y) { return cos(y); }, start);
// [options]

// [outputs]
constexpr auto norms = tg::scan(
    [](auto y, auto v) {
      const auto next = tanh(matmul(y, v));
      return tg::carry(next).emit(sum(next * next));
    },
    x, ws);  // shape (12)
// [outputs]

// [long]
constexpr auto record = tg::array<"record", 4096, tg::rows, 4>;
constexpr auto at_the_end = tg::iterate<tg::save_every<64>>(cell, zeros, record);
// [long]

template <class Formula>
std::size_t workspace_of(const Formula& end) {
  const auto of_end = tg::mean(end * end);
  return tg::function(tg::inputs(record, u, w), tg::outputs(of_end, tg::gradient(of_end, u, w)))
      .template workspace<double>(1);
}

static_assert(tg::shape_of(states) == tg::extents<tg::extent<"time">, tg::extent<"rows">, 8>{});
static_assert(tg::shape_of(fixed_point) == tg::extents<>{});

int main() {
  auto run = tg::bound<double>(train);
  std::vector<double> inputs(5 * 2 * 4, 0.5), first(32, 0.1), second(64, 0.05), du(32), dw(64);
  const double value = run(tg::shaped(inputs, 5, 2, 4), first, second, du, dw);
  expect(value > 0 && du[0] > 0 && dw[0] > 0);

  std::vector<double> point(16, 0.1), weights(768, 0.01), shifts(96, 0.1), out(16), all(12);
  tg::bound<double>(tg::function(tg::inputs(x, ws, bs), tg::outputs(deep)))(point, weights, shifts, out);
  tg::bound<double>(tg::function(tg::inputs(x, ws), tg::outputs(norms)))(point, weights, all);
  static_assert(tg::shape_of(memory) == tg::extents<tg::extent<"time">, tg::extent<"rows">, 8>{});
  static_assert(tg::shape_of(from_the_end) == tg::extents<12, tg::extent<"rows">, 8>{});
  static_assert(tg::shape_of(in_little_memory) == tg::shape_of(x));
  const std::size_t of_all = workspace_of(tg::iterate(cell, zeros, record)),
                    of_carried = workspace_of(tg::iterate<tg::recompute>(cell, zeros, record)),
                    of_blocks = workspace_of(at_the_end);
  std::cout << of_all << ' ' << of_carried << ' ' << of_blocks << '\n';
  expect(of_blocks < 4000 && of_all > 100'000);
  std::cout << value << ' ' << out[0] << ' ' << all[0] << '\n';
  expect(out[0] > 1 && all[0] > 0);
}
