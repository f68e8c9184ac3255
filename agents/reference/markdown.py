"""Small pieces of Markdown, and what a module's source says beside the names that it defines."""

import inspect
import re
from collections.abc import Iterable, Sequence
from types import ModuleType
from typing import Any

SPECIAL = re.compile(r"([\\|<>*\[\]`])")
# "# --- the bytes -----", and "NAME = " or "NAME: Final = ", at any depth of indentation.
SECTION = re.compile(r"\s*# --- (.+?) -+$")
COMMENT = re.compile(r"\s*# ?(.*)$")
BEHIND = re.compile(r"  # (?!noqa|type:)(.*)$")
DEFINED = re.compile(r"\s*([A-Z][A-Z0-9_]+)(?:: [\w.\[\], ]+)? = ")
FIELD = re.compile(r"    (\w+): \w+(?: = .+?)?  # (.+)$", re.MULTILINE)


def text(words: object) -> str:
    """Words as they are: nothing in them is read as Markdown, and they fit into a cell."""
    return SPECIAL.sub(r"\\\1", str(words)).replace("\n", " ")


def prose(words: str) -> str:
    """Words in which `names` between backticks stay names; the rest as `text`."""
    return "".join(part if number % 2 else text(part) for number, part in enumerate(re.split(r"(`[^`]+`)", words)))


def code(name: object) -> str:
    """A name, a value, something typed."""
    return f"`{str(name).replace('|', chr(92) + '|')}`"


def codes(names: Iterable[object]) -> str:
    """Several names; a dash for none."""
    return ", ".join(map(code, names)) or "-"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; its cells are Markdown already."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def beside(defined: ModuleType | type[Any]) -> dict[str, tuple[str, str]]:
    """Of every constant of a module or class, in order: its section, and the comment above or behind it."""
    found: dict[str, tuple[str, str]] = {}
    section = ""
    comment: list[str] = []
    for line in inspect.getsource(defined).splitlines():
        if titled := SECTION.match(line):
            section, comment = titled[1], []
        elif named := DEFINED.match(line):
            behind = BEHIND.search(line)
            found[named[1]] = section, " ".join([*comment, *([behind[1]] if behind else [])])
            comment = []
        elif said := COMMENT.match(line):
            comment.append(said[1])
        else:
            comment = []
    return found


def fields(defined: type[Any]) -> dict[str, str]:
    """Of every field of a dataclass that has one, in order: the comment behind it."""
    return dict(FIELD.findall(inspect.getsource(defined)))
