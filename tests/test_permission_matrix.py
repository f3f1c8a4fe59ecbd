"""The permission matrix, asked of the running portal: every address x method x role x object, headers included."""

import pytest
from django.test import override_settings

from tests.permission_answers import Answer, Visitors, answers_of, gaps, rule_answers
from tests.permission_matrix import ROWS, RULES, Row, Rule
from tests.portal.security.headers import wrong_caching, wrong_headers
from tests.world import World


def test_every_address_has_a_row_or_a_rule_and_none_is_left_over() -> None:
    assert not gaps()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join([row.name, *row.objects]))
def test_each_role_gets_what_the_row_says(row: Row, world: World) -> None:
    _judge(list(answers_of(row, world, Visitors())))


# Django's administration asks the database row by row here and there.
@override_settings(ZEAL_ALLOWLIST=[{"model": "*"}])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.prefix)
def test_parts_made_by_others_let_in_whom_their_rule_says(rule: Rule, world: World) -> None:
    _judge(list(rule_answers(rule, world, Visitors())))


def _judge(answers: list[Answer]) -> None:
    """Every answer is the right one, and sends its headers whoever asks."""
    assert answers
    wrong = [answer.wrong for answer in answers if answer.wrong]
    for answer in answers:
        name = answer.case.about.partition(" ")[0]
        found = wrong_headers(answer.headers, name)
        if answer.case.method == "GET":
            found += wrong_caching(answer.headers, name, signed_in=answer.case.user is not None)
        wrong += [f"{answer.case} ({answer.got}): {one}" for one in found]
    assert not wrong, "\n".join(wrong)
