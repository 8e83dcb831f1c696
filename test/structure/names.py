# SPDX-License-Identifier: BSL-1.0
# The names that stand in namespace tg are those that docs/names.md lists; what is not for users stands in tg::detail. A header
# that the row or its section names declares each of them, and the page that it leads to names that header. Names stand on some
# other page too, but those of rows that begin with "types": nobody has to write these.
# names.py PROJECT_ROOT
import pathlib
import re
import sys

from headers import closures

not_a_function = {"requires", "decltype", "noexcept", "alignas", "__attribute__", "sizeof", "explicit", "if", "static_assert"}


def plain(text):
    """The code without comments, literals and lines of the preprocessor."""
    text = re.sub(r'//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'|/\*.*?\*/',
                  lambda m: " " if m.group().startswith("/") else "0", text, flags=re.S)
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", "", text, flags=re.M)


def after(text, opening, closing, start):
    """The position behind the bracket that closes the one at `start`; angles are counted outside parentheses only."""
    depth, round_depth = 0, 0
    for at in range(start, len(text)):
        letter = text[at]
        if opening == "<" and letter in "()":
            round_depth += 1 if letter == "(" else -1
        elif round_depth == 0 and letter == opening:
            depth += 1
        elif round_depth == 0 and letter == closing and text[at - 1] != "-":
            depth -= 1
            if depth == 0:
                return at + 1
    return len(text)


def outside(head):
    """The text without what stands in brackets and without its template parameters."""
    while "template" in head and "<" in head:
        start = head.index("template")
        head = head[:start] + head[after(head, "<", ">", head.index("<", start)):]
    while "(" in head:
        head = head[:head.index("(")] + head[after(head, "(", ")", head.index("(")):]
    return head


def names_of(head):
    """The names that a declaration introduces, from its text up to the brace or semicolon."""
    head = " ".join(re.sub(r"\[\[.*?\]\]", " ", head, flags=re.S).split())
    head = re.sub(r"\bTYPEGRAD_\w+", " ", head).strip()
    while head.startswith("template"):
        head = head[after(head, "<", ">", head.index("<")):].strip()
    kind = re.match(r"(?:requires\b.*)?\b(?:concept|using) (\w+) ?=", head)
    if kind:
        return [kind.group(1)]
    kind = re.match(r"(?:requires\b.*? )?(?:struct|class|union|enum(?: class)?) (\w+) ?(<|::)?", head)
    if kind:
        return [] if kind.group(2) else [kind.group(1)]
    if re.match(r"(friend|static_assert|extern|using|namespace)\b", head) or "operator" in head:
        return []
    at = 0
    while at < len(head):  # a function: the word before the first parenthesis that belongs to none of those keywords
        if head[at] == "<" and re.search(r"\w ?$", head[:at]):
            at = after(head, "<", ">", at)
        elif head[at] == "=":
            break
        elif head[at] == "(":
            word = re.search(r"(\S*?)(\w+) ?$", head[:at])
            if word and word.group(2) not in not_a_function:
                return [] if word.group(1).endswith(":") or re.search(r":: ?$", head[:at - len(word.group(2))]) else [word.group(2)]
            at = after(head, "(", ")", at)
        else:
            at += 1
    if not re.match(r"(inline|constexpr|const|static|requires)\b", head):
        return []
    first = None if "requires" in head[:at] else re.search(r"(\w+) ?$", head[:at])  # a variable, and others after commas
    return ([first.group(1)] if first else []) + re.findall(r", (\w+) =", head[at:])


def declared(text):
    """What a header declares in namespaces: the namespace, the name, and whether it is defined there."""
    text, scopes, head, at = plain(text), [], "", 0
    while at < len(text):
        letter = text[at]
        if letter == "{":
            space = re.match(r"\s*(?:inline )?namespace\s+([\w:]+)\s*$", head)
            if space:
                scopes.append(space.group(1))
                head = ""
            else:
                yield from (("::".join(scopes), name, True) for name in names_of(head))
                at = after(text, "{", "}", at) - 1
                if ("=" in outside(head) and "operator" not in head) or re.match(r"\s*[(,|&;]", text[at + 1:]):  # a constant or a concept goes on to its semicolon
                    end = at + 1
                    while end < len(text) and text[end] != ";":
                        end = after(text, "{", "}", end) if text[end] == "{" else after(text, "(", ")", end) if text[end] == "(" else end + 1
                    at = end
                head = ""
        elif letter == "}":
            if scopes:
                scopes.pop()
            head = ""
        elif letter == ";":
            yield from (("::".join(scopes), name, "=" in outside(head)) for name in names_of(head))
            head = ""
        elif letter == "(":
            end = after(text, "(", ")", at)
            head += text[at:end]
            at = end - 1
        else:
            head += letter
        at += 1


def rows_of(page):
    """The rows of names.md: names, headers, the pages they lead to, and whether they are types that nobody has to write."""
    links, headers = r"\]\(([\w-]+\.md)", r"<(typegrad/[\w/]+\.hpp)>"
    for line in page.read_text().splitlines():
        if line.startswith("See "):
            section = line
        elif line.startswith("| `"):
            names, use = line.strip("| ").split(" | ")
            yield (re.findall(r"`(\w+)", names), re.findall(headers, use) or re.findall(headers, section),
                   re.findall(links, use) or re.findall(links, section), use.startswith("types"))


def offences(root):
    include = root / "include"
    headers = {header.relative_to(include): header.read_text() for header in sorted((include / "typegrad").rglob("*.hpp"))}
    found = {}
    for header, text in headers.items():
        for space, name, _ in declared(text):
            if space == "tg":
                found.setdefault(name, set()).add(header)
    brought = closures(include, headers)
    pages = {page.name: page.read_text() for page in (root / "docs").glob("*.md")}
    written = set(re.findall(r"\w+", " ".join(re.findall(r"^```.*?^```|`[^`\n]+`", " ".join(text for name, text in pages.items() if name != "names.md"), re.S | re.M))))
    documented = set()
    for names, given, links, types in rows_of(root / "docs/names.md"):
        documented.update(names)
        for header in given:
            if not types and not any(f"<{header}>" in pages[page] for page in links):
                yield f"docs/{links[0]}: does not name <{header}>, which docs/names.md gives for {names[0]}."
        for name in names:
            here = found.get(name, set())
            if not here:
                yield f"docs/names.md lists {name}, which no header declares in tg."
            elif not any(here & brought[pathlib.Path(header)] for header in given if pathlib.Path(header) in brought):
                yield f"docs/names.md: <{'>, <'.join(given)}> does not bring {name}, which {min(here)} declares."
            if not types and name not in written:
                yield f"docs/names.md lists {name}, which stands on no other page."
    for name in sorted(set(found) - documented):
        yield f"{min(found[name])}: tg::{name} is not in docs/names.md; list it there, or move it to tg::detail."


def main():
    complaints = list(offences(pathlib.Path(sys.argv[1]).resolve()))
    print(*complaints, sep="\n")
    sys.exit(bool(complaints))


if __name__ == "__main__":
    main()
