"""Changes of accounts."""

from django.conf import settings

from portal.accounts.models import User


def choose_language(user: User, language: str) -> None:
    """Keep the language that the portal speaks and writes to the person. ValueError for one that it does not speak."""
    if language not in dict(settings.LANGUAGES):
        raise ValueError("The portal does not speak this language.")
    user.language = language
    user.save(update_fields=["language"])
