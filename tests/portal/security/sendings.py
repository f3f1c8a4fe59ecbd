"""What the portal takes: every address of the matrix that offers POST, with somebody who may send to it."""

from collections.abc import Iterator

from portal.accounts.roles import Role
from tests.addresses import Address, addresses
from tests.permission_matrix import ROWS, rule_for
from tests.permission_questions import ANONYMOUS, Case, cases, rule_cases
from tests.world import World


def sendings(world: World) -> Iterator[tuple[str, Case]]:
    """Name of the address and the case of the first person who may: their own object, with what the matrix sends."""
    known = addresses()  # that a row has no address is told by tests/test_permission_matrix.py
    for row in ROWS:
        if row.post is None or row.name not in known:
            continue
        told = f"{row.name} {' '.join(row.objects)}".strip()
        mine = (case for case in cases(row, world) if case.method == "POST" and case.may and case.object != "other")
        yield told, next(case for case in mine if row.public or case.who != ANONYMOUS)


def sendings_to_others(world: World) -> Iterator[tuple[Address, Case]]:
    """The addresses made by others, with the administrator."""
    for address in addresses().values():
        rule = rule_for(address.name)
        if rule is not None:
            for case in rule_cases(rule, address, world):
                if case.method == "POST" and case.user == world.own.users[Role.ADMINISTRATOR]:
                    yield address, case
