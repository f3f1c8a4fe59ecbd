"""One shard of a run: the frozen input in, the lists of both sides and the near misses out, as bytes."""

import struct
from typing import Final

from jobmatching.engine.kernel import match
from jobmatching.engine.near_miss import NearMisses, find_near_misses
from jobmatching.engine.top import Top
from jobmatching.nightly.freezing import read_seeker_shard, read_vacancies_of
from jobmatching.nightly.models import MatchingRules
from jobmatching.nightly.rules_versions import engine_rules

_LENGTH: Final = struct.Struct("<q")


def match_shard(run_id: int, shard: int, version: MatchingRules, *, threads: int) -> bytes:
    """Match the jobseekers of one shard with all vacancies of the run."""
    rules = engine_rules(version)
    seekers, vacancies = read_seeker_shard(run_id, shard), read_vacancies_of(run_id)
    top = match(seekers, vacancies, rules, threads=threads).dumps()
    near = find_near_misses(seekers, vacancies, rules, threads=threads).dumps()
    return _LENGTH.pack(len(top)) + top + near


def read_shard_result(content: bytes) -> tuple[Top, NearMisses]:
    """Read what `match_shard` made."""
    (length,) = _LENGTH.unpack_from(content)
    start = _LENGTH.size
    return Top.loads(content[start : start + length]), NearMisses.loads(content[start + length :])
