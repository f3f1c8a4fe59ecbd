"""A row that is moved from one jobseeker or vacancy to another marks both as dirty: the old owner and the new one."""

from django.db import migrations

SOURCES = (
    ("jobmatching_jobseeker", "id", "jobmatching_seekervector", "seeker_id"),
    ("jobmatching_jobseeker_places", "jobseeker_id", "jobmatching_seekervector", "seeker_id"),
    ("jobmatching_occupationwish", "seeker_id", "jobmatching_seekervector", "seeker_id"),
    ("jobmatching_workperiod", "seeker_id", "jobmatching_seekervector", "seeker_id"),
    ("jobmatching_seekerskill", "seeker_id", "jobmatching_seekervector", "seeker_id"),
    ("jobmatching_seekerlanguage", "seeker_id", "jobmatching_seekervector", "seeker_id"),
    ("jobmatching_seekerlicence", "seeker_id", "jobmatching_seekervector", "seeker_id"),
    ("jobmatching_seekercard", "seeker_id", "jobmatching_seekervector", "seeker_id"),
    ("employers_vacancy", "id", "jobmatching_vacancyvector", "vacancy_id"),
    ("employers_vacancy_occupations", "vacancy_id", "jobmatching_vacancyvector", "vacancy_id"),
    ("employers_vacancy_licences", "vacancy_id", "jobmatching_vacancyvector", "vacancy_id"),
    ("employers_vacancy_cards", "vacancy_id", "jobmatching_vacancyvector", "vacancy_id"),
    ("employers_vacancy_municipalities", "vacancy_id", "jobmatching_vacancyvector", "vacancy_id"),
    ("employers_vacancyskill", "vacancy_id", "jobmatching_vacancyvector", "vacancy_id"),
    ("employers_vacancylanguage", "vacancy_id", "jobmatching_vacancyvector", "vacancy_id"),
)

FUNCTION = """
CREATE OR REPLACE FUNCTION jobmatching_mark_dirty() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owners text := format('SELECT c.%I FROM changed c', TG_ARGV[0]);
BEGIN
    -- TG_ARGV: column with the owner's id, vector table, vector key. One statement, however many rows it changed.
    -- An update may move a row from one owner to another: both are marked.
    IF TG_OP = 'UPDATE' THEN
        owners := owners || format(' UNION SELECT b.%I FROM before b', TG_ARGV[0]);
    END IF;
    -- A row that is dirty already is written too: its lock makes the builder wait for this transaction. Locked in the
    -- order in which the builder locks, so that two who move rows to and fro wait for each other and never in a ring.
    EXECUTE format(
        'UPDATE %1$I v SET dirty = true
         FROM (SELECT l.%2$I FROM %1$I l WHERE l.%2$I IN (%3$s) ORDER BY l.%2$I FOR UPDATE) locked
         WHERE v.%2$I = locked.%2$I',
        TG_ARGV[1], TG_ARGV[2], owners
    );
    RETURN NULL;
END $$;
"""

FUNCTION_BEFORE = """
CREATE OR REPLACE FUNCTION jobmatching_mark_dirty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'UPDATE %I v SET dirty = true WHERE v.%I IN (SELECT DISTINCT c.%I FROM changed c)',
        TG_ARGV[1], TG_ARGV[2], TG_ARGV[0]
    );
    RETURN NULL;
END $$;
"""


def _triggers(transitions: str) -> str:
    return "\n".join(
        f"DROP TRIGGER mark_dirty_update ON {table};"
        f"CREATE TRIGGER mark_dirty_update AFTER UPDATE ON {table} REFERENCING {transitions} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION jobmatching_mark_dirty('{column}', '{vectors}', '{key}');"
        for table, column, vectors, key in SOURCES
    )


class Migration(migrations.Migration):
    dependencies = [
        ("jobmatching", "0005_education_bits_of_the_rules_in_force"),
        ("employers", "0002_vacancy_transitions"),
    ]

    operations = [
        migrations.RunSQL(
            FUNCTION + _triggers("OLD TABLE AS before NEW TABLE AS changed"),
            _triggers("NEW TABLE AS changed") + FUNCTION_BEFORE,
        ),
    ]
