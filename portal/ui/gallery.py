"""Invented content for the component page: every component in its states.

The texts are samples in Finnish, the portal's first language, and stand inside `lang="fi"`: they are not translated.
"""

from datetime import UTC, date, datetime
from typing import Any

import django_tables2 as tables
from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest

from portal.ui.charts import Chart, Kind, Series
from portal.ui.free_words import FreeText
from portal.ui.parts import Chip, Choice, Event, Fact, KeyFigure, Progress, Step, Tile
from portal.ui.tables import DayColumn, NumberColumn, PortalTable

_TOWNS = (("kemi", "Kemi"), ("simo", "Simo"), ("tornio", "Tornio"))


class SampleForm(forms.Form):
    """A form with every kind of field; unbound it shows the fields, bound with mistakes their errors."""

    title = FreeText(label="Ilmoituksen otsikko", max_length=80, help_text="Kirjoita tehtävän nimi.")
    places = forms.IntegerField(label="Paikkoja", min_value=1)
    town = forms.ChoiceField(label="Kunta, jossa työ tehdään", choices=(("", "Valitse kunta"), *_TOWNS))
    until = forms.DateField(label="Haku päättyy", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    text = FreeText(label="Mitä työssä tehdään", widget=forms.Textarea(attrs={"rows": 3}))
    kind = forms.ChoiceField(
        label="Työaika",
        choices=(("full", "Kokoaikatyö"), ("part", "Osa-aikatyö")),
        widget=forms.RadioSelect,
        help_text="Valitse yksi.",
    )
    cards = forms.MultipleChoiceField(
        label="Luvat ja kortit",
        choices=(("hygiene", "Hygieniapassi"), ("hot", "Tulityökortti")),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agreed = forms.BooleanField(label="Tiedot on tarkistettu työnantajan kanssa")


class SampleFilter(forms.Form):
    """The fields of a list's filter."""

    q = forms.CharField(label="Nimi tai hakusana", required=False)
    town = forms.MultipleChoiceField(label="Kunta", choices=_TOWNS, widget=forms.CheckboxSelectMultiple, required=False)
    order = forms.ChoiceField(label="Tilanne", choices=(("", "Kaikki"), ("a", "Työtön")), required=False)
    new = forms.BooleanField(label="Vain uudet osumat", required=False)


class SampleTable(PortalTable):
    """A list that can be ordered by its columns."""

    caption = "Työpaikat"
    row_header = "title"

    title = tables.Column(verbose_name="Työpaikka")
    town = tables.Column(verbose_name="Kunta", orderable=False)
    places = NumberColumn(verbose_name="Paikkoja")
    until = DayColumn(verbose_name="Haku päättyy")

    class Meta:
        empty_text = "Ei työpaikkoja"


_VACANCIES = [
    {"title": "Ruokapalvelutyöntekijä", "town": "Kemi", "places": 2, "until": date(2026, 12, 4)},
    {"title": "Levyseppähitsaaja", "town": "Tornio", "places": 1184, "until": date(2026, 11, 30)},
    {"title": "Lähihoitaja", "town": "Simo", "places": 1, "until": date(2027, 1, 7)},
]
_STATES = (
    ("met",) * 7,
    ("met", "met", "met", "met", "unknown", "met", "met"),
    ("met", "partly", "met", "met", "met", "missing", "met"),
    ("met", "met", "met", "met", "met", "not_asked", "not_asked"),
)


def gallery(request: HttpRequest) -> dict[str, Any]:
    """What the component page draws; `?sort` orders the sample table and `?page` turns its pages."""
    table = SampleTable(_VACANCIES, order_by=request.GET.get("sort", "until"), request=request)
    wrong = SampleForm({"title": "Hitsaaja", "places": "0", "kind": "x"}, auto_id="virhe_%s")
    pages = Paginator(list(range(118)), 12)
    return {
        "sample_form": SampleForm(),
        "wrong_form": wrong,
        "filter_form": SampleFilter(request.GET, auto_id="rajaus_%s"),
        "table": table,
        "first_day": date(2026, 11, 20),
        "last_day": date(2026, 11, 24),
        "page_obj": pages.get_page(request.GET.get("page")),
        "states": _STATES,
        "tabs": (
            Choice("#ehdokkaat", "Ehdokkaat", 7, current=True),
            Choice("#lahelta", "Yhden ehdon päässä", 8),
            Choice("#ehdotettu", "Ehdotettu", 0),
        ),
        "views": (
            Choice("#omat", "Omat", 118, current=True),
            Choice("#tiimi", "Tiimi", 612),
            Choice("#alue", "Koko alue", 4120),
        ),
        "tiles": (
            Tile("#avoimet", 34, "Kaikki avoimet", "lain määräaika ensin", current=True),
            Tile("#maara", 9, "Määräajat", "2 myöhässä, 1 tänään"),
            Tile("#osumat", 1214, "Uudet osumat", "5 työpaikkaan"),
        ),
        "chips": (Chip("Kemi", "#ilman-kemia"), Chip("Työtön", "#ilman-tyotonta")),
        "facts_plain": (Fact("Kotikunta", "Tornio"), Fact("Tavoiteammatti", "Hitsaaja (7212)", "profiili, 3.11.2026")),
        "facts_numbers": (("Tarkasteltuja pareja", "1 310 160"), ("Uusia osumia", "214")),
        "figures": (
            KeyFigure("Työttömyysaste", "11,5 %", "3 164 / 27 591 työvoimasta", "+0,3 vuodessa", "warn", "arrow-up"),
            KeyFigure("Avoimia työpaikkoja", "318", "", "−41 vuodessa", "bad", "arrow-down"),
            KeyFigure("Yli vuoden työttömänä", "1 028", "32,5 % työttömistä", "−12 vuodessa", "ok", "arrow-down"),
            KeyFigure("Täyttyneitä", "296"),
        ),
        "events": (
            Event("Yön ajo löysi uusia osumia", datetime(2026, 11, 22, 23, 16, tzinfo=UTC), "Ei päätöksiä.", now=True),
            Event("Työnhaku alkoi", datetime(2026, 11, 6, 8, 0, tzinfo=UTC)),
        ),
        "steps_of_form": (Step("Luonnos", done=True), Step("Esikatselu", current=True), Step("Julkaisu")),
        "progress": Progress(
            label="Yön ajon eteneminen",
            steps=(Step("Lataus", done=True), Step("Laskenta", current=True), Step("Tallennus")),
            percent=38,
            said="3 / 8 osaa laskettu.",
        ),
        "spark_values": (9, 9, 8, 8, 7, 8, 7, 7, 6, 6),
        "shares": (71, 22, 9, 16),
        "line_chart": Chart(
            title="Avoimet työpaikat kuukausittain",
            summary="Kemissä paikat vähenivät 131:stä 112:een, Torniossa ne lisääntyivät 118:sta 131:een.",
            categories=("tammi", "helmi", "maalis", "huhti", "touko", "kesä"),
            series=(
                Series("Kemi", (131, 128, 125, 120, 115, 112)),
                Series("Tornio", (118, 120, None, 125, 128, 131)),
            ),
            category_label="Kuukausi",
            target=125,
            source="Lähde: keksitty esimerkki.",
        ),
        "bar_chart": Chart(
            title="Työttömyysaste kunnittain",
            summary="Kemin aste on suurin, 15,8 prosenttia, ja Tornion pienin, 8,6 prosenttia.",
            categories=("Kemi", "Simo", "Tornio"),
            series=(Series("2025", (15.3, 11.8, 8.5)), Series("2026", (15.8, 12.9, 8.6))),
            kind=Kind.BAR,
            category_label="Kunta",
            unit="%",
            decimals=1,
        ),
    }
