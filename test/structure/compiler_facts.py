# SPDX-License-Identifier: BSL-1.0
# What leans on a compiler stands in support/compiler/, and the headers use it from there: otherwise they would not hold under
# the options that docs/compilers.md lists. compiler_facts.py INCLUDE_DIR
import pathlib
import re
import sys

from names import plain

# Each row: what must not stand elsewhere, the folders that are looked at, and what to write instead.
rows = [
    (r"\bthrow\b|\btry\s*\{|\bcatch\s*\(", "", "detail::raise, TYPEGRAD_TRY and TYPEGRAD_CATCH (exceptions.hpp)"),
    (r"\bstd::(isfinite|isnan|isinf)\b", "optimize validate", "detail::is_finite, is_nan, is_infinite (finite.hpp)"),
    (r"\bnumeric_limits<\w+>::(infinity|quiet_NaN)\b", "optimize validate", "detail::infinite<T>(), not_a_number<T>() (finite.hpp)"),
    (r"__builtin_(add|sub|mul)_overflow|__builtin_memcpy", "", "detail::plus, times, copy_text (overflow.hpp, copy_text.hpp)"),
    (r"\bfriend\s+constexpr\s+auto\s+\w+\(", "", "note and noted (meaning.hpp)"),
]
macros = re.compile(r"^[ \t]*#[^\n]*\b(__clang__|__CUDACC__|__EDG__|GCC diagnostic)\b", re.M)


def offences(root):
    for header in sorted(root.rglob("*.hpp")):
        name = header.relative_to(root)
        if name.parts[:2] == ("support", "compiler"):
            continue
        code = plain(header.read_text())
        for pattern, folders, instead in rows:
            found = re.search(pattern, code)
            if found and (not folders or name.parts[0] in folders.split()):
                yield f"{name}: has '{found.group()}'; write {instead}."
        found = macros.search(header.read_text())
        if found:
            yield f"{name}: asks for the compiler ('{found.group().strip()}'); do that in support/compiler/."


complaints = list(offences(pathlib.Path(sys.argv[1]).resolve() / "typegrad"))
print(*complaints, sep="\n")
sys.exit(bool(complaints))
