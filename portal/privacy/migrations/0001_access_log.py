"""The access log: a table in months that is only added to, its seals, reasons, thresholds and anomalies."""

from datetime import date

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

LOG = """
CREATE SEQUENCE privacy_accesslogentry_id_seq AS bigint;
CREATE TABLE privacy_accesslogentry (
    id bigint NOT NULL DEFAULT nextval('privacy_accesslogentry_id_seq'),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    user_id bigint,
    actor varchar(60) NOT NULL,
    roles text[] NOT NULL,
    action varchar(20) NOT NULL,
    subjects bigint[] NOT NULL,
    purpose varchar(300) NOT NULL,
    view varchar(100) NOT NULL,
    words_hashes text[] NOT NULL,
    about varchar(300) NOT NULL,
    request_id varchar(32) NOT NULL,
    PRIMARY KEY (id, at),
    CONSTRAINT privacy_accesslog_somebody CHECK (user_id IS NOT NULL OR actor <> '')
) PARTITION BY RANGE (at);
ALTER SEQUENCE privacy_accesslogentry_id_seq OWNED BY privacy_accesslogentry.id;
-- A short pending list: whoever's row fills it waits for a few milliseconds only.
CREATE INDEX privacy_accesslog_subjects ON privacy_accesslogentry USING gin (subjects)
    WITH (gin_pending_list_limit = 256);
CREATE INDEX privacy_accesslog_user ON privacy_accesslogentry (user_id, at);
CREATE INDEX privacy_accesslog_at ON privacy_accesslogentry USING brin (at) WITH (pages_per_range = 32);

CREATE FUNCTION privacy_accesslog_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The access log is only added to: % of % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

-- Row-level: also fires for a partition that is written directly. ALWAYS: also when a session replays a replica.
CREATE TRIGGER privacy_accesslog_unchanged BEFORE UPDATE OR DELETE ON privacy_accesslogentry
    FOR EACH ROW EXECUTE FUNCTION privacy_accesslog_append_only();
ALTER TABLE privacy_accesslogentry ENABLE ALWAYS TRIGGER privacy_accesslog_unchanged;
CREATE TRIGGER privacy_accesslog_unemptied BEFORE TRUNCATE ON privacy_accesslogentry
    FOR EACH STATEMENT EXECUTE FUNCTION privacy_accesslog_append_only();

-- Makes the month of a day (UTC) where it is missing; returns the name of its table. The table is filled in before it
-- is attached, which does not make those who write wait.
CREATE FUNCTION privacy_accesslog_month(of_day date) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    first date := make_date(extract(year FROM of_day)::int, extract(month FROM of_day)::int, 1);
    name text := 'privacy_accesslogentry_' || to_char(first, 'YYYYMM');
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('privacy_accesslogentry', 0));
    IF EXISTS (SELECT 1 FROM pg_inherits WHERE inhparent = 'privacy_accesslogentry'::regclass
               AND inhrelid = to_regclass(name)) THEN
        RETURN name;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE privacy_accesslogentry INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
    EXECUTE format('CREATE TRIGGER privacy_accesslog_unemptied BEFORE TRUNCATE ON %I
                    FOR EACH STATEMENT EXECUTE FUNCTION privacy_accesslog_append_only()', name);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER privacy_accesslog_unemptied', name);
    EXECUTE format('ALTER TABLE privacy_accesslogentry ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                   name, first || ' 00:00:00+00', (first + interval '1 month')::date || ' 00:00:00+00');
    RETURN name;
END $$;

-- What a role that may only insert can do where this month is missing: make it, with its owner's rights.
CREATE FUNCTION privacy_accesslog_this_month() RETURNS text LANGUAGE sql SECURITY DEFINER AS $$
    SELECT privacy_accesslog_month((clock_timestamp() AT TIME ZONE 'UTC')::date)
$$;
REVOKE ALL ON FUNCTION privacy_accesslog_month(date), privacy_accesslog_this_month() FROM PUBLIC;
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION privacy_accesslog_month(date) SET search_path = %I, pg_temp', current_schema());
    EXECUTE format('ALTER FUNCTION privacy_accesslog_this_month() SET search_path = %I, pg_temp', current_schema());
END $$;

SELECT privacy_accesslog_month((now() AT TIME ZONE 'UTC' + make_interval(months => n))::date)
FROM generate_series(0, 2) AS n;
"""
NO_LOG = """
DROP TABLE privacy_accesslogentry;
DROP FUNCTION privacy_accesslog_this_month();
DROP FUNCTION privacy_accesslog_month(date);
DROP FUNCTION privacy_accesslog_append_only();
"""

