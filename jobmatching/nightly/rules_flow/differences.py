"""What a version of the rules would change against another one, in words."""

from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from jobmatching.engine.rules import Rules
from jobmatching.engine.taxonomy import Taxonomy
from jobmatching.nightly.models import MatchingRules
from jobmatching.nightly.weight_words import GROUPS
from portal.classifications.enums import Scheme
from portal.ui import formats


@dataclass(frozen=True)
class Difference:
    """One thing that differs: how it is in the version compared with, and how it would be."""

    group: str
    label: str
    before: str
    after: str


def differences(version: MatchingRules, other: MatchingRules) -> list[Difference]:
    """Everything that differs: weights in the order of their words, then classification, requirements and places."""
    found: list[Difference] = []
    for group in GROUPS:
        for name, words in group.weights.items():
            before, after = other.weights.get(name), version.weights.get(name)
            if before != after and before is not None and after is not None:
                found.append(
                    Difference(str(group.label), str(words.label), words.written(before), words.written(after))
                )
    return found + not_weights(version, other)


def not_weights(version: MatchingRules, other: MatchingRules) -> list[Difference]:
    """What differs beside the weights: classification, requirements and places."""
    return _classification(version, other) + _registers(version, other)


def _classification(version: MatchingRules, other: MatchingRules) -> list[Difference]:
    group, found = _("Classification"), []
    before, after = (f"{Scheme(one.scheme).label} {one.classification_version}" for one in (other, version))
    if before != after:
        found.append(Difference(group, _("Version of the classification"), before, after))
    if other.pk == version.based_on_id or version.pk == other.based_on_id:
        return found  # a draft has the classification of what it was drafted from
    new, old = _taxonomies(version, other)
    for label, mine, theirs in (
        (_("Occupations"), new.occupation_ids, old.occupation_ids),
        (_("Skills"), new.skill_ids, old.skill_ids),
    ):
        added, gone = np.setdiff1d(mine, theirs).size, np.setdiff1d(theirs, mine).size
        if added or gone:
            told = _("%(now)s: %(added)s new, %(gone)s gone") % {
                "now": formats.number(int(mine.size)),
                "added": formats.number(int(added)),
                "gone": formats.number(int(gone)),
            }
            found.append(Difference(group, label, formats.number(int(theirs.size)), told))
    return found


def _taxonomies(*versions: MatchingRules) -> list[Taxonomy]:
    """The classifications of some versions, in their order, read at once."""
    stored = dict(MatchingRules.objects.filter(pk__in=[one.pk for one in versions]).values_list("pk", "content"))
    return [Rules.loads(bytes(stored[one.pk])).taxonomy for one in versions]


def _registers(version: MatchingRules, other: MatchingRules) -> list[Difference]:
    group, found = _("Registers"), []
    for label, mine, theirs in (
        (_("Municipalities"), version.municipality_codes, other.municipality_codes),
        (_("Requirements that can be asked"), version.requirements, other.requirements),
    ):
        if mine != theirs:
            found.append(Difference(group, label, formats.number(len(theirs)), formats.number(len(mine))))
    return found
