"""After an older backup was restored: what had been deleted since then is deleted again, by its marks.

A backup from before a deletion has the object and not the mark. The marks are therefore taken out now and then and kept
beside the backups (`manage.py retention_marks`): they name nobody without the key.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from portal.privacy.retention.classes import in_force
from portal.privacy.retention.models import Origin, RetentionReport, Tombstone
from portal.privacy.retention.night import matching_goes_on, write_line
from portal.privacy.retention.proofs import digest_of, marks_of
from portal.privacy.retention.rules import ObjectRule, rules, traces
from portal.privacy.retention.work import Done, delete_now


@dataclass(frozen=True)
class Mark:
    """The mark of one deletion."""

    rule: str
    mark: str


def marks() -> Iterator[Mark]:
    """Every mark that is kept, oldest first."""
    for rule, mark in Tombstone.objects.order_by("deleted_on", "pk").values_list("rule", "mark"):
        yield Mark(rule, mark)


def still_there(wanted: Iterable[Mark]) -> dict[str, list[int]]:
    """Code of a rule -> numbers of objects that have a mark and are there (again)."""
    by_rule: dict[str, set[str]] = {}
    for one in wanted:
        by_rule.setdefault(one.rule, set()).add(one.mark)
    found: dict[str, list[int]] = {}
    for rule in rules():
        if isinstance(rule, ObjectRule) and rule.code in by_rule:
            kept = rule.all_ids()
            found[rule.code] = [pk for pk in kept if marks_of(rule.code, pk) & by_rule[rule.code]]
    return {code: pks for code, pks in found.items() if pks}


def delete_again(wanted: Iterable[Mark]) -> RetentionReport:
    """Delete what has a mark and is there, and keep a proof. Blocks and times do not count: it was decided before.

    ValueError while a run of matching is going on.
    """
    if matching_goes_on():
        raise ValueError("A matching run is going on: wait for its end.")
    there = still_there(wanted)
    day = timezone.localdate()
    report = RetentionReport.objects.create(for_date=day, origin=Origin.REPLAY)
    for place, rule in enumerate(rules()):
        pks = there.get(rule.code, [])
        if not pks or not isinstance(rule, ObjectRule):
            continue
        for trace in traces(rule.code):
            if trace.ahead:
                trace.remove(pks)
        for pk in pks:
            with transaction.atomic():
                delete_now(rule, pk, day)
        done = Done(rule, in_force(rule.kept, day), found=len(pks), deleted=len(pks))
        done.digest = digest_of(rule.code, pks)
        write_line(report, place, done)
    report.finished_at = timezone.now()
    report.save(update_fields=["finished_at"])
    return report
