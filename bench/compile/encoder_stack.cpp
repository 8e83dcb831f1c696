// SPDX-License-Identifier: BSL-1.0
// LAYERS layers of a transformer's encoder by tg::repeat, with the gradients by all of their parameters.
#include "../encoder_stack.hpp"

#include <vector>

using numbers = std::vector<float>;
float one_step(const numbers (&in)[3], numbers& slopes, numbers& workspace) {
  return encoder_stack<LAYERS, 64, 384, 12, 1536>::step(in[0], in[1], in[2], slopes, workspace);
}
