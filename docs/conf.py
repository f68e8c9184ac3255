"""How `make docs` makes a site of this folder: strict, and without anything from outside.

Every page stands in a list of contents (index.md); a link to a page, a file or a heading that is not there is a
warning, and warnings are errors. Fonts are the reader's own, and no page loads a thing from another host.
"""

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
