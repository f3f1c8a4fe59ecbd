"""Forms of the rules' way: a draft with every number, the decision on a proposal, and a reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from jobmatching.engine.rules import Weights
from jobmatching.nightly.rules_flow.bounds import LIMITS, Limits, ListLimits, from_people, problems, to_people
from jobmatching.nightly.weight_words import GROUPS
from portal.ui import formats
from portal.ui.free_words import FreeText

LONGEST: Final = 2000
APPROVE: Final = "approve"
REJECT: Final = "reject"


class NumberListField(forms.CharField):
    """Whole numbers with commas, semicolons or spaces between them."""

    def __init__(self, limits: ListLimits, **kwargs: Any) -> None:
        super().__init__(max_length=100, **kwargs)
        self._limits = limits

    def prepare_value(self, value: Any) -> Any:
        """Numbers as they are written; what a person typed stays as it is."""
        return ", ".join(str(one) for one in value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        """The numbers; () for nothing."""
        text = super().to_python(value) if not isinstance(value, list | tuple) else self.prepare_value(value)
        parts = str(text or "").replace(",", " ").replace(";", " ").split()
        try:
            return tuple(int(part) for part in parts)
        except ValueError:
            raise forms.ValidationError(_gettext("Write whole numbers with commas between them: 6, 12, 24.")) from None

    def validate(self, value: Any) -> None:
        super().validate(value)
        limits = self._limits
        if not limits.fewest <= len(value) <= limits.most:
            raise forms.ValidationError(
                _gettext("Write %(fewest)s to %(most)s numbers; now there are %(there)s.")
                % {
                    "fewest": formats.number(limits.fewest),
                    "most": formats.number(limits.most),
                    "there": formats.number(len(value)),
                }
            )
        if any(not limits.low <= one <= limits.high for one in value):
            raise forms.ValidationError(_between(limits))
        if limits.ascending and any(before >= after for before, after in pairwise(value)):
            raise forms.ValidationError(_gettext("Write each number higher than the one before it."))


def _between(limits: Limits) -> str:
    told = {"low": formats.number(limits.low), "high": formats.number(limits.high)}
    return _gettext("Write a number from %(low)s to %(high)s.") % told


@dataclass(frozen=True)
class FieldGroup:
    """Fields that belong together."""

    label: Promise
    fields: list[BoundField]


class DraftForm(forms.Form):
    """Every number of the rules, beginning with those of the version that the draft is made from, and what for."""

    purpose = FreeText(
        label=_("What is the change for?"),
        help_text=_("Those who decide on the change read this, and it stays with the version."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what the change is for.")},
    )

    def __init__(self, *args: Any, weights: Weights, purpose: str = "", **kwargs: Any) -> None:
        self._given = weights
        started = {name: to_people(name, getattr(weights, name)) for name in LIMITS}
        kwargs["initial"] = {"purpose": purpose, **started}
        super().__init__(*args, **kwargs)
        for group in GROUPS:
            for name, words in group.weights.items():
                self.fields[name] = _field(name, words.label)

    def groups(self) -> Iterator[FieldGroup]:
        """The fields of the numbers as they stand on the page."""
        for group in GROUPS:
            yield FieldGroup(group.label, [self[name] for name in group.weights])

    def clean(self) -> dict[str, Any]:
        """What is wrong between fields is told at one of them."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, told in list(problems(cleaned)):
            if name not in self.errors:
                self.add_error(name, told)
        return cleaned

    def weights(self) -> Weights:
        """The numbers written; one that nobody has touched stays as exact as it was."""
        told = {
            name: getattr(self._given, name)
            if self.cleaned_data[name] == to_people(name, getattr(self._given, name))
            else from_people(name, self.cleaned_data[name])
            for name in LIMITS
        }
        return Weights(**told)


def _field(name: str, label: Promise) -> forms.Field:
    limits = LIMITS[name]
    if isinstance(limits, ListLimits):
        listed = NumberListField(limits, label=label, help_text=limits.unit)
        listed.error_messages["required"] = _gettext("Write the numbers with commas between them.")
        return listed
    messages = dict.fromkeys(
        ("required", "invalid", "min_value", "max_value", "max_decimal_places", "max_digits"), _between(limits)
    )
    widget = forms.NumberInput(attrs={"inputmode": "decimal" if name == "floor" else "numeric"})
    shared: dict[str, Any] = {
        "label": label,
        "help_text": _gettext("%(unit)s, %(range)s")
        % {"unit": limits.unit, "range": formats.number_range(limits.low, limits.high)},
        "min_value": limits.low,
        "max_value": limits.high,
        "error_messages": messages,
        "widget": widget,
    }
    if name == "floor":
        return forms.DecimalField(max_digits=6, decimal_places=4, step_size=None, **shared)
    return forms.IntegerField(**shared)


class ReasonForm(forms.Form):
    """Why a draft is given up."""

    reason = FreeText(
        label=_("Why is the draft withdrawn?"),
        help_text=_("It stays with the version, which stays in the list."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write why the draft is withdrawn.")},
    )


class DecisionForm(forms.Form):
    """Whether a proposal comes into force, and why."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=(
            (APPROVE, _("Approve: the next night matches by this version")),
            (REJECT, _("Reject: the version in force stays")),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you decide.")},
    )
    reason = FreeText(
        label=_("Reason of the decision"),
        help_text=_("Where you approve, everybody reads it on the public page about matching."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason of the decision.")},
    )
