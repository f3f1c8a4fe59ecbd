"""What a jobseeker is given of the own data by this room: profile, spells, protection, requests, retention."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jobmatching.seekers import models as m
from jobmatching.seekers.non_disclosure.models import NonDisclosure, NonDisclosureChange
from jobmatching.seekers.rights.keeping import keeping_of
from jobmatching.seekers.rights.models import Restriction, SubjectExport, SubjectRequest
from portal.privacy.retention.models import RetentionHold, RetentionNotice
from portal.privacy.subject.rows import columns_of, covered, row_of, section_of
from portal.privacy.subject.sections import Cell, Column, Exporter, Section, Told

_NOTED: Final = ("known_by", "noted_on")
_PERSON: Final = (
    *("first_name", "last_name", "birth_date", "sex", "email", "phone", "home", "area", "coach", "service_language"),
    *("interpreter", "non_disclosure", "source_id", "created_at", "updated_at"),
)
_WISHES: Final = (
    *("summary", "education_level", "languages_complete", "licences_complete", "cards_complete"),
    *("max_travel_minutes", "own_car", "places", "ready_to_move", "remote_wanted", "work_times_accepted"),
    *("work_times_declined", "available_from", "available_now", "matching_paused_at"),
    *("matching_pause_kind", "matching_pause_reason", "profile_confirmed_on"),
)


def _person(seeker: m.JobSeeker) -> Section:
    row = row_of(seeker, _PERSON)
    columns = columns_of(m.JobSeeker, _PERSON)
    columns.insert(4, Column("identity_code", _("identity code")))
    row["identity_code"] = Told(
        seeker.identity_code is not None,
        _("kept encrypted; not repeated here") if seeker.identity_code is not None else _("not kept"),
    )
    return Section(columns, [row])


def _of_seeker(
    code: str,
    title: Any,
    model: type[models.Model],
    names: Sequence[str],
    order: Sequence[str] = ("pk",),
    note: Any = "",
) -> Exporter:
    """All rows of a model that belong to the person by its field `seeker`."""
    related = [name for name in names if model._meta.get_field(name).is_relation]

    def tell(seeker: m.JobSeeker) -> Section:
        rows = model._default_manager.filter(seeker=seeker.pk).select_related(*related).order_by(*order)
        return section_of(rows, names, model)

    return Exporter(code, title, tell, covered(model, ("seeker", *names)))


def _protection(seeker: m.JobSeeker) -> Section:
    rows = NonDisclosure.objects.filter(seeker=seeker.pk).select_related("set_by", "lifted_by").order_by("set_at", "pk")
    return section_of(rows, _PROTECTION, NonDisclosure)


_PROTECTION: Final = (
    *("state", "ground", "note", "valid_from", "valid_to", "set_by", "set_at", "lifted_by", "lifted_at"),
    *("lift_ground", "lift_note"),
)
_PROTECTION_LOG: Final = ("kind", "at", "by", "worker", "valid_to", "note")


def _protection_log(seeker: m.JobSeeker) -> Section:
    rows = NonDisclosureChange.objects.filter(non_disclosure__seeker=seeker.pk).select_related("by", "worker")
    return section_of(rows.order_by("at", "pk"), _PROTECTION_LOG, NonDisclosureChange)


_EXPORTS: Final = (
    *("request", "identity", "identity_note", "language", "made_by", "asked_at", "state", "ready_at", "expires_at"),
    *("downloads", "downloaded_at"),
)


def _documents(seeker: m.JobSeeker) -> Section:
    rows = SubjectExport.objects.without_content().filter(seeker=seeker.pk).select_related("request", "made_by")
    return section_of(rows.order_by("asked_at", "pk"), _EXPORTS, SubjectExport)


def _kept(seeker: m.JobSeeker) -> Section:
    """The class of the profile, from when its time counts, what keeps it."""
    keeping = keeping_of(seeker, timezone.localdate())
    row: dict[str, Cell] = {
        "ground": str(keeping.row.get_ground_display()),
        "months": keeping.row.months,
        "provisional": Told(keeping.row.provisional, _("yes") if keeping.row.provisional else _("no")),
        "since": keeping.since.isoformat() if keeping.since else _("the search is open"),
        "delete_on": keeping.delete_on.isoformat() if keeping.delete_on else "",
        "blocks": [str(block.label) for block, _released_by in keeping.blocks],
    }
    return Section(
        [
            Column("ground", _("legal ground")),
            Column("months", _("kept, in months")),
            Column("provisional", _("provisional")),
            Column("since", _("time counted from")),
            Column("delete_on", _("is deleted on")),
            Column("blocks", _("what keeps it longer")),
        ],
        [row],
        _("The time counts from the month in which the last search ends. Notices and holds follow below."),
    )


def _about_object(model: type[models.Model], names: Sequence[str]) -> Callable[[m.JobSeeker], Section]:
    """Rows of retention about the person's number."""
    related = [name for name in names if model._meta.get_field(name).is_relation]

    def tell(seeker: m.JobSeeker) -> Section:
        rows: Iterable[models.Model] = (
            model._default_manager.filter(rule="jobseekers", object_id=seeker.pk)
            .select_related(*related)
            .order_by("pk")
        )
        return section_of(rows, names, model)

    return tell


