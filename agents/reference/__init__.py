"""The reference pages of the documentation, made from the code and the data that they describe.

A page is Markdown for docs/reference. `python -m agents.reference` writes them all (`make reference`), and a test says
when one of them is stale.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from agents.reference import codes, commands, messages, metrics, programmes, schemas, topics

MADE_BY = "make reference"
MARK = f"<!-- Made by `{MADE_BY}`; not to be changed by hand. -->"

PAGES: Mapping[str, Callable[[], str]] = MappingProxyType(
    {
        "commands": commands.page,
        "topics": topics.page,
        "messages": messages.page,
        "schemas": schemas.page,
        "codes": codes.page,
        "metrics": metrics.page,
    }
)


def pages() -> dict[str, str]:
    """The text of every page, by the name of its file without `.md`: the same text for the same release."""
    return {name: f"{MARK}\n\n{page()}" for name, page in PAGES.items()}


def programme_pages() -> dict[str, str]:
    """The same of docs/rules, the pages of the programmes."""
    return {name: f"{MARK}\n\n{page}" for name, page in programmes.pages().items()}
