"""Headings and short sentences of *kenapa*, and which state of a programme they name."""

import datetime as dt

from agents.people import WIB
from streams.quarters import Quarter
from streams.reasons import day_text
from streams.rules import Text

LANGUAGES = ("id", "en")
# How one programme stands for a person, and in which order they are told.
STATES: dict[str, Text] = {
    "HELD": Text("Ditahan", "On hold"),
    "WAITING": Text("Memenuhi syarat, menunggu giliran", "Eligible, waiting for a turn"),
    "CORRECTABLE": Text("Belum. Mungkin bisa, jika data dibetulkan", "Not now. Perhaps after a correction"),
    "RECEIVES": Text("Anda menerima", "You receive it"),
    "FAMILY": Text("Diterima anggota keluarga lain", "Another member receives it"),
    "NOT": Text("Tidak memenuhi syarat", "Not eligible"),
}
ACTIONS: dict[str, Text] = {
    "GRANTED": Text("mulai diterima", "began"),
    "REVOKED": Text("berhenti", "ended"),
    "AMENDED": Text("berubah", "changed"),
    "HELD": Text("ditahan", "put on hold"),
}
CLAIMS: dict[str, Text] = {
    "SANGGAH": Text("Sanggahan", "Objection"),
    "KELUHAN": Text("Pengaduan", "Complaint"),
    "USUL": Text("Usulan", "Proposal"),
    "REAKTIVASI": Text("Permintaan pengaktifan kembali", "Request to be reinstated"),
    "LAINNYA": Text("Laporan", "Report"),
    "TERBUKA": Text("masih diproses", "still looked at"),
    "LEWAT_TENGGAT": Text("masih diproses, sudah lewat batas waktu", "still looked at, past its deadline"),
    "DITERIMA": Text("diterima", "granted"),
    "DITOLAK": Text("ditolak", "refused"),
    "TIDAK_BERDASAR": Text("ditolak", "refused"),
    "DITARIK": Text("ditarik", "withdrawn"),
}
# Parts of the page, as the printed sheet names those that it has no room for.
KINDS: dict[str, Text] = {
    "card": Text("rincian sebagian bantuan", "details of some assistance"),
    "objection": Text("sebagian cara menyanggah", "some ways to object"),
    "correct": Text("sebagian yang dapat dibetulkan", "some of what can be corrected"),
    "changed": Text("sebagian perubahan", "some of what changed"),
    "far": Text("sebagian jarak ke batas", "some distances"),
    "turn": Text("sebagian urutan tunggu", "some places in the queue"),
    "claims": Text("sanggahan dan laporan lama", "older objections and reports"),
    "others": Text("alasan sebagian bantuan lain", "reasons of some other assistance"),
    "event": Text("sebagian peristiwa", "some events"),
    "history": Text("riwayat lama", "older history"),
}
WORDS: dict[str, Text] = {
    "title": Text("Penjelasan bantuan sosial", "Your social assistance, explained"),
    "decision": Text("Keputusan {triwulan}", "Decision of {triwulan}"),
    "reason": Text("Alasan", "Reason"),
    "rule": Text("Aturan", "Rule"),
    "value": Text("Nilai", "Value"),
    "limit": Text("batas", "limit"),
    "changed": Text("Yang berubah", "What changed"),
    "correct": Text("Yang dapat dibetulkan", "What can be corrected"),
    "far": Text("Jaraknya", "How far"),
    "turn": Text("Giliran", "Your turn"),
    "event": Text("Peristiwa", "Event"),
    "true": Text("Berlaku {hari}.", "True from {hari}."),
    "recorded": Text("Dicatat {hari} oleh {siapa}.", "Recorded {hari} by {siapa}."),
    "recorded_only": Text("Dicatat {hari}.", "Recorded {hari}."),
    "received": Text("Diterima {hari}.", "Received {hari}."),
    "number": Text("Nomor: {nomor}.", "Number: {nomor}."),
    "fresh": Text("Baru sejak keputusan lalu.", "New since the last decision."),
    "objection": Text("Cara menyanggah", "How to object"),
    "claims": Text("Sanggahan dan laporan Anda", "Your objections and reports"),
    "claim": Text("{jenis} tentang {bantuan}, {hari}: {status}.", "{jenis} about {bantuan}, {hari}: {status}."),
    "claim_number": Text("Nomor kasus: {nomor}.", "Case number: {nomor}."),
    "claim_deadline": Text("Batas waktu putusan: {hari}.", "To be decided by {hari}."),
    "claim_decided": Text("Diputuskan {hari}.", "Decided {hari}."),
    "claim_late": Text("Masuk setelah masa sanggah.", "It came after the time for objections."),
    "others": Text("Bantuan lain", "Other assistance"),
    "history": Text("Riwayat", "History"),
    "past": Text("{Triwulan}: {bantuan} {kejadian}.", "{Triwulan}: {bantuan} {kejadian}."),
    "none": Text("Belum ada keputusan tentang bantuan untuk NIK ini.", "Nothing was decided yet about this NIK."),
    "ended": Text(
        "Tidak ada keputusan tentang bantuan untuk NIK ini pada triwulan tersebut.",
        "In that quarter nothing was decided about assistance for this NIK.",
    ),
    "unknown": Text(
        "NIK ini tidak dikenal: belum ada peristiwa tentangnya yang diterima. Periksa angkanya.",
        "This NIK is not known: no event about it was accepted yet. Check its digits.",
    ),
    "store": Text(
        "Layanan sedang berhenti. Ini isi terakhir yang tersimpan.", "No worker runs. This is what its store held last."
    ),
    "left_out": Text(
        "Lembar ini memuat yang terpenting. Tidak tercetak: {apa}. Tanyakan selengkapnya di kelurahan dengan NIK Anda.",
        "This sheet has what matters most. Not printed: {apa}. Ask for all of it at the kelurahan with your NIK.",
    ),
    "reference": Text("Nomor halaman ini: {nomor}.", "Number of this page: {nomor}."),
    "masked": Text(
        "NIK ditutup sebagian untuk melindungi Anda. Tunjukkan KTP Anda jika diminta.",
        "The NIK is covered in part, to protect you. Show your KTP if asked.",
    ),
    "estimate": Text("Skor dan kuota pada register ini contoh.", "Scores and quotas in this register are examples."),
}


def quarter_text(name: str) -> Text:
    """2025-Q1 as it is spoken."""
    quarter = Quarter.parse(name)
    return Text(f"triwulan {quarter.number} tahun {quarter.year}", f"quarter {quarter.number} of {quarter.year}")


def moment_text(moment: dt.datetime) -> Text:
    """A moment in the time of Jakarta: 10 April 2025 pukul 12.03."""
    local = moment.astimezone(WIB)
    day = day_text(local.date())
    return Text(f"{day.id} pukul {local:%H.%M}", f"{day.en} at {local:%H:%M}")


def capital(text: Text) -> Text:
    """With a capital letter at the beginning."""
    return Text(text.id[:1].upper() + text.id[1:], text.en[:1].upper() + text.en[1:])
