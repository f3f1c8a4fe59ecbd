"""One night in a process of its own, as a worker runs it: `python -m tests.bench.matching.night_process DATABASE DAY`.

The last line of its output is JSON: seconds by the wall, CPU seconds, the run's own steps and counts, and the largest
memory of the process (which loads, matches and stores; the database server is not part of it).
"""

import json
import sys
import time
from datetime import date
from pathlib import Path


def main(database: str, day: str) -> None:
    """Warm up as a worker does at its start, then run the night and tell."""
    import django

    django.setup()
    from jobmatching.engine.warm import warm_up
    from jobmatching.nightly import night
    from tests.databases import using_database

    warm_up()
    with using_database(database):
        wall, cpu = time.perf_counter(), time.process_time()
        run = night.run_here(date.fromisoformat(day))
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        # Tidying up follows on the published result; nobody waits for it. It is told, and not counted in.
        wall -= run.seconds["clean_up"]
        told = {"run": run.pk, "wall_s": wall, "cpu_s": cpu, "seconds": run.seconds, "counts": run.counts}
    print(json.dumps(told | {"peak_rss_mb": _peak_kilobytes() / 1024}))


def _peak_kilobytes() -> int:
    """Largest resident memory of this program; getrusage would also count the process that started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
