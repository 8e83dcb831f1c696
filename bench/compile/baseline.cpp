// SPDX-License-Identifier: BSL-1.0
// The translation unit that all others are compared with.
#include <array>
#include <cmath>
#include <vector>
