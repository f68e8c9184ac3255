"""Aims at: the house stays tidy: imports point one way, files and functions stay short, nothing is left over."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LINES_PER_FILE = 400  # above that, a file holds two ideas
LINES_PER_FUNCTION = 70

# What each room may know of the others.
MAY_IMPORT = {"schemas": {"schemas"}, "streams": {"schemas", "streams"}, "agents": {"agents", "schemas", "streams"}}

# streams/ is pure: frames in, frames out.
IMPURE = {
    "asyncio", "socket", "subprocess", "random", "secrets", "time", "uuid", "kafka", "aiokafka", "faust", "rocksdict",
    "tempfile", "threading",
}  # fmt: skip

# File or file::function, and the reason why it may be longer.
LONGER: dict[str, str] = {}

LEFT_OVER = re.compile(r"^\s*(breakpoint\(|import pdb|from pdb|pdb\.|import ipdb|print\()")
# Paths of one machine, and hosts from which packages come: both belong to the surroundings, never to the project.
ELSEWHERE = re.compile(
    r"(?<![\w.])/(work|farm|root|home/\w+)/"
    r"|pypi\.org|pythonhosted|repo1?\.maven|registry\.npmjs|deb\.debian"
)  # fmt: skip
SIXTEEN_DIGITS = re.compile(r"(?<![0-9A-Za-z])(\d{16})(?![0-9A-Za-z])")
PROVINCES = re.compile(r"1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7]")
SYNTHETIC = re.compile(r"31719\d")  # 3171, then a district 90 to 99, which does not exist


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the project: tracked by git, or not yet; in an unpacked archive, all but hidden ones."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode == 0:
        paths = [ROOT / name for name in listed.stdout.splitlines()]
    else:
        paths = [
            path for path in ROOT.rglob("*") if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
        ]
    return tuple(sorted(path for path in paths if path.is_file()))


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def python_files() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py"]


@cache
def text_of(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None  # golden bytes


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def texts() -> Iterator[tuple[str, int, str]]:
    """File, line number and line of every text file."""
    for path in tracked():
        for number, line in enumerate((text_of(path) or "").splitlines(), start=1):
            yield named(path), number, line


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, f"{'.' * node.level}{node.module or ''}"


def test_there_is_a_project_to_look_at() -> None:
    rooms = {path.relative_to(ROOT).parts[0] for path in python_files()}
    assert rooms >= {"agents", "schemas", "streams", "tests"}


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_imports_point_one_way(room: str) -> None:
    wrong = [
        f"{named(path)}:{line} imports {module}"
        for path in python_files()
        if path.relative_to(ROOT).parts[0] == room
        for line, module in imported(tree_of(path))
        if module.startswith(".")
        or (module.partition(".")[0] in {*MAY_IMPORT, "tests"} and module.partition(".")[0] not in MAY_IMPORT[room])
    ]
    assert wrong == []


def test_streams_are_pure() -> None:
    wrong = [
        f"{named(path)}:{line} imports {module}"
        for path in python_files()
        if path.relative_to(ROOT).parts[0] == "streams"
        for line, module in imported(tree_of(path))
        if module.partition(".")[0] in IMPURE
    ]
    assert wrong == []


def test_files_and_functions_are_short() -> None:
    long = []
    for path in python_files():
        lines = len((text_of(path) or "").splitlines())
        if lines > LINES_PER_FILE and named(path) not in LONGER:
            long.append(f"{named(path)}: {lines} lines")
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                name = f"{named(path)}::{node.name}"
                if lines > LINES_PER_FUNCTION and name not in LONGER:
                    long.append(f"{name}: {lines} lines")
    assert long == []


def test_exceptions_are_still_needed() -> None:
    names = {named(path) for path in python_files()}
    assert [name for name in LONGER if name.partition("::")[0] not in names] == []
    assert all(LONGER.values()), "each exception has a reason"


def test_no_nik_could_be_a_real_one() -> None:
    wrong = [
        f"{name}:{number} {digits[:4]}..."
        for name, number, line in texts()
        for digits in SIXTEEN_DIGITS.findall(line)
        if PROVINCES.match(digits) and not SYNTHETIC.match(digits)
    ]
    assert wrong == []


def test_nothing_is_left_over() -> None:
    wrong = [
        f"{name}:{number} {line.strip()}"
        for name, number, line in texts()
        if name.endswith(".py") and name.startswith(("agents/", "schemas/", "streams/")) and LEFT_OVER.search(line)
    ]
    assert wrong == []


def test_the_project_names_no_machine_and_no_index() -> None:
    wrong = [
        f"{name}:{number} {found[0]}"
        for name, number, line in texts()
        if name != named(Path(__file__)) and (found := ELSEWHERE.search(line))
    ]
    assert wrong == []


def test_lock_files_hold_a_hash_for_each_version() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        pinned = re.findall(r"^([\w.-]+)==\S+ \\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
        assert len(pinned) == len(re.findall(r"^[\w.-]+==", text, re.MULTILINE)) > 0
        assert "://" not in text
        assert not re.search(r"^-", text, re.MULTILINE), "no option of pip, such as the address of an index"


def test_each_test_module_says_what_it_aims_at() -> None:
    modules = [path for path in python_files() if path.name.startswith("test_")]
    silent = [named(path) for path in modules if not ast.get_docstring(tree_of(path))]
    assert silent == []
