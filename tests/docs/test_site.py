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


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("[a page](missing.md)", "missing.md"),
        ("[a heading](#nowhere)", "nowhere"),
        ("[a heading of another page](other.md#nowhere)", "nowhere"),
        ("![a picture](missing.svg)", "missing.svg"),
    ],
    ids=["page", "heading", "heading elsewhere", "picture"],
)
def test_a_link_that_leads_nowhere_stops_the_build(page: str, said: str, tmp_path: Path) -> None:
    source = tmp_path / "docs"
    (source / "_static").mkdir(parents=True)
    for name in ("conf.py", "_static/site.css"):
        (source / name).write_bytes((DOCS / name).read_bytes())
    (source / "other.md").write_text("# Other\n", encoding="utf-8")
    (source / "index.md").write_text(f"# Here\n\n```{{toctree}}\nother\n```\n\n{page}\n", encoding="utf-8")
    done = build(source, tmp_path / "site")
    assert done.returncode != 0
    assert said in done.stderr
