"""Identity codes and Business IDs that belong to nobody.

Identity codes have individual numbers 900-999, which the population register gives to no person; Business IDs begin
with 9, far above the numbers that the trade register has reached.
"""

import numpy as np

from jobmatching.generator.draws import Bools, Ints, rank_in_group

_CHECKS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_SIGNS_1900 = "-YXWVU"
_SIGNS_2000 = "ABCDEF"
_FIRST_TEST_NUMBER = 900
_PER_SIGN = 50
"""Test numbers of one sex on one birth date under one sign: even ones are female, odd ones male."""

CAPACITY = _PER_SIGN * len(_SIGNS_1900)
"""How many people of one sex can share a birth date."""


def identity_ranks(birth_day: Ints, female: Bools) -> Ints:
    """Number of each person among those of the same sex born on the same day: what keeps the codes apart."""
    return rank_in_group(birth_day * 2 + female)


def identity_codes(birth_day: Ints, female: Bools, rank: Ints) -> list[str]:
    """Test identity codes; `birth_day` counts from 1970-01-01. ValueError when a birth date has run out of codes."""
    if rank.size and int(rank.max()) >= CAPACITY:
        raise ValueError("Too many people of one sex share a birth date for test identity codes.")
    dates = birth_day.astype("datetime64[D]")
    years = dates.astype("datetime64[Y]").astype(np.int64) + 1970
    months = dates.astype("datetime64[M]").astype(np.int64) % 12 + 1
    in_month = (dates - dates.astype("datetime64[M]")).astype(np.int64) + 1
    number = _FIRST_TEST_NUMBER + 2 * (rank % _PER_SIGN) + ~female
    plain = (in_month * 10_000 + months * 100 + years % 100) * 1_000 + number
    check = plain % 31
    sign = rank // _PER_SIGN
    return [
        f"{value // 1000:06d}{(_SIGNS_2000 if year >= 2000 else _SIGNS_1900)[s]}{value % 1000:03d}{_CHECKS[c]}"
        for value, year, s, c in zip(plain.tolist(), years.tolist(), sign.tolist(), check.tolist(), strict=True)
    ]


def business_ids(count: int) -> list[str]:
    """The first `count` Business IDs from 9000000 up that have a check digit (some numbers have none)."""
    weights = np.array([7, 9, 10, 5, 8, 4, 2])
    numbers = 9_000_000 + np.arange(count + count // 5 + 20)
    digits = numbers[:, None] // 10 ** np.arange(6, -1, -1) % 10
    rest = (digits @ weights) % 11
    valid = rest != 1
    check = np.where(rest == 0, 0, 11 - rest)
    return [f"{n}-{c}" for n, c in zip(numbers[valid][:count].tolist(), check[valid][:count].tolist(), strict=True)]