_NOTICE: Final = ("since", "noticed_on", "delete_on", "responsible", "counted_on")
_HOLD: Final = (*("kind", "reason", "review_on", "set_by", "set_at", "released_by", "released_at", "release_reason"),)

PERSON: Final = Exporter(
    "person", gettext_lazy("Basic facts"), _person,
    covered(m.JobSeeker, (*_PERSON, "identity_code", "identity_index")),
)  # fmt: skip
WISHES: Final = Exporter(
    "wishes_and_conditions",
    gettext_lazy("Wishes and conditions"),
    lambda seeker: section_of([seeker], _WISHES, m.JobSeeker),
    covered(m.JobSeeker, (*_WISHES, "occupations_wished")),
)
OCCUPATIONS: Final = _of_seeker(
    "occupations_wished",
    gettext_lazy("Occupations wished"),
    m.OccupationWish,
    ("order", "occupation", *_NOTED),
    ("order", "pk"),
)
WORK: Final = _of_seeker(
    "work_history",
    gettext_lazy("Work history"),
    m.WorkPeriod,
    ("occupation", "title", "employer_name", "started_on", "ended_on", *_NOTED),
    ("-started_on", "pk"),
)
SKILLS: Final = _of_seeker("skills", gettext_lazy("Skills"), m.SeekerSkill, ("skill", "basis", *_NOTED))
LANGUAGES: Final = _of_seeker("languages", gettext_lazy("Languages"), m.SeekerLanguage, ("language", "level", *_NOTED))
LICENCES: Final = _of_seeker("licences", gettext_lazy("Driving licences"), m.SeekerLicence, ("licence", *_NOTED))
CARDS: Final = _of_seeker("cards", gettext_lazy("Permits and cards"), m.SeekerCard, ("card", "valid_until", *_NOTED))
SPELLS: Final = _of_seeker(
    "spells",
    gettext_lazy("Registration spells"),
    m.RegistrationSpell,
    ("status", "started_on", "ended_on", "full_time_service"),
    ("started_on", "pk"),
)
NAMED_WORKERS: Final = _of_seeker("named_workers", gettext_lazy("Named workers"), m.NamedWorker, ("user",))
PROTECTION: Final = Exporter(
    "non_disclosure", gettext_lazy("Non-disclosure"), _protection, covered(NonDisclosure, ("seeker", *_PROTECTION))
)
PROTECTION_LOG: Final = Exporter(
    "non_disclosure_log",
    gettext_lazy("What was done about the non-disclosure"),
    _protection_log,
    covered(NonDisclosureChange, ("non_disclosure", *_PROTECTION_LOG)),
)
REQUESTS: Final = _of_seeker(
    "requests",
    gettext_lazy("Requests about own data"),
    SubjectRequest,
    (
        *("kind", "received_on", "sender", "sender_name", "identity", "wanted", "handler", "recorded_by"),
        *("recorded_at", "due_on", "extended_on", "extension_reason", "state", "decision", "statement"),
        *("decided_by", "decided_at", "told_on"),
    ),
    ("received_on", "pk"),
)
RESTRICTIONS: Final = _of_seeker(
    "restrictions",
    gettext_lazy("Restrictions of processing"),
    Restriction,
    ("ground", "reason", "request", "since", "set_by", "lifted_at", "lifted_by", "lift_reason", "told_on"),
    ("since", "pk"),
)
DOCUMENTS: Final = Exporter(
    "documents",
    gettext_lazy("Documents of all data that were made"),
    _documents,
    covered(SubjectExport, ("seeker", *_EXPORTS, "content", "size")),
)
KEPT: Final = Exporter("retention", gettext_lazy("How long the data is kept"), _kept)
NOTICES: Final = Exporter(
    "retention_notices",
    gettext_lazy("Notices of deletion"),
    _about_object(RetentionNotice, _NOTICE),
    covered(RetentionNotice, ("rule", "object_id", "row", *_NOTICE)),
)
HOLDS: Final = Exporter(
    "retention_holds",
    gettext_lazy("Why the data is kept longer"),
    _about_object(RetentionHold, _HOLD),
    covered(RetentionHold, ("rule", "object_id", *_HOLD)),
)
