# SPDX-License-Identifier: BSL-1.0
# Every header includes support/compiler/begin.hpp right after `#pragma once`, before anything else, and support/compiler/end.hpp
# as its last line, so that a user's macros of one letter do not reach it and are as before behind it. header_ends.py INCLUDE_DIR
import pathlib
import re
import sys


def offences(root):
    for header in sorted(root.rglob("*.hpp")):
        name = header.relative_to(root)
        if name.parts[:2] == ("support", "compiler") and name.name in ("begin.hpp", "end.hpp"):
            continue
        up = "../" * (len(name.parts) - 1)
        begin, end = (f'#include "{up}support/compiler/{which}.hpp"' for which in ("begin", "end"))
        text = header.read_text()
        if not re.search(r"^#pragma once\n" + re.escape(begin) + "\n", text, re.M):
            yield f"{name}: the line after #pragma once must be {begin}"
        if not text.endswith("\n" + end + "\n"):
            yield f"{name}: the last line must be {end}"
        if text.count(begin) + text.count(end) > 2:
            yield f"{name}: includes one of them twice."


complaints = list(offences(pathlib.Path(sys.argv[1]).resolve() / "typegrad"))
print(*complaints, sep="\n")
sys.exit(bool(complaints))
