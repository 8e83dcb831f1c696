// SPDX-License-Identifier: BSL-1.0
// expect: treatments: gradient and parameters must hold numbers of one floating type.
// A gradient of float with parameters of double.
#include <typegrad/optimize/gradient_treatment.hpp>
#include <vector>

#ifdef MUST_FAIL
using number = double;
#else
using number = float;
#endif

int main() {
  std::vector<float> gradient(3);
  const std::vector<number> parameters(3);
  tg::treatments{tg::clip_by_value{1}}(gradient, parameters, 0);
}
