// SPDX-License-Identifier: BSL-1.0
//
// The squared loss of a 3-4-4-1 tanh network over 4 samples and its 41 derivatives: by hand and by typegrad.
#include "problems/tanh_network.hpp"

#include <typegrad/typegrad.hpp>

#include <cmath>
#include <span>

namespace {

/// By hand: forward and backward sweep over one sample after another, all loops unrolled, with the
/// derivatives in registers or on the stack until the end. 36 hyperbolic tangents and nothing else that is
/// dear.
struct hand {
  static void evaluate(const double* point, double* result) {
    constexpr int first = 0, second = 16, third = 36;  // where each layer's parameters begin
    double p[41];
    double g[41] = {};
#pragma GCC unroll 41
    for (int i = 0; i < 41; ++i) p[i] = point[i];
    double loss = 0.0;
#pragma GCC unroll 4
    for (int s = 0; s < 4; ++s) {
      const auto& x = bench::tanh_network::sample_inputs[static_cast<std::size_t>(s)];
      double h1[4], h2[4], d1[4] = {};
#pragma GCC unroll 4
      for (int j = 0; j < 4; ++j) {
        const int n = first + 4 * j;
        h1[j] = std::tanh(p[n + 3] + p[n] * x[0] + p[n + 1] * x[1] + p[n + 2] * x[2]);
      }
#pragma GCC unroll 4
      for (int j = 0; j < 4; ++j) {
        const int n = second + 5 * j;
        h2[j] = std::tanh(p[n + 4] + p[n] * h1[0] + p[n + 1] * h1[1] + p[n + 2] * h1[2] + p[n + 3] * h1[3]);
      }
      const double y = std::tanh(p[third + 4] + p[third] * h2[0] + p[third + 1] * h2[1] +
                                 p[third + 2] * h2[2] + p[third + 3] * h2[3]);
      const double error = y - bench::tanh_network::sample_targets[static_cast<std::size_t>(s)];
      loss += error * error;
      const double d3 = 2.0 * error * (1.0 - y * y);
      g[third + 4] += d3;
#pragma GCC unroll 4
      for (int j = 0; j < 4; ++j) {
        g[third + j] += d3 * h2[j];
        const int n = second + 5 * j;
        const double d2 = d3 * p[third + j] * (1.0 - h2[j] * h2[j]);
        g[n + 4] += d2;
#pragma GCC unroll 4
        for (int k = 0; k < 4; ++k) {
          g[n + k] += d2 * h1[k];
          d1[k] += d2 * p[n + k];
        }
      }
#pragma GCC unroll 4
      for (int k = 0; k < 4; ++k) {
        const int n = first + 4 * k;
        const double d = d1[k] * (1.0 - h1[k] * h1[k]);
        g[n + 3] += d;
#pragma GCC unroll 3
        for (int i = 0; i < 3; ++i) g[n + i] += d * x[static_cast<std::size_t>(i)];
      }
    }
    result[0] = loss;
#pragma GCC unroll 41
    for (int i = 0; i < 41; ++i) result[1 + i] = g[i];
  }
};

/// By hand as most would leave it: the same sweeps as plain loops that accumulate into the result.
struct hand_loops {
  static void evaluate(const double* point, double* result) {
    double* g = result + 1;
    for (int i = 0; i < 42; ++i) result[i] = 0.0;
    for (int s = 0; s < 4; ++s) {
      const auto& x = bench::tanh_network::sample_inputs[static_cast<std::size_t>(s)];
      double h1[4], h2[4], d1[4] = {};
      for (int j = 0; j < 4; ++j) {
        const double* w = point + 4 * j;
        h1[j] = std::tanh(w[3] + w[0] * x[0] + w[1] * x[1] + w[2] * x[2]);
      }
      for (int j = 0; j < 4; ++j) {
        const double* w = point + 16 + 5 * j;
        double sum = w[4];
        for (int k = 0; k < 4; ++k) sum += w[k] * h1[k];
        h2[j] = std::tanh(sum);
      }
      const double* w3 = point + 36;
      double sum = w3[4];
      for (int k = 0; k < 4; ++k) sum += w3[k] * h2[k];
      const double y = std::tanh(sum);
      const double error = y - bench::tanh_network::sample_targets[static_cast<std::size_t>(s)];
      result[0] += error * error;
      const double d3 = 2.0 * error * (1.0 - y * y);
      g[40] += d3;
      for (int j = 0; j < 4; ++j) {
        g[36 + j] += d3 * h2[j];
        const double d2 = d3 * w3[j] * (1.0 - h2[j] * h2[j]);
        const double* w = point + 16 + 5 * j;
        double* gw = g + 16 + 5 * j;
        gw[4] += d2;
        for (int k = 0; k < 4; ++k) {
          gw[k] += d2 * h1[k];
          d1[k] += d2 * w[k];
        }
      }
      for (int k = 0; k < 4; ++k) {
        const double d = d1[k] * (1.0 - h1[k] * h1[k]);
        double* gw = g + 4 * k;
        for (int i = 0; i < 3; ++i) gw[i] += d * x[static_cast<std::size_t>(i)];
        gw[3] += d;
      }
    }
  }
};

/// The very template that the peers run, traced.
struct with_typegrad {
  static void evaluate(const double* point, double* result) {
    constexpr auto x = tg::symbols<"x", 41>;
    constexpr auto loss = tg::trace<"x[41]">([](auto parameters) {
      typename decltype(parameters)::value_type y{};
      bench::tanh_network::formula(parameters.data(), parameters.data(), &y);
      return y;
    });
    constexpr auto program = tg::function(tg::inputs(x), tg::outputs(loss, tg::gradient(loss, x)));
    program(std::span<const double, 41>(point, 41), std::span<double, 42>(result, 42));
  }
};

const bool added = bench::add<bench::tanh_network, with_typegrad>("typegrad") &&
                   bench::add<bench::tanh_network, hand>("hand") &&
                   bench::add<bench::tanh_network, hand_loops>("hand, plain loops");

}  // namespace
