// SPDX-License-Identifier: BSL-1.0
// Compiler facts: the only macros of the library. Checks that the compiler is new enough and names the
// attributes without which a program of many small functions would not become one straight line of code, or
// would take long to compile.
#pragma once

#if defined(__clang__)
static_assert(__clang_major__ >= 16, "typegrad: needs clang 16 or later");
#elif defined(__GNUC__)
static_assert(__GNUC__ >= 12, "typegrad: needs g++ 12 or later");
#endif
static_assert(__cplusplus >= 202002L, "typegrad: needs C++20; pass -std=c++20");

// Release builds inline every step of a program; a debug build (-O0) would pay compile time for it and gain
// nothing.
#if defined(__OPTIMIZE__)
#define TYPEGRAD_INLINE [[gnu::always_inline]] inline
#else
#define TYPEGRAD_INLINE inline
#endif
#if defined(__OPTIMIZE__)
#define TYPEGRAD_LAMBDA_INLINE __attribute__((always_inline))
#else
#define TYPEGRAD_LAMBDA_INLINE
#endif

// For functions with a formula in their name that only pass types on. g++ writes down the name of every
// inline function that it meets, in time quadratic in the formula's length, unless it knows that the function
// is never emitted.
#if defined(__clang__)
#define TYPEGRAD_NEVER_EMITTED
#else
#define TYPEGRAD_NEVER_EMITTED __attribute__((gnu_inline, always_inline))
#endif
