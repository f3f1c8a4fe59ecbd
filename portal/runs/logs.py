"""Log lines without the values of rows: messages of databases and parsers quote what people have entered."""

import logging
import traceback
from types import TracebackType

from portal.runs.errors import describe

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class LineFormatter(logging.Formatter):
    """One line an event; of an error the places in the code and `describe(error)`, for the errors behind it too."""

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
