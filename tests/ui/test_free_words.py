"""Free words hold no identity code, in whichever form they are written."""

import importlib
from collections.abc import Iterator

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.forms.forms import BaseForm

from jobmatching.seekers.forms import PauseForm
from portal.ui.free_words import FreeText, identity_code_in, no_identity_code
from tests.own_code import ROOT, committed_files

PACKAGES = ("portal", "employers", "jobmatching", "training", "priorities")

# Test codes: individual numbers of 900 and more are given to nobody.
CODES = [
    "030985-9005",
    "030985–9005",
    "030985−9005",
    "030985Y9005",
    "030985a9005",
    "030985 - 900 5",
    "030985\u00a0-9005",
]
NOT_CODES = [
    "030985-9006",  # the check character is wrong
    "310285-9005",  # no such day
    "040 9859005",
    "0309859005",  # a telephone number rather
    "A030985-9005",  # part of something longer
    "030985-90055",
    "FI21 1234 5600 0007 85",
    "1.11.2026-30.11.2026",
    "",
]

OTHERWISE_CHECKED = (forms.EmailField, forms.URLField, forms.RegexField, forms.UUIDField, forms.JSONField)
"""Fields that take no free words, since each has a form of its own."""

EXCEPTIONS = {
    ("portal.privacy.access.forms.FindForm", "identity_code"): "the auditor searches by the code; it is stored nowhere",
    ("portal.privacy.access.forms.FindForm", "words"): "a search: the words are stored as keyed digests only",
    ("portal.accounts.second_factor.forms.ActivateTOTPForm", "code"): "six digits; stored nowhere",
    ("portal.accounts.second_factor.forms.AuthenticateForm", "code"): "six or eight digits; stored nowhere",
    ("portal.accounts.second_factor.forms.ReauthenticateForm", "code"): "six or eight digits; stored nowhere",
    ("portal.accounts.sign_up.forms.SignUpForm", "username"): "of allauth; people sign in by e-mail, it is not shown",
    ("portal.ui.gallery.SampleFilter", "q"): "a sample of a search; stored nowhere",
    ("portal.privacy.register.views.RegisterFilter", "q"): "a search in texts of the portal; stored nowhere",
}
"""Fields that may hold a code, each with the reason."""


@pytest.mark.parametrize("code", CODES)
def test_code_in_a_sentence_is_found(code: str) -> None:
    assert identity_code_in(f"Masennus, hetu {code}, soitettu") == code
    with pytest.raises(ValidationError) as refused:
        no_identity_code(f"({code})")
    assert code not in str(refused.value.messages), "the message does not repeat it"


@pytest.mark.parametrize("text", NOT_CODES)
def test_other_numbers_are_let_through(text: str) -> None:
    assert identity_code_in(text) == ""


def test_typed_words_stay_in_the_form() -> None:
    form = PauseForm({"kind": "", "reason": "hetu 030985-9005"})
    assert not form.is_valid()
    assert [error.code for error in form.errors.as_data()["reason"]] == ["identity_code"]
    assert "hetu 030985-9005" in form.as_p()


def test_every_field_for_free_words_refuses_identity_codes() -> None:
    missing = sorted(
        f"{_name(form)}.{name}"
        for form in _own_forms()
        for name, field in form.base_fields.items()
        if _takes_free_words(field)
        and no_identity_code not in field.validators
        and (_name(form), name) not in EXCEPTIONS
    )
    assert not missing, f"use portal.ui.free_words.FreeText: {missing}"


def test_exceptions_are_fields_that_there_are() -> None:
    there = {(_name(form), name) for form in _own_forms() for name in form.base_fields}
    assert not EXCEPTIONS.keys() - there


def _takes_free_words(field: forms.Field) -> bool:
    return (
        isinstance(field, forms.CharField)
        and not isinstance(field, OTHERWISE_CHECKED)
        and not isinstance(field.widget, forms.PasswordInput | forms.HiddenInput)
    )


def _own_forms() -> list[type[BaseForm]]:
    """Every form class of ours, wherever it is written."""
    for path in committed_files():
        name = path.relative_to(ROOT)
        if name.suffix == ".py" and name.parts[0] in PACKAGES and "Form" in path.read_text(encoding="utf-8"):
            importlib.import_module(".".join(name.with_suffix("").parts).removesuffix(".__init__"))
    ours = tuple(f"{package}." for package in PACKAGES)
    return sorted({form for form in _below(BaseForm) if form.__module__.startswith(ours)}, key=_name)


def _below(form: type[BaseForm]) -> Iterator[type[BaseForm]]:
    for child in form.__subclasses__():
        yield child
        yield from _below(child)


def _name(form: type[BaseForm]) -> str:
    return f"{form.__module__}.{form.__qualname__}"


def test_field_is_a_field_of_characters() -> None:
    assert FreeText(max_length=3).clean(" abc ") == "abc"
