"""`dev.py demo`: from a bare checkout to a served portal with people, vacancies and a first matching run."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal.devtools import children, environment, postgres, say, servers, translations, variables
from portal.devtools.children import Child
from portal.devtools.network import LOOPBACK, port_is_taken
from portal.devtools.paths import CHECKOUT, PYTHON, StateFolder, state_folder, venv_program

SIZES = ("S", "M", "L")
_SETTINGS = "portal.settings.dev"
_SPACE_BYTES = {"S": 1_000_000_000, "M": 3_000_000_000, "L": 12_000_000_000}
_SERVED_WITHIN_S = 60
_POLL_S = 0.5


@dataclass(frozen=True)
class Wishes:
    """What the person asked for on the command line."""

    size: str | None
    port: int
    esco: Path | None
    fresh: bool


class Demo:
    """The demo of one state folder, with its servers up."""

    def __init__(
        self, state: StateFolder, environ: Mapping[str, str], wishes: Wishes, running: list[Child], started: float
    ) -> None:
        self._state = state
        self._environ = dict(environ)
        self._wishes = wishes
        self._started = started
        self._servers = running
        self._services: list[Child] = []
        self._compiler: Child | None = None

    @property
    def _all(self) -> list[Child]:
        return [*self._services, *self._servers]

    def prepare(self, size: str) -> None:
        """Everything that the web process needs before it starts; the second processor is put to use meanwhile."""
        self._compile_engine()
        static_files = self._child("static", [str(PYTHON), "manage.py", "collectstatic", "--no-input"])
        with ExitStack() as stack:
            stack.callback(static_files.end)
            self._fill(size)
            with say.step("Static files"):
                if static_files.wait():
                    raise say.Trouble(static_files.death_notice())

    def _fill(self, size: str) -> None:
        self._step("Database tables", "migrate", "--no-input", "--verbosity", "0")
        if translations.to_compile(CHECKOUT):
            self._run("Translations", [str(PYTHON), "-m", "portal.devtools.translations", "--compile"])
        esco = ["--esco", str(self._wishes.esco)] if self._wishes.esco else []
        self._step("People, vacancies and classifications", "seed_demo", "--size", size, *esco)

    @contextmanager
    def serve(self) -> Iterator[None]:
        """The web, then worker and beat: on a small machine the page should not wait for them."""
        try:
            with say.step("Web"):
                self._start_web()
                children.wait_until(self._answers, self._services[0], _SERVED_WITHIN_S, "The web did not answer")
            say.line(f"   Served after {say.seconds(self._started)}: {self.address}/")
            self._await_engine()
            self._start_celery()
            yield
        finally:
            with children.undisturbed():
                children.end_all([*self._services, *([self._compiler] if self._compiler else [])])

    def first_run(self) -> None:
        """The first matching run, or a missed night's; its failure is said and leaves the portal up to look at."""
        started = time.monotonic()
        say.line("-> Matching ...")
        if self._manage("demo_first_run"):
            say.line("   The matching run failed: see the lines above and the run history in the portal.")
        else:
            say.line(f"   Matching: {say.seconds(started)}")

    def introduce(self) -> None:
        """The address, the sign-ins and what to look at first."""
        say.line()
        say.line(f"The portal is at {self.address}/")
        self._manage("demo_accounts")
        say.line(f"Logs are in {self._state.logs}. Ctrl-C ends everything.")

    @property
    def address(self) -> str:
        return f"http://{LOOPBACK}:{self._wishes.port}"

    def wait(self) -> None:
        """Run until Ctrl-C, or until one of the processes ends by itself."""
        while True:
            children.watch(self._all)
            time.sleep(_POLL_S)

    def _compile_engine(self) -> None:
        """Start to compile the matching engine where it has changed: the worker's processes would each do it."""
        sources = (CHECKOUT / "jobmatching" / "engine").glob("*.py")
        newest = max(source.stat().st_mtime for source in sources)
        if not self._compiled.exists() or self._compiled.stat().st_mtime < newest:
            warm_up = "from jobmatching.engine.warm import warm_up; warm_up()"
            gently = ["nice", "-n", "10"]  # the page to look at comes first
            self._compiler = self._child("engine", [*gently, str(PYTHON), "-c", warm_up])

    @property
    def _compiled(self) -> Path:
        """Its time says since when the compiled engine is kept."""
        return self._state.numba_cache / "compiled"

    def _await_engine(self) -> None:
        if self._compiler is None:
            return
        with say.step("Matching engine (compiled once)"):
            if self._compiler.wait():
                raise say.Trouble(self._compiler.death_notice())
            self._compiled.touch()

    def _start_web(self) -> None:
        gunicorn = [venv_program("gunicorn"), "--no-control-socket", "--worker-class", "gthread"]
        sizes = ["--workers", "2", "--threads", "4", "--bind", f"{LOOPBACK}:{self._wishes.port}"]
        self._services.append(self._child("web", [*gunicorn, *sizes, "portal.wsgi:application"]))

    def _start_celery(self) -> None:
        celery = [venv_program("celery"), "-A", "portal.celery"]
        alone = ["--without-mingle", "--without-gossip"]  # one worker has nobody to ask; saves a second
        worker = [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO", *alone]
        beat = [*celery, "beat", "--pidfile=", "-s", str(self._state.beat_schedule)]
        self._services += [self._child("worker", worker), self._child("beat", beat)]

    def _child(self, name: str, arguments: Sequence[str]) -> Child:
        log = self._state.logs / f"{name}.log"
        return Child(name.title(), arguments, log=log, environ=self._environ, folder=CHECKOUT)

    def _answers(self) -> bool:
        children.watch(self._all)
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with direct.open(f"{self.address}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _step(self, name: str, *arguments: str) -> None:
        self._run(name, [str(PYTHON), "manage.py", *arguments])

    def _run(self, name: str, command: Sequence[str]) -> None:
        with say.step(name):
            if children.run(command, self._environ, folder=CHECKOUT, watching=self._servers):
                raise say.Trouble(f"The step `{name}` failed: see the lines above.")

    def _manage(self, *arguments: str) -> int:
        return children.run([str(PYTHON), "manage.py", *arguments], self._environ, folder=CHECKOUT, watching=self._all)


def demo(wishes: Wishes) -> None:
    """Set everything up, serve until stopped, end everything."""
    started = time.monotonic()
    given = variables.given()
    state = state_folder(given)
    state.make()
    servers.refuse_second(state)
    _refuse_impossible(wishes, given)
    size = _size(state, wishes)
    environment.require_space(state.root, _SPACE_BYTES[size])
    environment.ensure(environment.BASE, given)
    with ExitStack() as stack:
        with say.step("Servers (PostgreSQL, Valkey)"):
            running = stack.enter_context(servers.own(state, given, postgres.DEMO, "demo", fresh=wishes.fresh))
        environ = variables.for_portal(given, state, running.secrets, running.urls, _SETTINGS)
        environ.setdefault("SITE_URL", f"http://{LOOPBACK}:{wishes.port}")
        served = Demo(state, environ, wishes, running.children, started)
        served.prepare(size)
        _memory(state).write_text(json.dumps({"size": size}) + "\n", encoding="utf-8")
        stack.enter_context(served.serve())
        served.first_run()
        served.introduce()
        served.wait()


def _refuse_impossible(wishes: Wishes, given: Mapping[str, str]) -> None:
    if port_is_taken(wishes.port):
        raise say.Trouble(
            f"Port {wishes.port} of {LOOPBACK} is taken by another program: end that one or choose another by --port."
        )
    if wishes.esco and not wishes.esco.exists():
        raise say.Trouble(f"--esco: there is no folder or file {wishes.esco}.")
    if wishes.fresh and given.get("DATABASE_URL"):
        raise say.Trouble(
            "--fresh forgets the embedded database only, and DATABASE_URL names another: empty that yourself."
        )


def _memory(state: StateFolder) -> Path:
    """Where the size of the demo area is kept for the next start; gone with the data."""
    return state.postgres / "demo.json" if state.postgres.exists() else state.root / "demo.json"


def _size(state: StateFolder, wishes: Wishes) -> str:
    """The size of the area: as before, unless the data are made anew."""
    file = _memory(state)
    before = None
    if file.exists() and not wishes.fresh:
        before = str(json.loads(file.read_text(encoding="utf-8"))["size"])
    if before and wishes.size and wishes.size != before:
        raise say.Trouble(
            f"The demo area here has size {before}: start with --fresh --size {wishes.size} to make another."
        )
    return wishes.size or before or SIZES[0]
