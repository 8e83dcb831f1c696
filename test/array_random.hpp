// SPDX-License-Identifier: BSL-1.0
// A random formula with arrays and the gradient of a scalar one, run as a function with 0, 1, 7 and 40 rows,
// against an evaluation of the types node by node, and the gradients against central differences of that.
#pragma once
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <string_view>
#include <vector>

#include "array_formulas.hpp"
#include "array_interpreter_selections.hpp"

namespace array_formulas {

using namespace array_values;

inline void compare(const std::vector<double>& own, const values& expected, double tolerance,
                    std::string_view which) {
  BOOST_REQUIRE_EQUAL(own.size(), expected.data.size());
  for (std::size_t i = 0; i < own.size(); ++i) {
    const double scale = 1 + std::fabs(expected.data[i]);
    BOOST_TEST(std::fabs(own[i] - expected.data[i]) <= tolerance * scale,
               which << ", element " << i << ": " << own[i] << " and " << expected.data[i]);
  }
}

/// Checks the values of h and of a number, f, in which all symbols occur, and the gradient of f.
template <class H, class F>
void check(const H& h, const F& f, std::string_view which) {
  constexpr auto fn =
      tg::function(tg::inputs(X, W, v, t, k, place), tg::outputs(F{}, H{}, gradient(F{}, X, W, v, t, k)));
  for (const std::size_t rows : {0u, 1u, 7u, 40u}) {
    unsigned state = 1;
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
               {"k", numbers({})},
               {"place", filled({rows}, [&](const shape_t&) {
                  state = state * 1664525u + 1013904223u;
                  return (state >> 16) % 3;
                })}}};
    const std::vector<int> places(s.symbols.at("place").data.begin(), s.symbols.at("place").data.end());
    const values of_h = value_of(h, s);
    std::vector<double> own_h(of_h.data.size()), dx(rows * 3), dw(9), dv(3), dt(rows),
        space(fn.template workspace<double>(rows), infinity);
    const auto at = [&](const char* name) -> std::vector<double>& { return s.symbols.at(name).data; };
    const std::array<double, 2> r =
        fn(at("X"), at("W"), at("v"), at("t"), at("k")[0], places, own_h, dx, dw, dv, dt, space);
    compare({r[0]}, value_of(f, s), 1e-11, which);
    compare(own_h, of_h, 1e-11, which);
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
      compare(own, expected, 1e-7 * scale, which);
    };
    if (rows > 7) continue;
    slopes("X", dx), slopes("W", dw), slopes("v", dv), slopes("t", dt), slopes("k", {r[1]});
  }
}
/// Checks an array of any of the kinds, and the sum of its squares.
template <class H>
void check_array(const H& h, std::string_view which) {
  check(h, sum(h * h) + sum(W * v) + sum(X * v) * k + sum(t), which);
}

}  // namespace array_formulas
