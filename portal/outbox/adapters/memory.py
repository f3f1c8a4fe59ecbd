"""Carries nothing: keeps letters in the process, for tests."""

from portal.outbox.adapters import Answer, Letter

outbox: list[Letter] = []
"""What has been sent, oldest first; tests empty it."""


class MemoryAdapter:
    """Takes every letter."""

    name = "memory"

    def send(self, letter: Letter) -> Answer:
        """Keep the letter."""
        outbox.append(letter)
        return Answer("250 kept", str(len(outbox)))

    def close(self) -> None:
        """Nothing is open."""
