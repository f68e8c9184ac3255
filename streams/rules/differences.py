"""What differs between two sets of rules documents, entry by entry."""

from collections.abc import Iterator, Mapping
from typing import Any

from streams.rules.documents import normalised

Path = tuple[str, ...]


def differences(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    """One line per value: `+ place: value` (new), `- place: value` (gone), `~ place: old -> new`; sorted by place.

    Entries of a list are told by their `id`, `from` and `when`, so that one which is put in between changes no other. A
    document that is new or gone is one line. Both are parsed documents by name; nothing is checked.
    """
    found = []
    for name in sorted(set(before) | set(after)):
        if name not in before or name not in after:
            found.append(f"{'+' if name in after else '-'} {name}")
            continue
        old, new = (dict(_values(normalised(side[name]), (name,))) for side in (before, after))
        for path in sorted(set(old) | set(new)):
            place = f"{path[0]}: {'.'.join(path[1:])}"
            if path not in old:
                found.append(f"+ {place}: {new[path]}")
            elif path not in new:
                found.append(f"- {place}: {old[path]}")
            elif old[path] != new[path]:
                found.append(f"~ {place}: {old[path]} -> {new[path]}")
    return found


def _values(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Every value that is no record and no list of records, by its path."""
    if isinstance(value, Mapping):
        for name, inside in value.items():
            yield from _values(inside, (*path, name))
    elif isinstance(value, list) and value and all(isinstance(it, Mapping) for it in value):
        for place, entry in enumerate(value, start=1):
            when = [f"{switch}={choice}" for switch, choice in entry.get("when", {}).items()]
            named = "@".join([*(str(entry[key]) for key in ("id", "from") if key in entry), *when]) or str(place)
            yield from _values(entry, (*path, named))
    else:
        yield path, value
