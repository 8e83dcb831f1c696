# SPDX-License-Identifier: BSL-1.0
# Compiles what tg::to_c writes with a C compiler and runs it, and has Graphviz read what tg::to_dot writes, where that is installed.
# inspect_c.py PROGRAM, where PROGRAM is the compiled test/inspect_c.cpp; CC may name the C compiler.
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

program = sys.argv[1]
with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder)
    (path / "formulas.c").write_bytes(subprocess.run([program], check=True, capture_output=True).stdout)
    compiler = os.environ.get("CC", "cc").split()
    subprocess.run([*compiler, "-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror", "-ffp-contract=off", "formulas.c", "-o", "formulas", "-lm"], cwd=folder, check=True)
    subprocess.run([str(path / "formulas")], check=True)
    if shutil.which("dot"):
        pictures = subprocess.run([program, "dot"], check=True, capture_output=True).stdout
        drawn = subprocess.run(["dot", "-Tsvg"], input=pictures, capture_output=True)
        if drawn.returncode or drawn.stderr or b"<svg" not in drawn.stdout:
            sys.exit("dot does not draw what to_dot writes: " + drawn.stderr.decode(errors="replace"))
    else:
        print("dot is not installed: the pictures are not checked.")
