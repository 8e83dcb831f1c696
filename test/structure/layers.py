# SPDX-License-Identifier: BSL-1.0
# The rule of layers: a header includes headers of its own layer and of layers before it only. Headers directly under
# typegrad/ (the umbrella) may include everything, and no layer may include them. layers.py INCLUDE_DIR
import pathlib
import re
import sys

# What each layer may include besides itself: everything up to the named layer. Validate and optimize stand side by side.
order = ["support", "graph", "primitive", "pass", "notation", "formula", "lower", "program"]
allowed = {layer: set(order[:i + 1]) for i, layer in enumerate(order)}
allowed["validate"] = {*order, "validate"}
allowed["optimize"] = {*order, "optimize"}


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


def offences(include_dir):
    root = pathlib.Path(include_dir).resolve() / "typegrad"
    headers = sorted(root.rglob("*.hpp"))
    if not headers:
        yield f"layers: no header under {root}."
    for header in headers:
        name, layer = header.relative_to(root), layer_of(header, root)
        if layer != "umbrella" and layer not in allowed:
            yield f"{name}: '{layer}' is no layer; the layers are {', '.join(allowed)}."
            continue
        for text, target in included(header, root):
            if target is None:
                yield f"{name}: includes {text}, which does not exist."
            elif layer != "umbrella" and layer_of(target, root) not in allowed[layer]:
                yield f"{name}: layer {layer} must not include {text} of layer {layer_of(target, root)}."


complaints = list(offences(sys.argv[1]))
print(*complaints, sep="\n")
sys.exit(bool(complaints))
