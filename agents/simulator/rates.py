"""How often things happen in the simulated kelurahan, in one typed place.

Each number carries its unit and who published it, or says that it is an assumption, so that the page
docs/reference/simulator.md can be made from here. Rates per 1,000 persons are per year; shares are of the
things that the note names.
"""

from dataclasses import dataclass, field, fields
from typing import Any

from agents.simulator import published
from agents.simulator.published import ASSUMPTION, PER_1000, SHARE


@dataclass(frozen=True)
class Origin:
    """Where a rate comes from: its unit, who published it (or ASSUMPTION), and what it counts."""

    unit: str
    source: str
    note: str


def _rate(value: float, unit: str, note: str, source: str = ASSUMPTION) -> Any:
    return field(default=value, metadata={"origin": Origin(unit, source, note)})


def share(value: float, note: str, source: str = ASSUMPTION) -> Any:
    """A field of such a class: a share of what the note names."""
    return _rate(value, SHARE, note, source)


def _yearly(value: float, note: str, source: str = ASSUMPTION) -> Any:
    return _rate(value, PER_1000, note, source)


@dataclass(frozen=True)
class Rates:
    """Named rates of life, of observation and of disorder."""

    # --- life, per 1,000 persons and year
    births_per_1000: float = _yearly(10.7, "births; 121,547 birth reports", published.VITAL_2023)
    deaths_per_1000: float = _yearly(5.4, "deaths; 61,094 death reports", published.VITAL_2023)
    arrivals_per_1000: float = _yearly(7.7, "persons who move into DKI; 84,783", published.MOVED_2024)
    departures_per_1000: float = _yearly(
        21.4, "persons who leave DKI; 243,160 (the 35.8 of 2024 was a clean-up)", published.MOVED_2023
    )
    moves_between_kota_per_1000: float = _yearly(
        9.5, "persons who move within DKI; 105,061 in the clean-up of 2024", published.WITHIN_2024
    )
    moves_within_per_1000: float = _yearly(9.5, "persons who move within a kelurahan; as often as between kota")
    marriages_per_1000: float = _yearly(
        2.0, "marriages of unmarried people; the 11,306 of Dukcapil DKI in 2023 leave out those at the KUA"
    )
    remarriages_per_1000: float = _yearly(0.3, "marriages of lone parents, whose families become one card")
    divorces_per_1000: float = _yearly(
        0.3, "divorces; twice the 1,655 of Dukcapil DKI in 2023, which leave out those at religious courts"
    )
    elders_joining_per_1000: float = _yearly(0.5, "families of elders that go onto a child's card")
    deactivated_per_1000: float = _yearly(
        1.0, "NIK deactivated because the RT no longer exists; 11,374 proposed", published.DEACTIVATED_2024
    )
    job_changes_per_1000: float = _yearly(4.0, "people hired by the state or its companies")
    car_changes_per_1000: float = _yearly(2.0, "cars sold, and as many bought")
    into_panti_per_1000: float = _yearly(0.3, "elders who move into a panti")
    complaints_per_1000: float = _yearly(1.0, "complaints about payments")
    proposals_per_objection: float = _rate(
        71, "proposals", "usul for each sanggah: 389,318 against 5,453", published.CEK_BANSOS_2025
    )
    proposals_most_per_1000: float = _yearly(20.0, "proposals, however many objections there are")
    reactivations_per_1000: float = _yearly(1.0, "requests to reactivate the health insurance of somebody ill")
    card_reissues_per_1000: float = _yearly(2.0, "cards with a new number and nothing else changed")

    # --- reporting
    births_late: float = share(
        0.53, "births registered after the 60 days of the law, extrapolated from the cohorts", published.BIRTH_COHORTS
    )
    births_late_days: float = _rate(
        790,
        "days",
        "mean delay of late registrations beyond 60 days: of those missing, 63% still are after another year",
        published.BIRTH_COHORTS,
    )
    deaths_late: float = share(0.1624, "death reports for deaths of earlier years", published.VITAL_2020)
    deaths_unreported: float = share(0.05, "deaths never reported; DKI is among the timeliest provinces")
    dead_before_start: float = share(0.002, "persons dead in earlier years, reported in the first simulated ones")
    card_after_death: float = share(0.6, "deaths of members after which the family asks for a new print")

    # --- moves
    moves_whole_family: float = share(0.7, "moved persons who move with their family; the others are grown-up children")
    moves_keep_number: float = share(0.6, "whole families that move between kota under the same card number")
    moves_never_arriving: float = share(0.06, "SKPWNI without an arrival")
    staged_transits_per_1000_families: float = _rate(
        3.0, "per 1,000 families and quarter", "elders in transit over the quarter's end, so that HELD occurs"
    )
    staged_risers_per_1000_families: float = _rate(
        2.0, "per 1,000 families and quarter", "poor families that a visit finds well off, so that some object"
    )

    # --- first population
    legacy_listed: float = share(
        0.92, "families in DTKS, Regsosek or P3KE; DTKS alone held half of Jakarta's residents"
    )
    legacy_unmatched: float = share(0.002, "listed NIK that no civil record knows (tidak padan)")
    legacy_recipients: float = share(0.20, "listed families that received PKH or Sembako")
    legacy_mistargeted: float = share(0.45, "recipients of PKH or Sembako who were not poor", published.DEN)
    state_workers: float = share(0.055, "adults under 58 who work for the state or its companies")
    pensioners: float = share(0.12, "persons from 58 on with a pension of the state")

    # --- other offices
    private_schools: float = share(0.3, "pupils at private schools")
    schools_elsewhere: float = share(0.03, "pupils who go to school outside DKI")
    out_of_school: float = share(0.02, "children of school age at no school")
    registered_cars: float = share(0.5, "better-off heads with a car in the books")
    land_above_limit: float = share(0.3, "best-off heads with land above the limit")
    pln_matched: float = share(0.9, "heads of families whose NIK PLN has matched with a customer")
    power_changes_per_1000: float = _yearly(4.0, "families whose installed power changes")
    disabled: float = share(
        0.0144,
        "persons in the register of disability: 1.53% of women, 1.34% of men; not all of them are registered",
        published.DISABILITY_2022,
    )
    disabled_severely: float = share(0.25, "persons in the register of disability who count as severe")
    ill_at_80: float = share(0.12, "persons of 80 whom the health insurance marks; at other ages in proportion")
    pregnancies_known: float = share(0.85, "pregnancies of which the health office learns before the birth")
    pregnancies_lost: float = share(0.08, "known pregnancies that end without a birth")
    pregnancy_ends_untold: float = share(0.05, "known pregnancies whose end is never reported")
    students: float = share(0.35, "people of 19 to 22 years at a university")
    student_scholarships: float = share(0.3, "students of poorer families with a scholarship of another payer")
    lapor_by_whatsapp: float = share(0.6607, "reports to Lapor Mas Wapres that come by WhatsApp", published.LAPOR_2025)
    cases_again: float = share(0.15, "objections and complaints that come again by another channel")
    cases_decided: float = share(0.6, "open cases that are decided in a quarter")
    cases_right: float = share(0.4, "decided cases that were right; a tenth are withdrawn")
    cases_frivolous: float = share(0.15, "refused cases that nothing stood behind")
    objecting: float = share(0.6, "families that looked better at a visit and object")

    # --- observation
    groundchecked: float = share(0.12, "families visited in a quarter")
    visits_per_officer_and_day: int = _rate(
        5,
        "families",
        "at most; 362 persons per officer, 30-40% done in about 10 days: 11 to 14 persons a day",
        published.KEDIRI,
    )
    contact_incomplete: float = share(0.05, "visits with an interview broken off")
    contact_no_respondent: float = share(0.04, "visits where nobody could answer")
    contact_refused: float = share(0.02, "visits refused")
    contact_moved: float = share(0.012, "visits to people moved away or a building gone")
    contact_not_found: float = share(0.012, "visits to an address not found")
    contact_double: float = share(0.006, "visits to a family listed twice")
    found_unfit: float = share(0.25, "visited families judged not fit to receive", published.UNFIT_2025)
    officer_says_dead: float = share(0.002, "members seen whom a field officer wrongly writes down as dead")
    dishonest_officers: float = share(
        0.02, "field officers who cheat; of about 30,000 PKH companions some 500 were warned and 49 dismissed in 2025"
    )
    welfare_drift: float = _rate(0.25, "standard deviations", "change of a family's welfare in a quarter")

    # --- disorder, as shares of the events of a quarter unless said otherwise
    late: float = share(0.01, "events recorded in one quarter that arrive in the next or the one after")
    repeated: float = share(0.005, "events sent a second time, byte for byte")
    wrong_deaths: float = share(
        0.10, "death reports of the living; of 81,119 NIK proposed as dead in 2024 about half survived a cross-check"
    )
    corrected_births_per_1000: float = _yearly(2.0, "corrections of a name or a date of birth")
    corrected_deaths: float = share(0.08, "death reports corrected to another date")
    malformed: float = share(0.0004, "malformed events, for each kind of `malformed.py`")

    def per_quarter(self, per_1000_year: float, persons: int) -> float:
        """The expected number in a quarter among so many persons."""
        return per_1000_year * persons / 4_000


def origins(of: type[Any] = Rates) -> dict[str, Origin]:
    """Where each of the rates of a class like Rates comes from, by name, in their order."""
    return {each.name: each.metadata["origin"] for each in fields(of)}


# Each planted disorder happens at least this often in each quarter, at every scale, so that no
# test or demo depends on luck.
LEAST_PER_QUARTER = 1
