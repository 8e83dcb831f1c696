// SPDX-License-Identifier: BSL-1.0
// The canonical form of random matrix formulas keeps their values: each operation is also done on plain
// numbers, one after the other, as it is written, and both must agree; so must gradients and central
// differences of those numbers.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <typegrad/array.hpp>

#include "array_values.hpp"

using array_values::values;
using namespace tg::literals;

namespace {

constexpr auto A = tg::array<"A", 3, 3>;
constexpr auto B = tg::array<"B", 3, 3>;
constexpr auto X = tg::array<"X", 3, 3>;
constexpr auto S = tg::array<"S", 3, 3, tg::symmetric>;
constexpr auto u = tg::array<"u", 3>;
constexpr auto v = tg::array<"v", 3>;
constexpr auto a = tg::symbol<"a">;

/// A formula and its value as it was written.
template <class F>
struct made {
  F formula;
  values value;
};
template <class F>
made(F, values) -> made<F>;

/// The symbols with X moved by a little of its element.
double moved = 0;
std::size_t element = 0;
values value_of_symbol(const char* name) {
  values z = array_values::symbols().find(name)->second;
  if (*name == 'X' && moved != 0) z.data[element] += moved;
  return z;
}
values combined(const values& x, const values& y, auto f) { return array_values::elementwise(x, y, f); }
values labelled(std::string_view labels, const std::vector<values>& x) {
  return array_values::contract(labels, x);
}

constexpr unsigned mixed(unsigned seed) {
  seed = (seed ^ seed >> 15) * 0x2c1b3c6du;
  seed = (seed ^ seed >> 12) * 0x297a2d39u;
  return seed ^ seed >> 15;
}
constexpr unsigned next(unsigned seed, unsigned branch) { return mixed(seed * 7 + branch + 1); }

template <unsigned Seed, int Depth>
auto matrix();
template <unsigned Seed, int Depth>
auto vector();

template <unsigned Seed, int Depth>
auto number() {
  constexpr unsigned which = mixed(Seed) % 5;
  if constexpr (Depth == 0) {
    return made{a, value_of_symbol("a")};
  } else if constexpr (which == 0) {
    const auto m = matrix<next(Seed, 0), Depth - 1>();
    return made{trace(m.formula), labelled("ii->", {m.value})};
  } else if constexpr (which == 1) {
    const auto p = vector<next(Seed, 0), Depth - 1>();
    const auto q = vector<next(Seed, 1), Depth - 1>();
    return made{dot(p.formula, q.formula), labelled("i,i->", {p.value, q.value})};
  } else if constexpr (which == 2) {
    const auto m = matrix<next(Seed, 0), Depth - 1>();
    return made{sum(m.formula), labelled("ij->", {m.value})};
  } else if constexpr (which == 3) {
    const auto m = matrix<next(Seed, 0), Depth - 1>();
    double determinant = 0;
    array_values::inverse_of(m.value, determinant);
    return made{tg::determinant(m.formula), array_values::number(determinant)};
  } else {
    const auto p = vector<next(Seed, 0), Depth - 1>();
    const auto q = vector<next(Seed, 1), Depth - 1>();
    const auto m = matrix<next(Seed, 2), Depth - 1>();
    return made{matmul(p.formula, m.formula, q.formula), labelled("i,ij,j->", {p.value, m.value, q.value})};
  }
}

template <unsigned Seed, int Depth>
auto vector() {
  constexpr unsigned which = mixed(Seed) % 5;
  if constexpr (Depth == 0) {
    if constexpr (which % 2 == 0)
      return made{u, value_of_symbol("u")};
    else
      return made{v, value_of_symbol("v")};
  } else if constexpr (which == 0) {
    const auto m = matrix<next(Seed, 0), Depth - 1>();
    return made{diagonal(m.formula), labelled("ii->i", {m.value})};
  } else if constexpr (which == 1) {
    const auto p = vector<next(Seed, 0), Depth - 1>();
    const auto q = vector<next(Seed, 1), Depth - 1>();
    return made{p.formula - 2_c * q.formula,
                combined(p.value, q.value, [](double x, double y) { return x - 2 * y; })};
  } else if constexpr (which == 2) {
    const auto p = vector<next(Seed, 0), Depth - 1>();
    const auto n = number<next(Seed, 1), Depth - 1>();
    return made{n.formula * p.formula, combined(n.value, p.value, std::multiplies<>{})};
  } else {
    const auto m = matrix<next(Seed, 0), Depth - 1>();
    const auto p = vector<next(Seed, 1), Depth - 1>();
    if constexpr (which == 3)
      return made{matmul(m.formula, p.formula), labelled("ij,j->i", {m.value, p.value})};
    else
      return made{matmul(p.formula, m.formula), labelled("i,ij->j", {p.value, m.value})};
  }
}

template <unsigned Seed, int Depth>
auto matrix() {
  constexpr unsigned which = mixed(Seed) % (Depth == 0 ? 5 : 10);
  if constexpr (Depth == 0) {
    if constexpr (which == 0)
      return made{A, value_of_symbol("A")};
    else if constexpr (which == 1)
      return made{B, value_of_symbol("B")};
    else if constexpr (which == 2)
      return made{S, value_of_symbol("S")};
    else
      return made{X, value_of_symbol("X")};
  } else if constexpr (which == 0) {
    const auto m = matrix<next(Seed, 0), Depth - 1>();
    return made{transpose(m.formula), labelled("ij->ji", {m.value})};
  } else if constexpr (which <= 2) {
    const auto m = matrix<next(Seed, 0), Depth - 1>();
    const auto n = matrix<next(Seed, 1), Depth - 1>();
    return made{m.formula + n.formula, combined(m.value, n.value, std::plus<>{})};
  } else if constexpr (which <= 5) {
    const auto m = matrix<next(Seed, 0), Depth - 1>();
    const auto n = matrix<next(Seed, 1), Depth - 1>();
    return made{matmul(m.formula, n.formula), labelled("ij,jk->ik", {m.value, n.value})};
  } else if constexpr (which == 6) {
    // A common factor on one side or the other.
    const auto m = matrix<next(Seed, 0), Depth - 1>();
    const auto n = matrix<next(Seed, 1), Depth - 1>();
    return made{matmul(A, m.formula) - 3_c * matmul(A, n.formula),
                combined(labelled("ij,jk->ik", {value_of_symbol("A"), m.value}),
                         labelled("ij,jk->ik", {value_of_symbol("A"), n.value}),
                         [](double x, double y) { return x - 3 * y; })};
  } else if constexpr (which == 7) {
    const auto p = vector<next(Seed, 0), Depth - 1>();
    const auto q = vector<next(Seed, 1), Depth - 1>();
    return made{outer(p.formula, q.formula), labelled("i,j->ij", {p.value, q.value})};
  } else if constexpr (which == 8) {
    const auto m = matrix<next(Seed, 0), Depth - 1>();
    const auto n = matrix<next(Seed, 1), Depth - 1>();
    return made{m.formula * n.formula, combined(m.value, n.value, std::multiplies<>{})};
  } else {
    double unused = 0;
    values inner = combined(value_of_symbol("X"), labelled("ij->ji", {value_of_symbol("A")}), std::plus<>{});
    return made{inverse(X + transpose(A)), array_values::inverse_of(inner, unused)};
  }
}

void compare(const values& found, const values& expected, unsigned seed, const char* what) {
  double size = 1e-9;
  for (double x : expected.data) size = std::max(size, std::abs(x));
  BOOST_TEST((found.shape == expected.shape), what << " of " << seed << ": the shape");
  for (std::size_t k = 0; k < expected.data.size() && k < found.data.size(); ++k)
    BOOST_TEST(std::abs(found.data[k] - expected.data[k]) <= 1e-9 * size,
               what << " of " << seed << ": " << found.data[k] << " for " << expected.data[k]);
}

template <unsigned Seed, int Depth>
void check() {
  moved = 0;
  const auto m = matrix<Seed, Depth>();
  compare(array_values::value_of(m.formula), m.value, Seed, "the matrix");
  const auto n = number<Seed, Depth>();
  compare(array_values::value_of(n.formula), n.value, Seed, "the number");
  const auto slope = tg::diff(n.formula, X, tg::allow_zero);
  const values found = array_values::value_of(slope);
  double size = std::abs(n.value.data[0]) + 1e-3;
  for (double x : found.data) size = std::max(size, std::abs(x));
  for (element = 0; element < 9; ++element) {
    moved = 1e-5;
    const double above = number<Seed, Depth>().value.data[0];
    moved = -1e-5;
    const double below = number<Seed, Depth>().value.data[0];
    moved = 0;
    if (!std::isfinite(above - below)) continue;  // the determinant of a matrix that is singular by its form
    BOOST_TEST(std::abs((above - below) / 2e-5 - found.data[element]) <= 1e-4 * size,
               "slope of " << Seed << " by element " << element << ": " << found.data[element] << " for "
                           << (above - below) / 2e-5);
  }
}

template <unsigned... Seed>
void check_all(std::integer_sequence<unsigned, Seed...>) {
  (check<mixed(Seed + 1), 2>(), ...);
  (check<mixed(Seed + 1001), 3>(), ...);
}

}  // namespace

BOOST_AUTO_TEST_CASE(canonical_forms_keep_values) { check_all(std::make_integer_sequence<unsigned, 24>{}); }
