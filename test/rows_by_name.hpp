// SPDX-License-Identifier: BSL-1.0
// Rows of numbers by name, as scripts write them for tests: a name and the numbers behind it, with tabs
// between them.
#pragma once
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

/// The row of that name in the table whose path is the program's argument; else it is in test/data.
inline const std::vector<double>& row_of(const std::string& table, const std::string& wanted) {
  static const auto rows = [&] {
    const auto& program = boost::unit_test::framework::master_test_suite();
    const std::string usual = "test/data/" + table;
    std::ifstream file(program.argc > 1 ? program.argv[1] : usual);
    BOOST_REQUIRE_MESSAGE(file, "give the table " << usual << " as the argument after --");
    std::map<std::string, std::vector<double>> all;
    for (std::string line, name, number; std::getline(file, line);) {
      std::istringstream words(line);
      std::getline(words, name, '\t');
      while (std::getline(words, number, '\t')) all[name].push_back(std::stod(number));
    }
    return all;
  }();
  BOOST_REQUIRE_MESSAGE(rows.count(wanted) > 0, "the table has no row " << wanted);
  return rows.at(wanted);
}
