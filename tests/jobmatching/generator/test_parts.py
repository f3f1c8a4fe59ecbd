"""The small parts that the generator stands on."""

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fi import hetu, ytunnus

from employers.models import Employer
from jobmatching.generator import encoding as enc
from jobmatching.generator.codes import CAPACITY, business_ids, identity_codes, identity_ranks
from jobmatching.generator.draws import cumulative, first_of_pairs, lasting, pick, rank_in_group, spread_rows
from jobmatching.generator.storing import Writer
from jobmatching.generator.trades import TRADES, trade_of
from tests.factories import EmploymentAreaFactory

EPOCH = date(1970, 1, 1)


@given(st.dates(date(1900, 1, 1), date(2026, 11, 21)), st.booleans(), st.integers(0, CAPACITY - 1))
def test_identity_codes_are_test_codes_of_the_birth_date_and_sex(born: date, female: bool, rank: int) -> None:
    (code,) = identity_codes(np.array([(born - EPOCH).days]), np.array([female]), np.array([rank]))
    assert hetu.validate(code, allow_temporary=True) == code
    assert code[:6] == born.strftime("%d%m%y")
    assert int(code[7:10]) >= 900
    assert (int(code[7:10]) % 2 == 0) == female


def test_people_born_on_one_day_have_codes_of_their_own() -> None:
    birth_day, female = np.full(CAPACITY, 9_000), np.ones(CAPACITY, dtype=np.bool_)
    ranks = identity_ranks(birth_day, female)
    assert len(set(identity_codes(birth_day, female, ranks))) == CAPACITY
    with pytest.raises(ValueError, match="Too many people"):
        identity_codes(birth_day[:1], female[:1], np.array([CAPACITY]))


def test_business_ids_are_right_and_rising() -> None:
    ids = business_ids(3_000)
    assert len(ids) == 3_000
    assert all(ytunnus.is_valid(number) for number in ids)
    assert all(earlier < later for earlier, later in pairwise(ids))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["plain", "tab\there", "new\nline", "back\\slash", "\\N", "\\.", 'quote"s', "ääkkönen", "\r"]
)
def test_text_goes_through_copy_as_it_is(name: str) -> None:
    area = EmploymentAreaFactory()
    noon = enc.moments(np.array([20_000]), np.array([720]))
    with Writer() as writer:
        writer.write(
            {
                "employers_employer": {
                    "name": [enc.escaped(name)],
                    "kind": ["01"],
                    "business_id": [enc.NULL],
                    "area_id": enc.integers(np.array([area.pk])),
                    **{column: [""] for column in ("website", "contact_name", "contact_email", "contact_phone")},
                    "created_at": noon,
                    "updated_at": noon,
                }
            }
        )
    employer = Employer.objects.get()
    assert (employer.name, employer.business_id) == (name, None)
    assert employer.created_at.isoformat() == "2024-10-04T12:00:00+00:00"


@pytest.mark.django_db
def test_an_error_of_writing_comes_out_of_the_block() -> None:
    with pytest.raises(Exception, match="no_such_column"), Writer() as writer:
        writer.write({"employers_employer": {"no_such_column": ["1"]}})


def test_columns() -> None:
    none = np.array([False, True])
    assert enc.integers(np.array([1, 2]), none) == ["1", enc.NULL]
    assert enc.days(np.array([0, -1]), none) == ["1970-01-01", enc.NULL]
    assert enc.days(np.array([-1, 20_000])) == ["1969-12-31", str(EPOCH + timedelta(days=20_000))]
    assert enc.days(np.array([], dtype=np.int64)) == []
    assert enc.known_flags(np.array([1, 0, -1])) == ["t", "f", enc.NULL]
    assert enc.chosen(("a", "b"), np.array([1, -1])) == ["b", enc.NULL]
    assert enc.sets(("x", "y")) == ["{}", "{x}", "{y}", "{x,y}"]
    assert enc.binary([b"\x00\xff"]) == ["\\\\x00ff"]
    assert enc.rows([["1", "2"], ["a", "b"]]) == b"1\ta\n2\tb\n"
    assert enc.rows([[], []]) == b""


@given(st.lists(st.integers(0, 5), max_size=40))
def test_rank_in_group_counts_each_group_in_order(groups: list[int]) -> None:
    ranks = rank_in_group(np.array(groups, dtype=np.int64)).tolist()
    assert ranks == [groups[:position].count(group) for position, group in enumerate(groups)]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(-1, 4)), max_size=40))
def test_first_of_pairs_keeps_each_pair_once(pairs: list[tuple[int, int]]) -> None:
    columns = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    first = first_of_pairs(columns[:, 0], columns[:, 1]).tolist()
    assert first == [pair not in pairs[:position] for position, pair in enumerate(pairs)]


def test_spread_rows_opens_the_chosen_ones() -> None:
    owner, position = spread_rows(np.array([0, 2, 2, 5]), np.array([2, 0, 1, 2]))
    assert owner.tolist() == [0, 0, 0, 1, 1, 3, 3, 3]
    assert position.tolist() == [2, 3, 4, 0, 1, 2, 3, 4]


def test_draws_follow_their_shares() -> None:
    rng = np.random.default_rng(1)
    drawn = np.bincount(pick(rng, cumulative([1, 0, 3]), 20_000), minlength=3) / 20_000
    assert drawn == pytest.approx([0.25, 0, 0.75], abs=0.015)
    assert cumulative([0, 0]).tolist() == [0.5, 1.0]
    lengths = lasting(rng, 100, 1.0, 20_000, 2_000)
    assert (lengths.min() >= 1, lengths.max() <= 2_000) == (True, True)
    assert np.median(lengths) == pytest.approx(100, rel=0.05)


@pytest.mark.parametrize(
    ("isco", "industry"),
    [("7212", "25"), ("7213", "25"), ("8332", "49"), ("5120", "56"), ("2512", "62"), ("5321", "87"), ("9999", "81")],
)
def test_trade_is_that_of_the_longest_beginning(isco: str, industry: str) -> None:
    assert TRADES[trade_of(isco)].industry == industry


def test_welders_are_told_from_other_metal_workers() -> None:
    assert trade_of("7212") != trade_of("7213")
