# SPDX-License-Identifier: BSL-1.0
# Every header compiles alone, and twice in a row, without a warning: headers_alone.py INCLUDE_DIR -- COMPILER ARGUMENTS...
# Prints the seconds of each, so that a header that has become expensive is seen.
import pathlib
import sys
import time

from headers import compile_text, headers_here

root = pathlib.Path(sys.argv[1]).resolve()
command = [*sys.argv[sys.argv.index("--") + 1:], "-Werror"]
failed = []
for name in headers_here(root, command):
    start = time.monotonic()
    run = compile_text(command, f"#include <{name}>\n#include <{name}>\n")
    print(f"{time.monotonic() - start:6.2f} s  {name}", flush=True)
    if run.returncode:
        failed.append(name)
        print(run.stderr, flush=True)
if failed:
    sys.exit(f"{len(failed)} headers do not compile alone: " + ", ".join(map(str, failed)))
