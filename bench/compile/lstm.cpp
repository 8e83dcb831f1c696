// SPDX-License-Identifier: BSL-1.0
// An LSTM over STEPS steps with the gradients by all of its parameters.
#include "../lstm.hpp"

#include <vector>

using numbers = std::vector<float>;
float one_step(const numbers (&in)[3], numbers& slopes, numbers& workspace) {
  return lstm_network<STEPS, 32>::step(in[0], in[1], in[2], slopes, workspace);
}
