"""The Celery application: tasks of every app, and the beat schedule in code."""

from celery import Celery
from celery.schedules import crontab

from portal.settings.chosen import require_settings

require_settings()

app = Celery("kohtaanto")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["portal.accounts", "portal.runs", "jobmatching.nightly"])
# A sweep that no worker took in time is dropped: the next is on its way, and a worker that comes back after a day has
# one to do, not a thousand.
app.conf.beat_schedule = {
    "night": {"task": "jobmatching.nightly.tasks.start_night", "schedule": crontab(hour=1, minute=15)},
    "heartbeat": {"task": "portal.runs.tasks.beat_heart", "schedule": 20.0},
    "sweep": {"task": "jobmatching.nightly.tasks.sweep_runs", "schedule": 60.0, "options": {"expires": 50}},
    "vectors": {"task": "jobmatching.nightly.tasks.freshen_vectors", "schedule": 300.0, "options": {"expires": 280}},
    "sessions": {"task": "portal.accounts.tasks.forget_ended_sessions", "schedule": crontab(hour=4, minute=40)},
}
