// SPDX-License-Identifier: BSL-1.0
// A layer of a transformer's encoder of width 384 with 12 heads and 1536 hidden units, 8 sequences of 64
// tokens, in float: the mean squared distance from a target and its gradients by all parameters, by a
// function of arrays. Value and slopes are compared with those of the same function in double before anything
// is measured. networks.py adds PyTorch.
#include "encoder_stack.hpp"

#include <random>

#include "compare.hpp"
#include "memory.hpp"

namespace {

using layer = encoder<64, 384, 12, 1536>;

template <class T>
struct batch {
  static constexpr std::size_t rows = 8;
  batch() {
    std::mt19937 random(1);
    std::normal_distribution<double> normal;
    for (T& each : x) each = static_cast<T>(normal(random));
    for (T& each : target) each = static_cast<T>(normal(random));
    for (T& each : parameters) each = static_cast<T>(normal(random) / 20);
  }
  void run() { value = layer::step(x, target, parameters, slopes, space); }

  std::vector<T> x = std::vector<T>(rows * 64 * 384), target = x,
                 parameters = std::vector<T>(layer::theta.size()), slopes = parameters,
                 space = std::vector<T>(layer::step.workspace<T>(rows));
  T value = 0;
};

}  // namespace

int main() {
  batch<float> own;
  batch<double> reference;
  own.run(), reference.run();
  bench::expect_near("encoder", own.value, static_cast<float>(reference.value), 1.0f);
  for (std::size_t k = 0; k < layer::theta.size(); ++k)
    bench::expect_near("encoder, slope", own.slopes[k], static_cast<float>(reference.slopes[k]), 0.0f);
  bench::compare<21>(
      "encoder layer, in double", 0, [&] { own.run(); }, [&] { reference.run(); });
  const auto megabytes = [](std::int64_t count) { return static_cast<double>(count) * 4e-6; };
  std::printf("workspace %.2f MB; at least %.2f, in the order as written %.2f\n",
              megabytes(static_cast<std::int64_t>(own.space.size())),
              megabytes(tg::cost(layer::step, 8).live), megabytes(bench::live_as_written(layer::step, 8)));
  // Twelve layers as a loop, which keeps what the adjoints need of all steps, or only what is carried.
  const auto print_stack = [&](const char* name, const auto& step) {
    std::printf("12 layers%s: workspace %.2f MB; at least %.2f\n", name,
                megabytes(static_cast<std::int64_t>(step.template workspace<float>(8))),
                megabytes(tg::cost(step, 8).live));
  };
  print_stack("", encoder_stack<12, 64, 384, 12, 1536>::step);
  print_stack(", recomputed", encoder_stack<12, 64, 384, 12, 1536, tg::recompute>::step);
  return bench::agrees ? 0 : 1;
}