SEALS = """
CREATE FUNCTION privacy_seal_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The one change: retention says, once, that the rows are gone.
    IF TG_OP = 'UPDATE' AND OLD.dropped_at IS NULL AND NEW.dropped_at IS NOT NULL
       AND (to_jsonb(NEW) - 'dropped_at') = (to_jsonb(OLD) - 'dropped_at') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Seals of the access log are only added to: % is refused.', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER privacy_seal_unchanged BEFORE UPDATE OR DELETE ON privacy_accesslogseal
    FOR EACH ROW EXECUTE FUNCTION privacy_seal_unchanged();
ALTER TABLE privacy_accesslogseal ENABLE ALWAYS TRIGGER privacy_seal_unchanged;
CREATE TRIGGER privacy_seal_unemptied BEFORE TRUNCATE ON privacy_accesslogseal
    FOR EACH STATEMENT EXECUTE FUNCTION privacy_seal_unchanged();
ALTER TABLE privacy_accesslogseal ENABLE ALWAYS TRIGGER privacy_seal_unemptied;
"""
NO_SEALS = """
DROP TRIGGER privacy_seal_unchanged ON privacy_accesslogseal;
DROP TRIGGER privacy_seal_unemptied ON privacy_accesslogseal;
DROP FUNCTION privacy_seal_unchanged();
"""

FIRST_THRESHOLDS = {
    "hour_least": 30,
    "hour_times": 3,
    "off_hours_least": 3,
    "day_starts": 6,
    "day_ends": 20,
    "denied_least": 5,
}


