"""Events about cases (usul, reaktivasi, putusan_kasus) with one thing wrong each."""

from schemas.registry import contracts
from streams.door import Code
from tests.streams.door.case import Case

REFUSALS = contracts().refusals

CLAIMS = [
    Case(REFUSALS["REASON_CODE"], "usul", "STATE", {"content__alasan": "rumah rusak"}, "content.alasan", "rumah rusak"),
    Case(REFUSALS["CASE_ID"], "putusan_kasus", "STATE", {"content__kasus": "K12"}, "content.kasus", "K12"),
    Case(REFUSALS["DECISION_REASON"], "putusan_kasus", "STATE", {"content__alasan": "ya"}, "content.alasan", "2"),
    Case(
        Code.FRIVOLOUS_NOT_REJECTED,
        "putusan_kasus",
        "STATE",
        {"content__status": "DITERIMA"},
        "content.tidak_berdasar",
        "DITERIMA",
    ),
]
