"""What a row of the permission matrix, and a rule, say."""

from collections.abc import Callable
from dataclasses import dataclass, field

from portal.accounts.roles import Role
from tests.world import Side

LOGIN = 302
"""Anonymous visitors are sent to sign in."""
REFUSED = 403
HIDDEN = 404
"""What another area's object looks like: as if it were not there."""
PEOPLE = frozenset({"seeker", "colleagues_seeker", "paused_seeker", "hidden_seeker"})
"""Objects of a side that are persons."""

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
    instead: dict[Role, int] = field(default_factory=dict)
    """Of those who may, roles that get something else where the person is of their own area: they are asked for a
    reason first, or need not be."""
    everywhere: frozenset[Role] = frozenset()
    """Of those who may, roles of the whole installation: what is another area's is theirs as well."""
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
