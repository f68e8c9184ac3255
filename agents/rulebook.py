"""The rules files of this release, or of a folder, as a checked bundle."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from streams.rules import Bundle, load
from streams.rules.documents import RulesError, parse


def read_bundle(scale: str, folder: Path | None = None) -> Bundle:
    """The bundle with the quotas of `scale` ("nasional", "M", "S", "XS"), from `folder` or from streams/rules/data.

    Raises RulesError that names the document and the place.
    """
    return load(read_documents(folder), scale=scale)


def scales(folder: Path | None = None) -> list[str]:
    """The names of the tables of quotas. Raises RulesError when there is none."""
    found = [name.removeprefix("quotas/").removesuffix(".yaml") for name in read_documents(folder) if "quotas/" in name]
    if not found:
        raise RulesError("quotas/ is missing or empty: add a table of quotas, like quotas/nasional.yaml")
    return sorted(found)


def read_documents(folder: Path | None = None) -> dict[str, object]:
    """The rules documents of `folder` or of streams/rules/data, parsed, by their names. Raises RulesError."""
    root: Traversable = folder if folder is not None else files("streams.rules") / "data"
    if not root.is_dir():
        raise RulesError(f"{root} is no folder: name one that holds register.yaml, score.yaml, programmes/ and quotas/")
    return {name: parse(text, name) for name, text in _documents(root, "")}


def _documents(folder: Traversable, prefix: str) -> list[tuple[str, str]]:
    found = []
    for entry in sorted(folder.iterdir(), key=lambda it: it.name):
        if entry.is_dir():
            found += _documents(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".yml"):
            raise RulesError(f"{prefix}{entry.name}: it would not be read: rename it so that it ends in .yaml")
        elif entry.name.endswith(".yaml"):
            found.append((prefix + entry.name, entry.read_text(encoding="utf-8")))
    return found
