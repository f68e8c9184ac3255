"""Why an event is refused: the stable codes of the door, each with a sentence in Indonesian and one in English.

A code is interface: producers act on it, metrics count by it; it is never renamed and never reused. The
sentences say what is wrong, where, and what to do. `{field}` is the dotted path of the field, `{value}`
the masked value. Codes of the codec keep the codec's names, but for BAD_LENGTH: a length beyond the end
of the record is what most cut records show, so both are TRUNCATED here.
"""

from enum import Enum


class Code(Enum):
    """The codes in the order of the steps in which they are found; `name` is what is published."""

    def __init__(self, indonesian: str, english: str) -> None:
        self.indonesian = indonesian
        self.english = english

    # --- framing ----------------------------------------------------------------------------------------
    NO_VALUE = (
        "Rekaman ini tidak berisi nilai (null): kirim peristiwanya, dan untuk menarik peristiwa kirim CANCEL.",
        "The record has no value (null): send the event itself, and to take one back send a CANCEL.",
    )
    NO_HEADER = (
        "Nilai tidak diawali C3 01 dan sidik jari skema 8 byte, atau 00 dan nomor skema 4 byte: pakai salah satunya.",
        "The value begins neither with C3 01 and a fingerprint of 8 bytes nor with 00 and a schema id of 4: use one.",
    )
    FINGERPRINT_UNKNOWN = (
        "Sidik jari skema {value} tidak dikenal: tulis dengan skema yang ada di folder schemas/events.",
        "The schema fingerprint {value} is unknown: write with a schema of the folder schemas/events.",
    )
    SCHEMA_ID_UNKNOWN = (
        "Nomor skema {value} tidak dikenal: pakai nomor yang ada di schemas/confluent.yaml.",
        "The schema id {value} is unknown: use an id of schemas/confluent.yaml.",
    )
    WRONG_TOPIC = (
        "Skema ini ({value}) bukan skema topik ini: kirim ulang ke topik yang disebut dalam skemanya.",
        "This schema ({value}) is not that of this topic: send it again to the topic that its schema names.",
    )
    # --- bytes ------------------------------------------------------------------------------------------
    TRUNCATED = (
        "Data terputus di {field}, atau panjang yang tertulis di situ salah: kirim ulang rekaman secara utuh.",
        "The data ends within {field}, or a length written there is wrong: send the whole record again.",
    )
    BAD_VARINT = (
        "Bilangan di {field} lebih panjang daripada tipenya: tulis dengan pustaka Avro dan skema topik ini.",
        "The number in {field} is longer than its type allows: write it with an Avro library and this topic's schema.",
    )
    BAD_BRANCH = (
        "Pilihan union di {field} tidak ada dalam skema: tulis dengan pustaka Avro dan skema topik ini.",
        "The union branch in {field} is not in the schema: write it with an Avro library and this topic's schema.",
    )
    BAD_ENUM = (
        "Nilai enum di {field} tidak ada dalam skema: pakai salah satu simbol yang tertulis dalam skema.",
        "The enum value in {field} is not in the schema: use one of the symbols that the schema lists.",
    )
    BAD_BOOLEAN = (
        "Nilai boolean di {field} bukan 0 atau 1: tulis dengan pustaka Avro dan skema topik ini.",
        "The boolean in {field} is neither 0 nor 1: write it with an Avro library and this topic's schema.",
    )
    BAD_UTF8 = (
        "Teks di {field} bukan UTF-8: ubah ke UTF-8 sebelum dikirim.",
        "The text in {field} is not UTF-8: convert it to UTF-8 before sending.",
    )
    TRAILING_BYTES = (
        "Masih ada byte setelah akhir rekaman: kirim tepat satu rekaman per pesan, dengan skema topik ini.",
        "Bytes are left over after the record's end: send exactly one record per message, with this topic's schema.",
    )
    # --- envelope ---------------------------------------------------------------------------------------
    EVENT_ID = (
        "{field} ({value}) bukan UUID versi 7: buat id menurut RFC 9562, satu id tetap untuk satu peristiwa.",
        "{field} ({value}) is not a UUID of version 7: make the id by RFC 9562, one lasting id for each event.",
    )
    PRODUCER_UNKNOWN = (
        "Pengirim {value} tidak terdaftar: pakai kode dari schemas/producers.yaml, atau minta didaftarkan.",
        "The producer {value} is not registered: use a code of schemas/producers.yaml, or ask to be registered.",
    )
    PRODUCER_NOT_ALLOWED = (
        "Pengirim {value} tidak berwenang mengirim jenis peristiwa ini: lihat daftarnya di schemas/producers.yaml.",
        "The producer {value} may not send this event type: see its list in schemas/producers.yaml.",
    )
    RECORDED_IN_FUTURE = (
        "{field} ({value}) lebih dari 10 menit di depan waktu terima: setel jam server lalu kirim ulang.",
        "{field} ({value}) is more than 10 minutes ahead of the time of receipt: set the server's clock, send again.",
    )
    EFFECTIVE_AFTER_RECORDED = (
        "{field} ({value}) lebih lambat daripada tanggal pencatatan (WIB): catat setelah peristiwanya terjadi.",
        "{field} ({value}) is later than the date of recording (WIB): record an event once it has happened.",
    )
    EFFECTIVE_TOO_EARLY = (
        "{field} ({value}) sebelum 1900-01-01: periksa tahun pada sumbernya.",
        "{field} ({value}) is before 1900-01-01: check the year at the source.",
    )
    CORRECTS_UNEXPECTED = (
        "Peristiwa STATE menyebut {field}: kosongkan, atau kirim sebagai CORRECT.",
        "A STATE event names something in {field}: leave it null, or send the event as CORRECT.",
    )
    CORRECTS_MISSING = (
        "Peristiwa {value} harus menyebut peristiwa yang dituju: isi {field}.",
        "A {value} event must name the event that it is about: fill in {field}.",
    )
    CONTENT_MISSING = (
        "Peristiwa {value} harus punya isi: isi {field}; tanpa isi hanya untuk CANCEL.",
        "A {value} event must say something: fill in {field}; only a CANCEL has none.",
    )
    CONTENT_UNEXPECTED = (
        "Peristiwa CANCEL tidak boleh punya isi: kosongkan {field}, atau kirim sebagai CORRECT.",
        "A CANCEL event has no content: leave {field} null, or send it as CORRECT.",
    )
    # --- what is corrected ------------------------------------------------------------------------------
    CORRECTS_PRODUCER_UNKNOWN = (
        "Pengirim peristiwa yang dituju, {value}, tidak terdaftar: pakai kode dari schemas/producers.yaml.",
        "The producer of the event to be corrected, {value}, is not registered: use a code of schemas/producers.yaml.",
    )
    CORRECTS_ITSELF = (
        "Peristiwa ini menunjuk dirinya sendiri di {field}: isi dengan id peristiwa yang hendak dikoreksi.",
        "The event names itself in {field}: put the id of the event that is to be corrected there.",
    )
    CORRECTS_NO_NIK = (
        "{field} kosong: sebut semua NIK dari peristiwa yang dikoreksi, juga yang dihapus.",
        "{field} is empty: list every NIK of the corrected event, also those that are dropped.",
    )
    # --- numbers ----------------------------------------------------------------------------------------
    NIK_DIGITS = (
        "{field} ({value}) bukan 16 angka: salin NIK dari KTP-el atau KK.",
        "{field} ({value}) does not have 16 digits: copy the NIK from the KTP-el or the family card.",
    )
    NIK_REGION = (
        "{field} ({value}) diawali kode wilayah yang tidak ada: periksa enam angka pertama NIK.",
        "{field} ({value}) begins with a region code that cannot be: check the first six digits of the NIK.",
    )
    NIK_DATE = (
        "{field} ({value}) memuat tanggal lahir yang tidak mungkin: periksa angka ke-7 sampai ke-12 NIK.",
        "{field} ({value}) holds a birth date that cannot be: check digits 7 to 12 of the NIK.",
    )
    NIK_SERIAL = (
        "{field} ({value}) berakhir dengan 0000: nomor urut NIK mulai dari 0001.",
        "{field} ({value}) ends in 0000: the serial of a NIK begins at 0001.",
    )
    SYNTHETIC_NUMBER = (
        "{field} ({value}) adalah nomor uji (kecamatan 90-99 di 3171): nomor uji hanya untuk profil simulasi.",
        "{field} ({value}) is a test number (kecamatan 90-99 of 3171): only the simulation profile takes those.",
    )
    NO_KK = (
        "{field} ({value}) bukan 16 angka: salin nomor KK dari kartunya.",
        "{field} ({value}) does not have 16 digits: copy the number from the family card.",
    )
    NO_KK_REGION = (
        "{field} ({value}) diawali kode wilayah yang tidak ada: periksa enam angka pertama nomor KK.",
        "{field} ({value}) begins with a region code that cannot be: check the first six digits of the card number.",
    )
    NO_KK_DATE = (
        "{field} ({value}) memuat tanggal yang tidak mungkin: periksa angka ke-7 sampai ke-12 nomor KK.",
        "{field} ({value}) holds a date that cannot be: check digits 7 to 12 of the card number.",
    )
    # --- codes and texts --------------------------------------------------------------------------------
    REGION_SCHEME = (
        "{field} adalah {value}: kirim kode wilayah Kemendagri; padanan kode BPS belum ada.",
        "{field} is {value}: send Kemendagri region codes; there is no crosswalk from BPS codes yet.",
    )
    REGION = (
        "{field} ({value}) bukan kode wilayah Kemendagri yang dikenal: tulis angka saja, tanpa titik.",
        "{field} ({value}) is not a known Kemendagri region code: write digits only, without dots.",
    )
    CODE = (
        "{field} bernilai {value}, yang tidak ada dalam daftar kode: lihat schemas/codes.py.",
        "{field} is {value}, which is not in the code list: see schemas/codes.py.",
    )
    FLOOR_AREA = (
        "{field} adalah {value} m2: luas lantai harus 1 sampai 2000 m2.",
        "{field} is {value} m2: a floor area is from 1 to 2000 m2.",
    )
    LIVESTOCK = (
        "{field} adalah {value}: jumlah ternak harus 0 sampai 10000.",
        "{field} is {value}: a number of animals is from 0 to 10000.",
    )
    DATE_RANGE = (
        "{field} ({value}) di luar 1900-01-01 sampai 2199-12-31: periksa tahun pada sumbernya.",
        "{field} ({value}) is outside 1900-01-01 to 2199-12-31: check the year at the source.",
    )
    SKPWNI = (
        "{field} ({value}) bukan nomor SKPWNI: 1 sampai 40 karakter tanpa spasi.",
        "{field} ({value}) is no SKPWNI number: 1 to 40 characters without blanks.",
    )
    TEXT_LENGTH = (
        "{field} punya {value} karakter, kosong atau terlalu panjang: isi sesuai batas panjang di kontrak.",
        "{field} has {value} characters, so it is blank or too long: keep to the length in the contract.",
    )
    SCHOOL_PROVINCE = (
        "{field} ({value}) bukan kode provinsi: dua angka, atau kosong bila tidak bersekolah.",
        "{field} ({value}) is not the code of a province: two digits, or empty for somebody at no school.",
    )
    # --- lists ------------------------------------------------------------------------------------------
    NO_MEMBERS = (
        "{field} kosong: sebut sekurangnya satu orang.",
        "{field} is empty: name at least one person.",
    )
    TOO_MANY_MEMBERS = (
        "{field} memuat {value} orang: paling banyak 200 per peristiwa, bagi menjadi beberapa peristiwa.",
        "{field} names {value} persons: at most 200 per event, split it into several events.",
    )
    DUPLICATE_MEMBER = (
        "{field} memuat {value} lebih dari sekali: sebut setiap orang satu kali saja.",
        "{field} has {value} more than once: name every person only once.",
    )
    TOO_MANY_RECEIPTS = (
        "{field} memuat {value} butir: paling banyak 100 penerimaan per peristiwa.",
        "{field} has {value} items: at most 100 receipts per event.",
    )
    NO_EVENTS = (
        "{field} kosong: sebut sekurangnya satu peristiwa.",
        "{field} is empty: name at least one event.",
    )
    TOO_MANY_EVENTS = (
        "{field} menyebut {value} peristiwa: paling banyak 100, bagi menjadi beberapa putusan.",
        "{field} names {value} events: at most 100, split the decision into several.",
    )
    # --- combinations -----------------------------------------------------------------------------------
    BIRTH_AFTER_RECORDED = (
        "Tanggal lahir {field} ({value}) lebih lambat daripada tanggal pencatatan: periksa kedua tanggal.",
        "The day of birth {field} ({value}) is later than the date of recording: check both dates.",
    )
    BIRTH_NOT_EFFECTIVE = (
        "{field} ({value}) berbeda dari effective_on: keduanya adalah hari kelahiran, samakan.",
        "{field} ({value}) differs from effective_on: both are the day of birth, make them equal.",
    )
    MOTHER_IS_CHILD = (
        "{field} sama dengan NIK anak ({value}): isi NIK ibu, atau kosongkan bila tidak diketahui.",
        "{field} is the child's own NIK ({value}): put the mother's there, or null if it is not known.",
    )
    DEATH_AFTER_RECORDED = (
        "Tanggal meninggal {field} ({value}) lebih lambat daripada tanggal pencatatan: periksa kedua tanggal.",
        "The day of death {field} ({value}) is later than the date of recording: check both dates.",
    )
    DEATH_NOT_EFFECTIVE = (
        "{field} ({value}) berbeda dari effective_on: keduanya adalah hari kematian, samakan.",
        "{field} ({value}) differs from effective_on: both are the day of death, make them equal.",
    )
    NO_HEAD = (
        "{field} tidak memuat kepala keluarga: tepat satu anggota punya hubungan 1.",
        "{field} has no head of the family: exactly one member has hubungan 1.",
    )
    TWO_HEADS = (
        "{field} memuat {value} kepala keluarga: tepat satu anggota punya hubungan 1.",
        "{field} has {value} heads of the family: exactly one member has hubungan 1.",
    )
    CARD_REPLACES_ITSELF = (
        "{field} sama dengan nomor kartu ini ({value}): isi nomor lama, atau kosongkan bila nomor tetap.",
        "{field} is this card's own number ({value}): put the old one there, or null if the number stays.",
    )
    HOUSING_MISSING = (
        "Hasil kontak {value} tanpa {field}: isi data perumahan, atau ubah hasil kontak.",
        "The contact was {value}, but {field} is missing: fill in the dwelling, or change the outcome.",
    )
    NOT_A_COUPLE = (
        "{field} memuat {value} orang: pasangan selalu dua orang.",
        "{field} names {value} persons: a couple is two persons.",
    )
    MARRIAGE_NOT_EFFECTIVE = (
        "{field} ({value}) berbeda dari effective_on: keduanya adalah hari yang sama, samakan.",
        "{field} ({value}) differs from effective_on: both are the same day, make them equal.",
    )
    SCHOOL_WITHOUT_PLACE = (
        "Jenjang {value} tanpa {field}, atau sebaliknya: isi provinsi sekolah, dan kosongkan bila tidak bersekolah.",
        "The level is {value}, and {field} does not fit: name the school's province, and leave it empty for no school.",
    )
    CLASS_OF_LEVEL = (
        "{field} adalah {value}, tidak ada pada jenjang ini: SD 1-6, SMP 7-9, SMA 10-12, SMK 10-13; lainnya kosong.",
        "{field} is {value}, which this level has not: SD 1-6, SMP 7-9, SMA 10-12, SMK 10-13; null for others.",
    )
    SUBSIDY_WITHOUT_POWER = (
        "{field} benar tetapi daya {value} VA: tanpa sambungan tidak ada subsidi, periksa keduanya.",
        "{field} is true, but the power is {value} VA: nothing is subsidised without a supply, check both.",
    )
    SEVERE_NOT_REGISTERED = (
        "{field} benar tetapi orang ini tidak terdaftar: kirim terdaftar benar, atau berat salah.",
        "{field} is true, but the person is not registered: send terdaftar true, or berat false.",
    )
    ENDED_PREGNANCY_EXPECTED = (
        "{field} ({value}) terisi tetapi kehamilan sudah berakhir: kosongkan, atau kirim hamil benar.",
        "{field} ({value}) is filled in, but the pregnancy has ended: leave it null, or send hamil true.",
    )
    EXPECTED_BIRTH = (
        "{field} ({value}) lebih dari 300 hari sesudah effective_on, atau 60 hari sebelumnya: periksa kedua tanggal.",
        "{field} ({value}) is more than 300 days after effective_on, or 60 days before it: check both dates.",
    )
    GRADUATED_LATER = (
        "{field} ({value}) sesudah tahun effective_on: tulis tahun kelulusan sekolah yang sudah terjadi.",
        "{field} ({value}) is after the year of effective_on: write the year in which school was finished.",
    )
    NO_BENEFITS = (
        "{field} kosong: sebut sekurangnya satu penerimaan.",
        "{field} is empty: name at least one benefit.",
    )
    DUPLICATE_PROGRAMME = (
        "{field} memuat {value} lebih dari sekali: sebut setiap program satu kali saja.",
        "{field} has {value} more than once: name every programme only once.",
    )
    HOUSING_UNEXPECTED = (
        "Hasil kontak {value} tetapi {field} terisi: kosongkan, atau ubah hasil kontak.",
        "The contact was {value}, but {field} is filled in: leave it null, or change the outcome.",
    )
    INTERVIEW_HALF = (
        "Waktu mulai dan selesai wawancara harus terisi keduanya atau kosong keduanya: lengkapi {field}.",
        "The interview's beginning and end are both there or neither is: fill in {field}.",
    )
    INTERVIEW_BACKWARDS = (
        "{field} ({value}) sebelum wawancara dimulai: periksa jam pada perangkat.",
        "{field} ({value}) is before the interview began: check the clock of the device.",
    )
    INTERVIEW_NOT_EFFECTIVE = (
        "{field} ({value}) berbeda dari effective_on (WIB): keduanya adalah hari wawancara, samakan.",
        "{field} ({value}) is not on effective_on (WIB): both are the day of the interview, make them equal.",
    )
    INTERVIEW_AFTER_RECORDED = (
        "{field} ({value}) lebih lambat daripada recorded_at: catat hasil setelah wawancara selesai.",
        "{field} ({value}) is later than recorded_at: record the result once the interview has ended.",
    )
    GEOTAG_HALF = (
        "Lintang dan bujur harus terisi keduanya atau kosong keduanya: lengkapi {field}.",
        "Latitude and longitude are both there or neither is: fill in {field}.",
    )
    PERIOD_BACKWARDS = (
        "{field} ({value}) sebelum hari pertamanya: periksa kedua tanggal.",
        "{field} ({value}) is before the first day: check both dates.",
    )
    PERIOD_AFTER_DECISION = (
        "{field} ({value}) setelah hari keputusan (effective_on): hasil yang belum ada tidak dapat dikesampingkan.",
        "{field} ({value}) is after the day of the decision (effective_on): what is not there cannot be set aside.",
    )
    OFFICE_NOT_BELOW = (
        "Petugas {value} bukan wewenang Anda: hanya kantornya sendiri, atau yang di atasnya, dapat mengesampingkan.",
        "Officers of {value} are not under your authority: only their own office or one above it sets results aside.",
    )
    FRIVOLOUS_NOT_REJECTED = (
        "{field} benar pada putusan {value}: kasus tidak berdasar selalu DITOLAK; ubah salah satunya.",
        "{field} is true in a decision {value}: a frivolous case is always DITOLAK; change one of the two.",
    )
