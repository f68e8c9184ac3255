"""Sentences about what changed, how far it is, what can be corrected, and who waits: short, in both languages."""

import datetime as dt
from collections.abc import Iterable

from streams.kenapa.looked import Found, Judged
from streams.kenapa.outlook import FEW_ITEMS, Outlook, Turn
from streams.kenapa.position import Position
from streams.kenapa.since import Since, Why
from streams.kenapa.values import birthday, value_text
from streams.reasons import UNKNOWN, YES, day_text, filled, threshold
from streams.rules import Programme, Rules, Text
from streams.rules.facts import Level, fact_of
from streams.spoken import money, number

NOTHING_CHANGED = Text("Sama seperti keputusan {lalu}.", "As in the decision of {lalu}.")
SCORE_CHANGED = Text(
    "Taksiran pengeluaran keluarga: dulu {lama}, sekarang {baru}.",
    "Estimated spending of your family: {lama} before, {baru} now.",
)
SERVED_NOW = Text("Keluarga Anda kini menerima {bantuan}.", "Your family receives {bantuan} now.")
SERVED_BEFORE = Text("Keluarga Anda tidak lagi menerima {bantuan}.", "Your family no longer receives {bantuan}.")
CHANGED = Text("{apa}: dulu {lama}, sekarang {baru}.", "{apa}: {lama} before, {baru} now.")
WHYS: dict[Why, Text] = {
    Why.EVENT: Text("Penyebabnya laporan baru.", "A new report is behind it."),
    Why.BIRTHDAY: Text("Penyebabnya umur bertambah.", "Age alone is behind it."),
    Why.RULE: Text("Penyebabnya aturan berubah.", "The rule changed."),
    Why.RANKING: Text(
        "Data keluarga Anda tetap. Batas desil bergeser karena data keluarga lain berubah.",
        "Your family's data are the same. The limits of the deciles moved, since other families' data changed.",
    ),
    Why.FAMILY: Text("Penyebabnya susunan atau data keluarga berubah.", "Your family or its data changed."),
    Why.SCORE: Text("Karena itu urutan Anda berubah.", "So your turn is another."),
    Why.DUE: Text("Bantuan ini ditetapkan lagi pada triwulan ini.", "This assistance is decided anew in this quarter."),
    Why.QUOTA: Text(
        "Syarat Anda tetap. Batas giliran bergeser karena keluarga lain.",
        "Your conditions are the same. The turn moved because of other families.",
    ),
    Why.NEW_PERSON: Text("Ini keputusan pertama untuk Anda.", "This is the first decision about you."),
    Why.NEW_PROGRAMME: Text("Bantuan ini baru.", "This assistance is new."),
    Why.ENDED: Text("Bantuan ini selesai untuk semua orang.", "This assistance is over for everybody."),
}
DESIL_FAR = Text("Selisihnya {beda} desil.", "The difference is {beda} in deciles.")
SCORE_FAR = Text(
    "Taksiran pengeluaran keluarga: {skor} per orang per bulan. Batasnya {titik}. Selisihnya {beda}.",
    "Estimated spending of your family: {skor} per person and month. The limit is {titik}. The difference is {beda}.",
)
AGE_SOON = Text(
    "Anda lahir {lahir}. Anda berumur {umur} tahun pada {hari}.",
    "You were born on {lahir}. You become {umur} on {hari}.",
)
AGE_PAST = Text(
    "Anda lahir {lahir}. Batas umurnya {umur} tahun.", "You were born on {lahir}. The limit of age is {umur}."
)
RECORDED = Text("Yang tercatat: {nilai}. Yang diminta: {batas}.", "Recorded: {nilai}. Asked for: {batas}.")
MONEY_LIMIT = Text("Batasnya {batas}.", "The limit is {batas}.")
HOME_ITEMS = Text("Yang paling menentukan: {barang}.", "What weighs most: {barang}.")
FAR_APART = Text(
    "Selisihnya besar. Beberapa data harus salah sekaligus.", "It is far. Several data would have to be wrong at once."
)
TURNED = Text(
    "Jika data itu memang salah dan dibetulkan, Anda memenuhi syarat {bantuan}.",
    "If that is wrong indeed, and corrected, you are eligible for {bantuan}.",
)
TURNED_WAITING = Text(
    "Jika data itu memang salah dan dibetulkan, Anda memenuhi syarat. Namun kuota sedang habis.",
    "If that is wrong indeed, and corrected, you are eligible. But the quota is used up now.",
)
STUCK = Text("Penyebab ini tidak bisa diubah dengan membetulkan data.", "No correction of data can change this.")
PLACE = Text("Urutan tunggu Anda: {urut} dari {antre} {siapa}.", "Your place in the queue: {urut} of {antre} {siapa}.")
PLACES = Text(
    "Urutan tunggu Anda: antara {urut} dan {akhir} dari {antre} {siapa}.",
    "Your place in the queue: between {urut} and {akhir} of {antre} {siapa}.",
)
TIED = Text(
    "Sisa tempat tidak cukup untuk semua yang taksirannya sama.",
    "What is left is not enough for all who have the same estimate.",
)
QUOTA = Text("Kuotanya {kuota}. Yang sudah terisi {isi}.", "The quota is {kuota}. Of it {isi} are filled.")
UNITS = {"family": Text("keluarga", "families"), "person": Text("orang", "people")}


