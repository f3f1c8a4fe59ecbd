"""Choose occupations or skills in a form: a search field, a button, and the found ones to tick.

Works without JavaScript: the button sends the whole form back to its own page, which shows it again with what was
found; what was ticked stays ticked. With htmx the list is fetched as one types. In a form's view:

    picker = Picker.of(Kind.OCCUPATION, "occupation", request.POST, legend=_("Occupation"))
    if picker.is_search: show the form again, else read picker.chosen

and in its template `{% include "classifications/picker.html" %}`.
"""

import re
from dataclasses import dataclass
from typing import Final, Self

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language

from portal.classifications.models import Label, Occupation, Skill
from portal.classifications.schemes import scheme_in_use
from portal.classifications.search import search_occupations, search_skills
from portal.classifications.search.index import LANGUAGES, Kind

SHOWN: Final = 8
MOST_CHOSEN: Final = 50
_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,30}")
Text = str | Promise


@dataclass(frozen=True)
class Option:
    """One line of the list. `matched` is another name, where the search found the concept by it."""

    pk: int
    label: Label
    code: str
    description: Label
    matched: Label | None
    checked: bool


@dataclass(frozen=True)
class Picker:
    """A choice of concepts in a form. `name` is the form field's name, `<name>-q` the search field's."""

    kind: Kind
    name: str
    multiple: bool
    legend: Text
    help: Text
    query: str
    is_search: bool
    options: tuple[Option, ...]
    found: int

    @classmethod
    def of(
        cls,
        kind: Kind,
        name: str,
        data: QueryDict,
        *,
        multiple: bool = False,
        legend: Text = "",
        help: Text = "",
    ) -> Self:
        """Read what was typed and ticked. Raises ValueError where the name could not be that of a field of ours."""
        if not _NAME.fullmatch(name):
            raise ValueError("a picker's name is lower-case letters, digits, - and _")
        query = data.get(f"{name}-q", "").strip()
        ticked = list(dict.fromkeys(int(value) for value in data.getlist(name) if value.isascii() and value.isdigit()))
        ticked = [pk for pk in ticked if pk < 2**63][: MOST_CHOSEN if multiple else 1]
        options = _chosen(kind, ticked)
        already = {option.pk for option in options}
        found = _found(kind, query)
        options += [option for option in found if option.pk not in already]
        return cls(kind, name, multiple, legend, help, query, f"{name}-search" in data, tuple(options), len(found))

    @property
    def chosen(self) -> list[int]:
        """Ids of what is ticked, all of them of concepts that exist."""
        return [option.pk for option in self.options if option.checked]

    @property
    def url(self) -> str:
        """Where htmx fetches the list from."""
        return reverse("classifications:pick", args=[self.kind.value, self.name, "many" if self.multiple else "one"])


def _chosen(kind: Kind, pks: list[int]) -> list[Option]:
    model = Occupation if kind == Kind.OCCUPATION else Skill
    rows = model.objects.in_bulk(pks)
    return [_option(rows[pk], None, checked=True) for pk in pks if pk in rows]


def _found(kind: Kind, query: str) -> list[Option]:
    if not query:
        return []
    language = (get_language() or "fi")[:2]
    language = language if language in LANGUAGES else "fi"
    search = search_occupations if kind == Kind.OCCUPATION else search_skills
    return [_option(one.concept, one.matched, checked=False) for one in search(query, scheme_in_use(), language, SHOWN)]


def _option(concept: Occupation | Skill, matched: Label | None, *, checked: bool) -> Option:
    code = concept.isco if isinstance(concept, Occupation) else ""
    return Option(concept.pk, concept.label, code, concept.description, matched, checked)
