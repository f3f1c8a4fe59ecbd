"""What a service tells within a transaction is added to what the request, command or job tells, and ends with it."""

from django.db import migrations

ADDED = """
CREATE OR REPLACE FUNCTION privacy_history_context(
    OUT at timestamptz, OUT transaction bigint, OUT actor_id bigint, OUT source text, OUT name text,
    OUT request_id text, OUT reason text
) LANGUAGE plpgsql AS $$
DECLARE
    told jsonb := nullif(current_setting('history.context', true), '')::jsonb;
    added jsonb := nullif(current_setting('history.added', true), '')::jsonb;
BEGIN
    told := CASE WHEN told IS NULL THEN added WHEN added IS NULL THEN told ELSE told || added END;
    at := now();
    transaction := pg_current_xact_id()::text::bigint;
    actor_id := (told->>'actor')::bigint;
    source := coalesce(told->>'source', 'sql');
    name := CASE WHEN source = 'sql' THEN left(session_user, 100) ELSE coalesce(told->>'name', '') END;
    request_id := coalesce(told->>'request', '');
    reason := coalesce(told->>'reason', '');
END $$;
"""

ALONE = """
CREATE OR REPLACE FUNCTION privacy_history_context(
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
"""


class Migration(migrations.Migration):
    dependencies = [("privacy", "0003_history")]

    operations = [migrations.RunSQL(ADDED, ALONE)]
