// SPDX-License-Identifier: BSL-1.0
// Random formulas with arrays and their gradients, run as functions with 0, 1, 7 and 40 rows, against an
// evaluation of the types node by node, and the gradients against central differences of that.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <typegrad/array.hpp>
#include <vector>

#include "array_formulas.hpp"
#include "array_interpreter.hpp"

using namespace array_values;
using namespace array_formulas;

namespace {

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
