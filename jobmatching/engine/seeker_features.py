"""Seekers -> features `U`: what each of them has, and until which day that holds."""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from jobmatching.engine.columns import ALWAYS, NEVER, SeekerColumns
from jobmatching.engine.csr import grown
from jobmatching.engine.features import EXPERIENCE_UNKNOWN, OCCUPATION_UNKNOWN, SKILLS_UNKNOWN, FeatureSpace
from jobmatching.engine.rules import Rules

DAYS_PER_100_MONTHS: Final = 3044
"""Whole months between two days: days * 100 // 3044 (a month of 30.44 days)."""

_FULL: Final = 100


class SeekerFeatures(NamedTuple):
    """Features of n seekers in CSR form, ascending in a row, and the day on which a row goes stale."""

    ptr: npt.NDArray[np.int64]
    feature: npt.NDArray[np.uint16]
    value: npt.NDArray[np.uint8]
    stale_on: npt.NDArray[np.int32]


class _Tables(NamedTuple):
    """What the compiled loops need of the rules."""

    isco2_of: npt.NDArray[np.int32]
    isco3_of: npt.NDArray[np.int32]
    isco4_of: npt.NDArray[np.int32]
    isco2: int
    isco3: int
    isco4: int
    leaf: int
    related: int
    group: int
    skill: int
    end: int
    relation_ptr: npt.NDArray[np.int64]
    relation_skill: npt.NDArray[np.int32]
    relation_essential: npt.NDArray[np.bool_]
    skill_group: npt.NDArray[np.int32]
    can_ptr: npt.NDArray[np.int64]
    can_occupation: npt.NDArray[np.int32]
    can_value: npt.NDArray[np.uint8]
    level_of_basis: npt.NDArray[np.uint8]
    level_work: npt.NDArray[np.uint8]
    level_wish: npt.NDArray[np.uint8]
    group_share: int
    experience_start: npt.NDArray[np.int64]
    steps: npt.NDArray[np.int64]
    recency_days: npt.NDArray[np.int64]
    recency_percent: npt.NDArray[np.int64]


def expand_seekers(columns: SeekerColumns, rules: Rules, as_of_day: int) -> SeekerFeatures:
    """Return the features of the seekers as they stand on the day (days since 1970-01-01)."""
    return SeekerFeatures(
        *_expand(
            columns.wish_ptr, columns.wish_occupation, columns.work_ptr, columns.work_occupation,
            columns.work_months, columns.work_started, columns.work_ended, columns.skill_ptr, columns.skill,
            columns.skill_basis, _tables(rules), as_of_day,
        )
    )  # fmt: skip


def _tables(rules: Rules) -> _Tables:
    space, taxonomy, weights = FeatureSpace.of(rules), rules.taxonomy, rules.weights
    ranges = space.ranges
    # The table says for an occupation asked who else can do it; a seeker needs the same the other way round.
    everyone = np.arange(taxonomy.n_occupations, dtype=np.int32)
    asked = np.concatenate((everyone, np.repeat(everyone, np.diff(taxonomy.related_ptr))))
    by = np.concatenate((everyone, taxonomy.related_occupation))
    extent = np.concatenate((np.full(everyone.size, _FULL, np.uint8), taxonomy.related_value))
    order = np.argsort(by, kind="stable")
    counts = np.bincount(by, minlength=taxonomy.n_occupations)
    if not weights.occupation_related:
        order, counts = order[:0], counts * 0
    return _Tables(
        *space.nodes[:3],
        *ranges[:7],
        ranges.end,
        taxonomy.relation_ptr,
        taxonomy.relation_skill,
        taxonomy.relation_essential,
        taxonomy.skill_group,
        np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        asked[order],
        extent[order],
        np.array([weights.level_confirmed, weights.level_own_word], np.uint8),
        np.array([weights.level_work_optional, weights.level_work_essential], np.uint8),
        np.array([weights.level_wish_optional, weights.level_wish_essential], np.uint8),
        weights.group_share,
        np.array(space.experience_level_starts, np.int64),
        np.array(weights.experience_steps, np.int64),
        np.array(weights.recency_days, np.int64),
        np.array(weights.recency_percent, np.int64),
    )


