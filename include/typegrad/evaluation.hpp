// SPDX-License-Identifier: BSL-1.0
// How good predictions are, in tg::metric: classes, scores, probabilities, numbers, clusters and boxes, and
// intervals of confidence. Needs nothing else of the library, and compiles fast.
#pragma once
#include "support/compiler/begin.hpp"

#include "learn/evaluate/accuracy.hpp"
#include "learn/evaluate/bootstrap.hpp"
#include "learn/evaluate/class_scores.hpp"
#include "learn/evaluate/classification_report.hpp"
#include "learn/evaluate/clusters.hpp"
#include "learn/evaluate/detection.hpp"
#include "learn/evaluate/entities.hpp"
#include "learn/evaluate/probability.hpp"
#include "learn/evaluate/ranking.hpp"
#include "learn/evaluate/regression.hpp"

#include "support/compiler/end.hpp"
