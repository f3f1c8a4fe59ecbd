"""Two answers by one link at the same moment."""

import threading

from django.db import connections

from portal.outbox import links
from portal.outbox.enums import LinkState
from portal.outbox.links import LinkNotOpen
from portal.outbox.models import Link


def test_of_two_answers_at_once_one_counts(committed: str) -> None:
    made = links.make("contact", 4711)
    begin = threading.Barrier(2)
    results: list[object] = []

    def answer() -> None:
        begin.wait(10)
        try:
            results.append(links.use(made.token, "contact").uses)
        except LinkNotOpen as refused:
            results.append(refused.state)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=answer) for _one in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(results, key=str) == [1, LinkState.USED]
    assert Link.objects.get().uses == 1
