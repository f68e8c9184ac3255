"""Published figures that the simulator is built by or compared with, each with who published it and where.

Of Jakarta where that is known, else of Indonesia. Titles and addresses are those of the pages on which the
figures were read.
"""

from dataclasses import dataclass

ASSUMPTION = "assumption"  # no source was found

# --- who published it
PERSONS_2024 = "Dukcapil, second half of 2024 (github.com/cahyadsn/wilayah, db/wilayah_penduduk.sql)"
CARDS_2020 = "Statistik Sektoral DKI, 2020 (statistik.jakarta.go.id/kartu-identitas-penduduk-dki-jakarta-tahun-2020)"
VITAL_2023 = "Dukcapil DKI, 2023 (idcorner.co.id/2024/03/30)"
VITAL_2020 = "Dukcapil DKI, 2020 (statistik.jakarta.go.id/dinamika-penduduk-dki-jakarta-tahun-2020)"
MOVED_2023 = "Dukcapil DKI, 2023 (riau.antaranews.com/berita/359169)"
MOVED_2024 = "Dukcapil DKI, 2024 (news.okezone.com/read/2025/04/06/338/3128586)"
WITHIN_2024 = "Dukcapil DKI, 2024 (redaksipos.com/2025/03/20)"
DEACTIVATED_2024 = "Dukcapil DKI, 2024 (desain.beritajakarta.id/read/136396)"
REGISTERED_BIRTHS = "BPS, Statistik Hayati 2023 (radarutara.bacakoran.co/read/12936)"
BIRTH_COHORTS = "Dukcapil, March 2024 (databoks.katadata.co.id/demografi/statistik/6718e0341cd00)"
PYRAMID_AGED = "BPS projection for 2019, aged by five years (databoks.katadata.co.id/datapublish/2019/09/10)"
DTKS_2024 = "Dinsos DKI, October 2024 (kompas.tv/amp/nasional/548916)"
DEN = "Dewan Ekonomi Nasional, 2025 (bisnisupdate.com/?p=213258)"
UNFIT_2025 = (
    "Kemensos, 7 November 2025 (wahananews.co): 4.2 of 16.8 million; 1.9 of 6.9 and of 12 million earlier that year"
)
CEK_BANSOS_2025 = "Kemensos, May to 24 June 2025 (selalukabar.com/ANTARA)"
LAPOR_2025 = "Setwapres, first year to 10 November 2025 (sekilas.co)"
KEDIRI = "Ground check in Kota Kediri, 2025 (kabarbaik.co)"
NATION = "BPS, DTSEN (95,006,179 families, 289,060,513 persons)"
DROPPED_2025 = "Kemensos, 2025-II (idntimes.com): 1.8 to 1.9 of 20.3 million"
PBI_DROPPED = "BPJS Kesehatan: May 2025 (rctiplus.com), February 2026 (nasional.kontan.co.id), of 96.8 million"
KJP_CHURN = "Disdik DKI, 2025-I to 2025-II (mataaktualnews.com)"
PKD_NEW = "Dinsos DKI, August 2025 (m.beritajakarta.id/en/read/59924)"
DISABILITY_2022 = "Disability by severity, national, 2022 (goodstats.id)"
PBI_BACK = "Kemensos, 2025 (nu.or.id): 87,591 of 13.5 million"

PERSONS = 11_038_216
WOMEN = 5_500_881
CARDS = 3_601_301

# Thousands of men and of women by five years of age, 0-4 to 70-74 and 75+, projection of BPS for 2019.
PYRAMID_2019 = (
    (431.3, 418.3),
    (403.3, 384.5),
    (381.9, 372.5),
    (407.4, 426.1),
    (438.6, 465.7),
    (465.7, 478.6),
    (463.5, 462.7),
    (470.7, 461.0),
    (429.5, 420.9),
    (371.5, 365.0),
    (309.3, 305.3),
    (240.0, 241.1),
    (179.9, 183.5),
    (122.7, 128.0),
    (73.6, 81.7),
    (52.3, 68.0),
)
BAND_YEARS = 5
# Who were born in the five years since, per thousand persons and year: the births of 2023.
BORN_PER_1000 = 10.7


def aged_pyramid() -> tuple[float, ...]:
    """Share of persons by five years of age, 0-4 to 75+, five years after the projection.

    Every band has moved on by one, the births since are the youngest, and deaths are left out but for those
    of the oldest: who was 75 or older in 2019 is counted by half.
    """
    before = [men + women for men, women in PYRAMID_2019]
    born = BORN_PER_1000 * BAND_YEARS * sum(before) / 1000
    oldest = before[-2] + before[-1] / 2
    now = [born, *before[:-2], oldest]
    return tuple(band / sum(now) for band in now)


@dataclass(frozen=True)
class Figure:
    """A published figure; `remark` says why the simulator differs where it does so on purpose."""

    measure: str
    value: float
    unit: str
    source: str
    remark: str = ""
    # Bounds of simulated / published that a test holds the simulator to.
    least: float = 0.8
    most: float = 1.25


PER_1000 = "per 1,000 persons and year"
SHARE = "share"

# Results of rules, ranking and quotas, which no simulated year shows by itself: a test sends one through the whole
# register and holds the means of its quarters to these bounds.
KPM_DROPPED = Figure("Recipients of PKH or Sembako dropped in a quarter", 0.09, SHARE, DROPPED_2025, least=0.5, most=2)
PBI_DROPPED_2025 = Figure(
    "Members of PBI-JK dropped at once, May 2025",
    0.076,
    SHARE,
    PBI_DROPPED,
    "a one-off clean-up, beside which the simulated share goes on quarter after quarter",
    least=0.4,
    most=2,
)
KJP_LEAVING = Figure(
    "Recipients of KJP Plus who leave from one half-year to the next", 0.121, SHARE, KJP_CHURN, least=0.5, most=2
)
PKD_JOINING = Figure("New recipients of KLJ, KAJ and KPDJ", 0.104, SHARE, PKD_NEW, "without KPDJ", least=0.5, most=2)
RESULTS = (KPM_DROPPED, PBI_DROPPED_2025, KJP_LEAVING, PKD_JOINING)
NOT_COMPARED = (
    Figure("Members of PBI-JK dropped at once, February 2026", 0.115, SHARE, PBI_DROPPED, "a second one-off clean-up"),
    Figure("Dropped members of PBI-JK made members again", 0.0065, SHARE, PBI_BACK, "reactivation is not simulated"),
)
