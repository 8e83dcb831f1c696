// SPDX-License-Identifier: BSL-1.0
// Data to train on: tables, images and sounds from files, splits, batches, standardisation and augmentation.
#pragma once
#include "support/compiler/begin.hpp"

#include "learn/data/augmentation.hpp"
#include "learn/data/batches.hpp"
#include "learn/data/csv.hpp"
#include "learn/data/idx.hpp"
#include "learn/data/split.hpp"
#include "learn/data/standardise.hpp"
#include "learn/data/wav.hpp"

#include "support/compiler/end.hpp"
