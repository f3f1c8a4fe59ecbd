"""Column heads that order a list: links that keep the rest of the address."""

from dataclasses import dataclass

from django.http import QueryDict

PARAMETER = "order"


@dataclass(frozen=True)
class Heading:
    """A column's head. `url` orders by it (the other way round where it does already); `direction` for `aria-sort`."""

    label: str
    url: str = ""
    direction: str = ""
    number: bool = False


def heading(query: QueryDict, name: str, label: str, order: str, *, number: bool = False) -> Heading:
    """The head of the column `name` in a list ordered by `order` (`-name`: descending); without a name no link."""
    if not name:
        return Heading(label, number=number)
    changed = query.copy()
    changed.pop("page", None)
    changed[PARAMETER] = f"-{name}" if order == name else name
    direction = {name: "ascending", f"-{name}": "descending"}.get(order, "")
    return Heading(label, f"?{changed.urlencode()}", direction, number)
