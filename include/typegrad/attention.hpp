// SPDX-License-Identifier: BSL-1.0
// Attention, the layers of encoders, and BERT: further layers of models.
#pragma once
#include "support/compiler/begin.hpp"

#include "learn/layer/attention.hpp"
#include "learn/layer/bert.hpp"
#include "learn/layer/encoder_layer.hpp"
#include "learn/layer/layers.hpp"
#include "learn/layer/positions.hpp"
#include "learn/layer/token_pooling.hpp"
#include "model.hpp"

#include "support/compiler/end.hpp"
