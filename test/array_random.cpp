// SPDX-License-Identifier: BSL-1.0
// Random formulas with arrays and their gradients, run as functions with 0, 1, 7 and 40 rows, against an
// evaluation of the types node by node, and the gradients against central differences of that.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <typegrad/array.hpp>
#include <vector>

#include "array_interpreter.hpp"

using namespace array_values;
using namespace tg::literals;

namespace {

constexpr auto X = tg::array<"X", tg::extent<"rows">, 3>;
constexpr auto W = tg::array<"W", 3, 3>;
constexpr auto v = tg::array<"v", 3>;
constexpr auto t = tg::array<"t", tg::extent<"rows">>;
constexpr auto k = tg::symbol<"k">;

constexpr unsigned mixed(unsigned seed) {
  seed = (seed ^ seed >> 15) * 0x2c1b3c6du;
  seed = (seed ^ seed >> 12) * 0x297a2d39u;
  return seed ^ seed >> 15;
}
constexpr unsigned choice(unsigned seed, unsigned count) { return mixed(seed * 31 + 7) % count; }
constexpr unsigned next(unsigned seed, unsigned branch) { return mixed(seed * 5 + branch + 1); }

template <unsigned Seed, int Depth>
constexpr auto table();
template <unsigned Seed, int Depth>
constexpr auto row();

template <unsigned Seed, int Depth>
constexpr auto square() {
  if constexpr (Depth == 0)
    return W;
  else {
    constexpr auto m = square<next(Seed, 0), Depth - 1>(), n = square<next(Seed, 1), Depth - 1>();
    constexpr unsigned which = choice(Seed, 5);
    if constexpr (which == 0)
      return matmul(m, n) / 3_c;
    else if constexpr (which == 1)
      return transpose(m) - n * row<next(Seed, 2), Depth - 1>();
    else if constexpr (which == 2)
      return matmul(transpose(table<next(Seed, 2), Depth - 1>()), table<next(Seed, 3), Depth - 1>()) / 9_c;
    else if constexpr (which == 3)
      return tg::concatenate<0>(tg::slice<0, 1, 3>(m), tg::slice<0, 2, 3>(n));
    else
      return tanh(m) * k;
  }
}
template <unsigned Seed, int Depth>
constexpr auto column() {
  if constexpr (Depth == 0)
    return t;
  else {
    constexpr auto m = table<next(Seed, 0), Depth - 1>();
    constexpr unsigned which = choice(Seed, 6);
    if constexpr (which == 0)
      return tg::sum<1>(m);
    else if constexpr (which == 1)
      return matmul(m, row<next(Seed, 1), Depth - 1>());
    else if constexpr (which == 2)
      return tg::logsumexp<1>(m) - sin(column<next(Seed, 1), Depth - 1>());
    else if constexpr (which == 3)
      return tg::max<1>(m * 1.5_c);
    else if constexpr (which == 4)
      return einsum<"ij,jk,ik->i">(m, square<next(Seed, 1), Depth - 1>(), table<next(Seed, 2), Depth - 1>()) /
             5_c;
    else
      return tg::sum<1>(tg::slice<1, 0, 2>(m)) * column<next(Seed, 1), Depth - 1>();
  }
}
template <unsigned Seed, int Depth>
constexpr auto row() {
  if constexpr (Depth == 0)
    return v;
  else {
    constexpr auto r = row<next(Seed, 0), Depth - 1>();
    constexpr unsigned which = choice(Seed, 5);
    if constexpr (which == 0)
      return matmul(square<next(Seed, 1), Depth - 1>(), r);
    else if constexpr (which == 1)
      return tg::sum<0>(table<next(Seed, 1), Depth - 1>()) / 8_c;
    else if constexpr (which == 2)
      return diagonal(square<next(Seed, 1), Depth - 1>()) + k * r;
    else if constexpr (which == 3)
      return exp(-r * r);
    else
      return matmul(column<next(Seed, 1), Depth - 1>(), table<next(Seed, 2), Depth - 1>()) / 7_c;
  }
}
template <unsigned Seed, int Depth>
constexpr auto table() {
  if constexpr (Depth == 0)
    return X;
  else {
    constexpr auto m = table<next(Seed, 0), Depth - 1>();
    constexpr unsigned which = choice(Seed, 9);
    if constexpr (which == 0)
      return matmul(m, square<next(Seed, 1), Depth - 1>());
    else if constexpr (which == 1)
      return tanh(m + row<next(Seed, 1), Depth - 1>());
    else if constexpr (which == 2)
      return m * table<next(Seed, 1), Depth - 1>() - k;
    else if constexpr (which == 3)
      return outer(column<next(Seed, 1), Depth - 1>(), row<next(Seed, 2), Depth - 1>());
    else if constexpr (which == 4)
      return tg::softmax<1>(m);
    else if constexpr (which == 5)
      return tg::pad<1, 1, 0>(tg::slice<1, 1, 3>(m)) + m / 2_c;
    else if constexpr (which == 6)
      return m / sqrt(1_c + tg::sum<1>(m * m, tg::keep));
    else if constexpr (which == 7)
      return matmul(m, square<next(Seed, 1), Depth - 1>(), square<next(Seed, 2), Depth - 1>()) / 3_c;
    else
      return tg::stack<1>(column<next(Seed, 1), Depth - 1>(), t, tg::sum<1>(m));
  }
}
template <unsigned Seed, int Depth>
constexpr auto scalar() {
  return sum(table<next(Seed, 10), Depth>() * table<next(Seed, 11), Depth - 1>()) +
         sum(column<next(Seed, 12), Depth>()) * k + dot(row<next(Seed, 13), Depth>(), v) + sum(W * v) +
         sum(X * v) + sum(t);
}

void compare(const std::vector<double>& own, const values& expected, double tolerance, unsigned seed) {
  BOOST_REQUIRE_EQUAL(own.size(), expected.data.size());
  for (std::size_t i = 0; i < own.size(); ++i) {
    const double scale = 1 + std::fabs(expected.data[i]);
    BOOST_TEST(std::fabs(own[i] - expected.data[i]) <= tolerance * scale,
               "seed " << seed << ", element " << i << ": " << own[i] << " and " << expected.data[i]);
  }
}

template <unsigned Seed, int Depth>
void check() {
  constexpr auto f = scalar<Seed, Depth>();
  constexpr auto h = table<next(Seed, 20), Depth>();
  constexpr auto fn = tg::function(tg::inputs(X, W, v, t, k), tg::outputs(f, h, gradient(f, X, W, v, t, k)));
  for (const std::size_t rows : {0u, 1u, 7u, 40u}) {
    unsigned state = Seed;
    const auto numbers = [&](const shape_t& shape) {
      return filled(shape, [&](const shape_t&) {
        state = state * 1664525u + 1013904223u;
        return static_cast<double>(state >> 8) / (1 << 24) * 2 - 1;
      });
    };
    setting s{rows,
              {{"X", numbers({rows, 3})},
               {"W", numbers({3, 3})},
               {"v", numbers({3})},
               {"t", numbers({rows})},
               {"k", numbers({})}}};
    std::vector<double> values_of_h(rows * 3), dx(rows * 3), dw(9), dv(3), dt(rows),
        space(fn.template workspace<double>(rows), infinity);
    const auto at = [&](const char* name) -> std::vector<double>& { return s.symbols.at(name).data; };
    const std::array<double, 2> r =
        fn(at("X"), at("W"), at("v"), at("t"), at("k")[0], values_of_h, dx, dw, dv, dt, space);
    compare({r[0]}, value_of(f, s), 1e-11, Seed);
    compare(values_of_h, value_of(h, s), 1e-11, Seed);
    // Nothing but the last bits depends on the number type's neighbours: gradients by central differences.
    const auto slopes = [&](const char* name, const std::vector<double>& own) {
      values expected{{own.size()}, {}};
      for (double& x : at(name)) {
        const double before = x, step = 1e-5;
        x = before + step;
        const double above = value_of(f, s).data[0];
        x = before - step;
        expected.data.push_back((above - value_of(f, s).data[0]) / (2 * step));
        x = before;
      }
      const double scale = 1 + std::fabs(r[0]);
      compare(own, expected, 1e-7 * scale, Seed);
    };
    if (rows > 7) continue;
    slopes("X", dx), slopes("W", dw), slopes("v", dv), slopes("t", dt), slopes("k", {r[1]});
  }
}
template <int Depth, unsigned... Seeds>
void check_all(std::integer_sequence<unsigned, Seeds...>) {
  (check<Seeds, Depth>(), ...);
}

}  // namespace

BOOST_AUTO_TEST_CASE(random_formulas) {
  check_all<1>(std::make_integer_sequence<unsigned, 12>{});
  check_all<2>(std::make_integer_sequence<unsigned, 6>{});
}
