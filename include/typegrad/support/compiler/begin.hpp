// SPDX-License-Identifier: BSL-1.0
// The first line of every header of the library behind its guard, with end.hpp as the last: between the two a
// user's macros of one letter, min and max are not defined, and three warnings are off. -Wfloat-equal: a
// number is compared with 0 where it guards a division or stands for what is not there. -Wshadow: a local
// name of a template may be that of a user's global, and hides nothing of ours. -Wsign-conversion: g++ 12
// finds it in every array whose bound is an int, although the bound is a constant. No guard: each header
// needs it anew. Only the outermost header does something; TYPEGRAD_INSIDE is 1 in it, and 2 in those that it
// includes.
#if defined(TYPEGRAD_INSIDE)
#pragma push_macro("TYPEGRAD_INSIDE")
#undef TYPEGRAD_INSIDE
#define TYPEGRAD_INSIDE 2
#else
#define TYPEGRAD_INSIDE 1
#pragma push_macro("a")
#undef a
#pragma push_macro("b")
#undef b
#pragma push_macro("c")
#undef c
#pragma push_macro("d")
#undef d
#pragma push_macro("e")
#undef e
#pragma push_macro("f")
#undef f
#pragma push_macro("g")
#undef g
#pragma push_macro("h")
#undef h
#pragma push_macro("i")
#undef i
#pragma push_macro("j")
#undef j
#pragma push_macro("k")
#undef k
#pragma push_macro("l")
#undef l
#pragma push_macro("m")
#undef m
#pragma push_macro("n")
#undef n
#pragma push_macro("o")
#undef o
#pragma push_macro("p")
#undef p
#pragma push_macro("q")
#undef q
#pragma push_macro("r")
#undef r
#pragma push_macro("s")
#undef s
#pragma push_macro("t")
#undef t
#pragma push_macro("u")
#undef u
#pragma push_macro("v")
#undef v
#pragma push_macro("w")
#undef w
#pragma push_macro("x")
#undef x
#pragma push_macro("y")
#undef y
#pragma push_macro("z")
#undef z
#pragma push_macro("A")
#undef A
#pragma push_macro("B")
#undef B
#pragma push_macro("C")
#undef C
#pragma push_macro("D")
#undef D
#pragma push_macro("E")
#undef E
#pragma push_macro("F")
#undef F
#pragma push_macro("G")
#undef G
#pragma push_macro("H")
#undef H
#pragma push_macro("I")
#undef I
#pragma push_macro("J")
#undef J
#pragma push_macro("K")
#undef K
#pragma push_macro("L")
#undef L
#pragma push_macro("M")
#undef M
#pragma push_macro("N")
#undef N
#pragma push_macro("O")
#undef O
#pragma push_macro("P")
#undef P
#pragma push_macro("Q")
#undef Q
#pragma push_macro("R")
#undef R
#pragma push_macro("S")
#undef S
#pragma push_macro("T")
#undef T
#pragma push_macro("U")
#undef U
#pragma push_macro("V")
#undef V
#pragma push_macro("W")
#undef W
#pragma push_macro("X")
#undef X
#pragma push_macro("Y")
#undef Y
#pragma push_macro("Z")
#undef Z
#pragma push_macro("min")
#undef min
#pragma push_macro("max")
#undef max
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wfloat-equal"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#endif
