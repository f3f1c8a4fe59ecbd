"""One hash over every row of an area, whatever ids the rows were given."""

import hashlib

from django.db import connection

_PARENTS = {
    "employers_employer": "SELECT to_jsonb(t) - 'id' FROM employers_employer t",
    "employers_vacancy": (
        "SELECT to_jsonb(t) - 'id' - 'employer_id' || jsonb_build_object('employer', e.name)"
        " FROM employers_vacancy t JOIN employers_employer e ON e.id = t.employer_id"
    ),
    # The ciphertext of an identity code is another one each time; its search key is not.
    "jobmatching_jobseeker": "SELECT to_jsonb(t) - 'id' - 'identity_code' FROM jobmatching_jobseeker t",
}
_CHILDREN = {
    ("employers_vacancy", "vacancy_id"): (
        "employers_vacancy_occupations",
        "employers_vacancyskill",
        "employers_vacancylanguage",
        "employers_vacancy_licences",
        "employers_vacancy_cards",
        "employers_vacancy_municipalities",
    ),
    ("jobmatching_jobseeker", "jobseeker_id"): ("jobmatching_jobseeker_places",),
    ("jobmatching_jobseeker", "seeker_id"): (
        "jobmatching_occupationwish",
        "jobmatching_workperiod",
        "jobmatching_seekerskill",
        "jobmatching_seekerlanguage",
        "jobmatching_seekerlicence",
        "jobmatching_seekercard",
        "jobmatching_registrationspell",
        "jobmatching_namedworker",
        "jobmatching_nondisclosure",
    ),
}


def area_digests() -> dict[str, str]:
    """Table -> hash of its rows."""
    queries = dict(_PARENTS)
    for (parent, key), tables in _CHILDREN.items():
        for table in tables:
            queries[table] = (
                f"SELECT to_jsonb(t) - 'id' - '{key}' || jsonb_build_object('owner', p.source_id)"  # noqa: S608  own names
                f" FROM {table} t JOIN {parent} p ON p.id = t.{key}"
            )
    with connection.cursor() as cursor:
        digests = {}
        for table, query in queries.items():
            cursor.execute(f"SELECT coalesce(string_agg(r::text, E'\\n' ORDER BY r::text), '') FROM ({query}) x(r)")  # noqa: S608
            digests[table] = hashlib.sha256(cursor.fetchone()[0].encode()).hexdigest()
        return digests
