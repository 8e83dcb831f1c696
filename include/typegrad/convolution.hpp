// SPDX-License-Identifier: BSL-1.0
// Moving windows of arrays: convolutions and pooling. Beside the header of arrays, because who has no signals
// and images need not compile them.
#pragma once
#include "support/compiler/begin.hpp"

#include "array.hpp"
#include "formula/array/windows.hpp"
#include "program/array/pooling_kernels.hpp"
#include "program/array/window_kernels.hpp"

#include "support/compiler/end.hpp"
