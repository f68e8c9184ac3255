"""Logs for people (one plain line) and for machines (one JSON object a line), never with a whole NIK."""

import json
import logging
import re
import sys
from datetime import UTC, datetime

# A NIK and a card number have 16 digits alike; both are masked, wherever they come from, tracebacks included.
SIXTEEN_DIGITS = re.compile(r"(?<!\d)(\d{4})\d{8}(\d{4})(?!\d)")


def mask(text: str) -> str:
    """`text` with every run of exactly 16 digits masked: 3171********0012."""
    return SIXTEEN_DIGITS.sub(r"\1********\2", text)


class PlainFormatter(logging.Formatter):
    """`12:00:03 INFO  register: ...`, in UTC."""

    def __init__(self, stage: str) -> None:
        super().__init__()
        self._stage = stage

    def format(self, record: logging.LogRecord) -> str:
        when = datetime.fromtimestamp(record.created, UTC).strftime("%H:%M:%S")
        return mask(f"{when} {record.levelname:<7} {self._stage}: {_message(self, record)}")


class JsonFormatter(logging.Formatter):
    """One object a line: time, level, stage, logger, process, message, and the traceback where there is one."""

    def __init__(self, stage: str) -> None:
        super().__init__()
        self._stage = stage

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "stage": self._stage,
            "logger": record.name,
            "process": record.process,
            "message": mask(record.getMessage()),
        }
        if record.exc_info:
            said["traceback"] = mask(self.formatException(record.exc_info))
        return json.dumps(said, ensure_ascii=False)


def configure(style: str, stage: str, level: int = logging.INFO) -> None:
    """Send all logs of this process to standard error, in `style` ("plain" or "json"), in the name of `stage`."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_is_ours_or_matters)
    handler.setFormatter(JsonFormatter(stage) if style == "json" else PlainFormatter(stage))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    # Faust, mode and the clients tell their whole life at INFO; ours is told by `dtsen` loggers
    for name in ("faust", "mode", "aiokafka", "kafka", "aiohttp.access"):
        logging.getLogger(name).setLevel(max(level, logging.WARNING))


def _is_ours_or_matters(record: logging.LogRecord) -> bool:
    """Leaves out what mode says at INFO of every service that starts or stops, in the name of our modules."""
    return record.levelno > logging.INFO or not str(record.msg).startswith("[^")


def _message(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    message = record.getMessage()
    return f"{message}\n{formatter.formatException(record.exc_info)}" if record.exc_info else message
