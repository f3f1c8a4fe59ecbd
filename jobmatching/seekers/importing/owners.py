"""Whose identifiers and identity codes the rows of a file hold: of people whom the importer sees, and of others.

Others are people of another area, people whose processing is restricted and people under non-disclosure, all alike:
what the importer is told must be the same as if they were not there.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from jobmatching.seekers.models import JobSeeker
from portal.accounts.models import User


@dataclass(frozen=True)
class Owners:
    """Who has which identifier, and which code (by its present search key)."""

    by_source_id: Mapping[str, int] = field(default_factory=dict)
    by_code: Mapping[str, int] = field(default_factory=dict)
    seen: frozenset[int] = frozenset()

    @classmethod
    def of(cls, user: User, ids: Collection[str], present_of: Mapping[str, str]) -> "Owners":
        """The owners of a file's identifiers and codes. `present_of`: any search key of a code -> its present one."""
        people = JobSeeker.objects.order_by()
        held = people.filter(source_id__in=ids).values_list("source_id", "pk")
        by_source_id = {source_id: pk for source_id, pk in held if source_id}
        codes = people.filter(identity_index__in=present_of).values_list("identity_index", "pk")
        by_code = {present_of[index]: pk for index, pk in codes if index}
        found = {*by_source_id.values(), *by_code.values()}
        seen = JobSeeker.objects.visible_to(user).filter(pk__in=found).order_by().values_list("pk", flat=True)
        return cls(by_source_id, by_code, frozenset(seen))

    @property
    def everybody(self) -> frozenset[int]:
        return frozenset({*self.by_source_id.values(), *self.by_code.values()})

    def sees_another_with_code_of(self, seeker: JobSeeker) -> bool:
        """Whether somebody else whom the importer sees has the code that a row gives to a person."""
        owner = self.by_code.get(seeker.identity_index or "")
        return owner is not None and owner != seeker.pk and owner in self.seen

    def unseen(self, seeker: JobSeeker) -> frozenset[int]:
        """People whom the importer does not see and who have the identifier or code that a row gives to a person."""
        met = {self.by_source_id.get(seeker.source_id or ""), self.by_code.get(seeker.identity_index or "")}
        return frozenset(pk for pk in met if pk is not None and pk != seeker.pk and pk not in self.seen)
