// SPDX-License-Identifier: BSL-1.0
// A layer of a transformer's encoder with the gradients by all of its parameters, and the code that evaluates
// them.
#include "../encoder.hpp"

#include <vector>

using numbers = std::vector<float>;
float one_step(const numbers (&in)[3], numbers& slopes, numbers& workspace) {
  return encoder<64, 384, 12, 1536>::step(in[0], in[1], in[2], slopes, workspace);
}
