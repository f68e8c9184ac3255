"""Aims at: no line of a log holds a whole NIK or card number, in whatever form it comes; lines stay readable."""

import json
import logging
import sys

import pytest

from agents.logs import JsonFormatter, PlainFormatter, configure, mask

NIK = "3171905708900012"


def record(message: str, *arguments: object, failed: bool = False) -> logging.LogRecord:
    error = None
    try:
        int(f"{NIK}x" if failed else NIK)
    except ValueError:
        error = sys.exc_info()
    return logging.LogRecord("dtsen.x", logging.INFO, __file__, 1, message, arguments, error)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"NIK {NIK}", "NIK 3171********0012"),
        (f"b'{NIK}'", "b'3171********0012'"),
        (f"{NIK},{NIK}", "3171********0012,3171********0012"),
        ("317190570890001", "317190570890001"),  # 15 digits: not a NIK
        ("31719057089000123", "31719057089000123"),  # 17: an offset or a digest
    ],
)
def test_runs_of_sixteen_digits_are_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize("formatter", [PlainFormatter("register"), JsonFormatter("register")])
def test_arguments_and_tracebacks_are_masked_too(formatter: logging.Formatter) -> None:
    line = formatter.format(record("person %s of %r", NIK, {NIK: int(NIK)}, failed=True))
    assert NIK not in line
    assert "3171********0012" in line
    assert "ValueError" in line


def test_json_is_one_object_a_line() -> None:
    line = JsonFormatter("intake").format(record("two\nlines %d", 7, failed=True))
    assert "\n" not in line
    said = json.loads(line)
    assert (said["stage"], said["level"], said["message"]) == ("intake", "INFO", "two\nlines 7")


def test_configured_logs_go_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        configure("plain", "families")
        logging.getLogger("dtsen.families").info("card %s", NIK)
        logging.getLogger("faust.worker").info("chatter")
    finally:
        root.handlers[:], root.level = before, level
    said = capsys.readouterr().err
    assert said.endswith("INFO    families: card 3171********0012\n")
    assert "chatter" not in said
