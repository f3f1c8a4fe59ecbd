"""What the broker is told: tasks take numbers of rows and days, and leave nothing behind but that they are done.

That no word of a planted person reaches a task on the way through all pages is held by
tests/portal/privacy/planted/test_walk.py.
"""

import ast
import inspect
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from celery import Task
from celery.exceptions import AlwaysEagerIgnored
from kombu import Connection
from kombu.simple import SimpleQueue

from portal.celery import app
from tests.own_code import ROOT, committed_files

NUMBERS: Final = {"int": 7_000_001}
"""What a parameter may be, with a value to send."""
TEXTS: Final = {("portal.runs.tasks.follow_night", "day"): "2026-11-22"}
"""Parameters that are texts all the same: an ISO day."""
OF_THE_FRAME: Final = ("celery.", "tests.")


def own_tasks() -> dict[str, Task]:
    """Every task of ours that a worker knows."""
    app.loader.import_default_modules()
    return {name: task for name, task in sorted(app.tasks.items()) if not name.startswith(OF_THE_FRAME)}


def written_tasks() -> Iterator[str]:
    """Every task that stands in the code: a function decorated as one."""
    for path in committed_files():
        inside = path.relative_to(ROOT)
        if path.suffix != ".py" or inside.parts[0] == "tests":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and any(map(_makes_a_task, node.decorator_list)):
                yield f"{'.'.join(inside.with_suffix('').parts)}.{node.name}"


def _makes_a_task(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
    return name in ("shared_task", "task", "periodic_task")


def parameters(task: Task) -> dict[str, str]:
    """Name of each parameter and what it is, as written."""
    found = inspect.signature(task.run).parameters.values()
    return {one.name: getattr(one.annotation, "__name__", str(one.annotation)) for one in found}


def strange(name: str, task: Task) -> list[str]:
    """Parameters that could carry more than the number of a row."""
    return [
        f"{name}({parameter}: {kind})"
        for parameter, kind in parameters(task).items()
        if kind not in NUMBERS and (name, parameter) not in TEXTS
    ]


def test_every_task_of_the_code_is_known_to_the_worker() -> None:
    written = list(written_tasks())
    assert len(written) > 15
    assert sorted(written) == list(own_tasks())


def test_tasks_take_numbers_of_rows_and_days_alone() -> None:
    assert not [one for name, task in own_tasks().items() for one in strange(name, task)]
    left_over = {(name, told) for name, told in TEXTS if told not in parameters(own_tasks()[name])}
    assert not left_over


def test_tasks_leave_no_result() -> None:
    """Whatever a task returned would lie in the broker's server for an hour."""
    speaking = {
        name: inspect.signature(task.run).return_annotation
        for name, task in own_tasks().items()
        if inspect.signature(task.run).return_annotation is not None
    }
    assert not speaking


def test_what_is_said_of_a_task_can_be_wrong() -> None:
    def told(seeker_id: int, words: str, wishes: dict[str, str]) -> None:
        """A task that says too much."""

    class Pretended:
        run = staticmethod(told)

    assert strange("a.b", Pretended()) == ["a.b(words: str)", "a.b(wishes: dict)"]
    assert _makes_a_task(ast.parse("shared_task(bind=True)", mode="eval").body)
    assert not _makes_a_task(ast.parse("wraps(view)", mode="eval").body)


def test_the_schedule_sends_nothing_along() -> None:
    for entry in app.conf.beat_schedule.values():
        assert entry["task"] in own_tasks()
        assert not entry.get("args")
        assert not entry.get("kwargs")


@pytest.mark.parametrize("name", own_tasks())
def test_a_message_to_the_broker_holds_the_numbers_and_nothing_of_people(name: str) -> None:
    """The message itself, as it lies in the queue: JSON, the arguments that were given, and no user."""
    task = own_tasks()[name]
    queue_name = f"test-broker-{uuid.uuid4().hex}"
    given = {parameter: TEXTS.get((name, parameter), NUMBERS.get(kind)) for parameter, kind in parameters(task).items()}
    with Connection(app.conf.broker_url) as connection:
        queue = SimpleQueue(connection, queue_name)
        try:
            with pytest.warns(AlwaysEagerIgnored):  # what `delay` does where tasks are not run at once
                app.send_task(name, kwargs=given, queue=queue_name, connection=connection, task_type=task)
            message = queue.get(timeout=5)
            message.ack()
        finally:
            queue.queue.delete()
            queue.close()
    assert message.content_type == "application/json"
    arguments, named, _embedded = json.loads(message.body)
    assert (arguments, named) == ([], given)
    assert set(message.headers) <= HEADERS


HEADERS: Final = {
    "lang", "task", "id", "shadow", "eta", "expires", "group", "group_index", "retries", "timelimit", "root_id",
    "parent_id", "argsrepr", "kwargsrepr", "origin", "ignore_result", "replaced_task_nesting", "stamped_headers",
    "stamps",
}  # fmt: skip
"""What Celery itself puts beside the arguments; a header of ours would be one more to look at."""


def test_the_code_is_where_it_is_looked_for() -> None:
    assert Path(inspect.getfile(own_tasks()["portal.runs.tasks.beat_heart"].run)).is_relative_to(ROOT)
