# SPDX-License-Identifier: BSL-1.0
# The headers of the library that can be compiled here: what the tests that compile all of them have in common.
import re
import subprocess

OTHERS = r"^#include (<(?:ceres/|Eigen/|nlopt|zlib|png|mpi\.)[^>]*>)"  # what opt-in headers include

LIBRARIES = {"typegrad/gzip.hpp": "-lz", "typegrad/png.hpp": "-lpng"}  # what a program is linked with behind these headers


def compile_text(command, text):
    """Compiles a text with the command and these arguments."""
    return subprocess.run([*command, "-fsyntax-only", "-x", "c++", "-"], input=text, capture_output=True, text=True)


def headers_here(root, command):
    """The names of the headers, relative to `root`. An opt-in header that includes a library which is not installed is left out, and named."""
    for header in sorted(root.rglob("*.hpp")):
        name = header.relative_to(root)
        others = re.findall(OTHERS, header.read_text(encoding="utf-8"), re.MULTILINE)
        if others and compile_text(command, "".join(f"#if !__has_include({other})\n#error\n#endif\n" for other in others)).returncode:
            print(f"skipped: {name} (a library that it includes is not installed)", flush=True)
        else:
            yield name


def included(root, name):
    """The headers of the library that a header includes itself, whatever the preprocessor says."""
    for text in re.findall(r'^\s*#\s*include\s*["<]([^">]+)', (root / name).read_text(), re.MULTILINE):
        for place in ((root / name).parent / text, root / text):
            if place.is_file():
                yield place.resolve().relative_to(root)
                break


def closures(root, names):
    """For each header itself and all that it includes, on the way as well."""
    direct = {name: set(included(root, name)) for name in names}
    known = {}

    def closure(name):
        if name not in known:
            known[name] = {name}  # a circle ends here
            known[name] = known[name].union(*(closure(other) for other in direct.get(name, ())))
        return known[name]

    return {name: closure(name) for name in names}


def libraries(names):
    """The arguments that link a program which includes these headers."""
    return [LIBRARIES[name] for name in map(str, names) if name in LIBRARIES]
