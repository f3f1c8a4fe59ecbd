"""What goes with an occupation: cards, driving licences, times of work, languages, education, industry.

One row per branch of ISCO-08 codes; an occupation belongs to the row with the longest matching beginning. Shares are
estimates of ours for believable demo data, nothing more.
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import Final


class Times(Enum):
    """When the work of a trade is usually done: codes of working times and of shift patterns."""

    OFFICE = (("01", "06"), ())
    FLEXIBLE = (("01", "05", "06"), ())
    SHOP = (("01", "02", "07"), ())
    EVENINGS = (("02", "06"), ())
    TWO_SHIFTS = (("01", "02", "08"), ("0801",))
    THREE_SHIFTS = (("01", "02", "03", "08"), ("0802",))
    FIVE_SHIFTS = (("03", "04", "07", "08"), ("0804",))
    PERIOD = (("01", "02", "03", "04", "07"), ())
    ROADS = (("01", "02", "03"), ())


@dataclass(frozen=True)
class Trade:
    """A branch of work. Shares are chances between 0 and 1."""

    isco: tuple[str, ...]
    industry: str
    """Division of TOL 2008 that most of its employers stand in."""
    women: float
    education: tuple[str, ...]
    """Levels of education, the most usual first."""
    times: tuple[Times, ...]
    finnish: str
    """Level of Finnish usually asked."""
    english: float = 0.1
    """Share of vacancies that ask for English."""
    licences: dict[str, float] = field(default_factory=dict)
    """Class of driving licence -> share of vacancies that ask for it."""
    cards: dict[str, float] = field(default_factory=dict)
    """Card -> share of vacancies that ask for it; of the trade's people somewhat fewer hold it."""
    remote: float = 0.0
    part_time: float = 0.15
    seasonal: float = 0.05
    criminal_record: bool = False
    """Work with children: the criminal record is checked."""
    experience: float = 0.4
    """Share of vacancies that ask for experience."""


HYGIENE, SAFETY, HOT_WORK, ROAD, TRUCK, FIRST_AID = "022", "079", "075", "072", "074", "013"
DRIVER, ELECTRIC, WELDER, ALCOHOL, AGE_LIMIT, GUARD = "041", "069", "020", "005", "023", "086"
STEWARD, TAXI, DANGEROUS_GOODS, HOIST, WET_ROOMS, CARE_SAFETY = "027", "071", "002", "018", "051", "063"

_UPPER = ("6", "7", "5")
_VOCATIONAL = ("32", "32", "4", "31")

