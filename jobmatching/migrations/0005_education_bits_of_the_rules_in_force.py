"""Levels of education take the places that the rules in force have for them.

Where the list was put in another order after the rules were drafted, its places by order are not those that the rules
name; from now on each level keeps the place under which the rules know it.
"""

from typing import Any

from django.db import migrations

FIRST_BIT = 112
PLACES = 8
OUT_OF_THE_WAY = 100


def take_the_places_of_the_rules(apps: Any, _editor: Any) -> None:
    rules = apps.get_model("jobmatching", "MatchingRules").objects.filter(state="in_force").defer("content").first()
    if rules is None:
        return
    named = {row["code"]: row["bit"] - FIRST_BIT for row in rules.requirements if row["kind"] == "education"}
    levels = apps.get_model("classifications", "EducationLevel").objects
    places = places_by(named, list(levels.order_by("match_slot").values_list("code", flat=True)))
    if places == dict(levels.values_list("code", "match_slot")):
        return
    # Places are unique at every moment: first out of the way, then to where they belong.
    for beside in (OUT_OF_THE_WAY, 0):
        for code, place in places.items():
            levels.filter(code=code).update(match_slot=place + beside)


def places_by(named: dict[str, int], codes: list[str]) -> dict[str, int]:
    """Place of each code: as named by the rules, the others in what is left, in their order."""
    free = iter(sorted(set(range(max(PLACES, len(codes)))) - {named[code] for code in codes if code in named}))
    return {code: named[code] if code in named else next(free) for code in codes}


class Migration(migrations.Migration):
    dependencies = [
        ("jobmatching", "0004_registers_mark_dirty"),
        ("classifications", "0004_education_levels_have_places_in_matching"),
    ]

    operations = [
        migrations.RunPython(take_the_places_of_the_rules, migrations.RunPython.noop, elidable=True),
    ]
