# SPDX-License-Identifier: BSL-1.0
# Every header compiles alone, and twice in a row, without a warning: headers_alone.py INCLUDE_DIR -- COMPILER ARGUMENTS...
# Prints the seconds of each, so that a header that has become expensive is seen.
import pathlib
import subprocess
import sys
import time

root = pathlib.Path(sys.argv[1]).resolve()
command = [*sys.argv[sys.argv.index("--") + 1:], "-Werror", "-fsyntax-only", "-x", "c++", "-"]
failed = []
for header in sorted(root.rglob("*.hpp")):
    name = header.relative_to(root)
    start = time.monotonic()
    run = subprocess.run(command, input=f"#include <{name}>\n#include <{name}>\n", capture_output=True, text=True)
    print(f"{time.monotonic() - start:6.2f} s  {name}", flush=True)
    if run.returncode:
        failed.append(name)
        print(run.stderr, flush=True)
if failed:
    sys.exit(f"{len(failed)} headers do not compile alone: " + ", ".join(map(str, failed)))
