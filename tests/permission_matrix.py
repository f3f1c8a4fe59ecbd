"""Who may do what: one row per address of ours, one rule per part made by others.

A row says what those get who may (`get`, `post`), who they are (`allowed`), and what all others get. Objects are named
by what they are in `tests.world.Side`: each address with one is asked about the object of the own area and about that
of the neighbouring area, by each role of the own area and by the same role of the neighbouring area.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product

from django.urls import URLResolver, get_resolver, reverse

from portal.accounts.models import User
from portal.accounts.roles import ROLE_PERMISSIONS, Permission, Role
from tests.world import Side, World

LOGIN = 302
"""Anonymous visitors are sent to sign in."""
REFUSED = 403
HIDDEN = 404
"""What another area's object looks like: as if it were not there."""
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def who_may(permission: Permission) -> frozenset[Role]:
    """Roles with a permission. For rows whose address asks for exactly this one."""
    return frozenset(role for role, permissions in ROLE_PERMISSIONS.items() if permission in permissions)


SEES_MATCHES = who_may(Permission.MATCHES_VIEW)
SEES_RUNS = who_may(Permission.RUNS_VIEW)
SERVES_SEEKERS = who_may(Permission.SEEKERS_VIEW)
NAMED_ALONE = {"allowed": frozenset({Role.CASE_WORKER}), "but": dict.fromkeys(SERVES_SEEKERS, HIDDEN)}
"""Rows about somebody under non-disclosure: for all but the named worker there is no such person."""

STAFF = frozenset(Role) - {Role.EMPLOYER_MEMBER, Role.EMPLOYER_OWNER, Role.PARTNER_WORKER}
SIGNED_IN = frozenset(Role)


@dataclass(frozen=True)
class Row:
    """One address (and kind of object). A method whose status is None is not offered: 405 to those who may."""

    name: str
    get: int | None = None
    post: int | None = None
    allowed: frozenset[Role] = SIGNED_IN
    public: bool = False
    """Anonymous visitors may too."""
    objects: tuple[str, ...] = ()
    """Attributes of `Side`, or of `World` for what belongs to no area, in the order of the address."""
    words: tuple[str, ...] = ()
    """Other parts of the address, where it names no object."""
    otherwise: int = REFUSED
    but: dict[Role, int] = field(default_factory=dict)
    """Roles that get something else than `otherwise`."""
    other_object: int = HIDDEN
    data: Callable[[Side], dict[str, object]] | None = None
    """What is posted."""
    html: bool = True
    """Whether GET shows a page to people: then tests/browser/pages.py opens it."""

    def status(self, method: str) -> int | None:
        """What those who may get; None where the method is not offered."""
        return {"GET": self.get, "POST": self.post}.get(method)

    @property
    def of_an_area(self) -> bool:
        """Whether the address names an object that belongs to an area."""
        return any(name in Side.__dataclass_fields__ for name in self.objects)


@dataclass(frozen=True)
class Rule:
    """All addresses of a part made by others: who must never get in, and who may."""

    prefix: str
    reason: str
    allowed: frozenset[Role]
    public: frozenset[str] = frozenset()
    """Addresses that answer anonymous visitors."""


@dataclass(frozen=True)
class Case:
    """One question: may this person do this?"""

    method: str
    who: str
    user: User | None
    url: str
    about: str
    expected: frozenset[int]
    data: dict[str, object]

    def __str__(self) -> str:
        return f"{self.method} {self.about} by {self.who}"


