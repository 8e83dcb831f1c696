// SPDX-License-Identifier: BSL-1.0
// What nearly every test includes, compiled once before them. g++ reads a compiled header the slower, the
// larger it is, so it gets what is not ours; clang reads of it only what it needs.
#include <boost/test/unit_test.hpp>
#if defined(__clang__)
#include <typegrad/array.hpp>
#endif
