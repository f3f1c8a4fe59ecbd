"""Jobseekers, their profiles, contact and non-disclosure."""

from portal.accounts.roles import Permission, Role
from tests.permission_rows.kinds import HIDDEN, Row
from tests.permission_rows.who import (
    ALL_ASKED_WHY,
    ASKED_WHY,
    HIDES_SEEKERS,
    HIDING,
    NAMED_ALONE,
    NAMED_AND_MAY,
    SERVES_SEEKERS,
    who_may,
)

ROWS: tuple[Row, ...] = (
    Row("seekers:list", get=200, allowed=SERVES_SEEKERS),
    Row("seekers:search", post=302, allowed=SERVES_SEEKERS, data=lambda side: {"q": side.seeker.last_name}),
    Row("seekers:export", get=200, post=200, allowed=who_may(Permission.SEEKERS_EXPORT)),
    Row("seekers:import", get=200, post=200, allowed=who_may(Permission.SEEKERS_IMPORT)),
    Row("seekers:import_template", get=200, allowed=who_may(Permission.SEEKERS_IMPORT), html=False),
    # Without a file that waits for this very person there is nothing to check: back to the choice of the file.
    Row("seekers:import_check", get=302, post=302, allowed=who_may(Permission.SEEKERS_IMPORT), html=False),
    *(
        Row(name, get=200, allowed=SERVES_SEEKERS, objects=(who,), instead=asked)
        for name in ("seekers:page", "seekers:matches", "seekers:history")
        for who, asked in (("seeker", ASKED_WHY), ("colleagues_seeker", ALL_ASKED_WHY))
    ),
    # Who has looked is for those who serve the person: others are asked for a reason, and refused even with one.
    Row("seekers:looked", get=200, allowed=SERVES_SEEKERS, objects=("seeker",), instead=ASKED_WHY),
    Row("seekers:looked", get=200, objects=("hidden_seeker",), **NAMED_ALONE),
    # Who serves the person need not give a reason and goes on to the page.
    *(
        Row(
            "seekers:reason",
            get=200,
            post=302,
            objects=(who,),
            data=lambda side: {"code": "contact"},
            **others,
        )
        for who, others in (
            ("seeker", {"allowed": SERVES_SEEKERS, "instead": {Role.CASE_WORKER: 302}}),
            ("colleagues_seeker", {"allowed": SERVES_SEEKERS}),
            ("hidden_seeker", {**NAMED_ALONE, "instead": {Role.CASE_WORKER: 302}}),
        )
    ),
    *(
        Row(name, get=200, objects=("hidden_seeker",), **NAMED_ALONE)
        for name in ("seekers:page", "seekers:matches", "seekers:history")
    ),
    Row(
        "seekers:pause",
        get=200,
        post=302,
        allowed=SERVES_SEEKERS,
        objects=("seeker",),
        instead=ASKED_WHY,
        data=lambda side: {"kind": "asked", "reason": "asked for it"},
    ),
    Row(
        "seekers:pause",
        get=200,
        post=302,
        objects=("hidden_seeker",),
        data=lambda side: {"kind": "asked", "reason": "asked for it"},
        **NAMED_ALONE,
    ),
    *(
        Row(
            name,
            get=get,
            post=302,
            objects=(who,),
            data=lambda side: {"wish": "sms", "language": "sv"},
            **others,
        )
        for name, get in (("seekers:contact", 200), ("seekers:contact_ask", None))
        for who, others in (
            ("seeker", {"allowed": SERVES_SEEKERS, "instead": ASKED_WHY}),
            ("hidden_seeker", NAMED_ALONE),
        )
    ),
    # The code itself: only by POST, for those who may, and never of somebody whom one may not see.
    Row(
        "seekers:reveal",
        get=302,
        post=200,
        allowed=who_may(Permission.IDENTITY_REVEAL),
        objects=("seeker",),
        instead=ASKED_WHY,
    ),
    Row(
        "seekers:reveal",
        get=302,
        post=200,
        objects=("hidden_seeker",),
        allowed=frozenset({Role.CASE_WORKER}),
        but=dict.fromkeys(who_may(Permission.IDENTITY_REVEAL), HIDDEN),
    ),
    Row("seekers:non_disclosures", get=200, allowed=SERVES_SEEKERS),
    # Who names a worker for somebody whom nobody sees learns nothing of the person.
    Row(
        "seekers:non_disclosure_name",
        get=200,
        post=302,
        allowed=who_may(Permission.NON_DISCLOSURE_NAME),
        objects=("unseen",),
        data=lambda side: {"worker": side.users[Role.WORK_PAIR].pk},
    ),
    Row("seekers:non_disclosure", get=200, allowed=SERVES_SEEKERS, objects=("seeker",), instead=ASKED_WHY),
    Row("seekers:non_disclosure", get=200, objects=("hidden_seeker",), **NAMED_ALONE),
    Row(
        "seekers:non_disclosure_set",
        get=200,
        post=302,
        allowed=HIDES_SEEKERS,
        objects=("seeker",),
        instead=ASKED_WHY,
        data=lambda side: {**HIDING, "workers": [side.users[Role.CASE_WORKER].pk]},
    ),
    Row("seekers:non_disclosure_set", get=302, post=302, objects=("hidden_seeker",), **NAMED_AND_MAY),
    *(
        Row(name, get=200, post=302, objects=("hidden_seeker",), data=data, **NAMED_AND_MAY)
        for name, data in (
            ("seekers:non_disclosure_workers", lambda side: {"workers": [side.users[Role.CASE_WORKER].pk]}),
            ("seekers:non_disclosure_validity", lambda side: {"ground": "applied"}),
            ("seekers:non_disclosure_lift", lambda side: {"ground": "register_ended", "confirmed": "1"}),
        )
    ),
    Row(
        "seekers:resume",
        get=200,
        post=302,
        allowed=SERVES_SEEKERS,
        objects=("paused_seeker",),
        instead=ASKED_WHY,
        data=lambda side: {"reason": "wants work again"},
    ),
    Row("seekers:resume", get=302, post=302, objects=("hidden_seeker",), **NAMED_ALONE),
)
