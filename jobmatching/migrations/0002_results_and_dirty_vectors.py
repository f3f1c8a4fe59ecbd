"""Partitioned results, plain storage of packed rows, and triggers that mark vectors dirty."""

from django.db import migrations

RESULTS = """
CREATE TABLE jobmatching_match (
    run_id bigint NOT NULL,
    vacancy_id integer NOT NULL,
    seeker_id integer NOT NULL,
    score integer NOT NULL,
    occupation_points integer NOT NULL,
    skills_points integer NOT NULL,
    states integer NOT NULL,
    flags smallint NOT NULL
) PARTITION BY LIST (run_id);
CREATE TABLE jobmatching_nearmiss (
    run_id bigint NOT NULL,
    vacancy_id integer NOT NULL,
    seeker_id integer NOT NULL,
    score integer NOT NULL,
    requirement smallint NOT NULL
) PARTITION BY LIST (run_id);
"""

# Packed rows do not compress well and are read whole: trying to compress them costs more than it saves.
STORAGE = """
ALTER TABLE jobmatching_runinput ALTER COLUMN data SET STORAGE EXTERNAL;
ALTER TABLE jobmatching_shardresult ALTER COLUMN data SET STORAGE EXTERNAL;
ALTER TABLE jobmatching_matchingrules ALTER COLUMN content SET STORAGE EXTERNAL;
ALTER TABLE jobmatching_resultkeys ALTER COLUMN data SET STORAGE EXTERNAL;
"""

# (table, column with the owner's id, vector table, vector key). The owner's own table has its key in "id".
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
CREATE FUNCTION jobmatching_mark_dirty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- TG_ARGV: column with the owner's id, vector table, vector key. One statement, however many rows it changed.
    -- A row that is dirty already is written too: its lock makes the builder wait for this transaction.
    EXECUTE format(
        'UPDATE %I v SET dirty = true WHERE v.%I IN (SELECT DISTINCT c.%I FROM changed c)',
        TG_ARGV[1], TG_ARGV[2], TG_ARGV[0]
    );
    RETURN NULL;
END $$;
"""


def _triggers() -> str:
    statements = []
    for table, column, vectors, key in SOURCES:
        for event, transition in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
            statements.append(
                f"CREATE TRIGGER mark_dirty_{event.lower()} AFTER {event} ON {table} "
                f"REFERENCING {transition} TABLE AS changed FOR EACH STATEMENT "
                f"EXECUTE FUNCTION jobmatching_mark_dirty('{column}', '{vectors}', '{key}');"
            )
    return "\n".join(statements)


def _drop_triggers() -> str:
    return "\n".join(
        f"DROP TRIGGER mark_dirty_{event} ON {table};"
        for table, *_ in SOURCES
        for event in ("insert", "update", "delete")
    )


class Migration(migrations.Migration):
    dependencies = [("jobmatching", "0001_initial"), ("employers", "0001_initial")]

    operations = [
        migrations.RunSQL(RESULTS, "DROP TABLE jobmatching_match; DROP TABLE jobmatching_nearmiss;"),
        migrations.RunSQL(STORAGE, migrations.RunSQL.noop),
        migrations.RunSQL(FUNCTION + _triggers(), _drop_triggers() + "DROP FUNCTION jobmatching_mark_dirty();"),
    ]
