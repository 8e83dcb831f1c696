// SPDX-License-Identifier: BSL-1.0
// The version of typegrad, for `#if TYPEGRAD_VERSION >= 200`: major * 10000 + minor * 100 + patch. CMake and
// Conan read it here; a test compares it with the other places that name it.
#pragma once
#include "support/compiler/begin.hpp"

#define TYPEGRAD_VERSION 100
#define TYPEGRAD_VERSION_STRING "0.1.0"

#include "support/compiler/end.hpp"
