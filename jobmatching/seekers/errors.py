"""What a step about a jobseeker may fail by, whichever part of the room it is in."""


class NotPossible(Exception):
    """The state does not allow the step (any more); the message, where there is one, says why."""