def add_thresholds(apps, schema_editor):
    thresholds = apps.get_model("privacy", "AccessThreshold").objects.using(schema_editor.connection.alias)
    for code, value in FIRST_THRESHOLDS.items():
        thresholds.create(
            code=code, value=value, valid_from=date(2025, 1, 1), why="Lähtöarvo, tarkistetaan kokemuksen perusteella."
        )


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("classifications", "0001_initial"),  # the extension btree_gist
    ]

    operations = [
        migrations.RunSQL(LOG, NO_LOG),
        migrations.CreateModel(
            name="AccessLogEntry",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(verbose_name="time")),
                ("user_id", models.BigIntegerField(null=True, verbose_name="who")),
                ("actor", models.CharField(max_length=60, verbose_name="job or command")),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None, verbose_name="in which roles"
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("profile", "opened a person's page"),
                            ("list", "saw a list of people"),
                            ("search", "searched for people by words"),
                            ("export", "took a list out as a file"),
                            ("import", "brought people in from a file"),
                            ("denied", "was refused"),
                            ("reveal", "had a hidden piece of data shown"),
                            ("history", "saw the changes of a person's data"),
                            ("subject_export", "took out all data of a person"),
                            ("reason", "gave a reason for opening"),
                        ],
                        max_length=20,
                        verbose_name="what was done",
                    ),
                ),
                (
                    "subjects",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None, verbose_name="whose data"
                    ),
                ),
                ("purpose", models.CharField(max_length=300, verbose_name="why")),
                ("view", models.CharField(max_length=100, verbose_name="from which page")),
                (
                    "words_hashes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None, verbose_name="keyed hashes of the words of a search"
                    ),
                ),
                ("about", models.CharField(max_length=300, verbose_name="about what")),
                ("request_id", models.CharField(max_length=32, verbose_name="request")),
            ],
            options={
                "verbose_name": "row of the access log",
                "verbose_name_plural": "rows of the access log",
                "db_table": "privacy_accesslogentry",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="AccessAnomaly",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("many_in_an_hour", "many people in an hour"),
                            ("same_name", "a person with the same surname or e-mail address"),
                            ("no_reason", "opened without serving the person and without a reason"),
                            ("off_hours", "at night or on a day off"),
                            ("denied_often", "refused many times"),
                        ],
                        max_length=20,
                        verbose_name="what",
                    ),
                ),
                ("user_id", models.BigIntegerField(verbose_name="who")),
                ("day", models.DateField(verbose_name="day")),
                ("count", models.PositiveIntegerField(verbose_name="how many")),
                ("usual", models.FloatField(blank=True, null=True, verbose_name="usual number")),
                ("threshold", models.PositiveIntegerField(blank=True, null=True, verbose_name="from how many on")),
                (
                    "subjects",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None, verbose_name="whose data"
                    ),
                ),
                ("first_at", models.DateTimeField(verbose_name="first")),
                ("last_at", models.DateTimeField(verbose_name="last")),
                ("found_at", models.DateTimeField(auto_now_add=True, verbose_name="found")),
                (
                    "state",
                    models.CharField(
                        choices=[("new", "new"), ("explained", "explained"), ("escalated", "taken further")],
                        default="new",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
            ],
            options={
                "verbose_name": "anomaly of the access log",
                "verbose_name_plural": "anomalies of the access log",
                "ordering": ("-day", "kind", "user_id", "pk"),
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "user_id", "day"), name="privacy_anomaly_once_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="AccessLogSeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(verbose_name="month")),
                ("from_id", models.BigIntegerField(verbose_name="from row")),
                ("to_id", models.BigIntegerField(verbose_name="to row")),
                ("count", models.PositiveIntegerField(verbose_name="rows")),
                ("rows_sha256", models.CharField(max_length=64, verbose_name="digest of the rows")),
                ("sha256", models.CharField(max_length=64, unique=True, verbose_name="seal")),
                ("form", models.PositiveSmallIntegerField(default=1, verbose_name="version of the written form")),
                ("sealed_at", models.DateTimeField(auto_now_add=True, verbose_name="sealed")),
                ("dropped_at", models.DateTimeField(blank=True, null=True, verbose_name="rows deleted by retention")),
            ],
            options={
                "verbose_name": "seal of the access log",
                "verbose_name_plural": "seals of the access log",
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(fields=("month", "from_id"), name="privacy_seal_range_once"),
                    models.CheckConstraint(
                        condition=models.Q(("to_id__gte", models.F("from_id"))), name="privacy_seal_range_forward"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccessReason",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("user_id", models.BigIntegerField(verbose_name="who")),
                ("subject", models.BigIntegerField(verbose_name="whose page")),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("cover", "The colleague is away and the matter cannot wait"),
                            ("contact", "The person got in touch with me"),
                            ("vacancy", "I am looking for somebody for a vacancy"),
                            ("joint_work", "I work on the person's matter together with the colleague"),
                            ("handover", "The person becomes my client, or has no personal coach"),
                            ("quality", "I check or guide a colleague's work"),
                            ("other", "Another reason"),
                        ],
                        max_length=20,
                        verbose_name="reason",
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=300, verbose_name="in words")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="given")),
                ("valid_until", models.DateTimeField(verbose_name="valid until")),
            ],
            options={
                "verbose_name": "reason for opening a page",
                "verbose_name_plural": "reasons for opening a page",
                "ordering": ("-at", "-pk"),
                "indexes": [
                    models.Index(fields=["user_id", "subject", "valid_until"], name="privacy_reason_of_user"),
                    models.Index(fields=["subject"], name="privacy_reason_of_subject"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code", "other"), _negated=True),
                            models.Q(("words", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="privacy_reason_other_has_words",
                        violation_error_message="Write the reason in your own words.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AccessThreshold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("hour_least", "people opened in an hour, at least"),
                            ("hour_times", "times one's own median hour"),
                            ("off_hours_least", "people opened outside working hours, at least"),
                            ("day_starts", "hour at which the working day starts"),
                            ("day_ends", "hour at which the working day ends"),
                            ("denied_least", "refusals in a day, at least"),
                        ],
                        max_length=20,
                        verbose_name="threshold",
                    ),
                ),
                ("value", models.PositiveSmallIntegerField(verbose_name="value")),
                ("why", models.CharField(max_length=300, verbose_name="why this value")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
            ],
            options={
                "verbose_name": "threshold of the access log",
                "verbose_name_plural": "thresholds of the access log",
                "ordering": ("code", "-valid_from", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="privacy_threshold_ends_after_start",
                        violation_error_message="The last day must not be before the first day.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("code", "="),
                            (
                                models.Func(
                                    "valid_from",
                                    "valid_to",
                                    django.contrib.postgres.fields.ranges.RangeBoundary(
                                        inclusive_lower=True, inclusive_upper=True
                                    ),
                                    function="DATERANGE",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="privacy_threshold_one_at_a_time",
                        violation_error_message="Another value is in force on some of these days. End it first.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AnomalyHandling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "from_state",
                    models.CharField(
                        choices=[("new", "new"), ("explained", "explained"), ("escalated", "taken further")],
                        max_length=10,
                        verbose_name="state before",
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        choices=[("new", "new"), ("explained", "explained"), ("escalated", "taken further")],
                        max_length=10,
                        verbose_name="state after",
                    ),
                ),
                ("note", models.CharField(max_length=1000, verbose_name="what was found out")),
                ("by_id", models.BigIntegerField(verbose_name="handled by")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="time")),
                (
                    "anomaly",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="handlings",
                        to="privacy.accessanomaly",
                        verbose_name="anomaly",
                    ),
                ),
            ],
            options={
                "verbose_name": "handling of an anomaly",
                "verbose_name_plural": "handlings of anomalies",
                "ordering": ("at", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("note", ""), _negated=True),
                        name="privacy_handling_has_note",
                        violation_error_message="Write what you found out.",
                    )
                ],
            },
        ),
        migrations.RunSQL(SEALS, NO_SEALS),
        migrations.RunPython(add_thresholds, migrations.RunPython.noop),
    ]
