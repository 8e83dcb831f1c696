// SPDX-License-Identifier: BSL-1.0
// Which compilers are new enough, and the attributes without which a program of many small functions would
// not become one straight line of code, or would take long to compile.
#pragma once
#include "../../support/compiler/begin.hpp"

#if defined(__clang__)
static_assert(__clang_major__ >= 16, "typegrad: needs clang 16 or later");
#elif defined(__GNUC__)
static_assert(__GNUC__ >= 12, "typegrad: needs g++ 12 or later");
#endif
static_assert(__cplusplus >= 202002L, "typegrad: needs C++20; pass -std=c++20");

// Release builds inline every step of a program, which no compiler does of itself for hundreds of them; a
// debug build (-O0) would pay compile time for it and gain nothing.
#if defined(__OPTIMIZE__)
#define TYPEGRAD_INLINE [[gnu::always_inline]] inline
#define TYPEGRAD_LAMBDA_INLINE __attribute__((always_inline))
#else
#define TYPEGRAD_INLINE inline
#define TYPEGRAD_LAMBDA_INLINE
#endif

// Functions of vectors are inlined at every level of optimisation: so they are compiled for the instruction
// set of their caller.
#define TYPEGRAD_LANES [[gnu::always_inline]] inline

// For functions with a formula in their name that only pass types on. g++ (12) writes down the name of every
// inline function that it meets, in time quadratic in the formula's length, unless it knows that the function
// is never emitted. clang does not, and nvcc 13 drops the attribute from one of two declarations, so neither
// is given it. May go when g++ mangles names in linear time, or only of what it emits.
#if defined(__clang__) || defined(__CUDACC__)
#define TYPEGRAD_NEVER_EMITTED
#else
#define TYPEGRAD_NEVER_EMITTED __attribute__((gnu_inline, always_inline))
#endif

// Around the steps of a program: g++ (12) warns of a number that is read before it is written, where a step
// that reads nothing is given its own result, which is not there yet, for its operands. May go when it looks
// at what the step reads.
#if defined(__clang__) || !defined(__GNUC__)
#define TYPEGRAD_STEPS_BEGIN
#define TYPEGRAD_STEPS_END
#else
#define TYPEGRAD_STEPS_BEGIN                                                                 \
  _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wmaybe-uninitialized\"") \
      _Pragma("GCC diagnostic ignored \"-Wuninitialized\"")
#define TYPEGRAD_STEPS_END _Pragma("GCC diagnostic pop")
#endif

#include "../../support/compiler/end.hpp"
