// SPDX-License-Identifier: BSL-1.0
// Random formulas with arrays from seeds: numbers, columns with a number for each row, rows, tables and
// square matrices of each other.
#pragma once
#include <typegrad/convolution.hpp>
#include <typegrad/selection.hpp>

namespace array_formulas {

using namespace tg::literals;

constexpr auto X = tg::array<"X", tg::extent<"rows">, 3>;
constexpr auto W = tg::array<"W", 3, 3>;
constexpr auto v = tg::array<"v", 3>;
constexpr auto t = tg::array<"t", tg::extent<"rows">>;
constexpr auto k = tg::symbol<"k">;
constexpr auto place = tg::index<"place", tg::extent<"rows">>;  // of 0, 1, 2

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
    constexpr auto m = square<next(Seed, 0), Depth - 1>();
    constexpr auto n = square<next(Seed, 1), Depth - 1>();
    constexpr unsigned which = choice(Seed, 6);
    if constexpr (which == 0)
      return matmul(m, n) / 3_c;
    else if constexpr (which == 1)
      return transpose(m) - n * row<next(Seed, 2), Depth - 1>();
    else if constexpr (which == 2)
      return matmul(transpose(table<next(Seed, 2), Depth - 1>()), table<next(Seed, 3), Depth - 1>()) / 9_c;
    else if constexpr (which == 3)
      return tg::concatenate<0>(tg::slice<0, 1, 3>(m), tg::slice<0, 2, 3>(n));
    else if constexpr (which == 4)
      return tg::scatter_add<3>(table<next(Seed, 2), Depth - 1>(), place) / 9_c;
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
    constexpr unsigned which = choice(Seed, 8);
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
    else if constexpr (which == 5)
      return tg::take_along<1>(m, place);
    else if constexpr (which == 6)
      return gather(row<next(Seed, 1), Depth - 1>(), place) - place;
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
    constexpr unsigned which = choice(Seed, 6);
    if constexpr (which == 0)
      return matmul(square<next(Seed, 1), Depth - 1>(), r);
    else if constexpr (which == 1)
      return tg::sum<0>(table<next(Seed, 1), Depth - 1>()) / 8_c;
    else if constexpr (which == 2)
      return diagonal(square<next(Seed, 1), Depth - 1>()) + k * r;
    else if constexpr (which == 3)
      return exp(-r * r);
    else if constexpr (which == 4)
      return matmul(flip(r), tg::flip<1>(square<next(Seed, 1), Depth - 1>()));
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
    constexpr unsigned which = choice(Seed, 17);
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
    else if constexpr (which == 8)
      return gather(square<next(Seed, 1), Depth - 1>(), place) - m;
    else if constexpr (which == 9)
      return tg::one_hot<3>(place) * m;
    else if constexpr (which == 10)
      return tg::cumsum<0>(m) / 4_c - tg::cumsum<1>(table<next(Seed, 1), Depth - 1>());
    else if constexpr (which == 11)
      return tg::flip<0, 1>(m) * m;
    else if constexpr (which == 12)
      return tg::lower_triangle<1>(m) + gather(square<next(Seed, 1), Depth - 1>(), tg::argmax<1>(m));
    else if constexpr (which == 13)
      return tg::softmax<1>(masked(m, tg::sequence_mask<3>(place)));
    else if constexpr (which == 14)
      return tg::sum<2>(tg::window<1, 2>(m, tg::padding<1, 0>)) -
             tg::mean_pool<3>(m, tg::stride<1>, tg::padding<1>);
    else if constexpr (which == 15)
      return tg::max_pool<2>(m, tg::stride<1>, tg::padding<1, 0>) * 1.5_c;
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

}  // namespace array_formulas
