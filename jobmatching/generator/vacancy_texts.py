"""Titles and descriptions of generated vacancies, made of the occupations' names and of sentences written for them."""

from typing import Final

import numpy as np

from jobmatching.generator import encoding as enc
from jobmatching.generator.companies import Companies
from jobmatching.generator.draws import Rng
from jobmatching.generator.vacancies import CONTINUITIES, Vacancies
from jobmatching.generator.world import World

LANGUAGES: Final = ("fi", "sv", "en")

_SEEKS: Final = {
    "fi": "{employer} hakee: {name}.",
    "sv": "{employer} söker: {name}.",
    "en": "{employer} is looking for: {name}.",
}
_SUMMER: Final = {"fi": "{name}, kesätyö", "sv": "{name}, sommarjobb", "en": "{name}, summer job"}


def vacancy_texts(rng: Rng, world: World, companies: Companies, vacancies: Vacancies) -> dict[str, enc.Column]:
    """Columns of titles, summaries and descriptions: always in Finnish, for some also in Swedish and English."""
    texts, names, rows = world.texts, world.occupations.names, len(vacancies)
    draws = rng.random((rows, 3))
    columns: dict[str, enc.Column] = {
        f"{part}_{language}": [] for part in ("title", "summary", "description") for language in LANGUAGES
    }
    told = np.stack((np.ones(rows, dtype=np.bool_), vacancies.in_swedish, vacancies.in_english), axis=1)
    summer = (vacancies.continuity == len(CONTINUITIES) - 1).tolist()
    for row, (occupation, employer) in enumerate(
        zip(vacancies.occupation.tolist(), vacancies.employer.tolist(), strict=True)
    ):
        tasks = texts.tasks_of(world.occupations.isco[occupation])
        sentences = [
            part[int(draw * len(part))]
            for part, draw in zip((tasks, texts.offers, texts.applying), draws[row], strict=True)
        ]
        if len(tasks) > 1 and summer[row] is False:
            # Where several sentences tell about the work, two of them are used.
            sentences.insert(1, tasks[(int(draws[row, 0] * len(tasks)) + 1) % len(tasks)])
        for place, language in enumerate(LANGUAGES):
            name = names[language][occupation] or names["en"][occupation]
            here = bool(told[row, place]) and bool(name)
            title = name[:1].upper() + name[1:]
            columns[f"title_{language}"].append(
                enc.escaped(_SUMMER[language].format(name=title) if summer[row] else title)[:300] if here else ""
            )
            columns[f"summary_{language}"].append(
                enc.escaped(_SEEKS[language].format(employer=companies.names[employer], name=name)) if here else ""
            )
            columns[f"description_{language}"].append(
                enc.escaped(" ".join(sentence[place] for sentence in sentences)) if here else ""
            )
    return columns
