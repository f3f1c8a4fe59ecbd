"""The questions of the permission matrix: every address x method x role x object, with the answer that is right."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from django.urls import reverse

from portal.accounts.models import User
from portal.accounts.roles import Role
from tests.addresses import Address
from tests.permission_matrix import LOGIN, PEOPLE, Row, Rule
from tests.world import Side, World

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ANONYMOUS = "anonymous"
TRIED_WITH = (None, Role.CASE_WORKER, Role.ADMINISTRATOR)
"""Who asks the addresses made by others; None is somebody who has not signed in."""
NOT_OFFERED = 405

# Values for the addresses of others, which are asked only whether they let somebody in.
_SOMETHING = {"object_id": "1", "content_type_id": "1", "app_label": "employers", "key": "x-y", "uidb36": "1", "pk": 1}


@dataclass(frozen=True)
class Case:
    """One question: may this person do this?"""

    method: str
    who: str
    user: User | None
    url: str
    about: str
    object: str
    """`own`, `other` or `none`: whether the address names something of the asker's own area or employer."""
    expected: frozenset[int]
    """The statuses that are right; empty for addresses made by others, of which only `may` is known."""
    may: bool
    data: dict[str, object]

    def __str__(self) -> str:
        return f"{self.method} {self.about} by {self.who}"


def cases(row: Row, world: World) -> Iterator[Case]:
    """Every question about one row. An address with two objects is asked with one of each area, too.

    Methods that are not offered are asked of three people about their own: nobody, one who may use the address, one who
    may not. A view refuses a method before it looks at roles or objects, or after it: it does not mix the two.
    """
    sides = (
        list(product(world.sides(), repeat=len(row.objects))) if row.of_an_area else [(world.own,) * len(row.objects)]
    )
    one_who_may = next((role for role in Role if role in row.allowed), None)
    one_who_may_not = next((role for role in Role if role not in row.allowed), None)
    for method in METHODS:
        if row.status(method) is None:
            own = (world.own,) * len(row.objects)
            yield _case(row, method, world, own, None, ANONYMOUS)
            for role in filter(None, (one_who_may, one_who_may_not)):
                yield _case(row, method, world, own, world.own.users[role], role.value, role)
            continue
        for places in sides:
            yield _case(row, method, world, places, None, ANONYMOUS)
            for role in Role:
                yield _case(row, method, world, places, world.own.users[role], role.value, role)
                if row.of_an_area and all(side is world.own for side in places):
                    yield _case(row, method, world, places, world.other.users[role], f"{role.value}, outsider", role)


def _case(
    row: Row,
    method: str,
    world: World,
    places: tuple[Side, ...],
    user: User | None,
    who: str,
    role: Role | None = None,
) -> Case:
    """One question; `places` says of which side each object is."""
    pairs = list(zip(row.objects, places, strict=True))
    things = [getattr(side if name in Side.__dataclass_fields__ else world, name) for name, side in pairs]
    of_own_area = not row.of_an_area or all(role is not None and user == side.users[role] for side in places)
    about = " ".join([row.name, *(f"{'own' if side is world.own else 'other'} {name}" for name, side in pairs)])
    return Case(
        method=method,
        who=who,
        user=user,
        url=reverse(row.name, args=[*(thing.pk for thing in things), *row.words]),
        about=about,
        object="none" if not row.of_an_area else "own" if of_own_area else "other",
        expected=_asked_why(row, method, places, user, role, of_own_area) or _expected(row, method, role, of_own_area),
        may=role in row.allowed if role else row.public,
        data=row.data(places[0] if places else world.own) if row.data and method == "POST" else {},
    )


def _asked_why(
    row: Row, method: str, places: tuple[Side, ...], user: User | None, role: Role | None, of_own_area: bool
) -> frozenset[int]:
    """What those get who are asked for a reason before they see a person; empty for all others."""
    person = next((side for name, side in zip(row.objects, places, strict=True) if name in PEOPLE), None)
    if not (role in row.instead and role in row.allowed and row.status(method) and person):
        return frozenset()
    if user != person.users[role]:
        return frozenset()
    # Whether the reason is asked for before or after the other object is looked at is the view's business.
    return frozenset({row.instead[role]} if of_own_area else {row.instead[role], row.other_object})


def _expected(row: Row, method: str, role: Role | None, of_own_area: bool) -> frozenset[int]:
    offered = row.status(method)
    may = role in row.allowed if role else row.public
    if not may:
        refusal = row.but.get(role, row.otherwise) if role else LOGIN
        # A method that is not offered may be refused for that reason first.
        return frozenset({refusal} if offered is not None else {refusal, NOT_OFFERED})
    answer = NOT_OFFERED if offered is None else offered
    if of_own_area or role is None or role in row.everywhere:
        return frozenset({answer})
    return frozenset({row.other_object} if offered is not None else {row.other_object, NOT_OFFERED})


def rule_cases(rule: Rule, address: Address, world: World) -> Iterator[Case]:
    """Every question about an address made by others: who comes in, and who does not."""
    name = address.name
    url = reverse(name, kwargs={key: _SOMETHING[key] for key in address.parameters})
    for method in ("GET", "POST"):
        for role in TRIED_WITH:
            yield Case(
                method=method,
                who=role.value if role else ANONYMOUS,
                user=world.own.users[role] if role else None,
                url=url,
                about=name,
                object="none",
                expected=frozenset(),
                may=name in rule.public or role in rule.allowed,
                data={},
            )
