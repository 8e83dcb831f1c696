// SPDX-License-Identifier: BSL-1.0
// The umbrella header and nothing else.
#include <typegrad/typegrad.hpp>
