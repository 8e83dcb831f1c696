#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
# ./run docs: makes the site in build/docs, by Sphinx, from README.md, docs/*.md and the comments of the headers, which Doxygen reads.
# The pages are copied to build/docs-source in the same folders, so links between them hold there as they do in the repository. README.md
# gets the table of contents below; warnings are errors. docs/marks.py says where code and tables of the pages come from.
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys

import api
from marks import ROOT, Mistake, links_of, pages, renew

# The sidebar, and the order in which one page leads to the next: pages that it lacks come last.
CONTENTS = {
    "Begin": "start from-pytorch from-autodiff from-ceres from-sympy sizes",
    "Course": "course/1-derivatives course/2-network course/3-convolution worked-example",
    "Formulas": "formulas derivatives evaluation tracing inspection matrix_calculus edges",
    "Arrays": "arrays array_operations selection convolution loops random lanes",
    "Minimize and check": "minimization optimizers validation",
    "Learn": "losses models attention data language files training metrics",
    "Reference": "names errors compilers how-it-works ../bench/README",
    "Extend": "add-a-primitive add-a-notation add-a-method add-an-array-operation add-a-layer ../CONTRIBUTING ../CHANGELOG",
}
KATEX = pathlib.Path("/usr/share/javascript/katex")

FORMULAS = """document.addEventListener("DOMContentLoaded", () => document.querySelectorAll(".formula").forEach(
  (place) => katex.render(place.textContent, place, {displayMode: place.classList.contains("displayed"), throwOnError: false})));
"""
STYLE = """.displayed { overflow-x: auto; overflow-y: hidden; margin: 1em 0; }
article img { background: #fff; border-radius: 6px; }
article code.literal { overflow-wrap: break-word; }
dl.cpp dt { overflow-wrap: anywhere; }
"""


def documents():
    """The table of contents: paths from docs/ without their ending, by section. Pages that it does not name come last."""
    listed = {section: names.split() for section, names in CONTENTS.items()}
    known = {place(name) for names in listed.values() for name in names} | {ROOT / "README.md"}
    return listed | {"More": [os.path.relpath(page.with_suffix(""), ROOT / "docs") for page in pages() if page not in known]}


def place(name):
    """The file of an entry of the table of contents."""
    return (ROOT / "docs" / f"{name}.md").resolve()


def missing():
    """What the table of contents names and the folder lacks, or what it names twice, as sentences."""
    entries = [name for names in documents().values() for name in names]
    for name in sorted(set(entries)):
        if not place(name).exists() or entries.count(name) > 1:
            yield f"docs/make_site.py: the table of contents has {name} {entries.count(name)} times; a page that exists stands there once."


def contents():
    """The table of contents as Sphinx has it, below the text of README.md."""
    out = []
    for section, names in documents().items():
        if names:
            entries = [os.path.normpath(f"docs/{name}") for name in names]
            out += ["", "```{toctree}", ":hidden:", f":caption: {section}", "", *entries, "```"]
    return "\n".join(out + ["", "```{toctree}", ":hidden:", ":caption: API", "", "api/index", "```"]) + "\n"


def staged(text, page):
    """A page for Sphinx: links to folders lead to nothing that a site has, so only their text stays."""
    def link(found):
        address = found.group(2).partition("#")[0]
        return found.group(1) if address and "://" not in address and (page.parent / address).is_dir() else found.group(0)
    return re.sub(r"(?<!!)\[([^\]]+)\]\(([^)\s]+)\)", link, text)


def stage(folder, update):
    """Copies pages, and the pictures and files that they lead to, and writes what Sphinx needs beside them."""
    for page in pages():
        old = page.read_text()
        text = renew(old, page.relative_to(ROOT))
        if update and text != old:
            page.write_text(text)
            print(f"updated {page.relative_to(ROOT)}")
        copy = folder / page.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(staged(text, page) + (contents() if page == ROOT / "README.md" else ""))
        for address in links_of(text):
            target = (page.parent / address.partition("#")[0]).resolve()
            if target.is_file() and target.suffix != ".md":
                (folder / target.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(target, folder / target.relative_to(ROOT))
    shutil.copyfile(ROOT / "docs/conf.py", folder / "conf.py")
    shutil.copyfile(ROOT / "include/typegrad/version.hpp", folder / "version.hpp")
    static = folder / "static"
    shutil.copytree(KATEX / "fonts", static / "fonts", ignore=shutil.ignore_patterns("*.ttf", "*.woff"))
    for name in ("katex.min.css", "katex.min.js"):
        shutil.copyfile(KATEX / name, static / name)
    (static / "formulas.js").write_text(FORMULAS)
    (static / "site.css").write_text(STYLE)


def main():
    parser = argparse.ArgumentParser(prog="./run docs", description="Makes the documentation's site in build/docs.")
    parser.add_argument("--update", action="store_true", help="first write code and tables of the tested files into the Markdown")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build" / "docs", help="the folder to write to")
    options = parser.parse_args()
    for sentence in missing():
        raise Mistake(sentence.rstrip("."))
    out, source = options.out.resolve(), options.out.resolve().parent / f"{options.out.name}-source"
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir(parents=True)
    stage(source, options.update)
    print("== Doxygen reads the headers", flush=True)
    count = api.write(source)
    print(f"== Sphinx writes {len(pages())} pages and {count} of the API", flush=True)
    command = ["sphinx-build", "-b", "html", "-W", "--keep-going", "-q", "-E", "-d", source / "doctrees", source, out]
    if subprocess.run(command).returncode:
        raise Mistake("Sphinx has warnings, which are errors; they are above")
    shutil.copyfile(out / "README.html", out / "index.html")
    print(f"the site is in {out}; begin with {out / 'index.html'}")


if __name__ == "__main__":
    try:
        main()
    except Mistake as mistake:
        sys.exit(f"docs: {mistake}.")