ROWS: tuple[Row, ...] = (
    Row("healthz", get=200, public=True, html=False),
    Row("readyz", get=503, public=True, html=False),
    Row("home", get=302, public=True, html=False),
    Row("ui:accessibility", get=200, public=True),
    Row("ui:privacy", get=200, public=True),
    Row("ui:feedback", get=200, public=True),
    Row("ui:components", get=200, allowed=who_may(Permission.ADMIN_USE)),
    Row("accounts:own", get=200, post=302, data=lambda side: {"language": "sv"}),
    *(
        Row(name, get=200, allowed=who_may(Permission.VACANCIES_VIEW), objects=objects)
        for name, objects in (
            ("vacancies:list", ()),
            ("vacancies:page", ("vacancy",)),
            ("vacancies:posting", ("vacancy",)),
        )
    ),
    *(
        Row(name, get=200, allowed=who_may(Permission.CLASSIFICATIONS_VIEW), objects=objects)
        for name, objects in (
            ("classifications:occupations", ()),
            ("classifications:occupation", ("occupation",)),
            ("classifications:skills", ()),
            ("classifications:skill", ("skill",)),
        )
    ),
    Row(
        "classifications:pick",
        get=200,
        allowed=who_may(Permission.CLASSIFICATIONS_VIEW),
        words=("occupation", "wish", "many"),
        html=False,
    ),
    # Single lines of lists, fetched into the page.
    Row("matching:candidate", get=200, allowed=SEES_MATCHES, objects=("vacancy", "seeker"), html=False),
    Row("matching:vacancy_of_seeker", get=200, allowed=SEES_MATCHES, objects=("seeker", "vacancy"), html=False),
    Row("matching:how", get=200, public=True),
    Row("runs:list", get=200, allowed=SEES_RUNS),
    Row("runs:page", get=200, allowed=SEES_RUNS, objects=("run",)),
    Row("runs:progress", get=200, allowed=SEES_RUNS, objects=("run",), html=False),
    Row(
        "runs:start",
        post=302,
        allowed=who_may(Permission.RUNS_START),
        data=lambda side: {"job": "matching"},
    ),
    Row("seekers:list", get=200, allowed=SERVES_SEEKERS),
    Row("seekers:search", post=302, allowed=SERVES_SEEKERS, data=lambda side: {"q": side.seeker.last_name}),
    Row("seekers:export", get=200, allowed=who_may(Permission.SEEKERS_EXPORT), html=False),
    Row("seekers:import", get=200, post=200, allowed=who_may(Permission.SEEKERS_IMPORT)),
    Row("seekers:import_template", get=200, allowed=who_may(Permission.SEEKERS_IMPORT), html=False),
    # Without a file that waits for this very person there is nothing to check: back to the choice of the file.
    Row("seekers:import_check", get=302, post=302, allowed=who_may(Permission.SEEKERS_IMPORT), html=False),
    *(
        Row(name, get=200, allowed=SERVES_SEEKERS, objects=(who,))
        for name in ("seekers:page", "seekers:matches")
        for who in ("seeker", "colleagues_seeker")
    ),
    *(Row(name, get=200, objects=("hidden_seeker",), **NAMED_ALONE) for name in ("seekers:page", "seekers:matches")),
    Row(
        "seekers:pause",
        get=200,
        post=302,
        allowed=SERVES_SEEKERS,
        objects=("seeker",),
        data=lambda side: {"reason": "asked for it"},
    ),
    Row(
        "seekers:pause",
        get=200,
        post=302,
        objects=("hidden_seeker",),
        data=lambda side: {"reason": "asked for it"},
        **NAMED_ALONE,
    ),
    Row("seekers:resume", get=200, post=302, allowed=SERVES_SEEKERS, objects=("paused_seeker",)),
    Row("seekers:resume", get=302, post=302, objects=("hidden_seeker",), **NAMED_ALONE),
)

RULES: tuple[Rule, ...] = (
    Rule(
        "admin:",
        "Django's administration guards each of its pages itself; only administrators come in",
        allowed=who_may(Permission.ADMIN_USE),
        public=frozenset({"admin:login", "admin:logout"}),
    ),
    Rule(
        "account_",
        "allauth: sign-in and one's own password and addresses",
        allowed=SIGNED_IN,
        public=frozenset(
            {
                "account_login",
                "account_logout",
                "account_inactive",
                "account_signup",
                "account_email_verification_sent",
                "account_confirm_email",
                "account_confirm_login_code",
                "account_reset_password",
                "account_reset_password_done",
                "account_reset_password_from_key",
                "account_reset_password_from_key_done",
            }
        ),
    ),
    Rule(
        "mfa_",
        "allauth: one's own second factors",
        allowed=SIGNED_IN,
        public=frozenset({"mfa_authenticate"}),
    ),
    Rule(
        "set_language",
        "Django's view: changes the language by POST, sends back otherwise",
        allowed=SIGNED_IN,
        public=frozenset({"set_language"}),
    ),
    Rule("usersessions_", "allauth: one's own sessions", allowed=SIGNED_IN),
)

