"""Who may do what: one row per address of ours, one rule per part made by others.

A row says what those get who may (`get`, `post`), who they are (`allowed`), and what all others get. Objects are named
by what they are in `tests.world.Side`: each address with one is asked about the object of the own area and about that
of the neighbouring area, by each role of the own area and by the same role of the neighbouring area.

The rows stand in `tests.permission_rows`, by part of the portal. The questions are made in
`tests.permission_questions` and asked in `tests.permission_answers`: by the test suite, and by
`manage.py permission_matrix`.
"""

from tests.permission_rows import accounts, ground, matching, rights, seekers, trust
from tests.permission_rows.kinds import HIDDEN, LOGIN, PEOPLE, REFUSED, Row, Rule
from tests.permission_rows.others import RULES
from tests.permission_rows.who import who_may

__all__ = ["HIDDEN", "LOGIN", "PEOPLE", "REFUSED", "ROWS", "RULES", "Row", "Rule", "rows_for", "rule_for", "who_may"]

ROWS: tuple[Row, ...] = (
    *ground.ROWS,
    *accounts.ROWS,
    *matching.ROWS,
    *trust.ROWS,
    *seekers.ROWS,
    *rights.ROWS,
)


def rule_for(name: str) -> Rule | None:
    """The rule of the part that an address belongs to; None for our own."""
    return next((rule for rule in RULES if name.startswith(rule.prefix)), None)


def rows_for(name: str) -> list[Row]:
    """The rows of an address of ours: one per kind of object."""
    return [row for row in ROWS if row.name == name]
