# SPDX-License-Identifier: BSL-1.0
# Every header compiles alone, and twice in a row, without a warning: headers_alone.py INCLUDE_DIR -- COMPILER ARGUMENTS...
# Prints the seconds of each, so that a header that has become expensive is seen. A header that is opt-in and includes another library is
# skipped, by name, where that is not installed.
import pathlib
import re
import subprocess
import sys
import time

root = pathlib.Path(sys.argv[1]).resolve()
command = [*sys.argv[sys.argv.index("--") + 1:], "-Werror", "-fsyntax-only", "-x", "c++", "-"]
failed = []


def compile_text(text):
    return subprocess.run(command, input=text, capture_output=True, text=True)


def lacks_library(header):
    """Whether the header includes something that is not there, other than headers of the library itself."""
    others = re.findall(r"^#include (<[^>]+>)", header.read_text(encoding="utf-8"), re.MULTILINE)
    return compile_text("".join(f"#if !__has_include({other})\n#error\n#endif\n" for other in others)).returncode != 0


for header in sorted(root.rglob("*.hpp")):
    name = header.relative_to(root)
    start = time.monotonic()
    if lacks_library(header):
        print(f"skipped: {name} (a library that it includes is not installed)", flush=True)
        continue
    run = compile_text(f"#include <{name}>\n#include <{name}>\n")
    print(f"{time.monotonic() - start:6.2f} s  {name}", flush=True)
    if run.returncode:
        failed.append(name)
        print(run.stderr, flush=True)
if failed:
    sys.exit(f"{len(failed)} headers do not compile alone: " + ", ".join(map(str, failed)))
