# SPDX-License-Identifier: BSL-1.0
# The API reference: a page for each section of docs/names.md with what the headers say of its names. Doxygen reads the headers; its
# description of each public name is put in a group of its section, without what is not for users, and breathe shows the group.
import copy
import html
import re
import subprocess
import xml.etree.ElementTree as xml

from marks import ROOT, Mistake, anchor_of

SETTINGS = """INPUT = {root}/include/typegrad
RECURSIVE = YES
FILE_PATTERNS = *.hpp
EXCLUDE_SYMBOLS = *detail*
GENERATE_HTML = NO
GENERATE_LATEX = NO
GENERATE_XML = YES
XML_PROGRAMLISTING = NO
OUTPUT_DIRECTORY = {folder}
STRIP_FROM_PATH = {root}/include
MACRO_EXPANSION = YES
EXPAND_ONLY_PREDEF = YES
PREDEFINED = {macros}
QUIET = YES
WARNINGS = NO
"""


def sections():
    """Title and names of each section of docs/names.md."""
    for part in (ROOT / "docs/names.md").read_text().split("\n## ")[1:]:
        rows = [line.split("|")[1] for line in part.splitlines() if line.startswith("| `")]
        yield part.splitlines()[0], [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


def run_doxygen(folder):
    macros = set(re.findall(r"#\s*define (TYPEGRAD_\w+)(?= |$)", "\n".join(file.read_text() for file in (ROOT / "include").rglob("*.hpp")), re.M))
    (folder / "Doxyfile").write_text(SETTINGS.format(root=ROOT, folder=folder, macros=" ".join(sorted(f"{macro}=" for macro in macros))))
    if subprocess.run(["doxygen", folder / "Doxyfile"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
        raise Mistake("Doxygen cannot read the headers")


def has_words(element):
    return any("".join(element.find(kind).itertext()).strip() for kind in ("briefdescription", "detaileddescription") if element.find(kind) is not None)


def plain(member):
    """A member as a user reads it: without conditions on its templates, lambdas as defaults and the name of the namespace for the inside."""
    member = copy.deepcopy(member)
    for parent in list(member.iter()):
        for child in [child for child in parent if child.tag in ("requiresclause", "inbodydescription", "initializer") or (child.tag == "defval" and "[" in "".join(child.itertext()))]:
            parent.remove(child)
        for text in ("text", "tail"):
            if getattr(parent, text):
                setattr(parent, text, re.sub(r" *= *\[.*?\) *\{\}", "", getattr(parent, text).replace("detail::", "")))
    return member


def signature(member):
    """What tells a declaration from others of its name."""
    return "".join("".join(part.itertext()) for tag in ("templateparamlist", "name", "argsstring") for part in member.findall(tag))


def write(source):
    """Writes the pages api/*.rst to the folder; returns their number."""
    work = source / "doxygen"
    work.mkdir()
    run_doxygen(work)
    members, classes = {}, {}
    for file in sorted((work / "xml").glob("namespacetg*.xml")):
        namespace = file.stem.removeprefix("namespacetg").replace("_1_1", "::")
        if namespace.split("::")[-1] in ("op", "node", "tree", "lit"):
            continue
        for member in xml.parse(file).getroot().iter("memberdef"):
            if has_words(member):
                members.setdefault(member.findtext("name"), []).append(plain(member))
    for compound in xml.parse(work / "xml/index.xml").getroot().findall("compound"):
        name = compound.findtext("name")
        if compound.get("kind") in ("struct", "class") and re.fullmatch(r"tg::(?!op::|node::|tree::)[\w:]+", name):
            classes.setdefault(name.split("::")[-1], compound)
    folder, index, described = source / "xml", ["<doxygenindex>"], []
    folder.mkdir()
    (source / "api").mkdir()
    seen = set()
    for title, names in sections():
        stem = anchor_of(title)
        inside = [member for name in names for member in members.get(name, []) if signature(member) not in seen and not seen.add(signature(member))]
        types = [classes[name] for name in names if name in classes and name not in members]
        if not inside and not types:
            continue
        refid = f"group__{stem}"
        body = [f'<sectiondef kind="func">{"".join(xml.tostring(member, encoding="unicode") for member in inside)}</sectiondef>' if inside else ""]
        body += [f'<innerclass refid="{c.get("refid")}" prot="public">{html.escape(c.findtext("name"))}</innerclass>' for c in types]
        for compound in types:
            tree = xml.parse(work / f"xml/{compound.get('refid')}.xml")
            (folder / f"{compound.get('refid')}.xml").write_text(xml.tostring(plain(tree.getroot()), encoding="unicode"))
            index.append(f'<compound refid="{compound.get("refid")}" kind="{compound.get("kind")}"><name>{compound.findtext("name")}</name></compound>')
        (folder / f"{refid}.xml").write_text(f'<doxygen><compounddef id="{refid}" kind="group"><compoundname>{stem}</compoundname><title>{html.escape(title)}</title>{"".join(body)}</compounddef></doxygen>')
        index.append(f'<compound refid="{refid}" kind="group"><name>{stem}</name></compound>')
        (source / f"api/{stem}.rst").write_text(f"{title}\n{'=' * len(title)}\n\nAll names, the headers that bring them and the pages that show them: :doc:`/docs/names`.\n\n"
                                                f".. doxygengroup:: {stem}\n   :content-only:\n   :members:\n   :undoc-members:\n")
        described.append(stem)
    (folder / "index.xml").write_text("\n".join([*index, "</doxygenindex>"]))
    (source / "api/index.rst").write_text("API\n===\n\nWhat the headers say of each public name, as :doc:`/docs/names` lists them.\n\n.. toctree::\n   :maxdepth: 1\n\n" + "".join(f"   {stem}\n" for stem in described))
    return len(described)
