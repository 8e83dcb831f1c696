# SPDX-License-Identifier: BSL-1.0
# Two translation units that include every header link into one program, so that no header defines a function or an
# object that is not inline. two_units.py INCLUDE_DIR -- COMPILER ARGUMENTS...
import pathlib
import subprocess
import sys
import tempfile

from headers import headers_here, libraries

root = pathlib.Path(sys.argv[1]).resolve()
command = sys.argv[sys.argv.index("--") + 1:]
names = list(headers_here(root, command))
everything = "".join(f"#include <{name}>\n" for name in names)
with tempfile.TemporaryDirectory() as folder:
    one, two = pathlib.Path(folder, "one.cpp"), pathlib.Path(folder, "two.cpp")
    one.write_text(everything + "int two();\nint main() { return two(); }\n")
    two.write_text(everything + "int two();\nint two() { return 0; }\n")
    program = f"{folder}/program"
    if subprocess.run([*command, one, two, "-o", program, *libraries(names)]).returncode:
        sys.exit("two units that include every header do not link into one program")
    if subprocess.run([program]).returncode:
        sys.exit("the program of two units that include every header fails")
