"""The frame of every page, probes, runs, messages."""

from portal.accounts.roles import Permission
from tests.permission_rows.kinds import Row
from tests.permission_rows.who import SEES_RUNS, who_may

ROWS: tuple[Row, ...] = (
    Row("healthz", get=200, public=True, html=False),
    Row("readyz", get=503, public=True, html=False),
    Row("home", get=302, public=True, html=False),
    Row("ui:accessibility", get=200, public=True),
    Row("ui:privacy", get=200, public=True),
    Row("ui:feedback", get=200, public=True),
    Row("ui:security_txt", get=200, public=True, html=False),
    Row("ui:components", get=200, allowed=who_may(Permission.ADMIN_USE)),
    Row("history:user", get=200, allowed=who_may(Permission.USERS_MANAGE), objects=("account",)),
    Row("runs:list", get=200, allowed=SEES_RUNS),
    Row("runs:page", get=200, allowed=SEES_RUNS, objects=("run",)),
    Row("runs:progress", get=200, allowed=SEES_RUNS, objects=("run",), html=False),
    Row(
        "runs:start",
        post=302,
        allowed=who_may(Permission.RUNS_START),
        data=lambda side: {"job": "matching"},
    ),
    *(
        Row(name, get=200, allowed=who_may(Permission.OUTBOX_VIEW), objects=objects, html=html)
        for name, objects, html in (
            ("outbox:list", (), True),
            ("outbox:export", (), False),
            ("outbox:page", ("message",), True),
        )
    ),
    *(
        Row(name, get=200, post=302, allowed=who_may(Permission.OUTBOX_MANAGE), objects=objects)
        for name, objects in (
            ("outbox:send_again", ("message",)),
            ("outbox:withdraw", ("message",)),
            ("outbox:confirm_sent", ("message",)),
            ("outbox:send_all_again", ()),
        )
    ),
    Row("outbox:preferences", get=200, post=302, data=lambda side: {"language": "sv"}),
    # Whoever has the link may answer, signed in or not; whoever guesses finds nothing.
    Row(
        "outbox:contact_answer",
        get=200,
        post=302,
        public=True,
        objects=("question",),
        data=lambda side: {"wish": "mail", "language": "fi"},
    ),
    *(
        Row(name, get=404, post=404, public=True, words=("x" * 54,), html=False)
        for name in ("outbox:contact_answer", "outbox:unsubscribe")
    ),
    # The demo's mailbox; there is none in production (tests/portal/outbox/test_demo.py).
    Row("outbox:mailbox", get=200, public=True),
    Row("outbox:letter", get=200, public=True, objects=("letter",)),
    # A mail, not a page: tests/browser/test_mails.py looks at it.
    Row("outbox:letter_html", get=200, public=True, objects=("letter",), html=False),
)
