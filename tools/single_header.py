#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
# ./run single-header [HEADER...]: writes typegrad.hpp as one file, to be copied into a project. It holds what
# <typegrad/typegrad.hpp> brings, and the opt-in headers that are named: ./run single-header array loss optimize/minimize
import argparse
import pathlib
import re
import sys

INCLUDE = pathlib.Path(__file__).resolve().parent.parent / "include"
OWN = re.compile(r'\s*#\s*include\s*"([^"]+)"')
ENDS = {INCLUDE / "typegrad/support/compiler/begin.hpp", INCLUDE / "typegrad/support/compiler/end.hpp"}


def lines_of(header, seen):
    """The lines of a header with the library's own headers in place of their names, each once."""
    if header in seen:
        return
    seen.add(header)
    yield f"// ---- {header.relative_to(INCLUDE)}"
    for line in header.read_text().splitlines()[1:]:  # without the line of the licence
        own = OWN.match(line)
        if own:
            yield from lines_of((header.parent / own.group(1)).resolve(), seen)
        elif line != "#pragma once":
            yield line


def single_header(names):
    """The text of one header that holds the umbrella header and those named."""
    seen = set(ENDS)
    begin, end = ("".join(line + "\n" for line in lines_of(header, set())) for header in sorted(ENDS))
    body = "".join(line + "\n" for name in ["typegrad", *names] for line in lines_of(INCLUDE / "typegrad" / f"{name}.hpp", seen))
    licence = (INCLUDE.parent / "LICENSE").read_text()
    version = re.search(r'TYPEGRAD_VERSION_STRING "(.*)"', body).group(1)
    head = f"typegrad {version} in one file, made by tools/single_header.py from: {' '.join(['typegrad', *names])}\n\n{licence}"
    head = "".join(f"// {line}".rstrip() + "\n" for line in head.splitlines())
    return re.sub(r"\n{3,}", "\n\n", f"// SPDX-License-Identifier: BSL-1.0\n{head}#pragma once\n{begin}{body}{end}")


def main():
    parser = argparse.ArgumentParser(prog="./run single-header", description="Writes typegrad as one header.")
    parser.add_argument("headers", nargs="*", metavar="HEADER", help="an opt-in header to add, such as array or optimize/minimize")
    parser.add_argument("--out", type=pathlib.Path, default=INCLUDE.parent / "build" / "typegrad.hpp", help="the file to write")
    options = parser.parse_args()
    names = [re.sub(r"^<?(?:typegrad/)?|\.hpp>?$", "", name) for name in options.headers]
    for name in names:
        if not (INCLUDE / "typegrad" / f"{name}.hpp").is_file():
            sys.exit(f"single-header: there is no header <typegrad/{name}.hpp>.")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(single_header(names))
    print(f"{options.out}: {len(options.out.read_text().splitlines())} lines")


if __name__ == "__main__":
    main()
