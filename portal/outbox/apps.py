"""The outbox: mail and SMS as rows first, sent after the commit, once."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    """Messages, links for people without an account, preferences."""

    name = "portal.outbox"
    label = "outbox"
    verbose_name = _("Messages")

    def ready(self) -> None:
        # The Celery application must be there before a task is sent; the checks register themselves.
        import portal.celery
        import portal.outbox.checks  # noqa: F401
