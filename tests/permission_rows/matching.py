"""Classifications, vacancies, employers, and what matching makes of them."""

from portal.accounts.roles import Permission
from tests.permission_rows.kinds import Row
from tests.permission_rows.who import (
    ASKED_WHY,
    DRAFTS_RULES,
    SEES_HISTORY,
    SEES_MATCHES,
    SEES_RULES,
    SEES_RUNS,
    WROTE_RULES,
    who_may,
)

ROWS: tuple[Row, ...] = (
    *(
        Row(name, get=200, allowed=who_may(Permission.VACANCIES_VIEW), objects=objects)
        for name, objects in (
            ("vacancies:list", ()),
            ("vacancies:page", ("vacancy",)),
            ("vacancies:posting", ("vacancy",)),
        )
    ),
    Row("vacancies:history", get=200, allowed=SEES_HISTORY & who_may(Permission.VACANCIES_VIEW), objects=("vacancy",)),
    Row("companies:history", get=200, allowed=SEES_HISTORY & who_may(Permission.VACANCIES_VIEW), objects=("employer",)),
    *(
        Row(name, get=200, allowed=who_may(Permission.CLASSIFICATIONS_VIEW), objects=objects)
        for name, objects in (
            ("classifications:occupations", ()),
            ("classifications:occupation", ("occupation",)),
            ("classifications:skills", ()),
            ("classifications:skill", ("skill",)),
        )
    ),
    Row(
        "classifications:pick",
        get=200,
        allowed=who_may(Permission.CLASSIFICATIONS_VIEW),
        words=("occupation", "wish", "many"),
        html=False,
    ),
    # Single lines of lists, fetched into the page.
    Row("matching:candidate", get=200, allowed=SEES_MATCHES, objects=("vacancy", "seeker"), html=False),
    Row(
        "matching:vacancy_of_seeker",
        get=200,
        allowed=SEES_MATCHES,
        objects=("seeker", "vacancy"),
        instead=ASKED_WHY,
        html=False,
    ),
    Row("matching:how", get=200, public=True),
    Row("matching:switch", get=200, allowed=SEES_RUNS),
    Row(
        "matching:stop",
        get=200,
        post=302,
        allowed=who_may(Permission.MATCHING_STOP),
        data=lambda side: {"reason": "The lists look wrong.", "results": "hide", "confirmed": "1"},
    ),
    Row("matching:fairness", get=200, allowed=who_may(Permission.FAIRNESS_VIEW)),
    Row(
        "matching:fairness_comment",
        post=302,
        allowed=who_may(Permission.FAIRNESS_COMMENT),
        data=lambda side: {"text": "Looked at together."},
    ),
    *(
        Row("matching:fairness_export", get=200, allowed=who_may(Permission.FAIRNESS_VIEW), words=(kind,), html=False)
        for kind in ("csv", "xlsx")
    ),
    Row("matching:system_card", get=200, allowed=who_may(Permission.SYSTEM_CARD_VIEW)),
    Row("matching:rules", get=200, allowed=SEES_RULES),
    Row("matching:rules_version", get=200, allowed=SEES_RULES, objects=("rules_proposal",)),
    Row("matching:rules_preview", get=200, allowed=SEES_RULES, objects=("rules_preview",)),
    Row("matching:rules_preview_progress", get=200, allowed=SEES_RULES, objects=("rules_preview",), html=False),
    # Whoever may only look is told so on the version's page.
    Row("matching:rules_start_preview", post=302, allowed=SEES_RULES, objects=("rules_proposal",)),
    Row("matching:rules_draft", get=200, post=200, allowed=DRAFTS_RULES, objects=("rules_proposal",)),
    *(
        Row(name, get=200, post=200, **WROTE_RULES, objects=("rules_draft",))
        for name in ("matching:rules_edit", "matching:rules_withdraw")
    ),
    Row("matching:rules_send", post=302, allowed=DRAFTS_RULES, objects=("rules_draft",)),
    Row("matching:rules_back", post=302, allowed=DRAFTS_RULES, objects=("rules_proposal",)),
    Row(
        "matching:rules_decide",
        get=200,
        post=302,
        allowed=who_may(Permission.RULES_APPROVE),
        objects=("rules_proposal",),
        data=lambda side: {"decision": "approve", "reason": "Seen and agreed."},
    ),
    # While nothing is stopped there is nothing to lift: back to the switch.
    Row("matching:lift", get=302, post=302, allowed=who_may(Permission.MATCHING_STOP), html=False),
)
