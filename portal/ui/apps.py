"""Components that every page is built from."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_out


class UiConfig(AppConfig):
    """The floor of the components."""

    name = "portal.ui"
    label = "ui"

    def ready(self) -> None:
        """Clear the browser at sign-out; watch that security.txt stays true."""
        from portal.ui import security_txt  # noqa: F401  registers its deploy check
        from portal.ui.middleware import note_sign_out

        user_logged_out.connect(note_sign_out, dispatch_uid="portal.ui.note_sign_out")
