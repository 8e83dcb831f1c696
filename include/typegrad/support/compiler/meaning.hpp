// SPDX-License-Identifier: BSL-1.0
// A note at compile time: what a type stands for is said in one place and found in another, with nothing but
// the type in hand. So a record leads back to its primitive, and a short tag to a graph of thousands of
// nodes, whose name would otherwise stand in the name of every function that evaluates it (g++ 12 takes time
// quadratic in the length of a name).
//
// It leans on friend functions that a class template declares and another one defines. They are well formed
// today; the committee wishes they were not (CWG 2118), and has no wording. It may go when a constant can be
// a template argument by its address alone in g++ and clang, without its value in every name.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <type_traits>

#include "attributes.hpp"

namespace tg::detail {

#pragma GCC diagnostic push
#if defined(__CUDACC__)
#pragma nv_diagnostic push
#pragma nv_diag_suppress 1301
#endif
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wnon-template-friend"
#endif
template <class Key>
struct meaning_of {
  TYPEGRAD_NEVER_EMITTED friend constexpr auto meaning(meaning_of);
};
#if defined(__CUDACC__)
#pragma nv_diagnostic pop
#endif
#pragma GCC diagnostic pop

/// Says what Key stands for; its instantiation does. Once for each key.
template <class Key, class Meaning>
struct define_meaning {
  TYPEGRAD_NEVER_EMITTED friend constexpr auto meaning(meaning_of<Key>) {
    return std::type_identity<Meaning>{};
  }
};

/// Whether it is noted what Key stands for. Asked once for each asker, when the class is instantiated: a
/// class template's answer stays, where a concept that is asked again later and answers otherwise would make
/// the program ill formed.
template <class Key, class Asker, class = void>
struct is_noted : std::false_type {};
template <class Key, class Asker>
struct is_noted<Key, Asker, std::void_t<decltype(meaning(meaning_of<Key>{}))>> : std::true_type {};

/// Notes what Key stands for, unless it is known already.
template <class Key, class Meaning, bool Known = is_noted<Key, Meaning>::value>
struct note {};
template <class Key, class Meaning>
struct note<Key, Meaning, false> : define_meaning<Key, Meaning> {};

/// What Key stands for.
template <class Key>
using noted = typename decltype(meaning(meaning_of<Key>{}))::type;

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
