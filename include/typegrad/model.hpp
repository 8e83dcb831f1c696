// SPDX-License-Identifier: BSL-1.0
// Models, whose parameters are made where they are used, and all their layers.
#pragma once
#include "support/compiler/begin.hpp"

#include "convolution.hpp"
#include "learn/layer/batch_norm.hpp"
#include "learn/layer/convolution.hpp"
#include "learn/layer/dense.hpp"
#include "learn/layer/dropout.hpp"
#include "learn/layer/embedding.hpp"
#include "learn/layer/layer_norm.hpp"
#include "learn/layer/recurrent.hpp"
#include "learn/model/model.hpp"
#include "loops.hpp"
#include "random.hpp"
#include "selection.hpp"

#include "support/compiler/end.hpp"