def since_texts(found: Iterable[Since], before: Text, rules: Rules) -> list[Text]:
    """What changed since the last sealed quarter (`before`)."""
    told: list[Text] = []
    for it in found:
        told += _since_text(it, rules)
        if it.why in WHYS:
            told.append(WHYS[it.why])
    return list(dict.fromkeys(told)) or [filled(NOTHING_CHANGED, lalu=before)]


def _since_text(it: Since, rules: Rules) -> list[Text]:
    if it.scores is not None:
        lama, baru = (money(score) if score is not None else UNKNOWN for score in it.scores)
        return [filled(SCORE_CHANGED, lama=lama, baru=baru)]
    fact = fact_of(it.now.condition.fact) if it.now else None
    if it.now is None or it.before is None or fact is None:
        return []
    if fact.level in (Level.SERVED, Level.RECEIVES):
        other = rules.programmes.get(fact.column)
        title = other.title if other else Text(fact.column, fact.column)
        return [filled(SERVED_NOW if value_text(it.now) == YES else SERVED_BEFORE, bantuan=title)]
    lama, baru = value_text(it.before), value_text(it.now)
    if it.why is Why.RULE:
        lama, baru = threshold(it.before.condition), threshold(it.now.condition)
    label = Text(fact.label.id[0].upper() + fact.label.id[1:], fact.label.en[0].upper() + fact.label.en[1:])
    return [filled(CHANGED, apa=label, lama=lama, baru=baru)]


def distance_texts(it: Found, told: Judged, nik: str) -> list[Text]:
    """How far one failed condition is from being met; nothing where a distance means nothing."""
    condition, limit = it.condition, threshold(it.condition)
    fact = fact_of(condition.fact)
    assert fact is not None, "the rules were loaded with an unknown fact"
    if not it.known:
        return []
    if condition.fact == "family.desil" and isinstance(condition.value, int):
        family = told.family(nik)
        point = told.looked.cut_points[condition.value - 1]
        desil_far = filled(DESIL_FAR, beda=number(it.value - condition.value))
        over = {"skor": money(family["score"]), "titik": money(point), "beda": money(family["score"] - point)}
        return [desil_far, filled(SCORE_FAR, **over)]
    if condition.fact == "person.age_years":
        return _age_texts(it, told.person(nik)["birth_date"])
    if fact.level is Level.MEMBERS:
        return [filled(MONEY_LIMIT, batas=money(int(str(condition.value))))] if fact.column.endswith("rupiah") else []
    if isinstance(condition.value, bool) or condition.operator in ("not_in", "ne"):  # what another programme pays, too
        return []
    return [filled(RECORDED, nilai=value_text(it), batas=limit)]


def _age_texts(it: Found, born: dt.date | None) -> list[Text]:
    value = it.condition.value
    low = value[0] if isinstance(value, tuple) else value if it.condition.operator == "ge" else None
    high = value[1] if isinstance(value, tuple) else value if it.condition.operator == "le" else None
    if born is None:
        return []
    if isinstance(low, int) and it.value < low:
        return [filled(AGE_SOON, lahir=day_text(born), umur=number(low), hari=day_text(birthday(born, low)))]
    if isinstance(high, int) and it.value > high:
        return [filled(AGE_PAST, lahir=day_text(born), umur=number(high))]
    return []


def outlook_texts(outlook: Outlook, programme: Programme) -> list[Text]:
    """What can be corrected and where, and whether that turns the answer."""
    told: list[Text] = list(outlook.asks)
    for turn in outlook.turns:
        told += _turn_texts(turn)
    if outlook.turns and outlook.is_near:
        waits = outlook.verdict == "ELIGIBLE"
        told.append(filled(TURNED_WAITING if waits else TURNED, bantuan=programme.title))
    if outlook.stuck and not outlook.asks:
        told.append(STUCK)
    return list(dict.fromkeys(told))


def _turn_texts(turn: Turn) -> list[Text]:
    if not turn.items:
        return [turn.what]
    labels = [it.label for it in turn.items[:FEW_ITEMS]]
    things = Text(", ".join(it.id for it in labels), ", ".join(it.en for it in labels))
    far = [FAR_APART] if len(turn.items) > FEW_ITEMS else []
    return [turn.what, filled(HOME_ITEMS, barang=things), *far]


def position_texts(place: Position, programme: Programme) -> list[Text]:
    """Where somebody stands among those who wait, and how full the quota is."""
    numbers = {
        "urut": number(place.first),
        "akhir": number(place.last),
        "antre": number(place.waiting),
        "siapa": UNITS[programme.subject],
    }
    queue = filled(PLACE if place.first == place.last else PLACES, **numbers)
    units = UNITS[programme.subject]
    quota = Text(f"{number(place.quota).id} {units.id}", f"{number(place.quota).en} {units.en}")
    tied = [TIED] if place.filled < place.quota else []
    return [queue, filled(QUOTA, kuota=quota, isi=number(place.filled)), *tied]
