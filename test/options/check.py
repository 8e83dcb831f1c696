# SPDX-License-Identifier: BSL-1.0
# The headers under options that people have: check.py ROW SOURCE_ROOT -- COMPILER ARGUMENTS... compiles use.cpp behind
# every header, with the row's flags, warnings being errors, and runs it. docs/compilers.md says what each row promises.
# A row that cannot run here is skipped, by name.
import pathlib
import shutil
import string
import subprocess
import sys
import tempfile

row, root = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
sys.path.insert(0, str(root / "test" / "structure"))
from headers import compile_text, headers_here, libraries  # noqa: E402

strict = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]

# Each row: flags, and the opt-in headers of libraries whose own headers the flags refuse. Warnings that people ask for
# share a row with an option, because the time is that of the compiler.
rows = {
    "no_exceptions": (["-fno-exceptions", "-fno-rtti"], ["optimize/nlopt.hpp", "optimize/ceres.hpp"]),
    "fast_math_and_warnings": (["-ffast-math", "-O1", "-Wsign-conversion", "-Wfloat-equal", "-Wshadow"], []),
}


def skip(reason):
    print("skipped:", reason)
    sys.exit(77)


def eigen():
    """Eigen's headers, from where the compiler reports no warning in them."""
    places = [p for p in ("/usr/include/eigen3", "/usr/local/include/eigen3") if pathlib.Path(p).is_dir()]
    return [argument for place in places for argument in ("-isystem", place)]


def check_use(command, names):
    """use.cpp compiles behind the headers of these names, and runs."""
    names = list(names)
    with tempfile.TemporaryDirectory() as folder:
        everything, program = pathlib.Path(folder, "everything.hpp"), f"{folder}/use"
        everything.write_text("".join(f"#include <{name}>\n" for name in names))
        if subprocess.run([*command, "-include", everything, root / "test/options/use.cpp", "-o", program, *libraries(names)]).returncode:
            sys.exit(f"{row}: use.cpp does not compile behind every header: " + " ".join(command))
        if subprocess.run([program]).returncode:
            sys.exit(f"{row}: use.cpp fails (see above)")


def check_nvcc(command):
    """EDG's front end, through nvcc and for the host alone; its host compiler is the one of these tests, if that is g++."""
    nvcc = shutil.which("nvcc") or shutil.which("/usr/local/cuda/bin/nvcc")
    if nvcc is None:
        skip("nvcc is not installed")
    if "g++" not in pathlib.Path(command[0]).name or "clang" in command[0]:
        skip("nvcc is tried with g++ as its host compiler")
    include = [argument for argument in command if argument.startswith("-I")]
    command = [nvcc, "-std=c++20", "-ccbin", command[0], "-w", "-DTYPEGRAD_TEST_CORE_ONLY", *include, *eigen()]
    names = headers_here(root / "include", ["g++", *command[1:2], *include, *eigen()])
    check_use([*command, "-x", "cu"], names)


def check_macros(command):
    """Every header under a macro of each letter, which no code survives, and under those of <windows.h>; they are there behind."""
    letters = string.ascii_letters
    before = "".join(f"#define {letter} ) macro {{\n" for letter in letters)
    before += "#define min(a, b) less(\n#define max(a, b) greater(\n"
    behind = "".join(f"#ifndef {name}\n#error {name} is lost\n#endif\n#undef {name}\n" for name in (*letters, "min", "max"))
    behind += "#define S(x) #x\n#define T(x) S(x)\nstatic_assert(sizeof(T(N)) == 2);\n"
    names = "".join(f"#include <{name}>\n" for name in headers_here(root / "include", command))
    found = compile_text(command, before + names + behind)
    if found.returncode:
        sys.exit(f"macros: a header does not compile\n{found.stderr}")


def main():
    command = sys.argv[sys.argv.index("--") + 1:]
    if row == "nvcc":
        return check_nvcc(command)
    if row == "macros":
        return check_macros([*command, *strict, *eigen()])
    flags, without = rows[row]
    command += [*flags, *strict, *eigen()]
    check_use(command, [name for name in headers_here(root / "include", command) if not str(name).endswith(tuple(without or ["-"]))])


main()
