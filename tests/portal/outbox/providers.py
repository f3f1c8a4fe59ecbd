"""Providers that do what a test asks of them, and remember every letter that they took."""

from collections.abc import Callable

from portal.outbox.adapters import Answer, Letter, NotNow, Refused


class Killed(BaseException):
    """The process is gone at this point: nothing of ours catches it."""


class Provider:
    """Takes letters. `before` runs when it is asked, `after` when it has taken the letter but not answered yet."""

    taken: list[Letter]
    before: Callable[[], None]
    after: Callable[[], None]
    closed: int


PROVIDER = Provider()


def reset() -> None:
    """A provider that works."""
    PROVIDER.taken, PROVIDER.closed = [], 0
    PROVIDER.before = PROVIDER.after = lambda: None


reset()


class TestAdapter:
    """The adapter of that provider, as the settings name it."""

    __test__ = False
    name = "test"

    def send(self, letter: Letter) -> Answer:
        PROVIDER.before()
        PROVIDER.taken.append(letter)
        PROVIDER.after()
        return Answer(f"250 queued for <{letter.address}>", f"id-{len(PROVIDER.taken)}")

    def close(self) -> None:
        PROVIDER.closed += 1


PATH = f"{__name__}.TestAdapter"


def kill() -> None:
    raise Killed


def not_now() -> None:
    raise NotNow("451 4.3.0 <aino.salapera@planted.example>: try again later")


def refuse() -> None:
    raise Refused("550 5.1.1 <aino.salapera@planted.example>: no such user")


def lose_connection() -> None:
    raise ConnectionResetError("aino.salapera@planted.example")
