// SPDX-License-Identifier: BSL-1.0
// expect: data::column: a column has numbers; texts become classes by table::classes.
// A column of texts.
#include <string>
#include <typegrad/data.hpp>
#include <vector>

int main() {
#ifdef MUST_FAIL
  const std::vector<std::string> kinds{"cat", "dog"};
#else
  const std::vector<int> kinds{0, 1};
#endif
  const tg::data::column all(kinds);
  return all.rows() == 2 ? 0 : 1;
}
