"""How the list of jobseekers is narrowed. Every choice stands in the address; the words for a name never do."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

import django_filters
from django import forms
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jobmatching.seekers.enums import SpellStatus
from jobmatching.seekers.models import JobSeeker, OccupationWish, RegistrationSpell
from jobmatching.seekers.querysets import JobSeekerQuerySet
from portal.classifications.models import Municipality, Occupation, OccupationGroup, SearchTerm
from portal.classifications.search.folding import fold
from portal.ui.chips import Counted
from portal.ui.fields import OpenChoices

ENDED: Final = "ended"
"""The situation of those whose search is not open."""
NEW_DAYS: Final = 30

_SPANS = (
    ("new", _("new: search began within 30 days")),
    ("year", _("unemployed for at least a year")),
)
_AGES = (("under30", _("under 30")), ("over54", _("over 54")))
_LANGUAGES = (("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English")))


class SeekerFilter(django_filters.FilterSet):
    """By municipality, occupation wished, situation and its length, age, language, readiness to move, pause."""

    municipality = django_filters.MultipleChoiceFilter(
        method="in_municipalities", label=_("Municipality"), widget=OpenChoices
    )
    occupation = django_filters.CharFilter(
        method="with_occupation",
        label=_("Occupation wished"),
        help_text=_("A name of an occupation, or an ISCO code."),
        widget=forms.TextInput(attrs={"type": "search", "maxlength": 100}),
    )
    field = django_filters.MultipleChoiceFilter(
        method="in_fields", label=_("Field of work wished"), widget=forms.CheckboxSelectMultiple
    )
    situation = django_filters.MultipleChoiceFilter(method="in_situations", label=_("Situation"), widget=OpenChoices)
    span = django_filters.MultipleChoiceFilter(
        method="for_spans", label=_("Length of the search"), choices=_SPANS, widget=forms.CheckboxSelectMultiple
    )
    age = django_filters.MultipleChoiceFilter(
        method="of_ages", label=_("Age"), choices=_AGES, widget=forms.CheckboxSelectMultiple
    )
    language = django_filters.MultipleChoiceFilter(
        method="served_in", label=_("Language of service"), choices=_LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    moves = django_filters.BooleanFilter(method="ready_to_move", label=_("Ready to move"), widget=forms.CheckboxInput)
    paused = django_filters.BooleanFilter(
        method="matching_paused", label=_("Matching paused"), widget=forms.CheckboxInput
    )
    uncoached = django_filters.BooleanFilter(
        method="without_coach", label=_("No personal coach"), widget=forms.CheckboxInput
    )

    class Meta:
        model = JobSeeker
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, day: date, scope: JobSeekerQuerySet, **kwargs: Any) -> None:
        """`scope`: whom the person looks at before any filter; the choices count the open searches in it."""
        super().__init__(*args, **kwargs)
        self.day = day
        self.filters["municipality"].extra["choices"] = _municipalities(scope, day)
        self.filters["situation"].extra["choices"] = _situations(scope, day)
        self.filters["field"].extra["choices"] = _main_groups()

    def filter_queryset(self, queryset: JobSeekerQuerySet) -> JobSeekerQuerySet:
        """Only open searches, unless situations are chosen."""
        if not self.form.cleaned_data.get("situation"):
            queryset = queryset.searching(self.day)
        narrowed: JobSeekerQuerySet = super().filter_queryset(queryset)
        return narrowed

    def in_municipalities(self, queryset: Any, _name: str, codes: list[str]) -> Any:
        """A municipality that is not shown is not found by it either."""
        return queryset.filter(home__code__in=codes, non_disclosure=False) if codes else queryset

    def with_occupation(self, queryset: Any, _name: str, typed: str) -> Any:
        """Somebody wishes for an occupation in one of whose names every word stands, or whose ISCO code so begins."""
        words = fold(typed).split()
        if not words:
            return queryset
        if len(words) == 1 and words[0].isdigit():
            occupations = Occupation.objects.filter(isco__startswith=words[0])
        else:
            named = SearchTerm.objects.filter(occupation=OuterRef("pk"))
            for word in words:
                named = named.filter(folded__contains=word)
            occupations = Occupation.objects.filter(Exists(named))
        return queryset.filter(_wishes(occupation__in=occupations))

    def in_fields(self, queryset: Any, _name: str, codes: list[str]) -> Any:
        chosen = Q()
        for code in codes:
            chosen |= Q(occupation__isco__startswith=code)
        return queryset.filter(_wishes(chosen)) if codes else queryset

    def in_situations(self, queryset: Any, _name: str, situations: list[str]) -> Any:
        if not situations:
            return queryset
        open_spells = RegistrationSpell.objects.filter(seeker=OuterRef("pk")).open_on(self.day)
        chosen = Q(Exists(open_spells.filter(status__in=situations)))
        return queryset.filter(chosen | ~Exists(open_spells) if ENDED in situations else chosen)

    def for_spans(self, queryset: Any, _name: str, spans: list[str]) -> Any:
        if not spans:
            return queryset
        within = JobSeeker.objects.none()
        if "new" in spans:
            within |= JobSeeker.objects.new_on(self.day, NEW_DAYS)
        if "year" in spans:
            within |= JobSeeker.objects.unemployed_since(self.day, years_before(self.day, 1))
        return queryset.filter(pk__in=within.order_by().values("pk"))

    def of_ages(self, queryset: Any, _name: str, ages: list[str]) -> Any:
        born = Q()
        if "under30" in ages:
            born |= Q(birth_date__gt=years_before(self.day, 30))
        if "over54" in ages:
            born |= Q(birth_date__lte=years_before(self.day, 55))
        return queryset.filter(born)

    def served_in(self, queryset: Any, _name: str, codes: list[str]) -> Any:
        return queryset.filter(service_language__code__in=codes) if codes else queryset

    def ready_to_move(self, queryset: Any, _name: str, wanted: bool) -> Any:
        return queryset.filter(ready_to_move=True) if wanted else queryset

    def matching_paused(self, queryset: Any, _name: str, wanted: bool) -> Any:
        return queryset.filter(matching_paused_at__isnull=False) if wanted else queryset

    def without_coach(self, queryset: Any, _name: str, wanted: bool) -> Any:
        return queryset.filter(coach=None) if wanted else queryset


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; 28 February for a leap day that is not there."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _wishes(*conditions: Q, **lookups: object) -> Exists:
    return Exists(OccupationWish.objects.filter(*conditions, seeker=OuterRef("pk"), **lookups))


def _municipalities(scope: JobSeekerQuerySet, day: date) -> list[tuple[str, Counted]]:
    """Home municipalities in use, by name, with how many live there. Homes under non-disclosure are not counted."""
    names = ("home__code", "home__name_fi", "home__name_sv", "home__name_en")
    open_searches = scope.searching(day).filter(non_disclosure=False, home__isnull=False)
    rows = open_searches.order_by("home__name_fi", "home__pk").values(*names).annotate(seekers=Count("pk"))
    return [(row["home__code"], Counted.of(_named(row, "home__"), row["seekers"])) for row in rows]


def _named(row: dict[str, Any], prefix: str) -> str:
    """The name in the language in use, of a row that has all three."""
    names = {name: row[f"{prefix}{name}"] for name in ("name_fi", "name_sv", "name_en")}
    return str(Municipality(**names))


def _situations(scope: JobSeekerQuerySet, day: date) -> list[tuple[str, object]]:
    """Every situation with how many are in it; last, without a count, those whose search is not open."""
    spells = RegistrationSpell.objects.open_on(day).filter(seeker__in=scope.order_by().values("pk"))
    counts = dict(spells.order_by().values_list("status").annotate(seekers=Count("pk")))
    counted = [(value, Counted.of(capfirst(str(label)), counts.get(value, 0))) for value, label in SpellStatus.choices]
    return [*counted, (ENDED, capfirst(gettext("search ended")))]


def _main_groups() -> list[tuple[str, str]]:
    """The one-digit ISCO-08 groups in use, by code."""
    groups: Iterable[OccupationGroup] = (
        OccupationGroup.objects.current().filter(code__regex=r"^\d$").order_by("code", "scheme", "pk")
    )
    return list({group.code: str(group) for group in groups}.items())
