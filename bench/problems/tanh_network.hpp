// SPDX-License-Identifier: BSL-1.0
//
// The squared loss of a 3-4-4-1 network of tanh neurons over 4 fixed samples (the first example of
// micrograd), as a template in the number type. 41 inputs: neuron by neuron, layer by layer, its weights and
// then its bias.
#pragma once

#include "../harness.hpp"

#include <array>
#include <cmath>

namespace bench {

struct tanh_network {
  static constexpr const char* name = "tanh_network_gradient";
  static constexpr int active = 41;
  static constexpr int passive = 0;
  static constexpr int values = 1;
  static constexpr int order = 1;
  static constexpr int points = 256;

  static constexpr int samples = 4;
  static constexpr std::array<std::array<double, 3>, samples> sample_inputs{
      {{2, 3, -1}, {3, -1, 0.5}, {0.5, 1, 1}, {1, 1, -1}}};
  static constexpr std::array<double, samples> sample_targets{1, -1, -1, 1};

  static void sample(random_numbers& random, double* point) {
    for (int i = 0; i < active; ++i) point[i] = random.uniform(-1, 1);
  }

  /// The outputs of a layer of `Out` neurons; `parameter` moves on behind the ones that were used.
  template <std::size_t Out, class T, class Input, std::size_t In>
  static constexpr auto layer(const T*& parameter, const std::array<Input, In>& input) {
    using std::tanh;
    std::array<T, Out> output{};
    for (T& neuron : output) {
      T sum = parameter[In];
      for (std::size_t i = 0; i < In; ++i) sum = sum + parameter[i] * input[i];
      neuron = tanh(sum);
      parameter += In + 1;
    }
    return output;
  }

  template <class T, class Data>
  static constexpr void formula(const T* x, const Data* /*passive*/, T* y) {
    T loss = T(0.0);
    for (int s = 0; s < samples; ++s) {
      const T* parameter = x;
      const auto first = layer<4>(parameter, sample_inputs[static_cast<std::size_t>(s)]);
      const auto second = layer<4>(parameter, first);
      const auto output = layer<1>(parameter, second);
      const T error = output[0] - sample_targets[static_cast<std::size_t>(s)];
      loss = loss + error * error;
    }
    y[0] = loss;
  }
};

}  // namespace bench
