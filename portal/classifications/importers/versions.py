"""Which version a download is, from the name of its folder or zip."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

UNKNOWN: Final = "unknown"
_AFTER_V: Final = re.compile(r"(?<![a-z\d.])v\.? ?(\d+(?:\.\d+){0,3})", re.IGNORECASE)
_BARE: Final = re.compile(r"(?<![\d.])(\d+(?:\.\d+){1,3})")


def version_in_name(path: Path) -> str | None:
    """Return "v1.2.0" for "ESCO dataset - v1.2.0 - classification - en - csv.zip"; None where no version stands there.

    Looks at the folder's or zip's own name, at zips inside the folder, then at the parent's name where it speaks of
    ESCO
    (any other parent may carry the version of anything). A number without a "v" counts in a name that speaks of ESCO.
    """
    for name in _names(path.resolve()):
        found = _AFTER_V.search(name) or (_BARE.search(name) if "esco" in name.lower() else None)
        if found:
            return f"v{found[1]}"
    return None


def _names(path: Path) -> Iterator[str]:
    yield path.name
    if path.is_dir():
        yield from sorted(entry.name for entry in path.glob("*.zip"))
    if "esco" in path.parent.name.lower():
        yield path.parent.name
