"""What a run of retention does: for each rule find, tell, wait, count, delete; and what a dry run would do.

Every step looks at the state of the database, not at what an earlier run meant to do: a run that was cut short is
simply run again. Each object goes in a transaction of its own, after it has been looked at again under its lock.
"""

import logging
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from typing import Final, TypeVar

from django.db import transaction

from portal.privacy.retention.classes import in_force
from portal.privacy.retention.models import RetentionClass, RetentionHold, RetentionNotice, Tombstone
from portal.privacy.retention.proofs import digest_of, mark_of
from portal.privacy.retention.rules import (
    Block,
    BulkRule,
    Due,
    ObjectRule,
    Rule,
    Standing,
    blockers,
    traces,
)
from portal.runs.errors import describe

logger = logging.getLogger(__name__)

BATCH: Final = 500
"""Objects whose traces elsewhere are removed together, ahead of them."""
MOST_A_NIGHT: Final = 20_000
"""Objects of one rule that one run deletes at most; the rest waits for the next night."""

Item = TypeVar("Item")


@dataclass
class Done:
    """What one rule did, or would do."""

    rule: Rule
    row: RetentionClass
    found: int = 0
    noticed: int = 0
    withdrawn: int = 0
    waiting: int = 0
    blocked: Counter[Block] = field(default_factory=Counter)
    counted: int = 0
    deleted: int = 0
    busy: int = 0
    failed: int = 0
    errors: list[str] = field(default_factory=list)
    digest: str = ""

    @property
    def left(self) -> int:
        """How many have had their time and are still there."""
        return self.found - self.deleted


def carry_out(rule: Rule, day: date, *, row: RetentionClass | None = None, dry: bool = False) -> Done:
    """Follow one rule as of a day. A dry run writes nothing. Raises NoTimeInForce.

    `row`: the time of the rule's class in force on that day, where it has been looked up already.
    """
    row = row or in_force(rule.kept, day)
    if isinstance(rule, ObjectRule):
        return _Objects(rule, row, day, dry=dry).carry_out()
    assert isinstance(rule, BulkRule)
    return _bulk(rule, row, day, dry=dry)


def _bulk(rule: BulkRule, row: RetentionClass, day: date, *, dry: bool) -> Done:
    done = Done(rule, row)
    before = row.before(day)
    if dry:
        found = rule.find(before)
        done.found = done.deleted = found.rows
        return done
    removed = rule.remove(before)
    done.found = done.deleted = removed.rows
    done.digest = digest_of(rule.code, removed.keys)
    return done


def blocks_of(rule: ObjectRule, pks: Collection[int]) -> dict[int, set[Block]]:
    """What keeps objects of a rule: holds, what the rule itself knows, and what floors above know."""
    found: dict[int, set[Block]] = {}
    holds = RetentionHold.objects.in_force().filter(rule=rule.code, object_id__in=pks).order_by("pk")
    for pk, kind in holds.values_list("object_id", "kind"):
        found.setdefault(pk, set()).add(Block(kind))
    for blocks in (rule.blocks(pks), *(blocker.find(pks) for blocker in blockers(rule.code))):
        for pk, reasons in blocks.items():
            found.setdefault(pk, set()).update(reasons)
    return {pk: reasons for pk, reasons in found.items() if reasons}


def first_of(reasons: Collection[Block]) -> Block:
    """The reason by which something that several reasons block is counted: the first in the order of `Block`."""
    return min(reasons, key=list(Block).index)


