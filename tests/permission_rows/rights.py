"""What jobseekers may ask of their own data."""

from datetime import timedelta

from django.utils.timezone import localdate

from portal.accounts.roles import Permission
from tests.permission_rows.kinds import Row
from tests.permission_rows.who import (
    ASKED_WHY,
    DECIDES_REQUESTS,
    LEAD_ALONE,
    NAMED_AND_RECORDS,
    RECORDS_REQUESTS,
    who_may,
)

ROWS: tuple[Row, ...] = (
    # Requests about the own data, restriction, holds, documents of all data.
    Row("seekers:requests", get=200, allowed=RECORDS_REQUESTS),
    Row("seekers:requests_file", get=200, allowed=DECIDES_REQUESTS, html=False),
    Row("seekers:departing", get=200, allowed=RECORDS_REQUESTS),
    Row("seekers:rights", get=200, allowed=RECORDS_REQUESTS, objects=("seeker",), instead=ASKED_WHY),
    Row("seekers:rights", get=200, objects=("hidden_seeker",), **NAMED_AND_RECORDS),
    Row("seekers:rights", get=200, objects=("restricted_seeker",), **LEAD_ALONE),
    *(
        Row(name, get=200, post=302, allowed=RECORDS_REQUESTS, objects=objects, instead=ASKED_WHY, data=data)
        for name, objects, data in (
            (
                "seekers:request_new",
                ("seeker",),
                lambda side: {
                    "kind": "access",
                    "received_on": str(localdate()),
                    "sender": "person",
                    "identity": "document",
                    "wanted": "Tiedot",
                },
            ),
            ("seekers:request", ("seeker", "wanted"), lambda side: {"step": "withdraw", "note": "by telephone"}),
            (
                "seekers:hold_new",
                ("paused_seeker",),
                lambda side: {"kind": "named_reason", "reason": "x", "review_on": str(localdate() + timedelta(days=9))},
            ),
            ("seekers:hold_release", ("seeker", "hold"), lambda side: {"reason": "over"}),
            (
                "seekers:document_new",
                ("seeker",),
                lambda side: {"identity": "document", "identity_note": "passi", "language": "fi"},
            ),
        )
    ),
    Row(
        "seekers:document",
        get=200,
        allowed=who_may(Permission.SUBJECT_EXPORT),
        objects=("seeker", "document"),
        instead=ASKED_WHY,
    ),
    *(
        Row(
            name,
            get=get,
            post=post,
            allowed=who_may(Permission.SUBJECT_EXPORT),
            objects=("seeker", "document"),
            instead=ASKED_WHY,
            html=False,
        )
        for name, get, post in (
            ("seekers:document_progress", 200, None),
            ("seekers:document_json", None, 200),
            ("seekers:document_html", None, 200),
            ("seekers:document_empty", None, 302),
        )
    ),
    Row(
        "seekers:erasure",
        get=200,
        post=302,
        allowed=DECIDES_REQUESTS,
        objects=("leads_seeker", "erasing"),
        data=lambda side: {"told_on": str(localdate()), "sure": "1"},
    ),
    Row(
        "seekers:restriction_new",
        get=200,
        post=302,
        allowed=DECIDES_REQUESTS,
        objects=("leads_seeker",),
        data=lambda side: {"ground": "claim", "reason": "A court case."},
    ),
    Row(
        "seekers:restriction_lift",
        get=200,
        post=302,
        allowed=DECIDES_REQUESTS,
        objects=("restricted_seeker",),
        data=lambda side: {"told_on": str(localdate()), "reason": "It was checked."},
    ),
)
