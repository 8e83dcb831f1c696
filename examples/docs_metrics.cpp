// SPDX-License-Identifier: BSL-1.0
// The code of docs/metrics.md, compiled and run.
#include <cmath>
#include <iostream>
#include <string>
#include <typegrad/evaluation.hpp>
#include <vector>

#include "support/expect.hpp"

using example::expect;

int main() {
  // [report]
  namespace metric = tg::metric;
  const std::vector<int> truth{0, 1, 2, 2, 2}, predicted{0, 0, 2, 2, 1};
  std::cout << metric::classification_report(truth, predicted, {.names = {"cat", "dog", "bird"}});
  // [report]
  // [classes]
  const auto scores = metric::per_class(truth, predicted);
  const double recall = scores.of(2).recall, f1 = scores.macro.f;
  const auto table = metric::confusion_matrix(truth, predicted);
  const double birds_taken_for_dogs = table(2, 1);
  // [classes]
  expect(std::abs(recall - 2.0 / 3) < 1e-15 && std::abs(f1 - (2.0 / 3 + 0.8) / 3) < 1e-15);
  expect(birds_taken_for_dogs == 1);

  // [scores]
  const std::vector<int> ill{0, 0, 1, 1};
  const std::vector<double> risk{0.1, 0.4, 0.35, 0.8};
  const double area = metric::roc_auc(ill, risk);
  const auto curve = metric::roc_curve(ill, risk);  // to draw
  const double precision = metric::average_precision(ill, risk), loss = metric::log_loss(ill, risk);
  const double miscalibrated = metric::calibration_curve(ill, risk, 5).expected_error;
  // [scores]
  expect(area == 0.75 && curve.thresholds.size() == 5);
  expect(std::abs(precision - (1 + 2.0 / 3) / 2) < 1e-15 && std::abs(loss - 0.4722879) < 1e-7);
  expect(std::abs(miscalibrated - 0.1375) < 1e-12);

  // [interval]
  const auto sure = metric::bootstrap(
      {.level = 0.9, .seed = 1, .strata = ill},
      [](const auto& t, const auto& s) { return metric::roc_auc(t, s); }, ill, risk);
  std::cout << "area " << sure.value << ", from " << sure.low << " to " << sure.high << '\n';
  // [interval]
  expect(sure.value == 0.75 && sure.low <= 0.5 && sure.high == 1);

  // [numbers]
  const std::vector<double> measured{3, -0.5, 2, 7}, told{2.5, 0, 2, 8};
  const double explained = metric::r2(measured, told), error = metric::rmse(measured, told);
  // [numbers]
  expect(std::abs(explained - 0.9486081) < 1e-7 && std::abs(error - 0.6123724) < 1e-7);

  // [boxes]
  const std::vector<metric::object> objects{
      {.image = 0, .label = 3, .where = {0, 0, 10, 10}},
      {.image = 1, .label = 3, .where = {5, 5, 9, 9}},
  };
  const std::vector<metric::detection> found{
      {.image = 0, .label = 3, .score = 0.9, .where = {1, 0, 10, 10}},
      {.image = 1, .label = 3, .score = 0.4, .where = {0, 0, 3, 3}},
  };
  const double map = metric::mean_average_precision(objects, found, {.iou = 0.5}).mean;
  // [boxes]
  expect(map == 0.5);

  // [entities]
  const std::vector<std::vector<std::string>> names{{"B-PER", "I-PER", "O"}, {"B-ORG", "O"}};
  const std::vector<std::vector<std::string>> taken{{"B-PER", "O", "O"}, {"I-ORG", "O"}};
  std::cout << metric::entity_report(names, taken);
  const double strict = metric::entity_scores(names, taken, {.strict = metric::tag_scheme::iob2}).micro.f;
  // [entities]
  expect(strict == 0 && metric::entity_scores(names, taken).micro.f == 0.5);
  return example::status();
}
