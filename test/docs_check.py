# SPDX-License-Identifier: BSL-1.0
# Holds README.md and docs/*.md to what is compiled and tested: every C++ block is an excerpt of a compiled file, every table of edges is
# that of test/edges.cpp, every sentence that docs/errors.md lists is one of the headers', and every link leads to a file
# and a heading of it, in the HTML too.
# docs_check.py PROJECT_ROOT
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.parse

root = pathlib.Path(sys.argv[1]).resolve()
sys.path.insert(0, str(root / "docs"))
sys.dont_write_bytecode = True
import build  # noqa: E402  (docs/build.py)


def is_compiled(name):
    """Whether a file is compiled by the tests: an example that is listed, a unit test, a header."""
    path = pathlib.PurePosixPath(name)
    if path.parts[0] == "examples":
        return f"'{path.stem}'" in (root / "examples/meson.build").read_text()
    return path.parts[0] in ("include", "test")


def sentences(text):
    """The sentences of docs/errors.md: the first cells of its tables, in backticks; `...` stands for what varies."""
    for line in text.splitlines():
        cell = re.match(r"^\| `([^`]+)`", line)
        if cell:
            yield cell.group(1)


def text_of_headers():
    """All headers in one text, with string literals in pieces joined."""
    text = "\n".join(p.read_text() for p in sorted((root / "include").rglob("*.hpp")))
    return re.sub(r'"\s*\n\s*"', "", text).replace('\\"', '"')


def offences():
    headers = text_of_headers()
    for page in build.pages():
        name, text = page.relative_to(root), page.read_text()
        try:
            if build.renew(text, name) != text:
                yield f"{name}: differs from the files that its code and tables are taken from; './run docs --update' writes them anew."
        except build.Mistake as mistake:
            yield f"{mistake}."
        for line in text.splitlines():
            mark = build.MARK.match(line)
            if mark and mark.group(1) == "code" and not is_compiled(mark.group(2)):
                yield f"{name}: shows code of {mark.group(2)}, which no test compiles."
        for address in build.broken_links(text, page):
            yield f"{name}: the link to {address} leads nowhere."
        if page.name == "errors.md":
            listed = list(sentences(text))
            if not listed:
                yield f"{name}: lists no sentence."
            for sentence in listed:
                for piece in sentence.split("..."):
                    if piece.strip(" '.:;") not in headers:
                        yield f"{name}: lists '{sentence}', but no header says '{piece.strip()}'."


def offences_of_html():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name).resolve()
        subprocess.run([sys.executable, root / "docs/build.py", "--out", folder], check=True, stdout=subprocess.DEVNULL)
        texts = {page: page.read_text() for page in sorted(folder.glob("*.html"))}
        for page, text in texts.items():
            for address in re.findall(r'(?:href|src)="([^"]*)"', text):
                path, _, anchor = urllib.parse.unquote(address).partition("#")
                file = page.parent / path if path else page
                if "://" not in address and (not file.is_file() or (anchor and f'id="{anchor}"' not in texts.get(file, ""))):
                    yield f"{page.name}: the link to {address} leads nowhere."


complaints = list(offences()) + list(offences_of_html())
print(*complaints, sep="\n")
sys.exit(bool(complaints))
