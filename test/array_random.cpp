// SPDX-License-Identifier: BSL-1.0
// Random formulas with arrays, two in three small and one larger, as many as the option random_array_count
// asks for. One that fails is named; shrink_array_formula.py finds a smaller one that fails.
#include "array_random.hpp"

using namespace array_formulas;

namespace {

template <unsigned Seed, int Depth>
void check_seed() {
  const std::string which = "seed " + std::to_string(Seed) + ", depth " + std::to_string(Depth);
  check(table<next(Seed, 20), Depth>(), scalar<Seed, Depth>(), which);
}
template <int Depth, unsigned... Seeds>
void check_all(std::integer_sequence<unsigned, Seeds...>) {
  (check_seed<RANDOM_SEED + Seeds, Depth>(), ...);
}

}  // namespace

BOOST_AUTO_TEST_CASE(random_formulas) {
  check_all<1>(std::make_integer_sequence<unsigned, RANDOM_COUNT - RANDOM_COUNT / 3>{});
  check_all<2>(std::make_integer_sequence<unsigned, RANDOM_COUNT / 3>{});
}
