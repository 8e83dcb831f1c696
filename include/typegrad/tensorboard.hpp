// SPDX-License-Identifier: BSL-1.0
// Event files for TensorBoard.
#pragma once
#include "support/compiler/begin.hpp"

#include "learn/train/event_file.hpp"

#include "support/compiler/end.hpp"
