// SPDX-License-Identifier: BSL-1.0
// The text of a formula with arrays means what the formula does: random formulas and their gradients are
// evaluated node by node as their types say, and as a reader of matrices evaluates what to_string and
// to_latex write.
#include <boost/test/unit_test.hpp>

#include "array_reader.hpp"

using namespace tg;
using namespace tg::literals;
using array_values::values;

namespace {

void compare(std::string_view text, std::string_view shown, const values& expected) try {
  const values found = array_values::reader(text).whole();
  BOOST_TEST(expected.shape == found.shape, shown);
  for (std::size_t i = 0; i < expected.data.size() && expected.shape == found.shape; ++i)
    BOOST_TEST(std::abs(found.data[i] - expected.data[i]) <= 1e-9 * (1 + std::abs(expected.data[i])),
               shown << ": " << found.data[i] << " is not " << expected.data[i]);
} catch (const std::string& what) {
  BOOST_ERROR(shown << " as " << text << ": " << what);
}

template <class F>
void check(const F& f) {
  const values expected = array_values::value_of(f);
  const auto infix = to_string(f);
  const auto latex = to_latex(f);
  compare(infix.view(), infix.view(), expected);
  compare(array_values::infix_of(latex.view()), latex.view(), expected);
}

constexpr unsigned choice(unsigned seed, unsigned n) {
  seed = (seed ^ 61u ^ (seed >> 16)) * 9u;
  seed = (seed ^ (seed >> 4)) * 0x27d4eb2du;
  return (seed ^ (seed >> 15)) % n;
}

template <unsigned Seed, int Depth>
constexpr auto scalar();
template <unsigned Seed, int Depth>
constexpr auto vector();
template <unsigned Seed, int Depth>
constexpr auto matrix();

template <unsigned Seed>
constexpr auto matrix_symbol() {
  constexpr unsigned which = choice(Seed, 4);
  if constexpr (which == 0)
    return array<"A", 3, 3>;
  else if constexpr (which == 1)
    return array<"B", 3, 3>;
  else if constexpr (which == 2)
    return array<"S", 3, 3, symmetric>;
  else
    return array<"X", 3, 3>;
}
template <unsigned Seed>
constexpr auto vector_symbol() {
  constexpr unsigned which = choice(Seed, 3);
  if constexpr (which == 0)
    return array<"u", 3>;
  else if constexpr (which == 1)
    return array<"v", 3>;
  else
    return array<"x", 3>;
}

/// The operands of a random formula.
template <unsigned Seed, int Depth>
struct operands {
  static constexpr auto m = matrix<5 * Seed + 1, Depth>();
  static constexpr auto n = matrix<5 * Seed + 2, Depth>();
  static constexpr auto v = vector<5 * Seed + 3, Depth>();
  static constexpr auto w = vector<5 * Seed + 4, Depth>();
  static constexpr auto k = scalar<5 * Seed + 5, Depth>();
};

template <unsigned Seed, int Depth>
constexpr auto scalar() {
  constexpr unsigned which = choice(Seed, Depth == 0 ? 3 : 10);
  if constexpr (Depth == 0) {
    if constexpr (which == 0)
      return symbol<"a">;
    else if constexpr (which == 1)
      return symbol<"c">;
    else
      return 2_c;
  } else {
    using o = operands<Seed, Depth - 1>;
    if constexpr (which == 0)
      return dot(o::v, o::w);
    else if constexpr (which == 1)
      return matmul(o::v, o::m, o::w);
    else if constexpr (which == 2)
      return trace(matmul(o::m, o::n));
    else if constexpr (which == 3)
      return sum(o::m * o::n);
    else if constexpr (which == 4)
      return sum(matmul(o::m, o::n));
    else if constexpr (which == 5)
      return o::k * dot(o::v, o::w);
    else if constexpr (which == 6)
      return o::k / (1_c + dot(o::v, o::v));
    else if constexpr (which == 7)
      return determinant(o::m + o::n);
    else if constexpr (which == 8)
      return tanh(o::k) - sum(o::v);
    else
      return trace(o::m) * sum(o::w);
  }
}

template <unsigned Seed, int Depth>
constexpr auto vector() {
  if constexpr (Depth == 0)
    return vector_symbol<Seed>();
  else {
    using o = operands<Seed, Depth - 1>;
    constexpr unsigned which = choice(Seed, 12);
    if constexpr (which == 0)
      return matmul(o::m, o::v);
    else if constexpr (which == 1)
      return matmul(o::v, o::m);
    else if constexpr (which == 2)
      return o::v - o::w;
    else if constexpr (which == 3)
      return o::v * o::w;
    else if constexpr (which == 4)
      return o::k * o::v;
    else if constexpr (which == 5)
      return sin(o::v);
    else if constexpr (which == 6)
      return sum<0>(o::m);
    else if constexpr (which == 7)
      return sum<1>(matmul(o::m, o::n));
    else if constexpr (which == 8)
      return diagonal(matmul(o::m, o::n));
    else if constexpr (which == 9)
      return o::v / (1_c + o::w * o::w);
    else if constexpr (which == 10)
      return einsum<"ji,j,ik,k->i">(o::m, o::v, o::n, o::w);
    else
      return matmul(o::m, o::v) / 3_c;
  }
}

template <unsigned Seed, int Depth>
constexpr auto matrix() {
  if constexpr (Depth == 0)
    return matrix_symbol<Seed>();
  else {
    using o = operands<Seed, Depth - 1>;
    constexpr unsigned which = choice(Seed, 16);
    if constexpr (which == 0)
      return matmul(o::m, o::n);
    else if constexpr (which == 1)
      return transpose(o::m);
    else if constexpr (which == 2)
      return o::m + transpose(o::n);
    else if constexpr (which == 3)
      return o::m * o::n;
    else if constexpr (which == 4)
      return o::k * o::m;
    else if constexpr (which == 5)
      return -o::m / 2_c;
    else if constexpr (which == 6)
      return tanh(o::m);
    else if constexpr (which == 7)
      return outer(o::v, o::w);
    else if constexpr (which == 8)
      return matmul(transpose(o::m), o::n, o::m);
    else if constexpr (which == 9)
      return einsum<"i,ij->ij">(o::v, o::m);
    else if constexpr (which == 10)
      return einsum<"i,ij,j->ij">(o::v, o::m, o::w);
    else if constexpr (which == 11)
      return o::m - o::v;
    else if constexpr (which == 12)
      return o::m * o::v + outer(o::v, o::v);
    else if constexpr (which == 13)
      return inverse(matrix_symbol<Seed>());
    else if constexpr (which == 14)
      return o::m / (1_c + o::n * o::n);
    else
      return einsum<"ij,ji->ij">(o::m, o::n);
  }
}

template <int Depth, unsigned... Seeds>
void check_all(std::integer_sequence<unsigned, Seeds...>) {
  (check(scalar<Seeds, Depth>()), ...);
  (check(vector<Seeds, Depth>()), ...);
  (check(matrix<Seeds, Depth>()), ...);
}
template <unsigned... Seeds>
void check_gradients(std::integer_sequence<unsigned, Seeds...>) {
  (check(gradient(scalar<Seeds, 2>() + sum(array<"X", 3, 3>), array<"X", 3, 3>)), ...);
  (check(gradient(scalar<Seeds, 2>() + sum(array<"v", 3>), array<"v", 3>)), ...);
}

}  // namespace

BOOST_AUTO_TEST_CASE(one_operation) { check_all<1>(std::make_integer_sequence<unsigned, 20>{}); }
BOOST_AUTO_TEST_CASE(two_operations) { check_all<2>(std::make_integer_sequence<unsigned, 32>{}); }
BOOST_AUTO_TEST_CASE(gradients) { check_gradients(std::make_integer_sequence<unsigned, 12>{}); }
