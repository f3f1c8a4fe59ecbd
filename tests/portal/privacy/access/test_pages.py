"""The auditor's pages: the log by numbers, names on demand, exports that are noted, anomalies and the front page."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jobmatching.models import JobSeeker
from portal.accounts.models import User
from portal.accounts.permissions import may
from portal.accounts.roles import ROLE_PERMISSIONS, Permission, Role
from portal.privacy.access import Action
from portal.privacy.access.models import AccessAnomaly, AccessLogEntry, AccessReason
from portal.privacy.access.night import run_here
from portal.privacy.access.recording import hashes_of_words
from portal.privacy.access.sealing import seal
from portal.privacy.access.searching import MOST_COUNTED, LogPaginator
from portal.privacy.access.state import state_of_log
from portal.privacy.access.words import VIEWS
from portal.privacy.trust import PARTS
from portal.ui.navigation import open_to
from tests.factories import JobSeekerFactory, identity_fields, with_role
from tests.portal.privacy.access.logged import add_row, change_behind_its_back, fill_log, rows

pytestmark = pytest.mark.django_db

LOG = reverse("audit:log")
CODE = "010190-998V"


@pytest.fixture
def auditor(client: Client) -> User:
    user = with_role(Role.AUDITOR, first_name="Lahja", last_name="Tarkka")
    client.force_login(user)
    return user


@pytest.fixture
def worker() -> User:
    return with_role(Role.CASE_WORKER, first_name="Aava", last_name="Valmentaja")


def numbers(client: Client, **query: Any) -> list[int]:
    """Ids of the rows that the page shows, those of looking at it left out."""
    page = client.get(LOG, query)
    assert page.status_code == 200
    return [line.id for line in page.context["lines"] if not line.page.startswith(str(VIEWS["audit:log"]))]


def text(client: Client, url: str, **query: Any) -> str:
    answer = client.get(url, query)
    assert answer.status_code == 200
    return str(answer.content.decode())


# --- Search ----------------------------------------------------------------------------------------------------------
def test_rows_are_found_by_person_user_action_and_day(client: Client, auditor: User, worker: User) -> None:
    other = with_role(Role.TEAM_LEAD)
    old = add_row(user_id=worker.pk, subjects=[5, 6], action=Action.LIST, at=timezone.now() - timedelta(days=3))
    new = add_row(user_id=other.pk, subjects=[6], action=Action.EXPORT)
    assert numbers(client) == [new, old]
    assert numbers(client, person=5) == [old]
    assert numbers(client, person=6) == [new, old]
    assert numbers(client, user=other.pk) == [new]
    assert numbers(client, action=["list", "reveal"]) == [old]
    today = timezone.localdate()
    assert numbers(client, start=today) == [new]
    assert numbers(client, start=today - timedelta(days=3), end=today - timedelta(days=1)) == [old]
    assert numbers(client, person=5, user=other.pk) == []


def test_without_days_the_last_seven_are_shown(client: Client, auditor: User) -> None:
    recent = add_row(at=timezone.now() - timedelta(days=5))
    add_row(at=timezone.now() - timedelta(days=9))
    assert numbers(client) == [recent]
    assert len(numbers(client, start=timezone.localdate() - timedelta(days=20))) == 2


@pytest.mark.parametrize(
    "query",
    [
        {"person": "Meikäläinen"},
        {"person": -1},
        {"person": 10**30},
        {"user": "x"},
        {"user": 10**9},
        {"start": "nonsense"},
        {"start": "2026-11-20", "end": "2026-11-01"},
        {"action": "nonsense"},
    ],
)
def test_what_makes_no_sense_shows_no_rows_and_says_why(client: Client, auditor: User, query: dict[str, Any]) -> None:
    add_row()
    page = client.get(LOG, query)
    assert page.status_code == 200
    assert list(page.context["lines"]) == []
    assert "k-errors" in page.content.decode()


def test_unknown_words_of_the_address_say_so(client: Client, auditor: User) -> None:
    assert "k-note" in text(client, LOG, s="gone")
    assert client.get(LOG, {"s": "gone"}).context["search"].words_lost


def test_the_log_names_users_and_numbers_people(client: Client, auditor: User, worker: User) -> None:
    seeker = JobSeekerFactory(last_name="Näkymätön")
    add_row(user_id=worker.pk, subjects=[seeker.pk])
    page = text(client, LOG)
    assert "Aava Valmentaja" in page
    assert "Näkymätön" not in page
    assert reverse("audit:person", args=[seeker.pk]) in page


def test_a_long_list_is_counted_after_three(client: Client, auditor: User) -> None:
    add_row(subjects=list(range(1000, 1025)), action=Action.LIST)
    listed = next(one for one in client.get(LOG).context["lines"] if len(one.subjects) == 25)
    assert (listed.few, listed.more) == ((1000, 1001, 1002), 22)


def test_pages_of_the_log_are_short_and_their_queries_few(
    client: Client, auditor: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(120):
        add_row(subjects=[number], user_id=number + 1)
    client.get(LOG)
    with django_assert_max_num_queries(16):
        first = client.get(LOG)
    assert len(first.context["lines"]) == 50
    assert len(client.get(LOG, {"page": 3}).context["lines"]) < 50


def test_rows_beyond_ten_thousand_are_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.privacy.access.searching.MOST_COUNTED", 3)
    for _ in range(6):
        add_row()
    assert LogPaginator(AccessLogEntry.objects.latest_first(), 2).count == 4
    assert MOST_COUNTED == 10_000


def test_looking_into_the_log_is_noted_with_the_person_asked_for(client: Client, auditor: User) -> None:
    client.get(LOG, {"person": 7, "action": "profile"})
    (row,) = rows()
    assert (row.user_id, row.action, row.subjects, row.purpose) == (auditor.pk, "list", [7], "audit")
    assert row.about.startswith("person, action, ")


# --- Identity code and words -----------------------------------------------------------------------------------------
def test_an_identity_code_leads_to_the_persons_number_and_is_nowhere(
    client: Client, auditor: User, caplog: pytest.LogCaptureFixture
) -> None:
    seeker = JobSeekerFactory(**identity_fields(CODE))
    answer = client.post(reverse("audit:find"), {"identity_code": CODE.lower()})
    assert answer.headers["Location"] == f"{LOG}?person={seeker.pk}"
    (row,) = rows()
    assert (row.action, row.subjects, row.about) == ("search", [seeker.pk], "identity code")
    assert "998V" not in f"{vars(row)} {dict(client.session)} {caplog.text} {text(client, answer.headers['Location'])}"


def test_a_code_that_nobody_has_or_that_is_none_says_so(client: Client, auditor: User) -> None:
    for code, row_count in ((CODE, 1), ("010190-998X", 1)):
        answer = client.post(reverse("audit:find"), {"identity_code": code}, follow=True)
        assert answer.redirect_chain == [(LOG, 302)]
        assert len(list(answer.context["messages"])) == 1
        assert code not in answer.content.decode()
        assert AccessLogEntry.objects.filter(action="search").count() == row_count


def test_somebody_under_non_disclosure_is_as_somebody_who_is_not_there(client: Client, auditor: User) -> None:
    answers = []
    for hidden in (False, True):
        if hidden:
            JobSeekerFactory(hidden=True, **identity_fields(CODE))
        answer = client.post(reverse("audit:find"), {"identity_code": CODE}, follow=True)
        answers.append([str(message) for message in answer.context["messages"]])
    assert answers[0] == answers[1]
    number = JobSeeker.objects.get(non_disclosure=True).pk
    shown = client.post(reverse("audit:person", args=[number]), {"words": "case 1"})
    gone = client.post(reverse("audit:person", args=[number + 1]), {"words": "case 1"})
    assert (shown.status_code, gone.status_code) == (404, 404)


def test_searches_are_found_by_their_words(client: Client, auditor: User, worker: User) -> None:
    found = add_row(
        user_id=worker.pk, action=Action.SEARCH, words_hashes=hashes_of_words("Matti Meikäläinen"), subjects=[4]
    )
    add_row(user_id=worker.pk, action=Action.SEARCH, words_hashes=hashes_of_words("Maija"), subjects=[4])
    for words in ("meikäläinen", " MATTI  meikäläinen "):
        answer = client.post(reverse("audit:find"), {"words": words})
        assert "eik" not in answer.headers["Location"]
        page = client.get(answer.headers["Location"])
        own = {line.id for line in page.context["lines"] if line.user_id == auditor.pk}
        assert [line.id for line in page.context["lines"] if line.id not in own] == [found]
        assert "Meikäläinen" not in page.content.decode()
    assert "Meikäläinen" not in str(dict(client.session))


def test_nothing_written_finds_nothing(client: Client, auditor: User) -> None:
    answer = client.post(reverse("audit:find"), {"identity_code": "", "words": "  "}, follow=True)
    assert len(list(answer.context["messages"])) == 1


# --- One person ------------------------------------------------------------------------------------------------------
def test_readers_are_counted_and_the_name_comes_with_a_reason(client: Client, auditor: User, worker: User) -> None:
    seeker = JobSeekerFactory(first_name="Vilma", last_name="Harvinainen")
    url = reverse("audit:person", args=[seeker.pk])
    for _ in range(3):
        add_row(user_id=worker.pk, subjects=[seeker.pk])
    add_row(user_id=worker.pk, subjects=[seeker.pk], action=Action.LIST)
    page = client.get(url)
    assert [(row["who"], row["times"]) for row in page.context["readers"]] == [("Aava Valmentaja", 3)]
    assert "Harvinainen" not in page.content.decode()
    refused = client.post(url, {"words": "  "})
    assert "Harvinainen" not in refused.content.decode()
    assert not AccessLogEntry.objects.filter(action="reveal").exists()
    shown = client.post(url, {"words": "Case 12/2026"})
    assert "Vilma Harvinainen" in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    reveal = AccessLogEntry.objects.get(action="reveal")
    reason = AccessReason.objects.get()
    assert (reveal.subjects, reveal.purpose, reveal.about) == ([seeker.pk], "audit", f"name, reason {reason.pk}")
    assert reason.words == "Case 12/2026"
    assert "Harvinainen" not in client.get(url).content.decode()


def test_the_auditors_reason_opens_no_page(client: Client, auditor: User) -> None:
    seeker = JobSeekerFactory()
    client.post(reverse("audit:person", args=[seeker.pk]), {"words": "Case 12/2026"})
    assert AccessReason.objects.in_force(auditor.pk, seeker.pk, timezone.now()).count() == 0
    assert client.get(reverse("seekers:page", args=[seeker.pk])).status_code == 403


def test_who_was_refused_is_counted_apart(client: Client, auditor: User, worker: User) -> None:
    seeker = JobSeekerFactory()
    curious = with_role(Role.CASE_WORKER, first_name="Utelias", last_name="Henkilö")
    add_row(user_id=worker.pk, subjects=[seeker.pk])
    for _ in range(2):
        add_row(user_id=curious.pk, subjects=[seeker.pk], action=Action.DENIED)
    page = client.get(reverse("audit:person", args=[seeker.pk]))
    assert [(row["who"], row["times"]) for row in page.context["readers"]] == [("Aava Valmentaja", 1)]
    assert [(row["who"], row["times"]) for row in page.context["refused"]] == [("Utelias Henkilö", 2)]


def test_a_number_that_nobody_has_is_not_there_however_often_it_was_asked(
    client: Client, auditor: User, worker: User
) -> None:
    add_row(user_id=worker.pk, subjects=[999_999], action=Action.DENIED)
    add_row(user_id=auditor.pk, subjects=[999_999], action=Action.LIST, purpose="audit")
    url = reverse("audit:person", args=[999_999])
    assert [client.get(url).status_code, client.post(url, {"words": "case 1"}).status_code] == [404, 404]
    assert not AccessReason.objects.exists()


def test_who_looked_at_somebody_since_deleted_stays_to_be_seen(client: Client, auditor: User, worker: User) -> None:
    add_row(user_id=worker.pk, subjects=[999_999])
    page = client.get(reverse("audit:person", args=[999_999]))
    assert [row["who"] for row in page.context["readers"]] == ["Aava Valmentaja"]


def test_a_number_that_nobody_can_have_is_not_there(client: Client, auditor: User) -> None:
    assert client.get(f"/luottamus/kayttoloki/henkilo/{10**30}/").status_code == 404


# --- Export ----------------------------------------------------------------------------------------------------------
def test_the_export_is_asked_first_and_noted(client: Client, auditor: User, worker: User) -> None:
    add_row(user_id=worker.pk, subjects=[5, 6], about="=cmd()")
    url = f"{reverse('audit:export')}?person=5"
    page = client.get(url)
    assert page.context["count"] == 1
    assert not AccessLogEntry.objects.filter(action="export").exists()
    answer = client.post(url)
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert len(table) == 2, "the export itself is not in it"
    assert "5 6" in table[1]
    assert "'=cmd()" in table[1], "no cell begins a formula"
    assert "attachment" in answer.headers["Content-Disposition"]
    noted = AccessLogEntry.objects.get(action="export")
    assert (noted.view, noted.subjects, noted.purpose) == ("audit:export", [5], "audit")


def test_an_empty_or_too_long_export_is_refused(client: Client, auditor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"{reverse('audit:export')}?person=5"
    assert client.post(url).status_code == 302
    monkeypatch.setattr("portal.privacy.access.log_views.MOST_ROWS", 2)
    for _ in range(3):
        add_row(subjects=[5])
    assert client.post(url).status_code == 302
    assert 'role="alert"' in text(client, url)
    assert not AccessLogEntry.objects.filter(action="export").exists()


# --- Anomalies -------------------------------------------------------------------------------------------------------
@pytest.fixture
def anomaly(worker: User) -> AccessAnomaly:
    return fill_log(worker, [101, 102, 103])


def test_those_that_wait_are_listed_and_others_on_demand(client: Client, auditor: User, anomaly: AccessAnomaly) -> None:
    url = reverse("audit:anomalies")
    assert "Aava Valmentaja" in text(client, url)
    AccessAnomaly.objects.update(state="explained")
    assert "Aava Valmentaja" not in text(client, url).split("<aside")[0].split("k-table")[0]
    assert client.get(url).context["page_obj"].paginator.count == 0
    assert client.get(url, {"state": "explained"}).context["page_obj"].paginator.count == 1
    assert client.get(url, {"kind": "off_hours"}).context["page_obj"].paginator.count == 0


def test_one_anomaly_shows_its_rows_and_is_handled(client: Client, auditor: User, anomaly: AccessAnomaly) -> None:
    url = reverse("audit:anomaly", args=[anomaly.pk])
    page = client.get(url)
    assert sorted(subject for line in page.context["lines"] for subject in line.subjects) == [101, 102, 103]
    assert AccessLogEntry.objects.latest_first().first().subjects == [101, 102, 103]
    handle = reverse("audit:handle", args=[anomaly.pk])
    wrong = client.post(handle, {"to_state": "explained", "note": " "})
    assert "k-errors" in wrong.content.decode()
    client.post(handle, {"to_state": "new", "note": "x"})
    anomaly.refresh_from_db()
    assert anomaly.state == "new"
    done = client.post(handle, {"to_state": "escalated", "note": "Kysyin esihenkilöltä"}, follow=True)
    assert done.redirect_chain == [(url, 302)]
    assert "Kysyin esihenkilöltä" in done.content.decode()
    assert "Lahja Tarkka" in done.content.decode()


def test_two_who_handle_at_once_are_told(client: Client, auditor: User, anomaly: AccessAnomaly) -> None:
    AccessAnomaly.objects.filter(pk=anomaly.pk).update(state="escalated")
    answer = client.post(
        reverse("audit:handle", args=[anomaly.pk]), {"to_state": "escalated", "note": "x"}, follow=True
    )
    assert anomaly.handlings.count() == 0
    assert answer.status_code == 200


def test_ones_own_anomaly_is_for_somebody_else(client: Client, worker: User, anomaly: AccessAnomaly) -> None:
    auditor = with_role(Role.AUDITOR)
    AccessAnomaly.objects.filter(pk=anomaly.pk).update(user_id=auditor.pk)
    client.force_login(auditor)
    page = client.get(reverse("audit:anomaly", args=[anomaly.pk]))
    assert page.context["form"] is None
    client.post(reverse("audit:handle", args=[anomaly.pk]), {"to_state": "explained", "note": "it was me"})
    anomaly.refresh_from_db()
    assert anomaly.state == "new"


def test_anomalies_are_exported_as_numbers_and_that_is_noted(
    client: Client, auditor: User, anomaly: AccessAnomaly
) -> None:
    answer = client.post(reverse("audit:anomalies_export"))
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert len(table) == 2
    noted = AccessLogEntry.objects.get(view="audit:anomalies_export")
    assert (noted.action, noted.subjects) == ("export", [101, 102, 103])


# --- How the log stands ----------------------------------------------------------------------------------------------
def test_seals_checks_and_alarms_are_shown(client: Client, auditor: User) -> None:
    add_row(at=timezone.now() - timedelta(minutes=9))
    assert state_of_log(timezone.now()).is_late
    assert 'role="alert"' in text(client, LOG)
    seal()
    run_here(timezone.localdate())
    state = state_of_log(timezone.now())
    assert (state.is_late, state.is_broken) == (False, False)
    assert 'role="alert"' not in text(client, LOG)
    change_behind_its_back("UPDATE privacy_accesslogentry SET view = 'x' WHERE id = %s", rows()[0].id)
    with pytest.raises(Exception, match="not as it was sealed"):
        run_here(timezone.localdate())
    assert state_of_log(timezone.now()).is_broken
    for url in (LOG, reverse("audit:anomalies"), reverse("trust:index")):
        assert 'role="alert"' in text(client, url)


# --- The front page --------------------------------------------------------------------------------------------------
def test_the_front_page_is_for_those_who_have_a_page_behind_it() -> None:
    links = {Permission(link.permission) for part in PARTS for link in part.links}
    for role, permissions in ROLE_PERMISSIONS.items():
        assert (Permission.TRUST_VIEW in permissions) == bool(links & permissions), role


def test_the_front_page_shows_only_what_the_person_may_open(client: Client) -> None:
    for role in (Role.AUDITOR, Role.MANAGER, Role.CASE_WORKER, Role.ADMINISTRATOR):
        user = with_role(role, administrator=role is Role.ADMINISTRATOR)
        client.force_login(user)
        page = client.get(reverse("trust:index"))
        shown = [one for _title, links in page.context["parts"] for one in links]
        assert shown
        for one in shown:
            assert open_to(user, one.link.permission)
            assert client.get(one.url).status_code == 200, (role, one.url)
        assert (page.context["state"] is None) == (not may(user, Permission.AUDIT_VIEW))
