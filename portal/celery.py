"""The Celery application: tasks of every app, and the beat schedule in code."""

from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import beat_init, worker_init
from django.core.exceptions import ImproperlyConfigured

from portal.settings.chosen import require_settings

require_settings()

app = Celery("kohtaanto", task_cls="portal.runs.tasking:PortalTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    [
        "portal.accounts",
        "portal.runs",
        "portal.outbox",
        "portal.privacy.retention",
        "jobmatching.seekers.rights",
        "portal.privacy.access",
        "jobmatching.nightly",
        "jobmatching.seekers.non_disclosure",
    ]
)
# A sweep that no worker took in time is dropped: the next is on its way, and a worker that comes back after a day has
# one to do, not a thousand.
app.conf.beat_schedule = {
    "night": {"task": "jobmatching.nightly.tasks.start_night", "schedule": crontab(hour=1, minute=15)},
    "heartbeat": {"task": "portal.runs.tasks.beat_heart", "schedule": 20.0},
    "sweep": {"task": "jobmatching.nightly.tasks.sweep_runs", "schedule": 60.0, "options": {"expires": 50}},
    "follow": {"task": "portal.runs.tasks.follow_night", "schedule": 60.0, "options": {"expires": 50}},
    "seal": {
        "task": "portal.privacy.access.tasks.seal_access_log",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "access_log": {
        "task": "portal.privacy.access.tasks.sweep_access_log",
        "schedule": 300.0,
        "options": {"expires": 280},
    },
    "retention": {
        "task": "portal.privacy.retention.tasks.sweep_retention",
        "schedule": 300.0,
        "options": {"expires": 280},
    },
    "documents": {"task": "jobmatching.seekers.rights.tasks.empty_documents", "schedule": crontab(minute=20)},
    "messages": {"task": "portal.outbox.tasks.sweep", "schedule": 60.0, "options": {"expires": 50}},
    "vectors": {"task": "jobmatching.nightly.tasks.freshen_vectors", "schedule": 300.0, "options": {"expires": 280}},
    "hidden": {"task": "jobmatching.nightly.tasks.sweep_hidden", "schedule": 300.0, "options": {"expires": 280}},
    "non_disclosures": {
        "task": "jobmatching.seekers.non_disclosure.tasks.remind_of_non_disclosures",
        "schedule": crontab(hour=6, minute=30),
    },
    "sessions": {"task": "portal.accounts.tasks.forget_ended_sessions", "schedule": crontab(hour=4, minute=40)},
    "unconfirmed": {
        "task": "portal.accounts.tasks.forget_unconfirmed_accounts",
        "schedule": crontab(hour=4, minute=45),
    },
}


@worker_init.connect  # type: ignore[untyped-decorator]  # Celery has no types
@beat_init.connect  # type: ignore[untyped-decorator]
def refuse_demo_people(**_unused: Any) -> None:
    """Workers and beat do not start where the demo's people could sign in and must not."""
    from portal.accounts.checks import refuse_demo_people as refuse

    try:
        refuse()
    except ImproperlyConfigured as error:
        raise SystemExit(str(error)) from error  # Celery would only log any other exception, and go on