@njit(cache=True, nogil=True)
def _raise_to(values: Any, touched: Any, count: Any, index: Any, value: Any) -> Any:
    """Lift values[index] to at least value, remembering a first touch; returns the new count of touched."""
    if value > values[index]:
        if values[index] == 0:
            touched[count] = index
            count += 1
        values[index] = value
    return count


@njit(cache=True, nogil=True)
def _node_of(t: Any, level: int, occupation: Any) -> Any:
    """Node of the occupation at level 0 (isco3), 1 (isco4) or 2 (leaf), -1 when it has none."""
    if level == 0:
        return np.int64(t.isco3_of[occupation])
    if level == 1:
        return np.int64(t.isco4_of[occupation])
    return np.int64(occupation)


@njit(cache=True, nogil=True)
def _percent_months(t: Any, months: Any, started: Any, ended: Any, day: int) -> Any:
    """Months of one work as they count on the day, times 100: recent work counts more."""
    if ended == NEVER:
        if started != ALWAYS:
            months = max(0, day - started) * 100 // DAYS_PER_100_MONTHS
        return months * t.recency_percent[0]
    return months * t.recency_percent[np.searchsorted(t.recency_days, day - ended)]


@njit(cache=True, nogil=True)
def _steps_reached(t: Any, level: int, node: int, work: Any, day: int) -> int:
    """How many experience steps the works (occupation, months, started, ended) reach in the node on the day."""
    occupations, months, started, ended = work
    total = 0
    for j in range(occupations.size):
        if occupations[j] >= 0 and _node_of(t, level, occupations[j]) == node:
            total += _percent_months(t, np.int64(months[j]), np.int64(started[j]), np.int64(ended[j]), day)
    return int(np.searchsorted(t.steps * 100, total, side="right"))


@njit(cache=True, nogil=True)
def _seen_before(t: Any, level: int, node: int, earlier: Any) -> bool:
    """Tell whether one of the earlier works stands in the node."""
    seen = False
    for occupation in earlier:
        seen |= occupation >= 0 and _node_of(t, level, occupation) == node
    return seen


@njit(cache=True, nogil=True)
def _first_change(t: Any, level: int, node: int, work: Any, today: int, events: Any, limit: Any) -> Any:
    """First day after today, and before the limit, on which the node's steps differ; the limit if none does.

    Between two events (ascending days on which old work fades) months only grow, so a change inside is found by
    halving; at an event itself they may fall.
    """
    now = _steps_reached(t, level, node, work, today)
    low = today
    for event in events:
        high = min(event, limit) - 1
        if high > low and _steps_reached(t, level, node, work, high) != now:
            while high - low > 1:
                middle = (low + high) // 2
                if _steps_reached(t, level, node, work, middle) != now:
                    high = middle
                else:
                    low = middle
            return high
        if event >= limit:
            return limit
        if _steps_reached(t, level, node, work, event) != now:
            return int(event)
        low = event
    return limit


