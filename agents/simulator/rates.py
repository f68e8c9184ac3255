"""How often things happen in the simulated kelurahan, in one typed place.

Each number says where it comes from: a section of the domain facts (with its source there), or
"assumption" where no source was found. Rates per 1,000 persons are per year; shares are of the
things named in the comment.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rates:
    """Named rates of life, of observation and of disorder."""

    # --- life, per 1,000 persons and year (domain facts 6.2, Jakarta)
    births_per_1000: float = 10.7  # 2023: 121,547 birth reports
    deaths_per_1000: float = 5.4  # 2023: 61,094 death reports
    arrivals_per_1000: float = 7.7  # 2024: 84,783 moved in
    departures_per_1000: float = 21.4  # 2023: 243,160 moved out; the 35.8 of 2024 was a clean-up
    moves_between_kota_per_1000: float = 9.5  # 2024: 105,061 moved within Jakarta
    marriages_per_1000: float = 2.0  # assumption: the 11,306 of Dukcapil leave out KUA
    job_changes_per_1000: float = 4.0  # assumption
    moves_within_per_1000: float = 9.5  # assumption: as often as between the cities
    divorces_per_1000: float = 0.3  # assumption: twice the 1,655 of Dukcapil in 2023, which leave out Muslims
    remarriages_per_1000: float = 0.3  # assumption: lone parents marry and become one card
    elders_joining_per_1000: float = 0.5  # assumption: families of elders that go onto a child's card
    deactivated_per_1000: float = 1.0  # 2024: 11,374 NIK in RT that no longer exist were proposed (3.8)
    car_changes_per_1000: float = 2.0  # assumption
    into_panti_per_1000: float = 0.3  # assumption
    complaints_per_1000: float = 1.0  # assumption
    card_reissues_per_1000: float = 2.0  # assumption: a new number, nothing else changed

    # --- reporting (domain facts 3.7)
    births_late: float = 0.40  # 52-57% are registered in the year of birth; the rest months later
    deaths_late: float = 0.1624  # reports of 2020 for deaths of earlier years
    deaths_unreported: float = 0.05  # assumption: DKI is among the timeliest provinces
    dead_before_start: float = 0.002  # assumption: dead in earlier years, reported in the first ones
    card_after_death: float = 0.6  # assumption: removal of a dead member from the card needs a request

    # --- moves
    moves_whole_family: float = 0.7  # assumption: of moves; the others are one grown-up child
    moves_keep_number: float = 0.6  # assumption: of whole families that move between kota
    moves_never_arriving: float = 0.06  # assumption: SKPWNI issued, no arrival recorded
    staged_transits_per_1000_families: float = 3.0  # per quarter: elders in transit over its end
    staged_risers_per_1000_families: float = 2.0  # per quarter: poor families that a visit finds well off

    # --- first population
    legacy_listed: float = 0.92  # assumption: families in DTKS, Regsosek or P3KE
    legacy_unmatched: float = 0.002  # assumption: listed NIK that no civil record knows ("tidak padan")
    legacy_mistargeted: float = 0.45  # PKH and Sembako before DTSEN (6.4, DEN)
    state_workers: float = 0.055  # assumption: adults under 58 who work for the state or its companies
    pensioners: float = 0.12  # assumption: of persons from 58 on

    # --- other offices
    private_schools: float = 0.3  # assumption
    schools_elsewhere: float = 0.03  # assumption: pupils who go to school outside DKI
    out_of_school: float = 0.02  # assumption
    registered_cars: float = 0.5  # assumption: of better-off heads
    land_above_limit: float = 0.3  # assumption: of the best-off heads
    objecting: float = 0.6  # assumption: of families that looked better at a visit

    # --- observation (domain facts 4)
    groundchecked: float = 0.12  # assumption: of families, per quarter
    # Kediri: 362 persons per officer, 30-40% done in about 10 days: 11 to 14 persons, 4 to 5 families a day (4.1)
    visits_per_officer_and_day: int = 5
    contact_incomplete: float = 0.05  # assumption, as are the next five; outcomes of 205 and DTKS 2020
    contact_no_respondent: float = 0.04
    contact_refused: float = 0.02
    contact_moved: float = 0.012
    contact_not_found: float = 0.012
    contact_double: float = 0.006
    found_unfit: float = 0.25  # 4.2 of 16.8 million families in desil 1-4 were not eligible (6.4)
    officer_says_dead: float = 0.002  # assumption: of members seen; a field officer's wrong "dead"
    welfare_drift: float = 0.25  # assumption: deviation of the change of welfare in a quarter

    # --- disorder, as shares of the events of a quarter unless said otherwise
    late: float = 0.01  # assumption: recorded in a quarter, arriving in the next or the one after
    repeated: float = 0.005  # assumption: sent a second time, byte for byte
    wrong_deaths: float = 0.10  # assumption: of death reports; of 81,119 proposed NIK half survived (3.8)
    corrected_births_per_1000: float = 2.0  # assumption: per 1,000 persons and year
    corrected_deaths: float = 0.08  # assumption: of death reports, another date
    malformed: float = 0.0004  # assumption: of the events of a quarter, for each kind of `malformed.py`

    def per_quarter(self, per_1000_year: float, persons: int) -> float:
        """The expected number in a quarter among so many persons."""
        return per_1000_year * persons / 4_000


# Each planted disorder happens at least this often in each quarter, at every scale, so that no
# test or demo depends on luck.
LEAST_PER_QUARTER = 1
