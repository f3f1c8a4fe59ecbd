"""An undefined variable in one of our templates fails; third-party templates behave as in production."""

import sys
from types import FrameType
from typing import Any

from django.template.base import FilterExpression, Node
from django.templatetags.i18n import BlockTranslateNode

_RESOLVING = FilterExpression.resolve.__code__
_IN_BLOCK_TRANSLATION = BlockTranslateNode.render.__code__


class UndefinedVariable(AssertionError):
    """A template names a variable that its view does not give."""


class FailWhereOurs(str):
    """The engine's `string_if_invalid`: empty, as in production, and asked by Django at the place of the mistake.

    Django tests its truth where a variable was not found (and looks into it in a blocktranslate): that is where this
    raises, when the template is one of ours. Templates of packages rely on Django's patience, and get it.
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        frame = sys._getframe(1)
        if frame.f_code is _RESOLVING:
            _fail_where_ours(frame, frame.f_locals["self"].var)
        return False

    def __contains__(self, part: object) -> bool:
        frame = sys._getframe(1)
        if frame.f_back is not None and frame.f_back.f_code in _block_translation_frames(frame):
            _fail_where_ours(frame, frame.f_locals.get("key"))
        return False


def _block_translation_frames(frame: FrameType) -> set[Any]:
    """The two codes above, where one is a blocktranslate tag's rendering (a comprehension has a frame of its own)."""
    above = [frame.f_back, frame.f_back.f_back if frame.f_back else None]
    codes = {one.f_code for one in above if one is not None}
    return codes if _IN_BLOCK_TRANSLATION in codes else set()


def _fail_where_ours(frame: FrameType | None, variable: object) -> None:
    node = None
    while frame is not None and node is None:
        owner = frame.f_locals.get("self")
        node = owner if isinstance(owner, Node) and getattr(owner, "origin", None) else None
        frame = frame.f_back
    if node is not None and "site-packages" not in str(node.origin.name):
        line = node.token.lineno if getattr(node, "token", None) else "?"
        raise UndefinedVariable(f"{node.origin.template_name or node.origin.name}, line {line}: no variable {variable}")
