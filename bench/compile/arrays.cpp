// SPDX-License-Identifier: BSL-1.0
// What the header of arrays costs by itself.
#include <typegrad/array.hpp>
