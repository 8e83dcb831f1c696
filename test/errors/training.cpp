// SPDX-License-Identifier: BSL-1.0
// expect: train: the weights must be float, double or long double.
// expect: train: the step must be callable with (batch, weights, slopes), perhaps also a tg::train_moment, and return the loss.
// expect: train: the option rule must be a first-order method, such as tg::adam.
// expect: train: a schedule must be callable with (step, loss, gradient_norm) and give a factor.
// expect: train: a treatment must be callable with (gradient, parameters, step).
// Calls of tg::train whose parts do not fit.
#include <typegrad/training.hpp>
#include <vector>

int main() {
  std::vector<double> weights(1), data(1);
  const auto step = [](const auto&, const auto& w, auto& slopes) { return slopes[0] = w[0]; };
#ifdef MUST_FAIL
  std::vector<int> whole(1);
  (void)tg::train(step, data, whole);
  (void)tg::train([](const auto&) { return 1.0; }, data, weights);
  (void)tg::train(step, data, weights, {.rule = 0.1});
  (void)tg::train(step, data, weights, {.schedule = [] { return 1; }});
  (void)tg::train(step, data, weights, {.treatments = {[] {}}});
#else
  (void)tg::train(step, data, weights);
#endif
}
