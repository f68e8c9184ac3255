"""Pages for people: one HTML file each, readable on a phone, at a desk and on paper, with nothing from elsewhere."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

TEMPLATES = "templates"


@cache
def _environment() -> Environment:
    # Every value is escaped unless a template says otherwise; a value that is missing is an error, not a gap.
    return Environment(
        loader=PackageLoader("agents.html", TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def render(template: str, **values: Any) -> str:
    """The page that a template of `agents/html/templates` makes of these values, for example `kenapa.html.j2`.

    A template extends `base.html.j2` and fills its blocks `title` and `content` (`lead` and `foot` as wanted).
    Values are escaped; one that is HTML already, such as a chart, is given as `markupsafe.Markup`. Raises
    jinja2.TemplateNotFound, and jinja2.UndefinedError when the template asks for a value that is not given.
    """
    return _environment().get_template(template).render(**values)
