"""A comment on a figure of equal treatment."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.ui.free_words import FreeText

LONGEST = 2000


class CommentForm(forms.Form):
    """What somebody says about one group's figure, or about the whole table."""

    group = forms.ChoiceField(label=_("On which figure"), required=False)
    text = FreeText(
        label=_("Comment"),
        help_text=_("What you make of the figure, or what is done about it. Write nothing about a single person."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the comment.")},
    )

    def __init__(self, *args: object, groups: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["group"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("The whole table")), *groups]