_UNNAMED = "(no name)"
# Values for the addresses of others, which are asked only whether they let somebody in.
_SOMETHING = {"object_id": "1", "content_type_id": "1", "app_label": "auth", "key": "x-y", "uidb36": "1", "pk": 1}


@dataclass(frozen=True)
class Address:
    """A named address with the names of its parts."""

    name: str
    route: str
    parameters: tuple[str, ...]


def addresses() -> dict[str, Address]:
    """Every named address of the portal, with its namespaces."""
    return {one.name: one for one in _walk(get_resolver()) if not one.name.endswith(_UNNAMED)}


def unnamed_addresses() -> list[str]:
    """Addresses without a name outside the parts made by others."""
    return [one.route for one in _walk(get_resolver()) if one.name == _UNNAMED]


def _walk(resolver: URLResolver, namespaces: tuple[str, ...] = (), before: tuple[str, ...] = ()) -> Iterator[Address]:
    for one in resolver.url_patterns:
        parameters = (*before, *one.pattern.regex.groupindex)
        if isinstance(one, URLResolver):
            yield from _walk(one, (*namespaces, one.namespace) if one.namespace else namespaces, parameters)
        else:
            yield Address(":".join((*namespaces, one.name or _UNNAMED)), str(one.pattern), parameters)


def rule_for(name: str) -> Rule | None:
    """The rule of the part that an address belongs to; None for our own."""
    return next((rule for rule in RULES if name.startswith(rule.prefix)), None)


def rows_for(name: str) -> list[Row]:
    """The rows of an address of ours: one per kind of object."""
    return [row for row in ROWS if row.name == name]


# --- The questions -----------------------------------------------------------------------------------------------
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
            yield _case(row, method, world, own, None, "anonymous")
            for role in filter(None, (one_who_may, one_who_may_not)):
                yield _case(row, method, world, own, world.own.users[role], role.value, role)
            continue
        for places in sides:
            yield _case(row, method, world, places, None, "anonymous")
            for role in Role:
                yield _case(row, method, world, places, world.own.users[role], role.value, role)
                if row.of_an_area and all(side is world.own for side in places):
                    outsider = world.other.users[role]
                    yield _case(row, method, world, places, outsider, f"{role.value} of the other area", role)


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
    data = row.data(places[0] if places else world.own) if row.data and method == "POST" else {}
    url = reverse(row.name, args=[*(thing.pk for thing in things), *row.words])
    return Case(method, who, user, url, about, _expected(row, method, role, of_own_area), data)


def _expected(row: Row, method: str, role: Role | None, of_own_area: bool) -> frozenset[int]:
    offered = row.status(method)
    may = role in row.allowed if role else row.public
    if not may:
        refusal = row.but.get(role, row.otherwise) if role else LOGIN
        # A method that is not offered may be refused for that reason first.
        return frozenset({refusal} if offered is not None else {refusal, 405})
    answer = 405 if offered is None else offered
    if of_own_area or role is None:
        return frozenset({answer})
    return frozenset({row.other_object} if offered is not None else {row.other_object, 405})


def rule_cases(rule: Rule, address: Address, world: World) -> Iterator[tuple[Case, bool]]:
    """Every question about an address made by others, and whether the person may come in."""
    name = address.name
    url = reverse(name, kwargs={key: _SOMETHING[key] for key in address.parameters})
    for method in ("GET", "POST"):
        for role in (None, Role.CASE_WORKER, Role.ADMINISTRATOR):
            user = world.own.users[role] if role else None
            may = name in rule.public or role in rule.allowed
            if may and method == "POST" and role is Role.ADMINISTRATOR:
                continue  # what others let their administrators post is theirs to test
            yield Case(method, role.value if role else "anonymous", user, url, name, frozenset(), {}), may
