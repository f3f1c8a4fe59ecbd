"""The log speaks the reader's language: pages, what was asked."""

import pytest
from django.utils import translation

from portal.privacy.access.words import PARTS, VIEWS, about_words, page_words
from tests.addresses import addresses


def test_every_part_of_the_portal_has_a_name() -> None:
    parts = {name.partition(":")[0] for name in addresses() if ":" in name}
    assert parts
    assert parts <= PARTS.keys()


def test_every_page_named_is_one() -> None:
    assert VIEWS.keys() - {"command"} <= addresses().keys()


@pytest.mark.parametrize(
    ("view", "words"),
    [("seekers:page", "Työnhakija: profiili"), ("accounts:pairs", "Tunnukset ja tiimit"), ("gone", "gone")],
)
def test_a_page_is_told_by_its_name_or_its_part(view: str, words: str) -> None:
    with translation.override("fi"):
        assert page_words(view) == words


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ("vacancy 136", "työpaikka 136"),
        ("own, paused, uncoached, page 1", "omat asiakkaat, rajattu, sivu 1"),
        ("2026-11-16.., 706 rows", "2026-11-16 alkaen, rivejä: 706"),
        ("document 4 as json", "asiakirja 4"),
        ("GET 403", "vastaus 403"),
        ("something else", "something else"),
        ("", ""),
    ],
)
def test_what_a_row_is_about_is_told_in_words(about: str, words: str) -> None:
    with translation.override("fi"):
        assert about_words(about) == words
