"""What a row of the history tells."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Operation(models.TextChoices):
    """What happened to the row."""

    INSERT = "I", pgettext_lazy("history", "added")
    UPDATE = "U", pgettext_lazy("history", "changed")
    DELETE = "D", pgettext_lazy("history", "deleted")
