"""Versions of the matching rules: drafted from a classification, read by the engine (who decides: rules_flow)."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from jobmatching.engine.relatedness import relatedness, skill_groups
from jobmatching.engine.rules import Rules, Weights
from jobmatching.engine.taxonomy import Taxonomy, compute_idf
from jobmatching.nightly.codes import pointers, positions
from jobmatching.nightly.copying import read_columns
from jobmatching.nightly.enums import RulesState
from jobmatching.nightly.models import MatchingRules
from jobmatching.nightly.requirements import Layout
from portal.classifications.enums import RelationType, Scheme
from portal.classifications.events import MUNICIPALITIES
from portal.classifications.models import Municipality, Occupation, Release, SkillGroup
from portal.runs.errors import Tellable


class NoRulesInForce(Tellable):
    """No version of the rules is in force: import a classification and put its draft in force."""


class AlreadyInForce(Tellable):
    """The version is in force; who approved it, when and why stays as it was written then."""


class RulesDamaged(Tellable):
    """What is stored of a version is not what was drafted."""


class NothingToMatchBy(Tellable):
    """The scheme has no occupations: rules cannot be drafted from it."""


def in_force() -> MatchingRules:
    """The version in force. Raises NoRulesInForce."""
    rules = MatchingRules.objects.filter(state=RulesState.IN_FORCE).first()
    if rules is None:
        raise NoRulesInForce("No matching rules are in force.")
    return rules


def engine_rules(version: MatchingRules) -> Rules:
    """The version as the engine reads it; kept in memory by its digest. Raises RulesDamaged."""
    return _loaded(version.pk, version.digest)


@lru_cache(maxsize=2)
def _loaded(pk: int, digest: str) -> Rules:
    rules = Rules.loads(bytes(MatchingRules.objects.get(pk=pk).content))
    if rules.digest != digest:
        raise RulesDamaged(f"Rules version {rules.version} does not match its digest: restore it before matching.")
    return rules


@transaction.atomic
def draft(scheme: Scheme | str, weights: Weights | None = None) -> MatchingRules:
    """Draft a version from what is loaded of a scheme; the draft that an import has left of it, if any, is replaced.

    Drafts that people have written stay, and so does what has been proposed.

    The new draft has a number of its own: that of the one replaced is not given again.
    Raises NothingToMatchBy where the scheme is empty.
    """
    release = Release.objects.filter(scheme=scheme).order_by("-imported_at", "-pk").first()
    taxonomy = build_taxonomy(scheme)
    if not taxonomy.n_occupations:
        raise NothingToMatchBy(f"No occupations of the scheme {scheme} are loaded.")
    drafts = MatchingRules.objects.filter(state=RulesState.DRAFT, scheme=scheme, drafted_by=None)
    # Locked first: a draft that somebody is putting in force is waited for, and then no longer a draft.
    replaced = list(drafts.select_for_update().order_by("pk").values_list("pk", flat=True))
    MatchingRules.objects.filter(pk__in=replaced).delete()
    rules = Rules(next_version(timezone.localdate().year), taxonomy, weights or Weights())
    return MatchingRules.objects.create(
        version=rules.version,
        scheme=scheme,
        classification_version=release.version if release else "unknown",
        content=rules.dumps(),
        digest=rules.digest,
        weights=rules.weights.to_json(),
        requirements=Layout.from_code_lists().to_json(),
        municipality_codes=_codes_of_places(),
    )


def next_version(year: int) -> str:
    """A version that no rules of the year have had; two who draft at the same time get two."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO jobmatching_rulesnumber AS number (year, highest) VALUES (%s, 1)
               ON CONFLICT (year) DO UPDATE SET highest = number.highest + 1 RETURNING highest""",
            [year],
        )
        return f"{year}.{cursor.fetchone()[0]}"


def draft_after_import(what: str, _version: str) -> None:
    """An import makes a draft of its own (`classifications.imported`); a person decides whether it comes into force.

    Of occupations and skills: a draft of their scheme, with the weights in force. Of municipalities: a draft of each
    scheme whose newest version (left by an import, or in force) was made for other municipalities, with the same
    weights, since the place bits follow them. Weights that a person has drafted come in by that person's draft alone.
    """
    if what == MUNICIPALITIES:
        _draft_for_other_places()
    elif Occupation.objects.of(what).current().exists():
        draft(what, _weights_in_force(what))


def _weights_in_force(scheme: Scheme | str) -> Weights | None:
    """The weights of the scheme's version in force, or None."""
    version = MatchingRules.objects.filter(scheme=scheme, state=RulesState.IN_FORCE).defer("content").first()
    return Weights.from_json(version.weights) if version else None


