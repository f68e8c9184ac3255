"""What a producer is told about an event that was accepted: stable codes, each with a sentence in both languages.

A finding refuses nothing and takes nothing back: the event counts as the register's rules say, and its producer hears
what is odd about it. `{about}` is what the finding names, `{people}` of how many people it speaks. Like the codes of
the door, a code is interface: it is never renamed and never reused.
"""

from enum import Enum


class Finding(Enum):
    """The codes; `name` is what is published."""

    def __init__(self, indonesian: str, english: str) -> None:
        self.indonesian = indonesian
        self.english = english

    CORRECTION_WITHOUT_TARGET = (
        "{about} tidak ada bagi {people} NIK yang disebut: periksa id, pengirim, dan NIK, lalu kirim koreksi baru.",
        "{about} does not exist for {people} NIK named here: check id, producer and NIK, and send a new correction.",
    )
    CORRECTION_NOT_LATER = (
        "Dicatat sebelum {about}, tidak berlaku bagi {people} NIK: kirim koreksi baru dengan recorded_at sesudahnya.",
        "Recorded before {about}, so without effect for {people} NIK: send a new correction with a later recorded_at.",
    )
    CORRECTION_NOT_ALLOWED = (
        "{about} bukan wewenang Anda dan tetap berlaku bagi {people} NIK: mintalah pengirimnya mengoreksi sendiri.",
        "You have no authority over {about}, which stands for {people} NIK: ask its own producer to correct it.",
    )
    SET_ASIDE_WITHOUT_VISIT = (
        "{about} bukan kunjungan kepada satu pun dari {people} orang yang disebut: periksa id dan NIK, kirim CORRECT.",
        "{about} was no visit to any of the {people} people named here: check ids and NIK, and send a CORRECT.",
    )
    SET_ASIDE_WITHOUT_PERSON = (
        "{people} orang tidak ada dalam kunjungan yang disebut ({about} dst.): periksa NIK, lalu kirim CORRECT.",
        "{people} people were not part of these visits ({about} and so on): check their NIK, and send a CORRECT.",
    )
    SET_ASIDE_NOT_LATER = (
        "Dicatat sebelum kunjungan {about}, yang tetap berlaku bagi {people} orang: buat putusan baru sesudahnya.",
        "Recorded before visit {about}, which still counts for {people} people: decide again, recorded after it.",
    )
    SET_ASIDE_NOT_ALLOWED = (
        "Kunjungan {about} bukan wewenang Anda dan tetap berlaku bagi {people} orang: mintalah kantornya memutuskan.",
        "You have no authority over visit {about}, which stands for {people} people: ask its office to decide.",
    )
    TWO_CONTENTS = (
        "Id ini sudah dipakai di {about} dengan isi lain ({people} NIK); yang ini tak dihitung: kirim CORRECT.",
        "This id was used at {about} with another content ({people} NIK); this one does not count: send a CORRECT.",
    )
    ABSENT_FROM_CARD = (
        "{people} orang tercatat di kartu {about} tetapi tak ada di kartu ini: kirim kartu, kepindahan, atau kematian.",
        "People ({people}) are listed on card {about} but not on this newest one: send their card, move or death.",
    )
    CARD_OF_INSTITUTION = (
        "Semua orang di kartu {about} ({people}) tinggal di panti, kartu ini tidak diperingkat: koreksi jika keliru.",
        "Everybody on card {about} ({people}) lives in an institution; it is not ranked: correct what is wrong, if so.",
    )
    CARD_TOO_LARGE = (
        "Kartu {about} memuat {people} orang dan tidak diperingkat: pisahkan keluarganya, atau laporkan sebagai panti.",
        "Card {about} lists {people} people and is not ranked: part its families, or report residents of a panti.",
    )
