"""What happened, in plain words, by the type of an event; and what is not told of other members of a family."""

from streams.rules.model import Text

EVENTS: dict[str, Text] = {
    "lahir": Text("pencatatan kelahiran", "a birth was registered"),
    "mati": Text("pencatatan kematian", "a death was registered"),
    "kartu_keluarga": Text("kartu keluarga baru", "a new family card"),
    "pindah_keluar": Text("pindah keluar", "a departure"),
    "pindah_datang": Text("pindah datang", "an arrival"),
    "pindah_dalam": Text("pindah rumah dalam kota", "a move within the city"),
    "kawin": Text("pencatatan perkawinan", "a marriage was registered"),
    "cerai": Text("pencatatan perceraian", "a divorce was registered"),
    "biodata": Text("perubahan biodata", "personal data were changed"),
    "status_nik": Text("perubahan status NIK", "the state of the NIK was changed"),
    "groundcheck": Text("kunjungan petugas ke rumah", "a visit of a field officer"),
    "daftar_lama": Text("daftar bantuan sebelum DTSEN", "a list of before DTSEN"),
    "pekerjaan": Text("data pekerjaan", "data of employment"),
    "sekolah": Text("data sekolah", "data of the school"),
    "kepemilikan": Text("data kendaraan, tanah, dan bangunan", "data of vehicles, land and buildings"),
    "panti": Text("data panti sosial", "data of a social institution"),
    "listrik": Text("data listrik rumah", "data of the home's electricity"),
    "disabilitas": Text("data disabilitas", "data of the disability register"),
    "kehamilan": Text("data kehamilan", "data of a pregnancy"),
    "kesehatan": Text("data kesehatan", "data of health"),
    "kuliah": Text("data kuliah", "data of the university"),
    "bantuan_lain": Text("data bantuan lain", "data of other assistance"),
    "sanggah": Text("sanggahan", "an objection"),
    "keluhan": Text("pengaduan", "a complaint"),
    "usul": Text("usulan", "a proposal"),
    "reaktivasi": Text("permintaan pengaktifan kembali", "a request to be reinstated"),
    "putusan_kasus": Text("keputusan atas sanggahan atau usulan", "a decision on an objection or a proposal"),
    "pengesampingan": Text("hasil kunjungan petugas dibatalkan", "results of a visit were set aside"),
}
# Of another member only that something changed: no disability, health or income, nor what would tell of it.
PRIVATE = frozenset({"disabilitas", "kehamilan", "kesehatan", "panti", "kuliah", "bantuan_lain", "reaktivasi"})
# About the home or the whole card: the family's own, whoever's NIK the report named.
OF_THE_FAMILY = frozenset({"groundcheck", "daftar_lama", "listrik", "kartu_keluarga"})
OF_A_MEMBER = Text("data anggota keluarga berubah", "data of a member of the family changed")


def event_text(event_type: str, *, own: bool) -> Text:
    """What an event says happened: to the person (`own`), or to somebody of the family."""
    if not own and event_type in PRIVATE:
        return OF_A_MEMBER
    words = event_type.replace("_", " ")
    said = EVENTS.get(event_type, Text(words, words))
    return (
        said
        if own or event_type in OF_THE_FAMILY
        else Text(f"{said.id} (anggota keluarga)", f"{said.en} (a member of the family)")
    )
