"""Every table is in a list, the triggers are those that the lists and tables ask for, and no secret goes along."""

from collections.abc import Iterator

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor

from jobmatching.models import JobSeeker, MatchingRules
from portal.accounts.models import User
from portal.privacy.fields import field_classes
from portal.privacy.history import NotTracked, Tracked
from portal.privacy.history.models import HistoryEvent
from portal.privacy.history.tracking import entries, stored_models, table_of, tracked_models
from portal.privacy.history.triggers import OPERATIONS, install, problems, remove
from portal.privacy.identity import EncryptedTextField, blind_index, encrypt
from tests.factories import PASSWORD, JobSeekerFactory, UserFactory, identity_fields
from tests.portal.privacy.history.conftest import Watch

CODE = "131052-308T"


# --- The lists -----------------------------------------------------------------------------------------------------
def test_every_table_has_a_history_or_a_reason_for_none() -> None:
    known = entries()
    missing = [model._meta.label for model in stored_models() if model._meta.label not in known]
    assert not missing, f"Say in HISTORY of the app's privacy table whether these are tracked: {', '.join(missing)}"


def test_no_entry_is_left_over() -> None:
    labels = {model._meta.label for model in stored_models()}
    assert not entries().keys() - labels


def test_every_reason_says_something() -> None:
    for label, entry in entries().items():
        reasons = [entry.reason] if isinstance(entry, NotTracked) else list(entry.left_out.values())
        assert all(len(reason.split()) > 1 for reason in reasons), label


def test_what_the_night_derives_is_not_tracked() -> None:
    derived = ("Match", "NearMiss", "MatchChange", "SeekerVector", "VacancyVector", "RunInput", "ShardResult")
    assert all(isinstance(entries()[f"jobmatching.{name}"], NotTracked) for name in derived)


def test_every_field_that_is_written_down_has_a_privacy_class() -> None:
    classes = field_classes()
    for model, entry in tracked_models().items():
        if model._meta.auto_created or f"{model._meta.label}.id" not in classes:
            continue  # a table between two fields, or one of another's making
        for field in model._meta.concrete_fields:
            if field.name not in entry.left_out:
                assert f"{model._meta.label}.{field.name}" in classes


def test_bytes_and_names_that_are_not_there_are_refused() -> None:
    columns = ("id", "version", "content")
    with pytest.raises(ImproperlyConfigured, match="content"):
        table_of(MatchingRules, Tracked(), columns)
    with pytest.raises(ImproperlyConfigured, match="colour"):
        table_of(MatchingRules, Tracked(left_out={"content": "too large", "colour": "none"}), columns)


def test_no_encrypted_field_and_no_secret_is_tracked() -> None:
    secret = ("password", "link_hash", "data", "content", "identity_index")
    for model, entry in tracked_models().items():
        columns = tuple(one.column for one in model._meta.concrete_fields)
        written = table_of(model, entry, columns).columns
        assert not set(written) & set(secret), model._meta.label
        assert not [
            one.name
            for one in model._meta.concrete_fields
            if isinstance(one, EncryptedTextField | models.BinaryField) and one.column in written
        ]


# --- The triggers --------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_migrated_database_keeps_the_whole_history() -> None:
    assert problems() == []
    assert install() == []


def test_each_tracked_table_has_a_trigger_for_each_way_of_changing_it(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, count(*) FROM pg_trigger WHERE starts_with(tgname, 'privacy_history_') "
            "AND tgname NOT IN ('privacy_history_unchanged', 'privacy_history_unemptied') GROUP BY 1"
        )
        found = dict(cursor.fetchall())
    assert found == {model._meta.db_table: len(OPERATIONS) for model in tracked_models()}


def test_a_new_column_is_written_down_after_the_next_migration(watch: Watch) -> None:
    seeker = JobSeekerFactory(spell=False)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE jobmatching_jobseeker ADD COLUMN shoe_size int")
    assert problems() == ["the history of jobmatching_jobseeker is out of step with its columns"]
    assert install() == ["jobmatching_jobseeker"]
    assert problems() == []
    watch.start()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE jobmatching_jobseeker SET shoe_size = 43 WHERE id = %s", [seeker.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE jobmatching_jobseeker DROP COLUMN shoe_size")
    assert [(event.before, event.after) for event in watch.events()] == [({"shoe_size": None}, {"shoe_size": 43})]
    assert install() == ["jobmatching_jobseeker"]


