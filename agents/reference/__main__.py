"""`python -m agents.reference FOLDER`: write the reference pages, and those of the programmes into rules/ beside it."""

from collections.abc import Mapping
from pathlib import Path

import click

from agents.reference import MARK, pages, programme_pages


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def main(folder: Path) -> None:
    """Write every page into FOLDER, and those of the programmes into FOLDER/../rules."""
    _write(folder, pages())
    _write(folder.parent / "rules", programme_pages())


def _write(folder: Path, made: Mapping[str, str]) -> None:
    """Pages that were made before of what is no more are removed."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.md"):
        if path.stem not in made and path.read_text(encoding="utf-8").startswith(MARK):
            path.unlink()
    for name, text in made.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
