"""Aims at: the documentation builds without a warning, every link in it leads somewhere, nothing comes from outside."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import PROJECT

DOCS = PROJECT / "docs"
# What a browser fetches by itself: images, scripts, styles, frames, and what styles import.
FETCHED = re.compile(r"<(?:img|script|iframe|source|embed)\b[^>]*\bsrc=\"([^\"]+)\"|<link\b[^>]*\bhref=\"([^\"]+)\"")
IMPORTED = re.compile(r"url\(\s*['\"]?((?:https?:)?//[^)'\"]+)|@import\s+['\"]((?:https?:)?//[^'\"]+)")


def build(source: Path, target: Path) -> subprocess.CompletedProcess[str]:
    """As `make docs` does."""
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", str(source), str(target)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site")
    done = build(DOCS, target)
    assert done.returncode == 0, done.stderr
    return target


def test_every_page_is_built(site: Path) -> None:
    pages = {path.relative_to(DOCS).with_suffix("") for path in DOCS.rglob("*.md")}
    built = {path.relative_to(site).with_suffix("") for path in site.rglob("*.html")}
    assert len(pages) > 15
    assert pages <= built


def test_nothing_comes_from_another_host(site: Path) -> None:
    outside = [
        f"{path.relative_to(site)}: {found}"
        for path in sorted(site.rglob("*.html"))
        for pair in FETCHED.findall(path.read_text(encoding="utf-8"))
        if (found := "".join(pair)).startswith(("http:", "https:", "//"))
    ]
    outside += [
        f"{path.relative_to(site)}: {''.join(pair)}"
        for path in sorted(site.rglob("*.css"))
        for pair in IMPORTED.findall(path.read_text(encoding="utf-8"))
    ]
    assert outside == []


def small(folder: Path, page: str) -> Path:
    """Documentation of two pages, made as ours is."""
    source = folder / "docs"
    (source / "_static").mkdir(parents=True)
    for name in ("conf.py", "_static/site.css"):
        (source / name).write_bytes((DOCS / name).read_bytes())
    (source / "other.md").write_text("# Other\n", encoding="utf-8")
    (source / "index.md").write_text(f"# Here\n\n```{{toctree}}\nother\n```\n\n{page}\n", encoding="utf-8")
    return source


def test_a_file_above_the_folder_is_handed_over(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Read me\n", encoding="utf-8")
    page = "[a page](other.md), [itself](../docs/other.md) and [a file](../README.md)"
    done = build(small(tmp_path, page), tmp_path / "site")
    assert done.returncode == 0, done.stderr
    assert [path.name for path in (tmp_path / "site" / "_downloads").rglob("*.md")] == ["README.md"]


# Each leads nowhere, by what the warning must name.
ASTRAY = {
    "missing.md": "[a page](missing.md)",
    "'nowhere'": "[a heading](#nowhere)",
    "elsewhere": "[a heading of another page](other.md#elsewhere)",
    "missing.svg": "![a picture](missing.svg)",
    "MISSING.md": "[a file above the folder](../MISSING.md)",
}


def test_links_that_lead_nowhere_stop_the_build_and_are_named(tmp_path: Path) -> None:
    done = build(small(tmp_path, "\n\n".join(ASTRAY.values())), tmp_path / "site")
    assert done.returncode != 0
    assert [said for said in ASTRAY if said not in done.stderr] == []
    assert done.stderr.count("WARNING") == len(ASTRAY), done.stderr
