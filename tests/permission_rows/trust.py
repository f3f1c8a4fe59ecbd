"""The access log and its anomalies, the register of fields, retention."""

from datetime import timedelta

from django.utils.timezone import localdate

from portal.accounts.roles import Permission
from tests.permission_rows.kinds import Row
from tests.permission_rows.who import (
    AUDITS,
    SEES_RETENTION,
    who_may,
)

ROWS: tuple[Row, ...] = (
    Row("trust:index", get=200, allowed=who_may(Permission.TRUST_VIEW)),
    # Numbers of people stand in the auditor's addresses, whatever their area; no page shows a name unasked.
    Row("audit:log", get=200, allowed=AUDITS),
    Row("audit:find", post=302, allowed=AUDITS, data=lambda side: {"words": side.seeker.last_name}),
    Row("audit:export", get=200, post=200, allowed=AUDITS, data=lambda side: {"confirmed": "1"}),
    Row(
        "audit:person",
        get=200,
        post=200,
        allowed=AUDITS,
        everywhere=AUDITS,
        objects=("seeker",),
        data=lambda side: {"words": "1/2026"},
    ),
    Row("audit:anomalies", get=200, allowed=AUDITS),
    Row("audit:anomalies_export", post=200, allowed=AUDITS, html=False, data=lambda side: {"confirmed": "1"}),
    Row("audit:anomaly", get=200, allowed=AUDITS, objects=("anomaly",)),
    Row(
        "audit:handle",
        post=302,
        allowed=who_may(Permission.AUDIT_HANDLE),
        objects=("anomaly",),
        data=lambda side: {"to_state": "explained", "note": "asked, and it was work"},
    ),
    Row("register:fields", get=200, allowed=who_may(Permission.REGISTER_VIEW)),
    Row("register:file", get=200, allowed=who_may(Permission.REGISTER_VIEW), html=False),
    Row("register:public", get=200, public=True),
    # Retention: classes, changes of a time by two people, dry runs and proofs. No person is shown.
    *(
        Row(name, get=200, allowed=SEES_RETENTION, objects=objects, words=words)
        for name, objects, words in (
            ("retention:classes", (), ()),
            ("retention:class", (), ("run",)),
            ("retention:trial", (), ()),
            ("retention:reports", (), ()),
            ("retention:report", ("proof",), ()),
        )
    ),
    Row(
        "retention:propose",
        get=200,
        post=302,
        allowed=who_may(Permission.RETENTION_PROPOSE),
        words=("run",),
        data=lambda side: {
            "months": 9,
            "notice_days": 0,
            "valid_from": str(localdate() + timedelta(days=5)),
            "source": "The plan.",
            "reason": "The plan says so.",
        },
    ),
    # Who may not decide, or has proposed it, is told so.
    Row(
        "retention:proposal",
        get=200,
        post=302,
        allowed=SEES_RETENTION,
        objects=("proposal",),
        data=lambda side: {"decision": "approve", "reason": "The plan says so."},
    ),
    Row("retention:withdraw", post=302, allowed=who_may(Permission.RETENTION_PROPOSE), objects=("proposal",)),
)
