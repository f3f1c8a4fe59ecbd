"""Look up occupations and skills."""

from typing import Any, Final

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.classifications.access import for_those_who_may_view
from portal.classifications.enums import RelationType, Scheme
from portal.classifications.models import Label, Occupation, OccupationGroup, OccupationSkill, Skill, SkillBroader
from portal.classifications.picker import Picker
from portal.classifications.schemes import loaded_schemes, scheme_in_use
from portal.classifications.search import search_occupations, search_skills
from portal.classifications.search.index import LANGUAGES, Kind
from portal.ui.parts import Choice

PER_PAGE: Final = 25
MOST_FOUND: Final = 100
MOST_BESIDE: Final = 50
"""Rows of one list beside the main thing; the page says how many more there are."""


@for_those_who_may_view
@require_safe
def occupations(request: HttpRequest) -> HttpResponse:
    """Search occupations, or go down the groups of ISCO-08."""
    context = _search_page(request, Kind.OCCUPATION)
    if not context["query"]:
        context |= _groups(context["scheme"], request.GET.get("group", ""))
    return render(request, "classifications/occupations.html", context)


@for_those_who_may_view
@require_safe
def skills(request: HttpRequest) -> HttpResponse:
    """Search skills."""
    return render(request, "classifications/skills.html", _search_page(request, Kind.SKILL))


@for_those_who_may_view
@require_safe
def occupation(request: HttpRequest, pk: int) -> HttpResponse:
    """An occupation: its names, what it is, what skills it needs, and which occupations stand near it."""
    shown = get_object_or_404(Occupation, pk=pk)
    relations = list(OccupationSkill.objects.filter(occupation=shown).select_related("skill"))
    by_relation = {
        relation: sorted((one.skill for one in relations if one.relation == relation), key=_by_label)
        for relation in RelationType
    }
    return render(
        request,
        "classifications/occupation.html",
        {
            "occupation": shown,
            "names": _names(shown),
            "groups": OccupationGroup.objects.of(shown.scheme)
            .current()
            .filter(code__in=_prefixes(shown.isco))
            .order_by("code"),
            "essential": by_relation[RelationType.ESSENTIAL],
            "optional": by_relation[RelationType.OPTIONAL],
            "related": _related(shown),
        },
    )


@for_those_who_may_view
@require_safe
def skill(request: HttpRequest, pk: int) -> HttpResponse:
    """A skill: its names, what it is, where it stands, and which occupations need it."""
    shown = get_object_or_404(Skill, pk=pk)
    relations = OccupationSkill.objects.filter(skill=shown, occupation__retired=False).select_related("occupation")
    by_relation = {
        relation: sorted((one.occupation for one in relations if one.relation == relation), key=_by_label)
        for relation in RelationType
    }
    parents = SkillBroader.objects.filter(skill=shown).select_related("parent_skill", "parent_group").order_by("pk")
    return render(
        request,
        "classifications/skill.html",
        {
            "skill": shown,
            "names": _names(shown),
            "groups": [one.parent_group for one in parents if one.parent_group],
            "wider": [one.parent_skill for one in parents if one.parent_skill],
            "narrower": [
                one.skill
                for one in SkillBroader.objects.filter(parent_skill=shown, skill__retired=False).select_related("skill")
                if one.skill
            ],
            "needed": [
                _Part(_("Occupations that need this skill"), by_relation[RelationType.ESSENTIAL]),
                _Part(_("Occupations in which it is an advantage"), by_relation[RelationType.OPTIONAL]),
            ],
        },
    )


@for_those_who_may_view
@require_safe
def pick(request: HttpRequest, kind: str, name: str, how: str) -> HttpResponse:
    """The list of a picker, for htmx."""
    try:
        picker = Picker.of(Kind(kind), name, request.GET, multiple=how == "many")
    except ValueError as error:
        raise Http404 from error
    return render(request, "classifications/picker_options.html", {"picker": picker})


class _Part:
    """A list beside the main thing: the first rows, and how many more there are."""

    def __init__(self, heading: str, rows: list[Any]) -> None:
        self.heading = heading
        self.count = len(rows)
        self.rows = rows[:MOST_BESIDE]
        self.more = max(0, len(rows) - MOST_BESIDE)


def _search_page(request: HttpRequest, kind: Kind) -> dict[str, Any]:
    """What both search pages show. The reader's words stay in the address: they are about work, not about a person."""
    loaded = loaded_schemes()
    scheme = scheme_in_use(request.GET.get("scheme", ""), loaded)
    query = request.GET.get("q", "").strip()
    search = search_occupations if kind == Kind.OCCUPATION else search_skills
    found = search(query, scheme, _language(), MOST_FOUND) if query else []
    return {
        "query": query,
        "scheme": scheme,
        "schemes": _scheme_choices(request, loaded, scheme),
        "is_esco": scheme == Scheme.ESCO,
        "page_obj": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
    }


def _scheme_choices(request: HttpRequest, loaded: list[Scheme], current: Scheme) -> list[Choice]:
    """Links between the schemes; none where there is no choice."""
    choices = []
    for scheme in loaded if len(loaded) > 1 else []:
        query = request.GET.copy()
        query["scheme"] = scheme.value
        query.pop("page", None)
        choices.append(Choice(f"?{query.urlencode()}", str(scheme.label), current=scheme == current))
    return choices


def _groups(scheme: Scheme, code: str) -> dict[str, Any]:
    """The groups below one of ISCO-08, the way to it, and the occupations of a group of four digits."""
    code = code if code.isascii() and code.isdigit() and len(code) <= 4 else ""
    groups = OccupationGroup.objects.of(scheme).current()
    return {
        "way": list(groups.filter(code__in=_prefixes(code)).order_by("code")),
        "below": list(groups.filter(code__regex=rf"^{code}\d$").order_by("code")),
        "members": sorted(Occupation.objects.of(scheme).current().filter(isco=code), key=_by_label)
        if len(code) == 4
        else [],
    }


def _related(shown: Occupation) -> list[Occupation]:
    """Occupations of the same ISCO group; those under this one or above it (by code) first."""
    others = Occupation.objects.of(shown.scheme).current().filter(isco=shown.isco).exclude(pk=shown.pk)
    code = shown.code

    def nearness(other: Occupation) -> tuple[bool, str]:
        in_line = bool(code) and (other.code.startswith(f"{code}.") or code.startswith(f"{other.code}."))
        return not in_line, _by_label(other)

    return sorted(others, key=nearness)


def _names(concept: Occupation | Skill) -> list[tuple[str, Label, list[str]]]:
    """Per language that has a name: the language in words, the name, the other names."""
    words = {"fi": _("Finnish"), "sv": _("Swedish"), "en": _("English")}
    return [
        (
            words[language],
            Label(getattr(concept, f"name_{language}"), language),
            getattr(concept, f"alternatives_{language}"),
        )
        for language in LANGUAGES
        if getattr(concept, f"name_{language}")
    ]


def _prefixes(code: str) -> list[str]:
    return [code[:length] for length in range(1, len(code) + 1)]


def _by_label(concept: Occupation | Skill) -> str:
    """For sorting by the shown name; å, ä, ö come after z."""
    return concept.label.text.lower().translate({0xE5: "{", 0xE4: "|", 0xF6: "}"})


def _language() -> str:
    language = (get_language() or "fi")[:2]
    return language if language in LANGUAGES else "fi"
