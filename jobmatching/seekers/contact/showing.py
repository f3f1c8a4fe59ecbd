"""What the pages about a jobseeker show of how to write to the person."""

from dataclasses import dataclass

from jobmatching.seekers.contact.services import KIND, channels_to
from jobmatching.seekers.models import JobSeeker
from portal.outbox.enums import RecipientKind, Wish
from portal.outbox.models import ContactWish, Message


@dataclass(frozen=True)
class Contact:
    """How the person wants to be written to, as far as known."""

    wish: ContactWish | None
    question: Message | None
    """The latest question how to write, whatever became of it."""
    can_be_asked: bool
    """Whether there is an address, and nothing speaks against a message."""
    no_address: bool
    """Whether only an address is missing."""
    answered: bool
    """Whether the person has answered by a link."""


def contact_of(seeker: JobSeeker) -> Contact:
    """What is known, in two queries."""
    wish = ContactWish.objects.filter(subject_id=seeker.pk).select_related("changed_by").first()
    mine = Message.objects.to(RecipientKind.JOBSEEKER, seeker.pk)
    question = mine.filter(kind=KIND).defer("text", "html", "secrets").first()
    against = seeker.non_disclosure or (wish is not None and wish.wish == Wish.NONE)
    reached = bool(channels_to(seeker))
    answered = wish is not None and wish.answered_at is not None
    return Contact(wish, question, reached and not against, not reached and not against, answered)
