"""A provider in a worker process of its own: notes that it has a letter, then thinks until the process is killed."""

import os
import time
from pathlib import Path

from portal.outbox.adapters import Answer, Letter


class SlowAdapter:
    """Takes a letter and does not answer."""

    name = "slow"

    def send(self, letter: Letter) -> Answer:
        with Path(os.environ["SLOW_PROVIDER_LETTERS"]).open("a") as letters:
            letters.write(f"{letter.reference}\n")
        time.sleep(120)
        return Answer("250 at last")

    def close(self) -> None: ...
