# SPDX-License-Identifier: BSL-1.0
# Compiles what tg::to_c writes of functions of arrays with C compilers, each file by itself, and runs all against the values
# of the functions. inspect_array_c.py PROGRAM, where PROGRAM is the compiled test/inspect_array_c.cpp; CC may name the C compiler.
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

flags = ["-std=c99", "-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror", "-ffp-contract=off"]
compilers = [os.environ["CC"].split()] if "CC" in os.environ else [[c] for c in ("gcc", "clang", "clang-19") if shutil.which(c)] or [["cc"]]
text = subprocess.run([sys.argv[1]], check=True, capture_output=True, text=True).stdout
with tempfile.TemporaryDirectory() as folder:
    names = []
    for part in text.split("=== ")[1:]:
        name, code = part.split("\n", 1)
        (pathlib.Path(folder) / name).write_text(code)
        names.append(name)
    for compiler in compilers:
        subprocess.run([*compiler, *flags, *names, "-o", "all", "-lm"], cwd=folder, check=True)
        subprocess.run([pathlib.Path(folder) / "all"], check=True)
