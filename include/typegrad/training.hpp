// SPDX-License-Identifier: BSL-1.0
// Training: tg::train, with all rules, schedules and treatments of gradients.
#pragma once
#include "support/compiler/begin.hpp"

#include "learn/train/report.hpp"
#include "learn/train/train.hpp"
#include "optimize/adaptive_schedule.hpp"
#include "optimize/first_order.hpp"
#include "optimize/gradient_treatment.hpp"
#include "optimize/schedule.hpp"

#include "support/compiler/end.hpp"
