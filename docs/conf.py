"""How `make docs` makes a site of this folder: strict, and without anything from outside.

Every page stands in a list of contents; a link to a page, a file or a heading that is not there is a warning, and
warnings are errors. Fonts are the reader's own, and no page loads a thing from another host.
"""

import re
from pathlib import Path

from sphinx.application import Sphinx

project = "DTSEN register"
author = "the register's maintainers"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
nitpicky = True

# Headings can be linked to by the names that code hosts give them: page.md#words-of-our-own.
myst_heading_anchors = 4

html_theme = "furo"
html_title = project
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
# Names of things, not English words: no typographic quotes in them.
smartquotes = False

# A link to Markdown above this folder (README.md, CONTRIBUTING.md), which is no page of the site.
UPWARDS = re.compile(r"\[([^\]\n]+)\]\(((?:\.\./)+[\w./-]+\.md)\)")


def hand_over_files(app: Sphinx, docname: str, source: list[str]) -> None:
    """Let links to Markdown outside of this folder hand the file over; one that is missing is a warning."""
    here = Path(app.srcdir)

    def as_file(found: re.Match[str]) -> str:
        inside = (here / docname).parent.joinpath(found[2]).resolve().is_relative_to(here.resolve())
        return found[0] if inside else f"{{download}}`{found[1]} <{found[2]}>`"

    source[0] = UPWARDS.sub(as_file, source[0])


def setup(app: Sphinx) -> None:
    """Sphinx calls this once."""
    app.connect("source-read", hand_over_files)
