"""Tables of lists, drawn by `templates/ui/table.html`: caption, row headers, and the order of the rows said aloud."""

from typing import Any, ClassVar

import django_tables2 as tables
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from portal.ui import formats


class PortalTable(tables.Table):
    """A table with a caption (what the rows are) and one column whose cells name the row."""

    caption: ClassVar[str | Promise] = ""
    caption_shown: ClassVar[bool] = False
    row_header: ClassVar[str] = ""
    css_class: ClassVar[str] = ""

    @property
    def described(self) -> str:
        """The caption, with the column that the rows are ordered by."""
        ordered = [column for column in self.columns if column.is_ordered]
        if not ordered:
            return str(self.caption)
        column = ordered[0]
        direction = _("descending") if column.order_by_alias.is_descending else _("ascending")
        return _("%(caption)s, order: %(column)s, %(direction)s") % {
            "caption": self.caption,
            "column": column.header,
            "direction": direction,
        }


class NumberColumn(tables.Column):
    """Numbers to the right, in the reader's format."""

    def __init__(self, *args: Any, decimals: int | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", {"th": {"class": "k-num"}, "td": {"class": "k-num"}})
        super().__init__(*args, **kwargs)
        self.decimals = decimals

    def render(self, value: Any) -> str:
        return formats.number(value, self.decimals)


class DayColumn(tables.Column):
    """Days as `pe 20.11.2026`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", {"td": {"class": "k-nw"}})
        super().__init__(*args, **kwargs)

    def render(self, value: Any) -> str:
        return formats.weekday_year(value)
