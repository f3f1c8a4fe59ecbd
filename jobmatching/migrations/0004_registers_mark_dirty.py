"""Triggers that mark vectors dirty when a register changes by which they were packed."""

from django.db import migrations

# Vectors marked by a change in each register. A travel time says where a person can work; the code lists say which bit
# stands for what, and what includes what.
SOURCES = {
    "classifications_traveltime": ("seeker",),
    "classifications_language": ("seeker", "vacancy"),
    "classifications_drivinglicence": ("seeker", "vacancy"),
    "classifications_card": ("seeker", "vacancy"),
    "classifications_educationlevel": ("seeker", "vacancy"),
}

FUNCTION = """
CREATE FUNCTION jobmatching_mark_all_dirty() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owner text;
BEGIN
    -- TG_ARGV: whose vectors. A statement that changed no row (an import that brings nothing new) marks nobody.
    IF EXISTS (SELECT FROM changed) THEN
        FOREACH owner IN ARRAY TG_ARGV LOOP
            -- In the order in which the builder locks, so that the two wait for each other and never in a ring.
            EXECUTE format('SELECT count(*) FROM (SELECT FROM %I ORDER BY %I FOR UPDATE) locked',
                           'jobmatching_' || owner || 'vector', owner || '_id');
            EXECUTE format('UPDATE %I SET dirty = true', 'jobmatching_' || owner || 'vector');
        END LOOP;
    END IF;
    RETURN NULL;
END $$;
"""


def _triggers() -> str:
    return "\n".join(
        f"CREATE TRIGGER mark_all_dirty_{event.lower()} AFTER {event} ON {table} "
        f"REFERENCING {transition} TABLE AS changed FOR EACH STATEMENT "
        f"EXECUTE FUNCTION jobmatching_mark_all_dirty({', '.join(repr(owner) for owner in owners)});"
        for table, owners in SOURCES.items()
        for event, transition in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD"))
    )


def _drop_triggers() -> str:
    return "\n".join(
        f"DROP TRIGGER mark_all_dirty_{event} ON {table};"
        for table in SOURCES
        for event in ("insert", "update", "delete")
    )


class Migration(migrations.Migration):
    dependencies = [
        ("jobmatching", "0003_changes_by_run"),
        ("classifications", "0003_total_order_of_skill_relations"),
    ]

    operations = [
        migrations.RunSQL(FUNCTION + _triggers(), _drop_triggers() + "DROP FUNCTION jobmatching_mark_all_dirty();"),
    ]
