"""The history: a table that triggers alone write to, who is said to have made a change, how events are forgotten."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FUNCTIONS = """
-- Who and why, as the session has told for this transaction; whoever is in the database past the portal is told by the
-- name of the role.
CREATE FUNCTION privacy_history_context(
    OUT at timestamptz, OUT transaction bigint, OUT actor_id bigint, OUT source text, OUT name text,
    OUT request_id text, OUT reason text
) LANGUAGE plpgsql AS $$
DECLARE
    told jsonb := nullif(current_setting('history.context', true), '')::jsonb;
BEGIN
    at := now();
    transaction := pg_current_xact_id()::text::bigint;
    actor_id := (told->>'actor')::bigint;
    source := coalesce(told->>'source', 'sql');
    name := CASE WHEN source = 'sql' THEN left(session_user, 100) ELSE coalesce(told->>'name', '') END;
    request_id := coalesce(told->>'request', '');
    reason := coalesce(told->>'reason', '');
END $$;

-- Events are only added to. Deleted they are by the two functions below and nothing else.
CREATE FUNCTION privacy_history_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stack text;
    lines text[];
BEGIN
    IF TG_OP = 'DELETE' THEN
        -- Who calls: the first line is this function, the second the statement, the third the function that it is of.
        -- The statement is held against the three as they are written, so that no text within another can stand for it.
        GET DIAGNOSTICS stack = PG_CONTEXT;
        lines := string_to_array(stack, E'\n');
        IF lines[2] IN (
            'SQL statement "DELETE FROM privacy_historyevent WHERE owner_model = of_model AND owner_id = ANY(ids)"',
            'SQL statement "DELETE FROM privacy_historyevent WHERE also && marks AND also IS NOT NULL"',
            'SQL statement "DELETE FROM privacy_historyevent WHERE at < until AND owner_model <> ALL(spared)"'
        ) AND lines[3] ~ '^PL/pgSQL function privacy_history_(forget|expire)[(][^)]+[)] line \\d+ at SQL statement$'
        THEN
            RETURN NULL;
        END IF;
    END IF;
    RAISE EXCEPTION 'The history is only added to: % of % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER privacy_history_unchanged BEFORE UPDATE OR DELETE ON privacy_historyevent
    FOR EACH STATEMENT EXECUTE FUNCTION privacy_history_guard();
ALTER TABLE privacy_historyevent ENABLE ALWAYS TRIGGER privacy_history_unchanged;
CREATE TRIGGER privacy_history_unemptied BEFORE TRUNCATE ON privacy_historyevent
    FOR EACH STATEMENT EXECUTE FUNCTION privacy_history_guard();
ALTER TABLE privacy_historyevent ENABLE ALWAYS TRIGGER privacy_history_unemptied;

-- All that is about objects that are gone: of their own rows, and what names them in the history of others.
CREATE FUNCTION privacy_history_forget(of_model text, ids bigint[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    marks text[] := (SELECT array_agg(of_model || ':' || id) FROM unnest(ids) id);
    own bigint;
    others bigint;
BEGIN
    DELETE FROM privacy_historyevent WHERE owner_model = of_model AND owner_id = ANY(ids);
    GET DIAGNOSTICS own = ROW_COUNT;
    DELETE FROM privacy_historyevent WHERE also && marks AND also IS NOT NULL;
    GET DIAGNOSTICS others = ROW_COUNT;
    RETURN own + others;
END $$;

-- What is older than a moment, but for what goes with its owner.
CREATE FUNCTION privacy_history_expire(until timestamptz, spared text[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    old bigint;
BEGIN
    DELETE FROM privacy_historyevent WHERE at < until AND owner_model <> ALL(spared);
    GET DIAGNOSTICS old = ROW_COUNT;
    RETURN old;
END $$;

REVOKE ALL ON FUNCTION privacy_history_forget(text, bigint[]), privacy_history_expire(timestamptz, text[]) FROM PUBLIC;
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION privacy_history_forget(text, bigint[]) SET search_path = %I, pg_temp',
                   current_schema());
    EXECUTE format('ALTER FUNCTION privacy_history_expire(timestamptz, text[]) SET search_path = %I, pg_temp',
                   current_schema());
END $$;
"""

NO_FUNCTIONS = """
DO $$
DECLARE
    made record;
BEGIN
    -- The triggers of the tracked tables, which each migration brings in step.
    FOR made IN SELECT p.oid::regprocedure AS function FROM pg_proc p
                WHERE starts_with(p.proname, 'privacy_history_of_')
                AND p.pronamespace = current_schema()::regnamespace LOOP
        EXECUTE format('DROP FUNCTION %s CASCADE', made.function);
    END LOOP;
END $$;
DROP FUNCTION privacy_history_forget(text, bigint[]);
DROP FUNCTION privacy_history_expire(timestamptz, text[]);
DROP FUNCTION privacy_history_guard() CASCADE;
DROP FUNCTION privacy_history_context();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0002_retention"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoryEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(help_text="Beginning of the transaction.", verbose_name="when")),
                (
                    "transaction",
                    models.BigIntegerField(
                        help_text="The same for all that was done at once.", verbose_name="transaction"
                    ),
                ),
                (
                    "operation",
                    models.CharField(
                        choices=[("I", "added"), ("U", "changed"), ("D", "deleted")],
                        max_length=1,
                        verbose_name="what happened",
                    ),
                ),
                ("model", models.CharField(max_length=100, verbose_name="kind of row")),
                ("object_id", models.CharField(max_length=40, verbose_name="number of the row")),
                ("owner_model", models.CharField(max_length=100, verbose_name="kind of what the row belongs to")),
                ("owner_id", models.BigIntegerField(null=True, verbose_name="number of what the row belongs to")),
                (
                    "also",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        null=True,
                        size=None,
                        verbose_name="others in whose history it is told",
                    ),
                ),
                ("before", models.JSONField(null=True, verbose_name="before")),
                ("after", models.JSONField(null=True, verbose_name="after")),
                ("called", models.JSONField(null=True, verbose_name="what tells the row from others")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("web", "in the portal"),
                            ("import", "import"),
                            ("command", "command of the maintenance"),
                            ("job", "job of the portal"),
                            ("sql", "past the portal, in the database"),
                        ],
                        max_length=10,
                        verbose_name="how",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="view, command or job")),
                ("request_id", models.CharField(max_length=32, verbose_name="request")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                (
                    "actor",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
            ],
            options={
                "verbose_name": "change",
                "verbose_name_plural": "changes",
                "ordering": ("-pk",),
                "indexes": [
                    models.Index(fields=["owner_model", "owner_id", "id"], name="privacy_history_of_owner"),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("also__isnull", False)), fields=["also"], name="privacy_history_also"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("after__isnull", False), ("before__isnull", True), ("operation", "I")),
                            models.Q(("after__isnull", False), ("before__isnull", False), ("operation", "U")),
                            models.Q(("after__isnull", True), ("before__isnull", False), ("operation", "D")),
                            _connector="OR",
                        ),
                        name="privacy_history_tells_both_sides",
                    )
                ],
            },
        ),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
    ]
