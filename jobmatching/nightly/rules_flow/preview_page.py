"""A preview as people read it: what would change in lists, for everybody and for groups."""

from dataclasses import dataclass
from typing import Any, Final, Self

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from jobmatching.nightly.fairness.enums import GROUPED, OF_GROUPS, Dimension, Flag, Measure
from jobmatching.nightly.fairness.words import GroupNames, written
from jobmatching.nightly.rules_flow.models import RulesPreview
from portal.privacy.suppression import FEWEST
from portal.ui import formats
from portal.ui.parts import Choice, Fact, KeyFigure

DIMENSION: Final = "ulottuvuus"
MEASURE: Final = "mittari"


@dataclass(frozen=True)
class Asked:
    """Which table of the preview is looked at, by the address."""

    dimension: Dimension
    measure: Measure

    @classmethod
    def of(cls, query: QueryDict) -> Self:
        """Read the address; what is not known is as if it were not there."""
        dimension, measure = query.get(DIMENSION, ""), query.get(MEASURE, "")
        return cls(
            Dimension(dimension) if dimension in GROUPED else Dimension.AGE,
            Measure(measure) if measure in OF_GROUPS else Measure.SELECTED,
        )

    def _address(self, **changed: str) -> str:
        query = QueryDict(mutable=True)
        query[DIMENSION], query[MEASURE] = self.dimension.value, self.measure.value
        for name, value in changed.items():
            query[name] = value
        return f"?{query.urlencode()}#ryhmat"

    def dimensions(self) -> list[Choice]:
        """Ways to the tables by other groups."""
        return [
            Choice(self._address(**{DIMENSION: one.value}), _capital(one.label), current=one == self.dimension)
            for one in GROUPED
        ]

    def measures(self) -> list[Choice]:
        """Ways to the tables of other measures."""
        return [
            Choice(self._address(**{MEASURE: one.value}), _capital(one.label), current=one == self.measure)
            for one in OF_GROUPS
        ]


@dataclass(frozen=True)
class Row:
    """A group before and after; `hidden` is "small", "guard" or ""."""

    name: str
    hidden: str
    n: str
    before: str
    after: str
    change: str
    flag_before: Flag
    flag_after: Flag

    @property
    def newly_flagged(self) -> bool:
        """Whether the change would make the group clearly worse off than four fifths of the best."""
        return self.flag_after is Flag.CLEAR and self.flag_before is not Flag.CLEAR


def key_figures(figures: dict[str, Any]) -> list[KeyFigure]:
    """How many lists change, and for how many people; of people nothing where few are concerned."""
    lists = _("of %(n)s vacancies") % {"n": formats.number(figures["vacancies"])}
    if figures["few"]:
        few = _("fewer than %(n)s") % {"n": formats.number(FEWEST)}
        touched = KeyFigure(_("Jobseekers whom it touches"), few, _("nothing more is told of so few"))
    else:
        people = _("of %(n)s jobseekers") % {"n": formats.number(figures["people"])}
        touched = KeyFigure(_("Jobseekers whom it touches"), formats.number(figures["seekers"]), people)
    return [
        KeyFigure(_("Vacancies whose first ten change"), formats.number(figures["lists_first_ten"]), lists),
        KeyFigure(_("Vacancies whose list changes"), formats.number(figures["lists"]), lists),
        touched,
        *_covered(figures),
    ]


def _covered(figures: dict[str, Any]) -> list[KeyFigure]:
    """The share of jobseekers with a match, which no change should lower unseen."""
    return [
        KeyFigure(
            _("Jobseekers with a match"), written(one["measure"], one["after"]),
            _("now %(share)s") % {"share": written(one["measure"], one["before"])},
        )
        for one in figures["everybody"]
        if one["measure"] == Measure.COVERED_SEEKERS
    ]  # fmt: skip


def places(figures: dict[str, Any]) -> list[Fact]:
    """What becomes of places in lists; [] where few people are concerned."""
    if figures["few"]:
        return []
    return [
        Fact(_("Places now"), formats.number(figures["places"])),
        Fact(_("New places in lists"), formats.number(figures["new"])),
        Fact(_("Places that go"), formats.number(figures["gone"])),
        Fact(_("Places nearer to the top"), formats.number(figures["up"])),
        Fact(_("Places further from the top"), formats.number(figures["down"])),
    ]


def everybody(figures: dict[str, Any]) -> list[Row]:
    """Coverage and the spread of exposure of the whole area."""
    return [
        Row(
            _capital(Measure(one["measure"]).label), "", "",
            written(one["measure"], one["before"]), written(one["measure"], one["after"]),
            change(one["measure"], one["before"], one["after"]), Flag.NONE, Flag.NONE,
        )
        for one in figures["everybody"]
    ]  # fmt: skip


def rows(figures: dict[str, Any], asked: Asked) -> list[Row]:
    """The table of one dimension and measure, in the order of its groups."""
    names = GroupNames()
    chosen = [
        one
        for one in figures["groups"]
        if one["dimension"] == asked.dimension.value and one["measure"] == asked.measure.value
    ]
    return [_row(one, names) for one in sorted(chosen, key=lambda one: int(one.get("place", 0)))]


def worsened(figures: dict[str, Any]) -> list[str]:
    """Groups that would come clearly below four fifths of the best and are not there now: "25–29 (age): exposure"."""
    names = GroupNames()
    found = []
    for one in figures["groups"]:
        row = _row(one, names)
        if row.newly_flagged:
            found.append(f"{row.name} ({Dimension(one['dimension']).label}): {Measure(one['measure']).label}")
    return found


def _row(one: dict[str, Any], names: GroupNames) -> Row:
    measure = one["measure"]
    return Row(
        names.name(one["dimension"], one["group"]),
        "" if one["cell"] == "shown" else one["cell"],
        formats.number(one["n"]),
        written(measure, one["before"]),
        written(measure, one["after"]),
        change(measure, one["before"], one["after"]),
        Flag(one["flag_before"]),
        Flag(one["flag_after"]),
    )


def change(measure: str, before: float | None, after: float | None) -> str:
    """By how much a figure changes, of shares in percentage points; 0 where the difference is not worth a decimal."""
    if before is None or after is None:
        return formats.NOTHING
    shares = written(measure, 0.5).endswith("%")
    told = formats.signed((after - before) * (100 if shares else 1), 1 if shares or measure == Measure.RANK else 2)
    return _("%(change)s points") % {"change": told} if shares else told


def facts(preview: RulesPreview) -> list[Fact]:
    """What was compared with what, on which night."""
    return [
        Fact(_("Version"), preview.rules.version),
        Fact(pgettext("version", "Compared with"), preview.compared_with.version),
        Fact(
            _("Night"),
            formats.weekday_year(preview.night.for_date),
            _("its people and vacancies, as the register has them when the preview is made"),
        ),
        Fact(_("Started"), formats.moment(preview.run.created_at)),
        Fact(_("Started by"), str(preview.run.started_by) if preview.run.started_by else formats.NOTHING),
        Fact(_("Duration"), formats.seconds_span(preview.run.duration_s)),
    ]


def _capital(label: object) -> str:
    text = str(label)
    return text[:1].upper() + text[1:]
