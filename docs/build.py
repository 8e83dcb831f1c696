#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
# ./run docs: writes README.md and docs/*.md as HTML to build/docs. Code and tables come from the files that the compiler checks:
#
#   <!-- code: examples/docs_start.cpp [program] -->     the C++ block below is what stands between two lines `// [program]`
#   <!-- code: test/primitives.cpp -->                   the C++ block below occurs in that file as it stands
#   <!-- table: test/edges.cpp case_name -->             the table below is the rows of that test case
#
# './run docs --update' writes code and tables into the Markdown; test/docs_check.py fails where they differ.
import argparse
import html
import pathlib
import re
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
MARK = re.compile(r"^<!-- (code|table): (\S+)(?: \[?([^\]\n]+?)\]?)? -->$")


class Mistake(Exception):
    """A sentence for the writer of the page."""


def pages():
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs/course").glob("*.md"))]


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


# ---- Markdown to HTML: headings, paragraphs, lists, tables, code ------------------------------------------------------------

STYLE = """body{max-width:56rem;margin:2rem auto;padding:0 1rem;font:16px/1.55 system-ui,sans-serif;color:#1b1f24}
pre{background:#f5f6f8;padding:.8rem 1rem;overflow-x:auto;border-radius:6px}code{font:0.88em ui-monospace,monospace}
table{border-collapse:collapse;margin:1rem 0;display:block;overflow-x:auto}td,th{border:1px solid #d5d9de;padding:.25rem .6rem;text-align:left}
nav{font-size:.9em;border-bottom:1px solid #d5d9de;padding-bottom:.6rem}nav a{margin-right:.8rem}a{color:#0b57a4}"""


def inline(text):
    """Code spans, links and emphasis of one line."""
    out = []
    for number, part in enumerate(re.split(r"`([^`]+)`", text)):
        if number % 2:
            out.append(f"<code>{html.escape(part)}</code>")
            continue
        part = html.escape(part, quote=False)
        part = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", part)
        part = re.sub(r"(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])", r"<em>\1</em>", part)
        out.append(part)
    pictures = re.sub(r"!\[([^\]]*)\]\(([^)\s]+)\)", lambda link: f'<img alt="{link.group(1)}" src="{target(link.group(2))}" style="max-width:100%">', "".join(out))
    return re.sub(r"\[([^\]]+)\]\(([^)\s]+)\)", lambda link: f'<a href="{target(link.group(2))}">{link.group(1)}</a>', pictures)


def target(address):
    """A link between pages, in HTML; other files of the repository lie beside the pages, under `files`."""
    if "://" in address or address.startswith("#"):
        return address
    path, hash_mark, anchor = address.partition("#")
    stem = pathlib.PurePosixPath(path)
    if stem.suffix == ".md" and stem.parent.name in ("", "docs", "..", "course"):
        return ("index" if stem.stem == "README" else stem.stem) + ".html" + hash_mark + anchor
    return f"files/{path}"


def anchor_of(heading):
    return re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-")


def cells_of(line):
    """The cells of a row; a bar inside code does not end a cell if it is written \\|."""
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def to_html(text):
    out, lines, at = [], text.splitlines(), 0
    while at < len(lines):
        line = lines[at]
        if line.startswith("```"):
            end = next(k for k in range(at + 1, len(lines)) if lines[k].startswith("```"))
            out.append("<pre><code>" + html.escape("\n".join(lines[at + 1:end])) + "</code></pre>")
            at = end + 1
        elif line.startswith("<!--"):
            at += 1
        elif re.match(r"#{1,4} ", line):
            level, heading = len(line.split()[0]), line.lstrip("# ")
            out.append(f'<h{level} id="{anchor_of(heading)}">{inline(heading)}</h{level}>')
            at += 1
        elif line.startswith("|"):
            end = at
            while end < len(lines) and lines[end].startswith("|"):
                end += 1
            rows = [cells_of(row) for row in lines[at:end]]
            out.append("<table><tr>" + "".join(f"<th>{inline(cell)}</th>" for cell in rows[0]) + "</tr>")
            out += ["<tr>" + "".join(f"<td>{inline(cell)}</td>" for cell in row) + "</tr>" for row in rows[2:]]
            out.append("</table>")
            at = end
        elif re.match(r"(- |\d+\. )", line):
            ordered = not line.startswith("- ")
            items = []
            while at < len(lines) and lines[at].strip() and (re.match(r"(- |\d+\. )", lines[at]) or lines[at].startswith("  ")):
                if re.match(r"(- |\d+\. )", lines[at]):
                    items.append(lines[at].split(" ", 1)[1])
                else:
                    items[-1] += " " + lines[at].strip()
                at += 1
            tag = "ol" if ordered else "ul"
            out.append(f"<{tag}>" + "".join(f"<li>{inline(item)}</li>" for item in items) + f"</{tag}>")
        elif line.strip():
            end = at
            while end < len(lines) and lines[end].strip() and not re.match(r"(```|<!--|#|\||- |\d+\. )", lines[end]):
                end += 1
            end = max(end, at + 1)
            out.append("<p>" + inline(" ".join(lines[at:end])) + "</p>")
            at = end
        else:
            at += 1
    return "\n".join(out)


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


def main():
    parser = argparse.ArgumentParser(prog="./run docs", description="Writes the documentation to build/docs as HTML.")
    parser.add_argument("--update", action="store_true", help="first write code and tables of the tested files into the Markdown")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build" / "docs", help="the folder to write to")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    order = ["README", "start", "formulas", "derivatives", "evaluation", "inspection", "tracing", "optimizers", "add-a-layer", "add-a-method", "add-a-notation", "add-a-primitive", "add-an-array-operation", "edges", "errors", "how-it-works"]
    all_pages = sorted(pages(), key=lambda page: order.index(page.stem) if page.stem in order else len(order))
    links = "".join(f'<a href="{target(page.name)}">{html.escape(title_of(page))}</a>' for page in all_pages)
    for page in all_pages:
        old = page.read_text()
        text = renew(old, page.relative_to(ROOT))
        if options.update and text != old:
            page.write_text(text)
            print(f"updated {page.relative_to(ROOT)}")
        body = f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>{html.escape(title_of(page))}</title><style>{STYLE}</style>'
        (options.out / target(page.name)).write_text(f"{body}<nav>{links}</nav>\n{to_html(text)}\n</html>\n")
        for address in links_of(text):
            if target(address) == f"files/{address}":
                copy = options.out / "files" / address
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes((page.parent / address).read_bytes())
    print(f"{len(all_pages)} pages in {options.out}; begin with {options.out / 'index.html'}")


if __name__ == "__main__":
    try:
        main()
    except Mistake as mistake:
        sys.exit(f"docs: {mistake}.")
