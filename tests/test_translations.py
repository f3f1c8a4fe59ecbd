"""Finnish and Swedish are complete."""

import pytest

from portal.devtools.translations import LANGUAGES, catalog_files, check, texts
from tests.own_code import ROOT


def test_every_text_has_its_finnish_and_swedish() -> None:
    problems = check(ROOT)
    assert not problems, "\n".join(problems[:60])


def test_the_texts_are_found_at_all() -> None:
    found = {text.msgid for text in texts(ROOT)}
    assert {"jobseeker", "vacancy"} <= found


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_left_over(language: str) -> None:
    from babel.messages.pofile import read_po

    with open(catalog_files(ROOT)[language], "rb") as file:
        catalog = read_po(file)
    wanted = {(text.context, text.msgid) for text in texts(ROOT)}
    left = [message.id for message in catalog if message.id and (message.context, _singular(message.id)) not in wanted]
    assert not left
    assert not catalog.obsolete


def _singular(msgid: str | tuple[str, ...]) -> str:
    return msgid if isinstance(msgid, str) else msgid[0]
