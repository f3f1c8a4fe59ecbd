"""How long names stay beside comments; reports go with the run that they are about (portal.privacy.retention.runs)."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from jobmatching.nightly.fairness.models import FairnessComment
from portal.privacy.fields import Kept
from portal.privacy.retention.own import Named, NamesInRows


class NamesInComments(NamesInRows):
    """Who has commented on figures of equal treatment."""

    code = "names_in_comments"
    kept = Kept.FOR_ACCOUNTABILITY
    label = _("Names in comments on figures of equal treatment")
    covers = frozenset({"jobmatching.FairnessComment"})


NAMES_IN_COMMENTS: Final = NamesInComments(Named(FairnessComment, "written_at", ("author",)))