@njit(cache=True, nogil=True)
def _events(t: Any, work: Any, today: int) -> Any:
    """Days after today on which some work starts to count less, ascending; last, a day by which all growth is over."""
    _, _, started, ended = work
    found = np.empty(ended.size * t.recency_days.size + 1, np.int64)
    count = 0
    horizon = today
    for j in range(ended.size):
        if ended[j] == NEVER:
            if started[j] != ALWAYS:
                full_by = (
                    max(today, np.int64(started[j])) + (t.steps[-1] * 100 // max(1, t.recency_percent[0]) + 2) * 31
                )
                horizon = max(horizon, full_by)
        else:
            for limit in t.recency_days:
                event = np.int64(ended[j]) + limit + 1
                if event > today:
                    found[count] = event
                    count += 1
    for j in range(count):
        horizon = max(horizon, found[j])
    found[count] = horizon + 1
    return np.sort(found[: count + 1])


@njit(cache=True, nogil=True)
def _add_experience(t: Any, work: Any, today: int, values: Any, touched: Any, count: Any) -> tuple[Any, Any]:
    """Add the experience features of one seeker; returns the count of touched and the day of the next change."""
    stale = np.int64(NEVER)
    events = _events(t, work, today)
    for level in range(3):
        for j in range(work[0].size):
            if work[0][j] < 0:
                continue
            node = _node_of(t, level, work[0][j])
            if node < 0 or _seen_before(t, level, node, work[0][:j]):
                continue
            for step in range(_steps_reached(t, level, node, work, today)):
                feature = t.experience_start[level] + node * t.steps.size + step
                count = _raise_to(values, touched, count, feature, _FULL)
            stale = _first_change(t, level, node, work, today, events, stale)
    return count, stale


@njit(cache=True, nogil=True)
def _expand(
    wish_ptr: Any, wish: Any, work_ptr: Any, work: Any, months: Any, started: Any, ended: Any,
    skill_ptr: Any, skill: Any, basis: Any, t: Any, today: int,
) -> Any:  # fmt: skip
    """Expand all rows; a row's values stand in one dense scratch row that is cleared through its touched list."""
    n = wish_ptr.size - 1
    values = np.zeros(t.end, np.uint8)
    touched = np.empty(t.end, np.int64)
    levels = np.zeros(t.skill_group.size, np.uint8)
    known = np.empty(t.skill_group.size, np.int64)
    ptr = np.zeros(n + 1, np.int64)
    stale_on = np.empty(n, np.int32)
    feature = np.empty(64 * n + 64, np.uint16)
    value = np.empty(64 * n + 64, np.uint8)
    for i in range(n):
        count = 0
        n_known = 0
        # Occupations, wanted and worked in alike, and the skills that they imply.
        for wanted in (True, False):
            occupations = wish[wish_ptr[i] : wish_ptr[i + 1]] if wanted else work[work_ptr[i] : work_ptr[i + 1]]
            implied = t.level_wish if wanted else t.level_work
            for o in occupations:
                if o < 0:
                    continue
                if t.isco4_of[o] >= 0:
                    count = _raise_to(values, touched, count, t.isco2 + t.isco2_of[o], _FULL)
                    count = _raise_to(values, touched, count, t.isco3 + t.isco3_of[o], _FULL)
                    count = _raise_to(values, touched, count, t.isco4 + t.isco4_of[o], _FULL)
                count = _raise_to(values, touched, count, t.leaf + o, _FULL)
                for k in range(t.can_ptr[o], t.can_ptr[o + 1]):
                    count = _raise_to(values, touched, count, t.related + t.can_occupation[k], t.can_value[k])
                for k in range(t.relation_ptr[o], t.relation_ptr[o + 1]):
                    level = implied[np.int64(t.relation_essential[k])]
                    n_known = _raise_to(levels, known, n_known, t.relation_skill[k], level)
        if count == 0:
            count = _raise_to(values, touched, count, OCCUPATION_UNKNOWN, _FULL)
        # Skills: the group gives up to its share, the skill itself what is above.
        for k in range(skill_ptr[i], skill_ptr[i + 1]):
            n_known = _raise_to(levels, known, n_known, skill[k], t.level_of_basis[basis[k]])
        if n_known == 0:
            count = _raise_to(values, touched, count, SKILLS_UNKNOWN, _FULL)
        for k in range(n_known):
            s = known[k]
            level = np.int64(levels[s])
            count = _raise_to(values, touched, count, t.group + t.skill_group[s], min(level, t.group_share))
            count = _raise_to(values, touched, count, t.skill + s, max(0, level - t.group_share))
            levels[s] = 0
        works = slice(work_ptr[i], work_ptr[i + 1])
        history = (work[works], months[works], started[works], ended[works])
        if np.any(history[0] >= 0):
            count, stale_on[i] = _add_experience(t, history, today, values, touched, count)
        else:
            count = _raise_to(values, touched, count, EXPERIENCE_UNKNOWN, _FULL)
            stale_on[i] = NEVER
        start = ptr[i]
        feature = grown(feature, start + count)
        value = grown(value, start + count)
        features = np.sort(touched[:count])
        for k in range(count):
            feature[start + k] = features[k]
            value[start + k] = values[features[k]]
            values[features[k]] = 0
        ptr[i + 1] = start + count
    return ptr, feature[: ptr[n]].copy(), value[: ptr[n]].copy(), stale_on
