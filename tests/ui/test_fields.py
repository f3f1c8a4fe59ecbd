"""Fields and errors of forms: order, words, and what is joined for screen readers."""

import pytest
from django import forms
from django.forms import formset_factory
from django.template import Context, Template
from django.utils import translation

from portal.ui.fields import errors_in_page_order, field_context
from portal.ui.gallery import SampleForm
from tests.ui.html import Element, faults, read


@pytest.fixture(autouse=True)
def _english() -> None:
    translation.activate("en")


class TownForm(forms.Form):
    """One field with words of its own, one with Django's, and a rule over both."""

    town = forms.CharField(label="Town", error_messages={"required": "Choose the town where the work is done"})
    places = forms.IntegerField(label="Places", min_value=1, help_text="How many people")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, object]:
        if self.data.get("whole"):
            raise forms.ValidationError("The form contradicts itself")
        return self.cleaned_data


def draw(form: forms.Form, tag: str = "{% for bound in form %}{% field bound %}{% endfor %}") -> Element:
    page = read(Template("{% load ui crispy_forms_tags %}" + tag).render(Context({"form": form})))
    assert not faults(page)
    return page


@pytest.mark.parametrize("form", [SampleForm(), SampleForm({})], ids=["empty", "wrong"])
def test_every_kind_of_field_is_labelled(form: forms.Form) -> None:
    page = draw(form)
    assert len(list(page.all("fieldset"))) == 2
    assert all(next(group.all()).tag == "legend" for group in page.all("fieldset"))


def test_label_help_error_and_input_come_in_this_order() -> None:
    field = [one for one in draw(TownForm({"places": "0"})).all("div") if "k-field" in one.classes()][1]
    tags = [(one.tag, one.attrs.get("id", "")) for one in field.all("label", "p", "div", "input")]
    assert tags[:1] == [("label", "")]
    assert tags[1] == ("p", "id_places_helptext")
    assert tags[2] == ("div", "id_places_error")
    assert tags[-1] == ("input", "id_places")
    control = field.one("input")
    assert control.attrs["aria-invalid"] == "true"
    assert control.attrs["aria-describedby"] == "id_places_helptext id_places_error"
    assert "is-invalid" in field.classes()


def test_an_error_says_aloud_that_it_is_one() -> None:
    page = draw(TownForm({"places": "2"}))
    assert [p.text for p in page.all("p") if "k-err" in p.classes()] == [
        "Error: Choose the town where the work is done"
    ]


def test_what_need_not_be_filled_says_so() -> None:
    labels = [label.text for label in draw(SampleForm()).all("label", "legend")]
    assert "Haku päättyy (optional)" in labels
    assert "Ilmoituksen otsikko" in labels


def test_a_label_is_never_a_placeholder() -> None:
    class Mail(forms.Form):
        """As allauth makes its forms."""

        mail = forms.EmailField(widget=forms.EmailInput(attrs={"placeholder": "E-mail"}))

    assert "placeholder" not in draw(Mail()).one("input").attrs


def test_crispy_forms_draws_our_fields() -> None:
    page = draw(TownForm({"places": "0"}), "{{ form|crispy }}")
    assert [one.attrs.get("id") for one in page.all("input")] == ["id_town", "id_places", "id_secret"]
    assert [one.tag for one in page.all("div") if {"k-errors", "k-field"} & one.classes()] == ["div"] * 3


def test_the_summary_names_each_field_in_page_order() -> None:
    found = errors_in_page_order([TownForm({"places": "0", "whole": "1"})])
    assert found == [
        ("The form contradicts itself", ""),
        ("Choose the town where the work is done", "id_town"),
        ("Places: Ensure this value is greater than or equal to 1.", "id_places"),
    ]


def test_the_summary_leads_to_the_inputs() -> None:
    form = SampleForm({"title": "x"})
    page = draw(form, "{% error_summary form %}{% for bound in form %}{% field bound %}{% endfor %}")
    box = next(one for one in page.all("div") if "k-errors" in one.classes())
    assert box.attrs["role"] == "alert"
    assert box.attrs["tabindex"] == "-1"
    assert box.one("h2").text == "Correct 5 things"
    ids = {one.attrs["id"] for one in page.all() if "id" in one.attrs}
    targets = [link.attrs["href"].removeprefix("#") for link in box.all("a")]
    assert len(targets) == 5
    assert set(targets) <= ids


def test_a_form_without_errors_has_no_summary() -> None:
    assert not list(draw(TownForm({"town": "Kemi", "places": "2"}), "{% error_summary form %}").all())
    assert not list(draw(TownForm(), "{% error_summary form %}").all())


def test_a_formset_is_summed_up_too() -> None:
    formset = formset_factory(TownForm)({"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-places": "3"})
    assert errors_in_page_order([formset]) == [("Choose the town where the work is done", "id_form-0-town")]


def test_what_is_needed_with_some_answers_is_not_called_optional() -> None:
    class Reason(forms.Form):
        NEEDED_AT_TIMES = frozenset({"words"})
        words = forms.CharField(required=False)
        more = forms.CharField(required=False)

    form = Reason()
    assert [field_context(form[name])["optional"] for name in ("words", "more")] == [False, True]
