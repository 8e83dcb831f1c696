// SPDX-License-Identifier: BSL-1.0
// Exceptions, also where the compiler has none (-fno-exceptions): what would be thrown is then written to
// stderr, and the program ends. A try block is its body, and nothing is caught. `throw` would not compile
// there: clang refuses the word in every header, g++ in what is instantiated.
#pragma once
#include "../../support/compiler/begin.hpp"

#if !defined(__cpp_exceptions)
#include <cstdio>
#include <cstdlib>
#endif

#if defined(__cpp_exceptions)
#define TYPEGRAD_TRY try
#define TYPEGRAD_CATCH(type, name) catch (type name)
#define TYPEGRAD_CATCH_ALL catch (...)
#else
#define TYPEGRAD_TRY if constexpr (true)
#define TYPEGRAD_CATCH(type, name) \
  else if ([[maybe_unused]] type name = ::tg::detail::never_caught<type>(); true)
#define TYPEGRAD_CATCH_ALL else
#endif

namespace tg::detail {

#if defined(__cpp_exceptions)
/// Throws it.
template <class Exception>
[[noreturn]] constexpr void raise(const Exception& exception) {
  throw exception;
}
/// Throws once more what was caught.
[[noreturn]] inline void raise_again() { throw; }
#else
template <class Exception>
[[noreturn]] constexpr void raise(const Exception& exception) {
  std::fputs(exception.what(), stderr);
  std::fputs("\n", stderr);
  std::abort();
}
[[noreturn]] inline void raise_again() { std::abort(); }
template <class Caught>
[[noreturn]] Caught never_caught() {
  std::abort();
}
#endif

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
