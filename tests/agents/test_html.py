"""Aims at: a page is whole in itself and escapes what it shows, and an installed package has all that it reads."""

import re
import tomllib
from pathlib import Path

import pytest
from jinja2 import Environment, PackageLoader, StrictUndefined, TemplateRuntimeError, UndefinedError
from markupsafe import Markup

from agents.html import TEMPLATES, render

ROOT = Path(__file__).parents[2]
# Whatever makes a browser ask another place: an address that loads, a style or script from a file, an import.
OUTSIDE = re.compile(r"""(?:src|srcset|data|action)\s*=|<(?:link|script|iframe|object)\b|url\(|@import|https?://""")


def page(body: str, **values: object) -> str:
    """A page made of the base with this content."""
    templates = Environment(loader=PackageLoader("agents.html", TEMPLATES), autoescape=True, undefined=StrictUndefined)
    blocks = {"title": "Uji", "content": body}
    filled = "".join(f"{{% block {name} %}}{text}{{% endblock %}}" for name, text in blocks.items())
    source = '{% extends "base.html.j2" %}' + filled
    return templates.from_string(source).render(**values)


def test_what_a_page_shows_is_escaped_and_what_is_html_already_is_not() -> None:
    made = page("{{ name }}{{ chart }}", name="<b>&", chart=Markup("<svg></svg>"))
    assert "&lt;b&gt;&amp;<svg></svg>" in made
    assert "<title>Uji</title>" in made


def test_a_page_loads_nothing_from_elsewhere_and_fits_a_phone() -> None:
    made = page("")
    assert not OUTSIDE.search(made)
    assert '<meta name="viewport" content="width=device-width' in made
    assert "@media print" in made


def test_a_value_that_is_missing_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        page("{{ nobody }}")
    with pytest.raises(TemplateRuntimeError, match="title"):
        render("base.html.j2")  # its blocks are to be filled


def test_the_package_declares_every_file_that_it_reads() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]
    for package, patterns in declared.items():
        packed = {path for pattern in patterns for path in (ROOT / package).glob(pattern)}
        found = {
            path for path in (ROOT / package).rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc", ".md"}
        }
        assert found <= packed, f"pyproject.toml does not pack {sorted(found - packed)}"
