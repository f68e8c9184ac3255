"""The rules files of this release, of a folder, or of this release and one file, as a checked bundle."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from streams.rules import Bundle, load
from streams.rules.documents import RulesError, parse
from streams.rules.overlay import laid_over


def read_bundle(scale: str, rules: Path | None = None) -> Bundle:
    """The bundle with the quotas of `scale` ("nasional", "M", "S", "XS"), from `rules` as `read_documents` has them.

    Raises RulesError that names the document and the place.
    """
    return load(read_documents(rules), scale=scale)


def read_proposal(in_force: Bundle, rules: Path | None = None, scale: str | None = None) -> Bundle:
    """The rules that somebody proposes: a folder of them, or one file laid over those in force; or other quotas alone.

    `scale`: the table of quotas, by default that of the rules in force. Raises RulesError.
    """
    scale = scale or in_force.scale
    if rules is not None and rules.is_dir():
        return read_bundle(scale, rules)
    documents: dict[str, object] = dict(in_force.documents)
    if scale != in_force.scale:
        del documents[f"quotas/{in_force.scale}.yaml"]
        if scale not in scales():
            raise RulesError(f"there is no table of quotas {scale}. Known: {', '.join(scales())}")
        documents[f"quotas/{scale}.yaml"] = read_documents()[f"quotas/{scale}.yaml"]
    if rules is not None:
        documents = laid_over(documents, rules.name, parse(_text(rules), rules.name))
    return load(documents, scale=scale)


def _text(rules: Path) -> str:
    try:
        return rules.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise RulesError(
            f"{rules} cannot be read ({why}): name a file with one programme, with switches, quotas or values of the "
            "register, or a folder of rules"
        ) from error


def scales(rules: Path | None = None) -> list[str]:
    """The names of the tables of quotas. Raises RulesError when there is none."""
    found = [name.removeprefix("quotas/").removesuffix(".yaml") for name in read_documents(rules) if "quotas/" in name]
    if not found:
        raise RulesError("quotas/ is missing or empty: add a table of quotas, like quotas/nasional.yaml")
    return sorted(found)


def read_documents(rules: Path | None = None) -> dict[str, object]:
    """The rules documents, parsed, by their names: of this release, of a folder, or of this release with one file
    laid over them (streams/rules/overlay.py). Raises RulesError.
    """
    packaged = files("streams.rules") / "data"
    if rules is not None and rules.is_file():
        return laid_over(read_documents(), rules.name, parse(_text(rules), rules.name))
    root: Traversable = rules if rules is not None else packaged
    if not root.is_dir():
        raise RulesError(
            f"{root} is no file and no folder: name a file with one programme or with switches, or a folder that holds "
            "register.yaml, score.yaml, programmes/ and quotas/"
        )
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
