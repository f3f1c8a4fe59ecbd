"""The permission matrix, asked of the running portal: every address x method x role x object."""

import pytest
from django.test import override_settings

from tests.permission_answers import Visitors, answers_of, gaps, rule_answers
from tests.permission_matrix import ROWS, RULES, Row, Rule
from tests.world import World


def test_every_address_has_a_row_or_a_rule_and_none_is_left_over() -> None:
    assert not gaps()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join([row.name, *row.objects]))
def test_each_role_gets_what_the_row_says(row: Row, world: World) -> None:
    wrong = [answer.wrong for answer in answers_of(row, world, Visitors()) if answer.wrong]
    assert not wrong, "\n".join(wrong)


# Django's administration asks the database row by row here and there.
@override_settings(ZEAL_ALLOWLIST=[{"model": "*"}])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.prefix)
def test_parts_made_by_others_let_in_whom_their_rule_says(rule: Rule, world: World) -> None:
    wrong = [answer.wrong for answer in rule_answers(rule, world, Visitors()) if answer.wrong]
    assert not wrong, "\n".join(wrong)
