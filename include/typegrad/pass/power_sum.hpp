// SPDX-License-Identifier: BSL-1.0
// A product of powers of atoms, which are numbered, and a sum of such products: what pass/polynomial.hpp
// calculates with. And which functions stand for one another: those of an angle.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../primitive/trigonometric.hpp"

namespace tg::detail {

/// coefficient * product of atom k to the power e[k]/unit. Nothing is set until it is made by one(): an array
/// of them would take the compiler longer than all that is done with it.
struct power_product {
  static constexpr int room = budgets::atoms, unit = 60;
  std::int64_t numerator, denominator;
  int exponent;
  int e[room];

  static constexpr power_product one(const exact& c = {1}) {
    power_product m{};
    m.set(c);
    return m;
  }
  constexpr exact coefficient() const { return {numerator, denominator, exponent}; }
  constexpr void set(const exact& c) { numerator = c.n, denominator = c.d, exponent = c.e; }
  constexpr void negate() { numerator = -numerator; }
  constexpr bool same_powers(const power_product& o, int atoms) const {
    for (int k = 0; k < atoms; ++k)
      if (e[k] != o.e[k]) return false;
    return true;
  }
};

/// A sum of them. Copied by hand: only what is used.
struct power_sum {
  static constexpr int room = budgets::terms_of_sum;
  power_product items[room];
  int used = 0;

  constexpr power_sum() {}
  constexpr explicit power_sum(const power_product& m) : used{1} { items[0] = m; }
  constexpr power_sum(const power_sum& o) { *this = o; }
  constexpr power_sum& operator=(const power_sum& o) {
    used = o.used;
    for (int k = 0; k < used; ++k) items[k] = o.items[k];
    return *this;
  }
  constexpr void push_back(const power_product& m) { items[used++] = m; }
  constexpr const power_product* begin() const { return items; }
  constexpr const power_product* end() const { return items + used; }
  constexpr power_product* begin() { return items; }
  constexpr power_product* end() { return items + used; }
};

/// A template, so that the records are made where it is used.
template <class = void>
constexpr bool is_of_angle(const record* op) {
  return op == known<op::sin> || op == known<op::cos> || op == known<op::tan> || op == known<op::cot> ||
         op == known<op::sec> || op == known<op::csc>;
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
