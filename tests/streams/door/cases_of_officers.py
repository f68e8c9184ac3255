"""What is refused of visits and of decisions about officers: code, event type, field to change, value, field, shown."""

from typing import Any

from schemas.limits import Refusal
from schemas.registry import contracts
from streams.door import Code
from tests.streams.door.made import RECORDED_MS, TODAY, days

REFUSALS = contracts().refusals
OF_OFFICERS: tuple[tuple[Code | Refusal, str, str, Any, str, str | None], ...] = (
    (Code.INTERVIEW_HALF, "groundcheck", "mulai", None, "mulai", None),
    (Code.INTERVIEW_HALF, "groundcheck", "selesai", None, "selesai", None),
    (Code.INTERVIEW_NOT_EFFECTIVE, "groundcheck", "mulai", RECORDED_MS - 86_400_000, "mulai", "2025-03-09T03:00:00Z"),
    (Code.INTERVIEW_BACKWARDS, "groundcheck", "selesai", RECORDED_MS - 3_600_001, "selesai", "2025-03-10T01:59:59Z"),
    (Code.INTERVIEW_AFTER_RECORDED, "groundcheck", "selesai", RECORDED_MS + 1, "selesai", "2025-03-10T03:00:00Z"),
    (Code.GEOTAG_HALF, "groundcheck", "lintang_e6", None, "lintang_e6", None),
    (Code.GEOTAG_HALF, "groundcheck", "bujur_e6", None, "bujur_e6", None),
    (REFUSALS["LATITUDE"], "groundcheck", "lintang_e6", 6_300_001, "lintang_e6", "6300001"),
    (REFUSALS["LONGITUDE"], "groundcheck", "bujur_e6", 94_499_999, "bujur_e6", "94499999"),
    (Code.CORRECTS_PRODUCER_UNKNOWN, "pengesampingan", "pengirim", "dinas-antah", "pengirim", "dinas-antah"),
    (Code.OFFICE_NOT_BELOW, "pengesampingan", "pengirim", "dukcapil-dki", "pengirim", "dukcapil-dki"),
    (Code.PERIOD_BACKWARDS, "pengesampingan", "sampai", days(TODAY) - 31, "sampai", "2025-02-07"),
    (Code.PERIOD_AFTER_DECISION, "pengesampingan", "sampai", days(TODAY) + 1, "sampai", "2025-03-11"),
    (Code.NO_EVENTS, "pengesampingan", "peristiwa", [], "peristiwa", None),
    (
        Code.TOO_MANY_EVENTS,
        "pengesampingan",
        "peristiwa",
        [{"producer": "bps", "event_id": bytes(16)}] * 101,
        "peristiwa",
        "101",
    ),
    (Code.CORRECTS_PRODUCER_UNKNOWN, "pengesampingan", "peristiwa__0__producer", "x", "peristiwa.producer", "x"),
    (REFUSALS["OFFICER"], "pengesampingan", "petugas", "", "petugas", "0"),
    (REFUSALS["REASON"], "pengesampingan", "alasan", "", "alasan", "0"),
)