def _draft_for_other_places() -> None:
    codes = _codes_of_places()
    for scheme in Scheme.values:
        left_by_import = Q(state=RulesState.DRAFT, drafted_by=None)
        alive = MatchingRules.objects.filter(Q(state=RulesState.IN_FORCE) | left_by_import, scheme=scheme)
        newest = alive.defer("content", "requirements").order_by("-created_at", "-pk").first()
        if newest is not None and newest.municipality_codes != codes:
            draft(scheme, engine_rules(newest).weights)


def _codes_of_places() -> list[str]:
    """Codes of the municipalities in use, in the order of the place bits."""
    return list(Municipality.objects.current().order_by("code").values_list("code", flat=True))


def build_taxonomy(scheme: Scheme | str) -> Taxonomy:
    """The engine's arrays of what is loaded and in use of a scheme."""
    occupations = Occupation.objects.of(scheme).current().order_by("pk")
    named = list(occupations.values_list("pk", "isco", "name_fi", "name_sv", "name_en"))
    occupation_ids = np.array([row[0] for row in named], dtype=np.int64)
    skill_ids = read_columns(
        "SELECT id::int8 FROM classifications_skill WHERE scheme = %s AND NOT retired ORDER BY id",
        (("id", "int8"),),
        [scheme],
    )["id"]
    relations = read_columns(
        """SELECT relation.occupation_id::int8, relation.skill_id::int8, relation.relation = %s
           FROM classifications_occupationskill relation
           JOIN classifications_occupation occupation ON occupation.id = relation.occupation_id
           JOIN classifications_skill skill ON skill.id = relation.skill_id
           WHERE occupation.scheme = %s AND NOT occupation.retired AND NOT skill.retired
           ORDER BY relation.occupation_id, relation.skill_id""",
        (("occupation", "int8"), ("skill", "int8"), ("essential", "bool")),
        [RelationType.ESSENTIAL, scheme],
    )
    relation_ptr = pointers(positions(occupation_ids, relations["occupation"]), occupation_ids.size)
    relation_skill = positions(skill_ids, relations["skill"])
    group_of_skill = _group_of_skill(scheme, skill_ids)
    related = relatedness(
        relation_ptr, relation_skill, group_of_skill, list(zip(*(row[2:] for row in named), strict=True))
    )
    return Taxonomy(
        occupation_ids=occupation_ids,
        isco4=np.array([int(row[1]) for row in named], dtype=np.int32),
        skill_ids=skill_ids,
        skill_group=group_of_skill,
        relation_ptr=relation_ptr,
        relation_skill=relation_skill,
        relation_essential=relations["essential"].astype(np.bool_),
        idf=compute_idf(occupation_ids.size, skill_ids.size, relation_skill),
        related_ptr=related.related_ptr,
        related_occupation=related.related_occupation,
        related_value=related.related_value,
    )


def _group_of_skill(scheme: Scheme | str, skill_ids: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
    """The group of each skill by `engine.relatedness.skill_groups`."""
    groups = list(SkillGroup.objects.of(scheme).current().order_by("pk").values_list("pk", "code"))
    group_ids = np.array([row[0] for row in groups], dtype=np.int64)

    def edges(
        child: str, parent: str, child_ids: npt.NDArray[np.int64], parent_ids: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.int64]:
        rows = read_columns(
            f"""SELECT {child}::int8, {parent}::int8 FROM classifications_skillbroader
                WHERE {child} IS NOT NULL AND {parent} IS NOT NULL ORDER BY {child}, {parent}""",  # noqa: S608  names of ours
            (("child", "int8"), ("parent", "int8")),
        )
        pair = np.stack([positions(child_ids, rows["child"]), positions(parent_ids, rows["parent"])], axis=1)
        return pair[(pair >= 0).all(axis=1)].astype(np.int64)

    return skill_groups(
        skill_ids.size,
        [code for _pk, code in groups],
        edges("skill_id", "parent_skill_id", skill_ids, skill_ids),
        edges("skill_id", "parent_group_id", skill_ids, group_ids),
        edges("group_id", "parent_group_id", group_ids, group_ids),
    ).of_skill
