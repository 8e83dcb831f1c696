# SPDX-License-Identifier: BSL-1.0
# The pages of the documentation, README.md and docs/*.md, and what they show. Code and tables come from the files that the compiler checks:
#
#   <!-- code: examples/docs_start.cpp [program] -->     the C++ block below is what stands between two lines `// [program]`
#   <!-- code: test/primitives.cpp -->                   the C++ block below occurs in that file as it stands
#   <!-- table: test/edges.cpp case_name -->             the table below is the rows of that test case
#
# './run docs --update' writes code and tables into the Markdown; test/docs_check.py fails where they differ.
import pathlib
import re
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
MARK = re.compile(r"^<!-- (code|table): (\S+)(?: \[?([^\]\n]+?)\]?)? -->$")


class Mistake(Exception):
    """A sentence for the writer of the page."""


def pages():
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", ROOT / "bench/README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs/course").glob("*.md"))]


# ---- what the pages show, from where it is checked -----------------------------------------------------------------------


def excerpt(name, label):
    """The lines between the two lines `// [label]` of a file, moved to the left margin."""
    lines = (ROOT / name).read_text().splitlines()
    marks = [number for number, line in enumerate(lines) if line.strip() == f"// [{label}]"]
    if len(marks) != 2:
        raise Mistake(f"{name} has {len(marks)} lines '// [{label}]' where two are needed")
    inside = [line for line in lines[marks[0] + 1:marks[1]] if not re.fullmatch(r"\s*// \[[\w ]+\]", line)]
    return textwrap.dedent("\n".join(inside)).strip("\n")


def occurs(code, name):
    """Whether the block occurs in the file, at any one indentation."""
    lines = [line.rstrip() for line in code.splitlines()]
    text = [line.rstrip() for line in (ROOT / name).read_text().splitlines()]
    for start in range(len(text) - len(lines) + 1):
        if textwrap.dedent("\n".join(text[start:start + len(lines)])) == "\n".join(lines):
            return True
    return False


def readable(expression):
    """An expected value of a test as a reader wants it."""
    for old, new in (("std::numbers::", ""), ("not_a_number", "NaN"), ("half_pi", "pi/2"), ("infinity", "inf"), (" / ", "/")):
        expression = expression.replace(old, new)
    return re.sub(r"(\d)\.0(?=/)", r"\1", expression)


def split_values(text):
    """Splits at commas outside parentheses."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter in "({") - (letter in ")}")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [readable(part.strip()) for part in parts]


def edge_table(name, case):
    """The rows of a test case of test/edges.cpp as a Markdown table."""
    source = (ROOT / name).read_text()
    body = re.search(r"BOOST_AUTO_TEST_CASE\(" + re.escape(case) + r"\) \{(.*?)^\}", source, re.S | re.M)
    if body is None:
        raise Mistake(f"{name} has no test case '{case}'")
    rows = re.findall(r'edge\("([^"]+)",\s*(to_third|with_gradient|second|third)\((?:.|\n)*?(?:four|three|series)(\{[^}]*\}|\([^)]*\))', body.group(1))
    heads = {"to_third": ["value", "first", "second", "third derivative"], "with_gradient": ["value", "by x", "by y"], "second": ["xx", "xy", "yy"], "third": ["xxx", "xxy", "xyy", "yyy"]}
    tables = []
    for function, head in heads.items():
        mine = [(where, values) for where, kind, values in rows if kind == function]
        if not mine:
            continue
        table = ["| | " + " | ".join(head) + " |", "|---" * (len(head) + 1) + "|"]
        for where, values in mine:
            cells = split_values(values[1:-1]) if values[0] == "{" else ["the power series"] * len(head)
            table.append("| " + " | ".join([where, *cells]) + " |")
        tables.append("\n".join(table))
    if not tables:
        raise Mistake(f"{name} has no rows in the test case '{case}'")
    return "\n\n".join(tables)


def renew(text, name):
    """The page with every marked block as it should be."""
    lines, out, at = text.splitlines(), [], 0
    while at < len(lines):
        line = lines[at]
        out.append(line)
        at += 1
        mark = MARK.match(line)
        if mark is None:
            if re.match(r"^```(cpp|c\+\+|C\+\+)\b", line):
                raise Mistake(f"{name}:{at}: a C++ block without '<!-- code: FILE [label] -->' above it")
            if line.startswith("```"):
                while at < len(lines) and not lines[at].startswith("```"):
                    out.append(lines[at])
                    at += 1
                out += lines[at:at + 1]
                at += 1
            continue
        what, source, label = mark.groups()
        if not (ROOT / source).is_file():
            raise Mistake(f"{name}:{at}: there is no file {source}")
        if what == "table":
            while at < len(lines) and (lines[at].startswith("|") or (not lines[at] and lines[at + 1:at + 2] and lines[at + 1].startswith("|"))):
                at += 1
            out += edge_table(source, label).splitlines()
            continue
        if at >= len(lines) or lines[at] != "```cpp":
            raise Mistake(f"{name}:{at + 1}: '```cpp' is expected below '{line}'")
        end = lines.index("```", at + 1)
        old = "\n".join(lines[at + 1:end])
        if label is None and not occurs(old, source):
            raise Mistake(f"{name}:{at + 1}: this block does not occur in {source}")
        out += ["```cpp", *(old if label is None else excerpt(source, label)).splitlines(), "```"]
        at = end + 1
    return "\n".join(out) + "\n"


# ---- links -------------------------------------------------------------------------------------------------------------------


def anchor_of(heading):
    return re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-")


def title_of(page):
    return page.read_text().split("\n# ", 1)[-1].lstrip("# ").splitlines()[0]


def links_of(text):
    """The addresses that a page links to inside the repository."""
    without_code = re.sub(r"^```.*?^```$|`[^`\n]*`", "", text, flags=re.S | re.M)
    return [address for address in re.findall(r"\]\(([^)\s]+)\)", without_code) if "://" not in address]


def anchors_of(text):
    return {anchor_of(heading) for heading in re.findall(r"^#{1,4} +(.+)$", re.sub(r"^```.*?^```$", "", text, flags=re.S | re.M), re.M)}


def broken_links(text, page):
    """The links of a page to files of the repository that do not exist, or to headings that their page lacks."""
    for address in links_of(text):
        name, _, anchor = address.partition("#")
        file = page.parent / name if name else page
        if not file.exists() or (anchor and anchor not in anchors_of(file.read_text())):
            yield address
