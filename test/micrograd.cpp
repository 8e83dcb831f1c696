// SPDX-License-Identifier: BSL-1.0
// The training of micrograd's demo, from its weights and on its points: the losses of all 100 steps against
// those of its notebook (micrograd_table.py). Arguments: test/data/micrograd.tsv and the points.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "../examples/support/moons.hpp"

BOOST_AUTO_TEST_CASE(the_losses_of_the_notebook) {
  const auto& program = boost::unit_test::framework::master_test_suite();
  BOOST_REQUIRE_MESSAGE(program.argc > 2, "give test/data/micrograd.tsv and the points after --");
  std::ifstream table(program.argv[1]), points(program.argv[2]);
  std::map<std::string, std::vector<double>> row;
  for (std::string line, name, number; std::getline(table, line);) {
    std::istringstream words(line);
    std::getline(words, name, '\t');
    while (std::getline(words, number, '\t')) row[name].push_back(std::stod(number));
  }
  std::vector<double> at, side;
  std::string line, number;
  for (std::getline(points, line); std::getline(points, line);) {
    std::istringstream words(line);
    for (int k = 0; k < 3 && std::getline(words, number, ','); ++k)
      (k < 2 ? at : side).push_back(std::stod(number));
  }
  BOOST_REQUIRE_EQUAL(row["start"].size(), demo::moons::theta.size());
  BOOST_REQUIRE_EQUAL(row["losses"].size(), 100u);
  BOOST_REQUIRE_EQUAL(side.size(), 100u);
  const std::vector<double> losses = demo::moons::train(at, side, row["start"]);
  // Sums of some hundred terms in another order, through a hundred steps.
  for (std::size_t k = 0; k < 100; ++k)
    BOOST_TEST(std::fabs(losses[k] - row["losses"][k]) <= 1e-11 * row["losses"][k],
               "step " << k << ": " << losses[k] << ", the notebook: " << row["losses"][k]);
}
