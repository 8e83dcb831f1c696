# SPDX-License-Identifier: BSL-1.0
# Holds README.md and docs/*.md to what is compiled and tested: every C++ block is an excerpt of a compiled file, every table of edges is
# that of test/edges.cpp, every sentence that docs/errors.md lists is one of the headers', and every link leads to a file
# and a heading of it. Each page stands once in the contents of the site, and each picture is small and of an example, as docs/pictures.txt says.
# docs_check.py PROJECT_ROOT
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1]).resolve()
sys.path.insert(0, str(root / "docs"))
sys.dont_write_bytecode = True
import marks  # noqa: E402  (docs/marks.py)
import make_site  # noqa: E402


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
    for page in marks.pages():
        name, text = page.relative_to(root), page.read_text()
        try:
            if marks.renew(text, name) != text:
                yield f"{name}: differs from the files that its code and tables are taken from; './run docs --update' writes them anew."
        except marks.Mistake as mistake:
            yield f"{mistake}."
        for line in text.splitlines():
            mark = marks.MARK.match(line)
            if mark and mark.group(1) == "code" and not is_compiled(mark.group(2)):
                yield f"{name}: shows code of {mark.group(2)}, which no test compiles."
        for address in marks.broken_links(text, page):
            yield f"{name}: the link to {address} leads nowhere."
        if page.name == "errors.md":
            listed = list(sentences(text))
            if not listed:
                yield f"{name}: lists no sentence."
            for sentence in listed:
                for piece in sentence.split("..."):
                    if piece.strip(" '.:;") not in headers:
                        yield f"{name}: lists '{sentence}', but no header says '{piece.strip()}'."


def pictures():
    """The pictures that docs/pictures.txt lists, with the example that draws each."""
    for line in (root / "docs/pictures.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            yield line.split()[:2]


def offences_of_pictures():
    listed = {picture: example for picture, example in pictures()}
    for picture, example in listed.items():
        if not (root / picture).is_file():
            yield f"docs/pictures.txt: there is no {picture}."
        elif (root / picture).stat().st_size > 60_000:
            yield f"{picture}: has {(root / picture).stat().st_size} bytes; pictures of pages have 60,000 at most."
        if not (root / f"examples/{example}.cpp").is_file():
            yield f"docs/pictures.txt: there is no examples/{example}.cpp, which {picture} would be of."
    for picture in sorted((root / "docs").rglob("*.svg")):
        if str(picture.relative_to(root)) not in listed:
            yield f"{picture.relative_to(root)}: is not listed in docs/pictures.txt."


complaints = [*offences(), *make_site.missing(), *offences_of_pictures()]
print(*complaints, sep="\n")
sys.exit(bool(complaints))
