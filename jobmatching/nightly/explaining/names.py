"""Names of the occupations and skills that the engine speaks of by number."""

from collections.abc import Iterable

from jobmatching.engine.rules import Rules
from portal.classifications.models import Occupation, Skill


class ConceptNames:
    """Names of the concepts of some explanations, read in two queries."""

    def __init__(self, rules: Rules, occupations: Iterable[int], skills: Iterable[int]) -> None:
        self._occupation_ids = rules.taxonomy.occupation_ids
        self._skill_ids = rules.taxonomy.skill_ids
        self._occupations = Occupation.objects.in_bulk({self.occupation_id(place) for place in occupations})
        self._skills = Skill.objects.in_bulk({self.skill_id(place) for place in skills})

    def occupation_id(self, place: int) -> int:
        """Database id of the occupation at a place of the taxonomy."""
        return int(self._occupation_ids[place])

    def skill_id(self, place: int) -> int:
        """Database id of the skill at a place of the taxonomy."""
        return int(self._skill_ids[place])

    def occupation(self, place: int) -> tuple[str, str]:
        """Name and ISCO-08 code; an occupation that is no longer there has none."""
        row = self._occupations.get(self.occupation_id(place))
        return (str(row), row.isco) if row else ("–", "")

    def skill(self, place: int) -> str:
        """Name of a skill."""
        row = self._skills.get(self.skill_id(place))
        return str(row) if row else "–"
