"""Log lines without the values of rows: messages of databases and parsers quote what people have entered.

And without what opens something: an address that a message names may be that of a link, whose token is the only proof.
"""

import logging
import re
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Final

from portal.runs.errors import describe

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


_BREAKS: Final = {ord(one): repr(one)[1:-1] for one in "\n\r\x0b\x0c\x1b\x85\u2028\u2029"}
_TELLS_SOMETHING: Final = 4
"""Characters; shorter texts would be found by chance inside words."""


_SECRET: Final = re.compile(
    # A part of a path, long and of letters and figures, that is no name of a file ...
    r"(?<=/)(?=[^/\s?]*\d)(?=[^/\s?]*[A-Za-z])(?![\w.-]+\.[a-z]{2,5}(?![\w.-]))[\w.:~%=+-]{20,}"
    # ... or the value of a query: codes and states of sign-in, words of a search.
    r"|(?<=[?&])(?P<name>[\w.-]+)=[^&\s\"']+"
)


def without_secrets(text: str) -> str:
    """The text with tokens in paths, and all values of queries, masked."""
    return _SECRET.sub(lambda found: f"{found['name']}=***" if found["name"] else "***", text)


class LineFormatter(logging.Formatter):
    """One line an event; of an error the places in the code and `describe(error)`, for the errors behind it too.

    A message that repeats the text of its error (Django's does for what it refuses, Celery's for a task that failed)
    has `describe(error)` in its place. Line breaks inside a message are written as such, so that nobody's input can
    look like a line of its own; tokens in addresses are masked; times are those of UTC.
    """

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802  the name is logging's
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  the name is logging's
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            for text in (repr(error), str(error)):
                if len(text) >= _TELLS_SOMETHING:
                    record.message = record.message.replace(text, describe(error))
        record.message = without_secrets(record.message).translate(_BREAKS)
        return super().formatMessage(record)

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802  the name is logging's
        error = ei[1]
        parts: list[str] = []
        seen: set[int] = set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            frames = "".join(traceback.format_tb(error.__traceback__))
            parts.append(f"{frames}{describe(error)}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\nraised from:\n".join(parts)
