"""`python -m agents.reference FOLDER`: write the reference pages."""

import sys
from pathlib import Path

from agents.reference import MARK, pages


def main(folder: Path) -> None:
    """Write every page into `folder`; pages that were made before of what is no more are removed."""
    folder.mkdir(parents=True, exist_ok=True)
    made = pages()
    for path in folder.glob("*.md"):
        if path.stem not in made and path.read_text(encoding="utf-8").startswith(MARK):
            path.unlink()
    for name, text in made.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
