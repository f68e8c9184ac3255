"""What the rules of a programme say on a day, in plain sentences, with the source of each and what is illustrative."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schemas.regions import provinces
from schemas.registry import contracts
from streams.rules.bundle import Bundle, programme_documents
from streams.rules.documents import RulesError
from streams.rules.facts import fact_of
from streams.rules.model import Text
from streams.rules.periods import Entry, in_force, value_at
from streams.rules.schema import ACTING_BACK
from streams.rules.sentences import nearest

WHO = {
    "family": Text("Untuk keluarga; satu anggota menerima untuk semua.", "For a family; one member receives for all."),
    "person": Text("Untuk orang per orang.", "For persons, one by one."),
}
OPERATORS = {
    "eq": Text("{fakta}: {batas}.", "{fakta}: {batas}."),
    "ne": Text("{fakta}: bukan {batas}.", "{fakta}: not {batas}."),
    "le": Text("{fakta}: paling tinggi {batas}.", "{fakta}: at most {batas}."),
    "ge": Text("{fakta}: sekurangnya {batas}.", "{fakta}: at least {batas}."),
    "between": Text("{fakta}: {batas}.", "{fakta}: {batas}."),
    "in": Text("{fakta}: salah satu dari {batas}.", "{fakta}: one of {batas}."),
    "not_in": Text("{fakta}: bukan {batas}.", "{fakta}: none of {batas}."),
}
HEADINGS = {
    "who": Text("Untuk siapa", "For whom"),
    "conditions": Text("Syarat", "Conditions"),
    "exclusions": Text("Tidak diberikan jika salah satu ini tidak benar", "Not given unless all of these are so"),
    "reactivation": Text("Reaktivasi", "Reactivation"),
    "amount": Text("Besaran", "Amounts"),
    "cadence": Text("Jadwal", "Cadence"),
    "quota": Text("Kuota", "Quota"),
    "retroactive": Text("Berlaku surut", "Acting back"),
    "switches": Text("Pilihan yang dibuka oleh sumber", "Choices that the sources leave open"),
}
QUARTERLY = Text("Diputuskan setiap triwulan.", "Decided in every quarter.")
BACK = Text(
    "Fakta yang terlambat diketahui berlaku atas {triwulan} triwulan tersegel terakhir. "
    "Daftarnya tetap; selisihnya menjadi penyesuaian dalam segel berikutnya.",
    "What is learned late acts on the {triwulan} sealed quarters before the next one. "
    "Their lists stay as they are; the difference becomes an adjustment of the next seal.",
)
NOT_BACK = Text(
    "Tidak ada fakta yang berlaku atas triwulan yang sudah disegel.", "No fact acts on quarters that are sealed."
)
# By cause, as `streams.retroactive.stops` asks them of a sealed quarter's last day.
BACK_WHEN = {
    "MENINGGAL": Text("penerima sudah meninggal", "the recipient had died"),
    "NONAKTIF": Text("NIK penerima tidak aktif", "the recipient's NIK was not active"),
    "PINDAH_KELUAR": Text(
        "penerima tinggal di luar {provinsi}, atau sudah pindah keluar lebih dari {hari} hari",
        "the recipient lived outside {provinsi}, or had left more than {hari} days before",
    ),
    "ASN": Text("penerima bekerja sebagai {pekerjaan}", "the recipient worked as {pekerjaan}"),
}
NOT_DUE = Text(
    "Uang satu triwulan bukan hak jika pada hari terakhirnya {fakta}.",
    "A quarter's money was not due if on its last day {fakta}.",
)
KEY = re.compile(r"\[S\d+\]")  # of a source
MARK = Text("ilustrasi, tanpa sumber", "illustrative, no source")


@dataclass(frozen=True)
class Line:
    """One sentence, and where it comes from; `source` is empty where it follows from the register itself."""

    text: Text
    source: str = ""
    illustrative: bool = False
    reference: str = ""  # of the source, without the English note

    def _further_keys(self) -> list[str]:
        return [it for it in dict.fromkeys(KEY.findall(self.source)) if it not in self.reference]

    def told(self, language: str) -> str:
        """The sentence with its source behind it; `language` is id or en."""
        text, mark = (self.text.id, MARK.id) if language == "id" else (self.text.en, MARK.en)
        source = self.source if language == "en" else " ".join([self.reference, *self._further_keys()]).strip()
        behind = "; ".join(it for it in (source, mark if self.illustrative else "") if it)
        return text + (f" ({behind})" if behind else "")


@dataclass(frozen=True)
class Told:
    """A programme on a day; `sections` by the names of HEADINGS."""

    name: str
    title: Text
    on: dt.date
    sections: Mapping[str, tuple[Line, ...]]

    def lines(self, language: str) -> Iterator[str]:
        """Heading by heading, sentence by sentence."""
        yield f"{getattr(self.title, language)}, {self.on.isoformat()}"
        for name, lines in self.sections.items():
            if lines:
                yield f"{getattr(HEADINGS[name], language)}:"
                yield from (f"  - {it.told(language)}" for it in lines)


def document_at(bundle: Bundle, name: str, on: dt.date) -> Mapping[str, Any]:
    """The settled document of a programme with only those entries that hold on the day.

    Raises RulesError for a programme that is not there, or not on this day.
    """
    documents = {it["name"]: it for it in programme_documents(bundle.settled).values()}
    if name not in documents:
        raise RulesError(
            f"there is no programme {name}.{nearest(name, documents)} Known: {', '.join(sorted(documents))}"
        )
    document = documents[name]
    if not in_force(document, on):
        until = f" to {document['until']}" if "until" in document else ""
        raise RulesError(f"{name} is not in force on {on}: it is from {document['from']}{until}")
    amount = {key: [it for it in series if in_force(it, on)] for key, series in document["amount"].items()}
    conditions = [it for it in document["conditions"] if in_force(it, on)]
    switches = [it | {"chosen": [value_at(name, it["chosen"], on)]} for it in document.get("switches", ())]
    ways = [it for it in document.get("reactivation", ()) if in_force(it, on)]
    back = [it for it in document.get("retroactive", ()) if in_force(it, on)]
    return {
        **document, "conditions": conditions, "amount": amount, "switches": switches, "reactivation": ways,
        "retroactive": back,
    }  # fmt: skip


def quotas_at(bundles: Mapping[str, Bundle], name: str, on: dt.date) -> dict[str, Entry]:
    """The quota of the day by scale."""
    return {
        scale: value_at(name, it.settled[f"quotas/{scale}.yaml"]["quotas"][name], on) for scale, it in bundles.items()
    }


def tell(bundles: Mapping[str, Bundle], name: str, on: dt.date) -> Told:
    """What the programme is on a day. `bundles`: the same rules by scale of quotas. Raises RulesError."""
    bundle = next(iter(bundles.values()))
    document = document_at(bundle, name, on)
    texts = bundle.settled["reasons.yaml"]["reasons"]
    asked = [(_excludes(it), _condition(it, texts)) for it in document["conditions"]]
    sections = {
        "who": tuple(_who(document)),
        "conditions": tuple(line for excludes, line in asked if not excludes),
        "exclusions": tuple(line for excludes, line in asked if excludes),
        "reactivation": tuple(_reactivation(it) for it in document["reactivation"]),
        "amount": tuple(_amounts(document)),
        "cadence": (Line(Text(**document["cadence"]) if "cadence" in document else QUARTERLY),),
        "quota": tuple(_quotas(quotas_at(bundles, name, on), document["subject"])),
        "retroactive": tuple(_acting_back(document["retroactive"], bundle.settled["register.yaml"], on)),
        "switches": tuple(_switch(it) for it in document["switches"]),
    }
    return Told(name, Text(**document["title"]), on, sections)


def _who(document: Entry) -> Iterator[Line]:
    yield Line(WHO[document["subject"]])
    payer = contracts().payers[document["payer"]]
    yield Line(
        Text(f"Dibayar oleh {payer} dari {document['budget']}.", f"Paid by {payer} from {document['budget']}."),
        document["reference"],
        reference=document["reference"],
    )


def source_of(entry: Entry) -> str:
    """The reference of an entry, and what its note adds."""
    return ". ".join(it.rstrip(".") for it in (entry.get("reference", ""), entry.get("note", "")) if it)


def _line(text: Text, entry: Entry) -> Line:
    return Line(text, source_of(entry), bool(entry.get("illustrative", False)), entry.get("reference", ""))


def _excludes(entry: Entry) -> bool:
    """What must not be, rather than what must be."""
    return bool(entry["value"] is False or (entry["when_unknown"] == "pass"))


def _condition(entry: Entry, texts: Mapping[str, Mapping[str, Any]]) -> Line:
    limit = words_of(entry["operator"], entry["value"])
    said = texts[entry["reason"]].get("asks")
    fact = fact_of(entry["fact"])
    if said is None and fact is not None:
        form = OPERATORS[entry["operator"]]
        said = {"id": form.id.replace("{fakta}", fact.label.id), "en": form.en.replace("{fakta}", fact.label.en)}
    if said is None:
        raise AssertionError(f"the rules were loaded with an unknown fact: {entry['fact']}")
    text = Text(_sentence(said["id"], limit.id), _sentence(said["en"], limit.en))
    if entry.get("applies_to") == "newcomers":
        text = Text(f"Saat mulai menerima: {text.id}", f"When it begins: {text.en}")
    return _line(text, entry)


def _reactivation(entry: Entry) -> Line:
    asked, spared = entry["asks"], ", ".join(entry["instead_of"])
    fact = fact_of(asked["fact"])
    if fact is None:
        raise AssertionError(f"the rules were loaded with an unknown fact: {asked['fact']}")
    limit, lists = words_of(asked["operator"], asked["value"]), entry["quarters"]
    if entry["by"] == "case":
        text = Text(
            f"Permohonan reaktivasi yang diterima berlaku untuk {lists} daftar, jika semua syarat terpenuhi. "
            f"Berlaku juga tanpa syarat {spared}, jika dijawab {limit.id}: {fact.label.id}.",
            f"An accepted request for reactivation counts in {lists} lists, if all conditions are met. "
            f"It also counts without the conditions {spared}, if the answer is {limit.en}: {fact.label.en}.",
        )
    else:
        text = Text(
            f"Yang sudah menerima tetap menerima tanpa syarat {spared}, jika dijawab {limit.id}: {fact.label.id}.",
            f"Who receives it already goes on without the conditions {spared}, "
            f"if the answer is {limit.en}: {fact.label.en}.",
        )
    return _line(text, entry)


def _sentence(text: str, limit: str) -> str:
    filled = text.replace("{batas}", limit)
    return filled[:1].upper() + filled[1:]


def words_of(operator: str, value: Any) -> Text:
    """A value of a condition as it is spoken: `6 sampai 21`, `SD, SMP`, `tidak`."""
    if isinstance(value, bool):
        return Text("ya", "yes") if value else Text("tidak", "no")
    if operator == "between":
        return Text(f"{value[0]} sampai {value[1]}", f"{value[0]} to {value[1]}")
    plain = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return Text(plain, plain)


def _amounts(document: Entry) -> Iterator[Line]:
    amount = document["amount"]
    for entry in amount.get("rupiah_per_quarter", ()):
        yield _line(_rupiah("", entry["value"]), entry)
    for entry in amount.get("levels", ()):
        yield _line(_level(entry), entry)
    for entry in amount.get("components", ()):
        yield _line(_component(entry), entry)
    for entry in amount.get("max_components", ()):
        most = entry["value"]
        yield _line(
            Text(f"Paling banyak {most} anggota dalam satu keluarga.", f"At most {most} members of a family."), entry
        )


def money(rupiah: int) -> Text:
    """Whole rupiah with separators, as each language writes them."""
    return Text("Rp" + f"{rupiah:,}".replace(",", "."), f"Rp{rupiah:,}")


def _rupiah(what: str, rupiah: int, english: str | None = None) -> Text:
    said, by = money(rupiah), english if english is not None else what
    return Text(f"{what}{said.id} untuk tiga bulan.", f"{by}{said.en} for three months.")


def _level(entry: Entry) -> Text:
    classes = ", ".join(map(str, entry.get("classes", ())))
    base = entry["rupiah_per_quarter"]
    text = _rupiah(
        f"{entry['school_level']}{f' kelas {classes}' if classes else ''}: ", base,
        f"{entry['school_level']}{f' class {classes}' if classes else ''}: ",
    )  # fmt: skip
    more = entry.get("private_rupiah_per_quarter")
    if not more:
        return text
    private = money(base + more)
    return Text(f"{text.id} Di sekolah swasta {private.id}.", f"{text.en} At a private school {private.en}.")


def _component(entry: Entry) -> Text:
    title = entry.get("says", {"id": entry["id"].replace("_", " "), "en": entry["id"].replace("_", " ")})
    low, high = entry.get("min_age_years", 0), entry.get("max_age_years")
    ages = Text("", "")
    if low or high is not None:
        ages = (
            Text(f", umur {low} tahun atau lebih", f", {low} years old or more")
            if high is None
            else Text(f", umur {low} sampai {high} tahun", f", {low} to {high} years old")
        )
    most = entry.get("limit")
    limit = Text(f", paling banyak {most} orang", f", at most {most}") if most is not None else Text("", "")
    return _rupiah(
        f"{title['id']}{ages.id}{limit.id}: ", entry["rupiah_per_quarter"], f"{title['en']}{ages.en}{limit.en}: "
    )


def _quotas(quotas: Mapping[str, Entry], subject: str) -> Iterator[Line]:
    units = Text("keluarga", "families") if subject == "family" else Text("orang", "persons")
    for scale, entry in quotas.items():
        count = f"{entry['value']:,}"
        yield _line(Text(f"{scale}: {count.replace(',', '.')} {units.id}.", f"{scale}: {count} {units.en}."), entry)


def _acting_back(causes: Sequence[Entry], register: Mapping[str, Any], on: dt.date) -> Iterator[Line]:
    """How far the programme acts back, and which facts of the recipient make a sealed quarter's money not due."""

    def value(name: str) -> Entry:
        return value_at(f"register.yaml: {name}", register[name], on)

    reach = value("retroactive_quarters") if "retroactive_quarters" in register else {"value": 0}
    if not causes or not reach["value"]:
        yield Line(NOT_BACK)
        return
    province, days = provinces()[value("scope_province")["value"]], value("transit_limit_days")["value"]
    yield _line(_filled(BACK, triwulan=reach["value"]), reach)
    for entry in sorted(causes, key=lambda it: ACTING_BACK.index(it["id"])):
        works = ", ".join(entry.get("occupations", ()))
        what = _filled(BACK_WHEN[entry["id"]], provinsi=province, hari=days, pekerjaan=works)
        yield _line(Text(NOT_DUE.id.replace("{fakta}", what.id), NOT_DUE.en.replace("{fakta}", what.en)), entry)


def _filled(text: Text, **values: object) -> Text:
    return Text(text.id.format(**values), text.en.format(**values))


def _switch(entry: Entry) -> Line:
    chosen = entry["chosen"][0]
    by_id = {it["id"]: it for it in entry["choices"]}
    others = [it for it in entry["choices"] if it["id"] != chosen["choice"]]

    def said(language: str, words: tuple[str, str]) -> str:
        rest = "; ".join(f"{it['says'][language]}{_behind(it)}" for it in others)
        now = by_id[chosen["choice"]]
        return f"{entry['question'][language]} {words[0]}: {now['says'][language]}{_behind(now)}. {words[1]}: {rest}."

    return _line(Text(said("id", ("Dipakai", "Pilihan lain")), said("en", ("In use", "Otherwise"))), chosen)


def _behind(choice: Entry) -> str:
    return f" ({choice['reference']})" if "reference" in choice else ""
