"""What is in force on one day, in types."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

Value = int | bool | str | tuple[int, ...] | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages."""

    id: str
    en: str


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must hold: `fact operator value`. It is bit i of `failed` and `unknown` by its place."""

    id: str
    fact: str
    operator: str
    value: Value
    passes_when_unknown: bool
    reason: str
    reference: str
    publish: str | None = None  # name under which the value may be published (decisions.md, whitelist)
    newcomers: bool = False  # asked only of those who do not hold the programme yet


@dataclass(frozen=True, slots=True)
class Ask:
    """What a component asks of a member, beside its age: `fact operator value`."""

    fact: str
    operator: str
    value: Value
    passes_when_unknown: bool


@dataclass(frozen=True, slots=True)
class Component:
    """A member for whom the family receives `rupiah_per_quarter`, for at most `limit` members: one of these ages of
    whom all `asks` hold.
    """

    id: str
    min_age_years: int
    max_age_years: int | None
    rupiah_per_quarter: int
    limit: int | None
    reference: str
    asks: tuple[Ask, ...] = ()


@dataclass(frozen=True, slots=True)
class LevelAmount:
    """What a pupil of one level of school receives for a quarter, and how much more at a private school; in these
    classes, or (none) in all that no other amount of the level names.
    """

    school_level: str
    rupiah_per_quarter: int
    private_rupiah_per_quarter: int
    reference: str
    classes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the ways in which a switch can stand, and the source that has it so."""

    id: str
    says: Text
    reference: str  # empty where no source has it: illustrative


@dataclass(frozen=True, slots=True)
class Switch:
    """What sources leave open or say differently, and what is chosen on the day."""

    id: str
    question: Text
    choices: tuple[Choice, ...]
    chosen: str
    note: str


@dataclass(frozen=True, slots=True)
class Reactivation:
    """A way in which what was or would be ended goes on for a person, although some conditions are not met.

    `by_case`: through an accepted reactivation (reaktivasi), for `quarters` lists from that of its decision on; else
    for whoever holds the programme. It counts if `ask` holds and all conditions but `instead_of` are met; by case also
    if all conditions are met. Who comes back by a case is served before the others, within the quota.
    """

    id: str
    by_case: bool
    quarters: int
    ask: Ask
    instead_of: tuple[str, ...]  # ids of conditions
    reference: str


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme on one day. Either a fixed amount, or components of which the highest are paid."""

    name: str
    title: Text
    payer: str
    budget: str  # APBN: kept in transit; APBD: held in transit
    subject: str  # family | person
    reference: str
    conditions: tuple[Condition, ...]
    rupiah_per_quarter: int
    components: tuple[Component, ...]
    max_components: int
    quota: int
    levels: tuple["LevelAmount", ...]  # amounts by level of school, in place of one for all
    needs: tuple[str, ...]  # programmes whose served lines it asks for
    due: bool  # false: in this quarter what is held goes on, and nothing begins (hard stops end it all the same)
    objection: Text  # where to object
    paid_first: str = "highest"  # of components, when more members count than are paid
    waiting_reason: str = "KUOTA_HABIS"  # why somebody who is eligible is not served
    ended: bool = False  # its last day has passed: in this one quarter everybody who holds it loses it
    switches: tuple[Switch, ...] = ()
    reactivations: tuple[Reactivation, ...] = ()

    @property
    def is_family(self) -> bool:
        return self.subject == "family"


@dataclass(frozen=True, slots=True)
class ActingBack:
    """A fact of the recipient that makes a sealed quarter not due; `occupations`: those that count, of ASN alone."""

    cause: str
    reference: str
    occupations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Retroactive:
    """What acts on a programme's sealed quarters, also when it has ended since."""

    payer: str
    causes: tuple[ActingBack, ...]  # the first that applies is named


@dataclass(frozen=True, slots=True)
class Ranking:
    """`own`: cut points from the register's own scores; `given`: the nation's, as dated input."""

    mode: str
    given_cut_points: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ScoreModel:
    """The proxy means test: rupiah per head and month, in whole rupiah. Smaller is poorer."""

    base_rupiah: int
    minimum_rupiah: int
    rupiah_per_further_member: int
    floor_rupiah_per_m2_per_head: int
    floor_limit_m2_per_head: int
    housing: Mapping[str, Mapping[int, int]]  # field of Perumahan -> code -> rupiah
    assets: Mapping[str, int]  # boolean field of Aset -> rupiah when owned
    livestock: Mapping[str, int]  # counted field of Aset -> rupiah per animal
    livestock_limit: int


@dataclass(frozen=True, slots=True)
class Rules:
    """All that is in force on `as_of`."""

    as_of: dt.date
    scope_province: str
    adult_age_years: int
    transit_limit_days: int
    objection_days: int
    objection_hold_quarters: int
    pregnancy_days: int  # from the report of a pregnancy to the birth, where no day is expected
    postpartum_days: int  # after the day on which the birth was expected
    case_days: Mapping[str, int]  # kind of case -> days to decide it
    max_family_size: int
    payee_order: tuple[str, ...]
    ranking: Ranking
    score: ScoreModel
    programmes: Mapping[str, Programme]  # by name, sorted
    waves: tuple[tuple[str, ...], ...]  # wave 1 first; names sorted
    reasons: Mapping[str, Text]
    rules_hash: str
    retroactive_quarters: int = 0
    retroactive: Mapping[str, Retroactive] = field(default_factory=dict)  # by programme, sorted

    @property
    def objection_until(self) -> dt.date:
        """The last day to object to a list made as of `as_of`."""
        return self.as_of + dt.timedelta(days=self.objection_days)

    def wave_of(self, programme: str) -> int:
        """The wave (from 1) in which the quota of `programme` is cut."""
        return next(number for number, names in enumerate(self.waves, 1) if programme in names)
