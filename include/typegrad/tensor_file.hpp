// SPDX-License-Identifier: BSL-1.0
// Files of named tensors, safetensors and npz: reading, writing, and the parameters of models.
#pragma once
#include "support/compiler/begin.hpp"

#include "learn/file/load_bert.hpp"
#include "learn/file/save_tensors.hpp"
#include "learn/file/tensor_file.hpp"

#include "support/compiler/end.hpp"