TRADES: Final[tuple[Trade, ...]] = (
    Trade(("1",), "70", 0.38, _UPPER, (Times.FLEXIBLE,), "C1", 0.35, {"B": 0.2}, remote=0.12, experience=0.9),
    Trade(("13",), "25", 0.25, _UPPER, (Times.OFFICE,), "C1", 0.4, {"B": 0.3}, {SAFETY: 0.3}, experience=0.9),
    Trade(("14",), "55", 0.5, _UPPER, (Times.SHOP,), "B2", 0.4, {"B": 0.2}, {HYGIENE: 0.3}, experience=0.8),
    Trade(
        ("2", "21", "31"),
        "71",
        0.25,
        ("6", "7", "32"),
        (Times.OFFICE, Times.FLEXIBLE),
        "B2",
        0.5,
        {"B": 0.35},
        {SAFETY: 0.25},
        remote=0.1,
        experience=0.7,
    ),
    Trade(
        ("313",),
        "24",
        0.15,
        ("32", "6", "4"),
        (Times.FIVE_SHIFTS, Times.THREE_SHIFTS),
        "B2",
        0.15,
        {"B": 0.3},
        {SAFETY: 0.7, HOT_WORK: 0.2},
    ),
    Trade(("22",), "86", 0.84, _UPPER, (Times.PERIOD, Times.OFFICE), "C1", 0.08, {"B": 0.3}, {FIRST_AID: 0.2}),
    Trade(
        ("23",),
        "85",
        0.74,
        ("7", "6"),
        (Times.OFFICE,),
        "C1",
        0.12,
        part_time=0.2,
        criminal_record=True,
        experience=0.5,
    ),
    Trade(("24", "26"), "70", 0.62, ("7", "6"), (Times.FLEXIBLE, Times.OFFICE), "C1", 0.35, remote=0.2, experience=0.7),
    Trade(
        ("25", "35"),
        "62",
        0.24,
        ("6", "32", "7"),
        (Times.FLEXIBLE, Times.OFFICE),
        "B1",
        0.85,
        remote=0.5,
        experience=0.7,
    ),
    Trade(
        ("32",), "86", 0.82, ("6", "5", "32"), (Times.PERIOD, Times.OFFICE), "C1", 0.08, {"B": 0.25}, {FIRST_AID: 0.2}
    ),
    Trade(("33",), "46", 0.55, ("6", "5", "32"), (Times.OFFICE, Times.FLEXIBLE), "C1", 0.3, {"B": 0.4}, remote=0.12),
    Trade(("34",), "88", 0.62, ("6", "32"), (Times.PERIOD, Times.OFFICE), "B2", 0.15, {"B": 0.4}, {FIRST_AID: 0.3}),
    Trade(("4",), "82", 0.75, ("32", "5", "6"), (Times.OFFICE,), "C1", 0.3, remote=0.12, part_time=0.2),
    Trade(
        ("43",),
        "52",
        0.35,
        _VOCATIONAL,
        (Times.TWO_SHIFTS, Times.OFFICE),
        "B1",
        0.15,
        {"B": 0.2},
        {TRUCK: 0.5, SAFETY: 0.3},
    ),
    Trade(("5",), "96", 0.72, _VOCATIONAL, (Times.OFFICE, Times.SHOP), "B1", 0.25, {"B": 0.2}),
    Trade(
        ("512",),
        "56",
        0.55,
        _VOCATIONAL,
        (Times.PERIOD, Times.SHOP),
        "B1",
        0.25,
        cards={HYGIENE: 0.95, ALCOHOL: 0.1},
        part_time=0.25,
        seasonal=0.3,
    ),
    Trade(
        ("513",),
        "56",
        0.72,
        _VOCATIONAL,
        (Times.SHOP, Times.PERIOD),
        "B1",
        0.5,
        cards={HYGIENE: 0.9, ALCOHOL: 0.55},
        part_time=0.4,
        seasonal=0.35,
    ),
    Trade(("515",), "81", 0.6, _VOCATIONAL, (Times.OFFICE,), "B1", 0.08, {"B": 0.5}, {SAFETY: 0.3, ELECTRIC: 0.15}),
    Trade(
        ("52",),
        "47",
        0.66,
        _VOCATIONAL,
        (Times.SHOP,),
        "B2",
        0.2,
        {"B": 0.08},
        {HYGIENE: 0.35, AGE_LIMIT: 0.4},
        part_time=0.5,
    ),
    Trade(
        ("53",),
        "87",
        0.86,
        _VOCATIONAL,
        (Times.PERIOD,),
        "B2",
        0.03,
        {"B": 0.35},
        {HYGIENE: 0.2, FIRST_AID: 0.25, CARE_SAFETY: 0.2},
    ),
    Trade(
        ("531",),
        "88",
        0.9,
        ("32", "6"),
        (Times.OFFICE, Times.TWO_SHIFTS),
        "B2",
        0.05,
        cards={FIRST_AID: 0.25, HYGIENE: 0.3},
        criminal_record=True,
    ),
    Trade(
        ("54",),
        "80",
        0.28,
        _VOCATIONAL,
        (Times.PERIOD, Times.THREE_SHIFTS),
        "B2",
        0.2,
        {"B": 0.6},
        {GUARD: 0.85, STEWARD: 0.5, FIRST_AID: 0.3},
    ),
    Trade(
        ("6", "92"),
        "02",
        0.18,
        _VOCATIONAL,
        (Times.OFFICE, Times.ROADS),
        "B1",
        0.05,
        {"B": 0.6},
        {SAFETY: 0.35, FIRST_AID: 0.2},
        seasonal=0.4,
    ),
    Trade(
        ("7", "71"),
        "41",
        0.06,
        _VOCATIONAL,
        (Times.OFFICE,),
        "B1",
        0.06,
        {"B": 0.5},
        {SAFETY: 0.85, ROAD: 0.35, HOT_WORK: 0.4, HOIST: 0.1},
        part_time=0.03,
        seasonal=0.15,
    ),
    Trade(
        ("7126", "7122"),
        "43",
        0.05,
        _VOCATIONAL,
        (Times.OFFICE,),
        "B1",
        0.05,
        {"B": 0.6},
        {SAFETY: 0.85, HOT_WORK: 0.5, WET_ROOMS: 0.3},
        part_time=0.03,
    ),
    Trade(
        ("72",),
        "25",
        0.06,
        _VOCATIONAL,
        (Times.TWO_SHIFTS, Times.OFFICE, Times.THREE_SHIFTS),
        "B1",
        0.12,
        {"B": 0.3},
        {HOT_WORK: 0.85, SAFETY: 0.85},
        part_time=0.03,
    ),
    Trade(
        ("7212",),
        "25",
        0.05,
        _VOCATIONAL,
        (Times.TWO_SHIFTS, Times.OFFICE),
        "B1",
        0.12,
        {"B": 0.2},
        {HOT_WORK: 0.95, SAFETY: 0.85, WELDER: 0.5},
        part_time=0.02,
    ),
    Trade(
        ("7231",),
        "45",
        0.05,
        _VOCATIONAL,
        (Times.OFFICE,),
        "B1",
        0.1,
        {"B": 0.8, "C1C": 0.15},
        {HOT_WORK: 0.4},
        part_time=0.03,
    ),
    Trade(("73",), "18", 0.4, _VOCATIONAL, (Times.OFFICE, Times.TWO_SHIFTS), "B1", 0.15, part_time=0.15),
    Trade(
        ("74",),
        "43",
        0.05,
        _VOCATIONAL,
        (Times.OFFICE, Times.TWO_SHIFTS),
        "B2",
        0.15,
        {"B": 0.7},
        {ELECTRIC: 0.9, SAFETY: 0.8, HOT_WORK: 0.3},
        part_time=0.02,
    ),
    Trade(
        ("75",), "10", 0.35, _VOCATIONAL, (Times.TWO_SHIFTS, Times.OFFICE), "A2", 0.1, cards={HYGIENE: 0.5, SAFETY: 0.3}
    ),
    Trade(
        ("8", "81"),
        "17",
        0.15,
        _VOCATIONAL,
        (Times.FIVE_SHIFTS, Times.THREE_SHIFTS),
        "B1",
        0.1,
        {"B": 0.2},
        {SAFETY: 0.8, HOT_WORK: 0.3, TRUCK: 0.15},
        part_time=0.03,
    ),
    Trade(("83",), "49", 0.08, _VOCATIONAL, (Times.ROADS, Times.TWO_SHIFTS), "B1", 0.08, {"B": 0.9}, {DRIVER: 0.3}),
    Trade(
        ("8322",),
        "49",
        0.12,
        _VOCATIONAL,
        (Times.ROADS, Times.SHOP),
        "B1",
        0.15,
        {"B": 0.98},
        {TAXI: 0.5, FIRST_AID: 0.15},
        part_time=0.25,
    ),
    Trade(
        ("8331",),
        "49",
        0.1,
        _VOCATIONAL,
        (Times.PERIOD, Times.ROADS),
        "B1",
        0.1,
        {"D1D": 0.95},
        {DRIVER: 0.95, FIRST_AID: 0.1},
    ),
    Trade(
        ("8332",),
        "49",
        0.04,
        _VOCATIONAL,
        (Times.ROADS, Times.TWO_SHIFTS),
        "B1",
        0.06,
        {"C1ECE": 0.65, "C1C": 0.3},
        {DRIVER: 0.95, DANGEROUS_GOODS: 0.2, ROAD: 0.2},
    ),
    Trade(
        ("834",),
        "42",
        0.05,
        _VOCATIONAL,
        (Times.OFFICE, Times.TWO_SHIFTS),
        "B1",
        0.04,
        {"B": 0.6},
        {SAFETY: 0.7, ROAD: 0.55},
        seasonal=0.25,
    ),
    Trade(
        ("8344",),
        "52",
        0.1,
        _VOCATIONAL,
        (Times.TWO_SHIFTS, Times.THREE_SHIFTS),
        "A2",
        0.08,
        {"B": 0.15},
        {TRUCK: 0.95, SAFETY: 0.5},
    ),
    Trade(
        ("9",),
        "81",
        0.4,
        ("32", "31"),
        (Times.OFFICE, Times.SHOP),
        "A2",
        0.08,
        {"B": 0.2},
        {SAFETY: 0.2},
        experience=0.1,
    ),
    Trade(
        ("91",),
        "81",
        0.76,
        ("32", "31"),
        (Times.OFFICE, Times.EVENINGS, Times.SHOP),
        "A2",
        0.15,
        {"B": 0.3},
        {HYGIENE: 0.15},
        part_time=0.45,
        seasonal=0.2,
        experience=0.1,
    ),
    Trade(
        ("93",),
        "42",
        0.15,
        ("32", "31"),
        (Times.TWO_SHIFTS, Times.OFFICE),
        "A2",
        0.08,
        {"B": 0.25},
        {SAFETY: 0.6, TRUCK: 0.2, ROAD: 0.15},
        experience=0.12,
    ),
    Trade(
        ("94",),
        "56",
        0.7,
        ("32", "31"),
        (Times.SHOP, Times.OFFICE),
        "A2",
        0.12,
        cards={HYGIENE: 0.95},
        part_time=0.4,
        experience=0.1,
    ),
    Trade(("0",), "84", 0.1, ("31", "6"), (Times.PERIOD,), "C1", 0.3, {"B": 0.4}),
)


def trade_of(isco: str) -> int:
    """Index in `TRADES` of the trade with the longest beginning of the ISCO code; services where none fits."""
    best, length = _FALLBACK, 0
    for index, trade in enumerate(TRADES):
        for prefix in trade.isco:
            if len(prefix) > length and isco.startswith(prefix):
                best, length = index, len(prefix)
    return best


_FALLBACK = next(index for index, trade in enumerate(TRADES) if "5" in trade.isco)
