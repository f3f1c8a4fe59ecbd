"""Marks with a meaning: the tones of a state, and the five results of one criterion of a match.

Every mark is a shape, a word and a colour together: no state is told by its colour alone.
"""

from collections.abc import Sequence
from enum import Enum, StrEnum
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.ui.icons import icon


class Tone(StrEnum):
    """What a colour says; the value is the suffix of the CSS class `is-…`. Neutral has none."""

    NEUTRAL = ""
    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    INFO = "info"
    UNKNOWN = "unk"


TONE_ICONS: Final[dict[Tone, str]] = {
    Tone.NEUTRAL: "",
    Tone.OK: "check-circle",
    Tone.WARN: "exclamation-triangle",
    Tone.BAD: "x-circle",
    Tone.INFO: "information-circle",
    Tone.UNKNOWN: "question-mark-circle",
}


class Result(StrEnum):
    """The result of one criterion. Unknown is a question to ask, never a fault; what is not asked is not counted."""

    NOT_ASKED = "not_asked"
    MET = "met"
    PARTLY = "partly"
    MISSING = "missing"
    UNKNOWN = "unknown"


RESULT_TONES: Final[dict[Result, Tone]] = {
    Result.NOT_ASKED: Tone.NEUTRAL,
    Result.MET: Tone.OK,
    Result.PARTLY: Tone.WARN,
    Result.MISSING: Tone.BAD,
    Result.UNKNOWN: Tone.UNKNOWN,
}
RESULT_ICONS: Final[dict[Result, str]] = {
    Result.NOT_ASKED: "minus",
    Result.MET: "check-circle",
    Result.PARTLY: "minus-circle",
    Result.MISSING: "x-circle",
    Result.UNKNOWN: "question-mark-circle",
}
RESULT_WORDS = {
    Result.NOT_ASKED: gettext_lazy("Not asked"),
    Result.MET: gettext_lazy("Met"),
    Result.PARTLY: gettext_lazy("Partly"),
    Result.MISSING: gettext_lazy("Missing"),
    Result.UNKNOWN: gettext_lazy("No information"),
}
# In the order of the seven criteria of a match.
NOT_ASKED_WORDS = (
    gettext_lazy("occupation not asked"),
    gettext_lazy("skills not asked"),
    gettext_lazy("experience not asked"),
    gettext_lazy("travel not asked"),
    gettext_lazy("working time not asked"),
    gettext_lazy("languages not asked"),
    gettext_lazy("permits not asked"),
)


def tone_of(value: str | Tone | None) -> Tone:
    """The tone named by a template; raises ValueError for a word that is none."""
    return Tone(value or "")


def result_of(value: Enum | str) -> Result:
    """The result that a member of another enumeration (by its name) or a word stands for; ValueError otherwise."""
    return Result(value.name.lower() if isinstance(value, Enum) else str(value).lower())


def tag(text: object, tone: str | Tone = Tone.NEUTRAL, icon_name: str | None = None) -> SafeString:
    """A pill of an icon and a word."""
    return _marked("k-tag", text, tone_of(tone), icon_name)


def say(text: object, tone: str | Tone = Tone.NEUTRAL, icon_name: str | None = None) -> SafeString:
    """Coloured icon and words in running text."""
    return _marked("k-say", text, tone_of(tone), icon_name)


def _marked(css_class: str, text: object, tone: Tone, icon_name: str | None) -> SafeString:
    name = TONE_ICONS[tone] if icon_name is None else icon_name
    return format_html(
        '<span class="{}{}">{}{}</span>', css_class, f" is-{tone}" if tone else "", icon(name) if name else "", text
    )


def crit(value: Enum | str, text: object = "", small: object = "") -> SafeString:
    """One criterion: its mark, what there is to say about it, and a smaller second line.

    The result is said aloud before the text; where there is no text, it is the text.
    """
    result = result_of(value)
    tone = RESULT_TONES[result]
    word = RESULT_WORDS[result]
    return format_html(
        '<span class="k-crit{}">{}<span>{}{}</span></span>',
        f" is-{tone}" if tone else "",
        icon(RESULT_ICONS[result]),
        format_html('<span class="visually-hidden">{}: </span>{}', word, text) if text else word,
        format_html("<small>{}</small>", small) if small else "",
    )


def pips_label(values: Sequence[Enum | str]) -> str:
    """The states of all criteria in words: "6 / 7, 1 to ask". What is not asked is left out of the count."""
    results = [result_of(value) for value in values]
    asked = [result for result in results if result is not Result.NOT_ASKED]
    parts = [f"{asked.count(Result.MET)} / {len(asked)}"]
    to_ask, partly, missing = (asked.count(r) for r in (Result.UNKNOWN, Result.PARTLY, Result.MISSING))
    if to_ask:
        parts.append(_("1 to ask") if to_ask == 1 else _("%(count)s to ask") % {"count": to_ask})
    if partly:
        parts.append(_("%(count)s partly") % {"count": partly})
    if missing:
        parts.append(_("%(count)s missing") % {"count": missing})
    left_out = [index for index, result in enumerate(results) if result is Result.NOT_ASKED]
    if left_out == [5, 6]:
        parts.append(_("languages and permits not asked"))
    elif len(left_out) == 1 and len(results) == len(NOT_ASKED_WORDS):
        parts.append(str(NOT_ASKED_WORDS[left_out[0]]))
    elif left_out:
        parts.append(_("%(count)s not asked") % {"count": len(left_out)})
    return ", ".join(parts)


def pips(values: Sequence[Enum | str], *, with_words: bool = True) -> SafeString:
    """The states of all criteria in one row of marks, with the same in words under it.

    With words the drawing is hidden from screen readers: the words say it once. Without, the drawing carries them.
    """
    label = pips_label(values)
    width = 15 * len(values)
    drawing = format_html_join("", "{}", ((_pip(result_of(value), 15 * i),) for i, value in enumerate(values)))
    return format_html(
        '<svg class="k-pips" width="{0}" height="14" viewBox="0 0 {0} 14" {1}>{2}</svg>{3}',
        str(width),
        SafeString('aria-hidden="true"') if with_words else format_html('role="img" aria-label="{}"', label),
        drawing,
        format_html('<span class="k-sub">{}</span>', label) if with_words else "",
    )


def _pip(result: Result, x: int) -> SafeString:
    """One mark at `x`: filled, half filled, cross, dashed or a plain dash."""
    shapes = {
        Result.MET: f'<rect class="y" x="{x + 1}" y="1" width="12" height="12" rx="3"/>',
        Result.PARTLY: f'<rect class="p" x="{x + 1.75}" y="1.75" width="10.5" height="10.5" rx="2.5"/>'
        f'<rect class="ph" x="{x + 1}" y="7" width="12" height="6" rx="2"/>',
        Result.MISSING: f'<path class="n" d="M{x + 3} 3l8 8m0-8l-8 8"/>',
        Result.UNKNOWN: f'<rect class="q" x="{x + 1.75}" y="1.75" width="10.5" height="10.5" rx="3"/>',
        Result.NOT_ASKED: f'<path class="o" d="M{x + 3} 7h8"/>',
    }
    return SafeString(shapes[result])
