// SPDX-License-Identifier: BSL-1.0
// LeNet-5 on images of 28 by 28, in float: the mean cross-entropy of a batch of 64 and its gradients by all
// parameters, by a function of arrays. The function's value and slopes along a direction are compared with
// the same function in double before anything is measured. networks.py adds PyTorch.
#include <random>
#include <vector>

#include "compare.hpp"
#include "lenet.hpp"

namespace {

template <class T>
struct batch {
  static constexpr std::size_t rows = 64;
  batch() {
    std::mt19937 random(1);
    std::normal_distribution<double> normal;
    for (T& each : x) each = static_cast<T>(normal(random));
    for (std::size_t r = 0; r < rows; ++r) y[r * 10 + random() % 10] = 1;
    for (T& each : parameters) each = static_cast<T>(normal(random) / 16);
  }
  void run() { value = step(x, y, parameters, slopes, space); }

  std::vector<T> x = std::vector<T>(rows * 784), y = std::vector<T>(rows * 10),
                 parameters = std::vector<T>(theta.size()), slopes = parameters,
                 space = std::vector<T>(step.workspace<T>(rows));
  T value = 0;
};

}  // namespace

int main() {
  batch<float> own;
  batch<double> reference;
  own.run(), reference.run();
  bench::expect_near("LeNet", own.value, static_cast<float>(reference.value), 1.0f);
  for (std::size_t k = 0; k < theta.size(); ++k)
    bench::expect_near("LeNet, slope", own.slopes[k], static_cast<float>(reference.slopes[k]), 1.0f);
  bench::compare(
      "LeNet-5, in double", 0, [&] { own.run(); }, [&] { reference.run(); });
  return bench::agrees ? 0 : 1;
}
