// SPDX-License-Identifier: BSL-1.0
// expect: example: variable 'z' does not occur in the "formula"; it has x, y.
// The example of a case, without the library: a fixed text as template argument of a false condition, as
// every supported compiler prints it. It also shows that the runner reads what g++ and clang make of the
// quotation marks.
#include <cstddef>

template <std::size_t N>
struct fixed_text {
  char data[N]{};
  constexpr fixed_text(const char (&literal)[N]) {
    for (std::size_t i = 0; i < N; ++i) data[i] = literal[i];
  }
};

template <fixed_text Sentence, class... Dependent>
inline constexpr bool error = false;

template <bool occurs, class T>
constexpr T differentiate(T value) {
  if constexpr (!occurs)
    static_assert(error<"example: variable 'z' does not occur in the \"formula\"; it has x, y.", T>);
  return value;
}

#ifdef MUST_FAIL
static_assert(differentiate<false>(1) == 1);
#else
static_assert(differentiate<true>(1) == 1);
#endif
