# SPDX-License-Identifier: BSL-1.0
# How Sphinx makes the site; docs/make_site.py runs it on a copy of the pages. Formulas are set by KaTeX from its Debian package, which
# is copied beside the pages: they need no network.
import html
import pathlib
import re

from docutils import nodes

here = pathlib.Path(__file__).resolve().parent

project = "typegrad"
author = "the authors of typegrad"
version = release = re.search(r'VERSION_STRING "([^"]+)"', (here / "version.hpp").read_text()).group(1)

extensions = ["myst_parser", "sphinx_copybutton", "breathe"]
root_doc = "README"
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4

breathe_projects = {"typegrad": str(here / "xml")}
breathe_default_project = "typegrad"
primary_domain = "cpp"
highlight_language = "text"
# Signatures with what Sphinx 5 does not parse are shown as they stand. Two headers may specialise one name.
suppress_warnings = ["cpp.duplicate_declaration", "duplicate_declaration.cpp", "misc.highlighting_failure"]

html_theme = "furo"
html_title = f"typegrad {release}"
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
html_static_path = ["static"]
html_css_files = ["katex.min.css", "site.css"]
html_js_files = ["katex.min.js", "formulas.js"]
html_theme_options = {"navigation_with_keys": True}
copybutton_prompt_text = "$ "


def inline_formula(self, node):
    self.body.append(f'<span class="formula">{html.escape(node.astext())}</span>')
    raise nodes.SkipNode


def displayed_formula(self, node):
    self.body.append(f'<div class="formula displayed">{html.escape(node.astext())}</div>')
    raise nodes.SkipNode


def setup(app):
    app.add_html_math_renderer("katex", (inline_formula, None), (displayed_formula, None))
    app.config.html_math_renderer = "katex"
