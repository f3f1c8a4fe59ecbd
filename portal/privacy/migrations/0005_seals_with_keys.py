"""Seals of the access log get the number of their key; a month goes by one function alone, and only after its time."""

from django.db import migrations, models

DROPPING = """
-- Drops a month of the access log and marks its seals; for retention, after it has held the rows against their seals.
-- With its owner's rights: the role of the portal needs no others. Refuses a month whose time has not passed.
CREATE FUNCTION privacy_accesslog_drop(of_month date) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    today date := (now() AT TIME ZONE 'Europe/Helsinki')::date;
    name text := 'privacy_accesslogentry_' || to_char(of_month, 'YYYYMM');
    kept integer := (SELECT months FROM privacy_retentionclass WHERE code = 'access_log'
                     AND valid_from <= today AND (valid_to IS NULL OR valid_to >= today));
    marked integer;
BEGIN
    IF kept IS NULL OR of_month <> date_trunc('month', of_month)::date
       OR (of_month + interval '1 month')::date > (today - make_interval(months => kept))::date THEN
        RAISE EXCEPTION 'The month % of the access log is kept: its time has not passed.', to_char(of_month, 'YYYY-MM')
            USING ERRCODE = 'restrict_violation';
    END IF;
    UPDATE privacy_accesslogseal SET dropped_at = now() WHERE month = of_month AND dropped_at IS NULL;
    GET DIAGNOSTICS marked = ROW_COUNT;
    EXECUTE format('DROP TABLE %I', name);
    RETURN marked;
END $$;
REVOKE ALL ON FUNCTION privacy_accesslog_drop(date) FROM PUBLIC;
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION privacy_accesslog_drop(date) SET search_path = %I, pg_temp', current_schema());
END $$;

CREATE OR REPLACE FUNCTION privacy_seal_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stack text;
    lines text[];
BEGIN
    -- The one change: the function that drops a month says, once, that the rows are gone. Who calls: the first line is
    -- this function, the second the statement, the third the function that it is of.
    IF TG_OP = 'UPDATE' THEN
        GET DIAGNOSTICS stack = PG_CONTEXT;
        lines := string_to_array(stack, E'\\n');
        IF OLD.dropped_at IS NULL AND NEW.dropped_at IS NOT NULL
           AND (to_jsonb(NEW) - 'dropped_at') = (to_jsonb(OLD) - 'dropped_at')
           AND lines[2] = 'SQL statement "UPDATE privacy_accesslogseal SET dropped_at = now()'
                          ' WHERE month = of_month AND dropped_at IS NULL"'
           AND lines[3] ~ '^PL/pgSQL function privacy_accesslog_drop[(]date[)] line \\d+ at SQL statement$' THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'Seals of the access log are only added to: % is refused.', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
"""

BY_HAND = """
CREATE OR REPLACE FUNCTION privacy_seal_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The one change: retention says, once, that the rows are gone.
    IF TG_OP = 'UPDATE' AND OLD.dropped_at IS NULL AND NEW.dropped_at IS NOT NULL
       AND (to_jsonb(NEW) - 'dropped_at') = (to_jsonb(OLD) - 'dropped_at') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Seals of the access log are only added to: % is refused.', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
DROP FUNCTION privacy_accesslog_drop(date);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0004_reason_of_a_transaction"),
    ]

    operations = [
        migrations.AddField(
            model_name="accesslogseal",
            name="key",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="number of the key of the seal"),
        ),
        migrations.RunSQL(DROPPING, BY_HAND),
    ]
