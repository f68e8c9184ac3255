"""`python -m agents.reference FOLDER`: write the reference pages."""

import sys
from pathlib import Path

from agents.reference import pages


def main(folder: Path) -> None:
    """Write every page into `folder`; pages of things that are no more are removed."""
    folder.mkdir(parents=True, exist_ok=True)
    made = pages()
    for stale in {path.stem for path in folder.glob("*.md")} - {*made, "README"}:
        (folder / f"{stale}.md").unlink()
    for name, text in made.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