def test_missing_and_resting_triggers_are_told(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE employers_vacancy DISABLE TRIGGER privacy_history_update")
        cursor.execute("DROP FUNCTION privacy_history_of_accounts_team() CASCADE")
    assert problems() == [
        "accounts_team has no history",
        "the history of employers_vacancy is switched off in part or whole",
    ]
    call_command("check", databases=["default"])
    assert "accounts_team has no history" in capsys.readouterr().err
    assert install() == ["accounts_team"]


def test_a_table_that_is_tracked_no_longer_loses_its_triggers(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = {model: entry for model, entry in tracked_models().items() if model._meta.label != "accounts.Team"}
    monkeypatch.setattr("portal.privacy.history.triggers.tracked_models", lambda: fewer)
    install()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgrelid = 'accounts_team'::regclass AND NOT tgisinternal")
        assert cursor.fetchone() == (0,)


def test_the_migration_goes_back_with_all_triggers_and_comes_again(db: None) -> None:
    names = {name for app, name in MigrationExecutor(connection).loader.graph.nodes if app == "privacy"}
    assert "0003_history" in names
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    remove()
    seeker = JobSeekerFactory(spell=False)
    assert HistoryEvent.objects.about(seeker).count() == 0
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert len(install()) == len(tracked_models())
    JobSeeker.objects.filter(pk=seeker.pk).update(phone="1")
    assert HistoryEvent.objects.about(seeker).count() == 1


# --- Secrets -------------------------------------------------------------------------------------------------------
def everything_kept() -> Iterator[str]:
    """Every value of every event, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(e)::text FROM privacy_historyevent e")
        yield from (text for (text,) in cursor.fetchall())


def test_no_form_of_an_identity_code_is_in_the_history(watch: Watch) -> None:
    other = "010190-999Y"
    seeker = JobSeekerFactory(**identity_fields(CODE), spell=False)
    tokens = [bytes(seeker.identity_code).hex()]
    watch.start()
    for field, value in identity_fields(other).items():
        setattr(seeker, field, value)
    seeker.phone = "040 2"
    seeker.save()
    tokens.append(bytes(seeker.identity_code).hex())
    (changed,) = watch.events()
    assert changed.before == {"phone": "", "identity_code": True}
    assert changed.after == {"phone": "040 2", "identity_code": True}
    seeker.identity_code = seeker.identity_index = None
    seeker.save()
    assert watch.events()[-1].before == {"identity_code": True}
    assert watch.events()[-1].after == {"identity_code": False}
    seeker.delete()
    told = "\n".join(everything_kept())
    for code in (CODE, other):
        for form in (code, code.replace("-", ""), blind_index(code), *tokens):
            assert form not in told
    assert "identity_index" not in told


def test_new_keys_are_no_new_code(watch: Watch) -> None:
    seeker = JobSeekerFactory(**identity_fields(CODE), spell=False)
    watch.start()
    JobSeeker.objects.filter(pk=seeker.pk).update(identity_code=encrypt(CODE))
    JobSeeker.objects.filter(pk=seeker.pk).update(identity_index="f" * 64)
    assert watch.events() == []


def test_no_password_is_in_the_history(watch: Watch) -> None:
    user = UserFactory()
    watch.start()
    user.set_password("another-long-password")
    user.save()
    assert watch.events(User) == []
    user.first_name = "Uusi"
    user.save()
    assert watch.events(User)[0].after == {"first_name": "Uusi"}
    told = "\n".join(everything_kept())
    assert user.password not in told
    assert PASSWORD not in told


def test_sign_ins_are_no_changes(watch: Watch) -> None:
    user = UserFactory()
    watch.start()
    User.objects.filter(pk=user.pk).update(last_login="2026-11-21T07:00:00Z")
    assert watch.events() == []
