# SPDX-License-Identifier: BSL-1.0
# The rule of layers: a header includes headers of its own layer and of layers before it only, and names nothing of a layer
# that it may not include, not by a declaration of its own either. Headers directly under typegrad/ (the umbrella) may include
# everything, and no layer may include them. layers.py INCLUDE_DIR
import pathlib
import re
import sys

from names import declared, plain

# What each layer may include besides itself: everything up to the named layer. Validate and optimize stand side by side; learn uses both.
order = ["support", "lanes", "graph", "primitive", "array", "pass", "notation", "formula", "lower", "program"]
allowed = {layer: set(order[:i + 1]) for i, layer in enumerate(order)}
allowed["validate"] = {*order, "validate"}
allowed["optimize"] = {*order, "optimize"}
allowed["learn"] = {*order, "validate", "optimize", "learn"}

# What is found with the type of a user's number (std::experimental::where).
of_numbers = {"where"}


def layer_of(header, root):
    parts = header.relative_to(root).parts
    return parts[0] if len(parts) > 1 else "umbrella"


def included(header, root):
    """The headers of the library that a header includes, and the names that lead nowhere."""
    for quote, name in re.findall(r'^\s*#\s*include\s*(["<])([^">]+)', header.read_text(), re.MULTILINE):
        places = [header.parent / name] if quote == '"' else []
        places.append(root.parent / name)
        found = [p.resolve() for p in places if p.is_file()]
        if found or quote == '"' or name.startswith("typegrad/"):
            yield name, found[0] if found else None


def foreign_names(headers, root):
    """For each layer the names that stand in a namespace, are defined only in layers which it may not include, and where."""
    known, defined, members = {}, {}, {}
    for header in headers:
        layer, text = layer_of(header, root), header.read_text()
        for _, name, is_definition in declared(text):
            known.setdefault(name, set()).add(layer)
            if is_definition and layer != "umbrella":
                defined.setdefault(name, {})[layer] = header.relative_to(root)
        for name in re.findall(r"(?<!return)(?<!else)[\w>&*] (\w+)(?: \{|\()", plain(text)):
            members.setdefault(name, set()).add(layer)
    return {layer: {name: next(iter(places.values())) for name, places in defined.items()
                    if not inside & set(places) and (inside & known[name] or not inside & members.get(name, set()))}
            for layer, inside in allowed.items()}


def names(code, name):
    """Whether the code declares or uses the name as one of a namespace: a variable or a parameter of its own is something else."""
    if re.search(rf"\b(?:tg|detail)::{name}\b|\b(?:struct|class) {name}\b", code):
        return True
    before = re.findall(rf"([\w>&*.:]*)[ \n]*(?<![\w.])(?<!->){name}\b", code)
    own = [word for word in before if re.search(r"[\w>&*]$|^\.\.\.$", word) and word not in {"return", "case", "else", "typename", "new"}]
    return not own and bool(re.search(rf"(?<![\w.:])(?<!->){name}(?=[<({{]|::)", code))


def offences(include_dir):
    root = pathlib.Path(include_dir).resolve() / "typegrad"
    headers = sorted(root.rglob("*.hpp"))
    if not headers:
        yield f"layers: no header under {root}."
    foreign = foreign_names(headers, root)
    for header in headers:
        name, layer = header.relative_to(root), layer_of(header, root)
        if layer != "umbrella" and layer not in allowed:
            yield f"{name}: '{layer}' is no layer; the layers are {', '.join(allowed)}."
            continue
        code = plain(header.read_text())
        for word in sorted(set(re.findall(r"\w+", code)) & set(foreign.get(layer, ())) - of_numbers):
            if names(code, word):
                yield f"{name}: layer {layer} must not name {word} of {foreign[layer][word]}."
        for text, target in included(header, root):
            if target is None:
                yield f"{name}: includes {text}, which does not exist."
            elif layer != "umbrella" and layer_of(target, root) not in allowed[layer]:
                yield f"{name}: layer {layer} must not include {text} of layer {layer_of(target, root)}."


complaints = list(offences(sys.argv[1]))
print(*complaints, sep="\n")
sys.exit(bool(complaints))
