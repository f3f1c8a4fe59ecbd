"""How many identity codes of one day of birth somebody brings in a day: whoever tries all of them out is stopped."""

from collections import Counter
from typing import Final

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from jobmatching.seekers.importing.files import Table
from portal.accounts.models import User
from portal.privacy.identity import as_identity_code
from portal.ui.limits import Limit, spend

_COLUMN: Final = "identity_code"
_DAY_OF_BIRTH: Final = 6
"""Signs of a code that tell the day of birth."""


def count_codes(user: User, table: Table) -> None:
    """Count the codes of a file by day of birth; the same code counts once, so that a mended file costs nothing.

    Raises TooOften. The cache holds keyed digests, never a code.
    """
    if _COLUMN not in table.columns:
        return
    column = table.columns.index(_COLUMN)
    codes = {code for row in table.rows if (code := as_identity_code(row[column]))}
    born = {f"seekers.tried.{user.pk}.{_digest(code)}": _digest(code[:_DAY_OF_BIRTH]) for code in codes}
    fresh = born.keys() - cache.get_many(list(born)).keys()
    for day, count in sorted(Counter(born[key] for key in fresh).items()):
        spend(Limit.CODES_TRIED, f"{user.pk}.{day[:12]}", count)
    cache.set_many(dict.fromkeys(fresh, 1), Limit.CODES_TRIED.value.seconds)


def _digest(text: str) -> str:
    return salted_hmac("seekers.tried", text, algorithm="sha256").hexdigest()