class _Objects:
    """One rule about single objects, as of one day."""

    def __init__(self, rule: ObjectRule, row: RetentionClass, day: date, *, dry: bool) -> None:
        self.rule, self.row, self.day, self.dry = rule, row, day, dry
        self.before = row.before(day)
        self.done = Done(rule, row)

    def carry_out(self) -> Done:
        due = {one.pk: one for one in self.rule.due(self.before)}
        told = {pk for pk, one in due.items() if one.told}
        days = self._tell(due)
        ripe = [pk for pk in due if days[pk] <= self.day]
        self.done.waiting = len(told.difference(ripe))
        blocked = blocks_of(self.rule, ripe)
        self.done.blocked.update(first_of(reasons) for pk, reasons in blocked.items() if pk in told)
        going = [pk for pk in ripe if pk not in blocked][:MOST_A_NIGHT]
        if self.dry:
            self.done.found, self.done.deleted = len(told), len(told.intersection(going))
        else:
            # Of those who go the proof holds every one, told or not.
            self.done.found = len(told.union(going))
            self._count(going)
            self._delete(going)
        return self.done

    def _tell(self, due: Mapping[int, Due]) -> dict[int, date]:
        """Tell of what has become due, take back what is due no longer; return the day on which each may go."""
        known = dict(RetentionNotice.objects.filter(rule=self.rule.code).values_list("object_id", "delete_on"))
        gone = known.keys() - due.keys()
        fresh = [one for pk, one in due.items() if pk not in known]
        may_go = self.day + timedelta(days=self.row.notice_days)
        self.done.withdrawn = len(gone)
        if self.row.notice_days:
            responsible = self.rule.responsible([one.pk for one in fresh])
            self.done.noticed = sum(one.told for one in fresh)
        else:
            responsible = {}
        if not self.dry:
            for some in _batches(sorted(gone), BATCH):
                RetentionNotice.objects.filter(rule=self.rule.code, object_id__in=some).delete()
            RetentionNotice.objects.bulk_create(
                (
                    RetentionNotice(
                        rule=self.rule.code,
                        object_id=one.pk,
                        since=one.since,
                        noticed_on=self.day,
                        delete_on=may_go,
                        row=self.row,
                        responsible_id=responsible.get(one.pk),
                    )
                    for one in fresh
                ),
                batch_size=BATCH,
                ignore_conflicts=True,
            )
        return {pk: known.get(pk, may_go) for pk in due}

    def _count(self, going: Sequence[int]) -> None:
        """Add those that go to the figures, all together and each once, and note that they have been added.

        Whoever is taken back at the last moment (a matter of seconds) stays counted: it cannot be undone, since nobody
        can be found in the figures. The notice remembers it, so that nobody is counted twice.
        """
        with transaction.atomic():
            notices = RetentionNotice.objects.select_for_update().filter(
                rule=self.rule.code, object_id__in=going, counted_on=None
            )
            uncounted = list(notices.order_by("object_id").values_list("object_id", flat=True))
            self.rule.count(uncounted)
            notices.update(counted_on=self.day)
        self.done.counted = len(uncounted)

    def _delete(self, going: Sequence[int]) -> None:
        deleted: list[int] = []
        ahead = [trace for trace in traces(self.rule.code) if trace.ahead]
        for some in _batches(going, BATCH):
            for trace in ahead:
                trace.remove(some)
            for pk in some:
                if self._delete_one(pk):
                    deleted.append(pk)
        self.done.deleted = len(deleted)
        self.done.digest = digest_of(self.rule.code, deleted)

    def _delete_one(self, pk: int) -> bool:
        """Delete one object in a transaction of its own; tells whether it was."""
        try:
            with transaction.atomic():
                standing = self.rule.lock(pk, self.before)
                if standing is Standing.BUSY:
                    self.done.busy += 1
                if standing is not Standing.DUE:
                    return False
                if reasons := blocks_of(self.rule, [pk]).get(pk):
                    self.done.blocked[first_of(reasons)] += 1
                    return False
                delete_now(self.rule, pk, self.day)
        # Whatever goes wrong with one must not keep the others; the run counts as failed.
        except Exception as error:
            told = describe(error)
            logger.exception("Retention could not delete one of %s: %s", self.rule.code, told)
            self.done.failed += 1
            if told not in self.done.errors:
                self.done.errors.append(told)
            return False
        return True


def delete_now(rule: ObjectRule, pk: int, day: date) -> None:
    """Delete an object with all that goes with it, and leave its mark. The caller holds its lock and transaction."""
    rule.delete(pk)
    for trace in traces(rule.code):
        if not trace.ahead:
            trace.remove([pk])
    RetentionNotice.objects.filter(rule=rule.code, object_id=pk).delete()
    RetentionHold.objects.filter(rule=rule.code, object_id=pk).delete()
    Tombstone.objects.update_or_create(rule=rule.code, mark=mark_of(rule.code, pk), defaults={"deleted_on": day})


def _batches(items: Sequence[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some
