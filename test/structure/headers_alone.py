# SPDX-License-Identifier: BSL-1.0
# Every header compiles alone, and twice in a row, without a warning: headers_alone.py INCLUDE_DIR -- COMPILER ARGUMENTS...
#
# Headers that include each other are compiled in one unit, in a row in which each includes the one before: what has been read
# when the compiler comes to a header is then what it includes itself, as if it were alone, perhaps in another order. The rows
# are as few as can be.
# And all headers together are one unit: no two may say different things of one name.
# Prints the seconds of each row, so that a header that has become expensive is seen.
import pathlib
import sys
import time

from headers import closures, compile_text, headers_here

root = pathlib.Path(sys.argv[1]).resolve()
command = [*sys.argv[sys.argv.index("--") + 1:], "-Werror"]


def rows_of(names):
    """The headers in as few rows as can be, in which each includes the one before: a matching in a graph of two sides."""
    inside = closures(root, names)
    after = {}  # header: the one that follows it in its row

    def place(name, tried):
        """Finds a header that `name` can follow, and moves others out of its way."""
        for before in sorted(inside[name] - {name}, key=lambda other: -len(inside.get(other, ()))):
            if before not in inside or before in tried:
                continue
            tried.add(before)
            if before not in after or place(after[before], tried):
                after[before] = name
                return True
        return False

    for name in names:
        place(name, set())
    for first in set(names) - set(after.values()):
        row = [first]
        while row[-1] in after:
            row.append(after[row[-1]])
        yield row


def compiles(row):
    return compile_text(command, "".join(f"#include <{name}>\n" for name in [*row, *row]))


# A text without "#pragma once" is the beginning or the end of headers, and none itself.
headers = [name for name in headers_here(root, command) if "#pragma once" in (root / name).read_text()]
failed = []
for row in sorted(rows_of(headers)):
    start = time.monotonic()
    run = compiles(row)
    print(f"{time.monotonic() - start:6.2f} s  {' '.join(map(str, row))}", flush=True)
    if run.returncode:
        alone = [str(name) for name in row if compiles([name]).returncode]
        failed += alone or ["in this order " + " ".join(map(str, row))]
        print(run.stderr, flush=True)
together = compile_text(command, "".join(f"#include <{name}>\n" for name in sorted(headers)))
if together.returncode:
    failed.append("all together, though each may by itself")
    print(together.stderr, flush=True)
if failed:
    sys.exit("headers do not compile alone: " + ", ".join(failed))
