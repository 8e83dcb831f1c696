// SPDX-License-Identifier: BSL-1.0
// expect: first_order::step: parameters and gradient must hold numbers of the optimizer's type.
// A gradient of double for parameters of float.
#include <typegrad/optimize/first_order.hpp>
#include <vector>

#ifdef MUST_FAIL
using number = double;
#else
using number = float;
#endif

int main() {
  std::vector<float> parameters(3);
  const std::vector<number> gradient(3);
  tg::first_order<tg::adam, float> rule({}, parameters.size());
  rule.step(parameters, gradient);
}
