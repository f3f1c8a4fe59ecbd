"""One night in a process of its own, as a worker runs it: `python -m tests.bench.matching.night_process DATABASE DAY`.

The last line of its output is JSON: seconds by the wall, CPU seconds, the run's own steps and counts, and the largest
memory of the process (which loads, matches and stores; the database server is not part of it).
"""

import json
import resource
import sys
import time
from datetime import date


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
        told = {"run": run.pk, "wall_s": wall, "cpu_s": cpu, "seconds": run.seconds, "counts": run.counts}
    peak_kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps(told | {"peak_rss_mb": peak_kilobytes / 1024}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
