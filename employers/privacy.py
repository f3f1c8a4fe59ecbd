"""Personal data about employers: people to contact, people who act for them; households are people themselves."""

from portal.privacy.fields import Audience, Basis, Kept, NotPersonal, PersonalField, Table, each
from portal.privacy.history.tracking import History, Tracked

# An employer may be a household or a sole trader: then its name, number and place tell about a person.
_EMPLOYER = PersonalField(Basis.CO_OPERATION, Kept.WITH_EMPLOYER, Audience.VACANCY_READERS)
_CONTACT_OF_EMPLOYER = PersonalField(Basis.CO_OPERATION, Kept.WITH_EMPLOYER, Audience.VACANCY_READERS)
_CONTACT_OF_VACANCY = PersonalField(Basis.CO_OPERATION, Kept.WITH_VACANCY, Audience.VACANCY_READERS)
# The document as received repeats the contact persons.
_DOCUMENT = PersonalField(Basis.CO_OPERATION, Kept.WITH_VACANCY, Audience.NOBODY)
_ACTS_FOR = PersonalField(Basis.USE_OF_PORTAL, Kept.WITH_ACCOUNT, Audience.ADMINISTRATORS)
_CHANGED_BY = PersonalField(Basis.USE_OF_PORTAL, Kept.WITH_VACANCY, Audience.VACANCY_READERS)

_SERVED_BY = NotPersonal("who in the public services answers for it")
_WORK = NotPersonal("what work is offered and what it asks; published with the vacancy")
_STATE = NotPersonal("where the vacancy stands and where it came from")

TABLE: Table = {
    "employers.Employer": {
        **each(_EMPLOYER, "name", "business_id", "municipality", "website", "industry", "kind"),
        **each(_CONTACT_OF_EMPLOYER, "contact_name", "contact_email", "contact_phone"),
        **each(_SERVED_BY, "area"),
    },
    "employers.Membership": each(_ACTS_FOR, "employer", "user", "role", "valid_from", "valid_to"),
    "employers.Vacancy": {
        **each(_CONTACT_OF_VACANCY, "employer", "contact_name", "contact_email", "contact_phone"),
        # Free text in which people write names and numbers.
        **each(_CONTACT_OF_VACANCY, "apply_note", "description_fi", "description_sv", "description_en", "workplace"),
        **each(_DOCUMENT, "raw"),
        **each(_SERVED_BY, "area"),
        **each(_STATE, "state", "source", "source_id", "source_changed_at"),
        **each(_STATE, "published_at", "closed_at", "confirmed_on"),
        **each(_WORK, "title_fi", "title_sv", "title_en", "summary_fi", "summary_sv", "summary_en", "positions"),
        **each(_WORK, "relationship", "temporary_agency", "apprenticeship", "continuity", "ends_on"),
        **each(_WORK, "hours", "hours_period", "hours_min", "hours_max", "on_call", "work_times", "shift_patterns"),
        **each(_WORK, "start_kind", "starts_on", "salary_basis", "salary_note"),
        **each(_WORK, "occupations", "skills", "licences", "cards", "education_level", "experience_months"),
        **each(_WORK, "criminal_record_check", "municipalities", "remote", "travel_in_work"),
        **each(_WORK, "apply_until", "apply_url"),
    },
    "employers.VacancySkill": each(_WORK, "vacancy", "skill", "strength"),
    "employers.VacancyLanguage": each(_WORK, "vacancy", "language", "level"),
    "employers.VacancyTransition": {
        **each(_STATE, "vacancy", "origin", "target", "happened_at"),
        # Who did it, and a reason in a person's own words.
        **each(_CHANGED_BY, "by", "reason"),
    },
}
RETENTION = ("employers.retention.VACANCIES", "employers.retention.EMPLOYERS")

HISTORY: History = {
    "employers.Employer": Tracked(),
    "employers.Membership": Tracked(owner="employer", also=("user",), named_by=("user",)),
    "employers.Vacancy": Tracked(
        named_by=("title_fi", "title_sv", "title_en"),
        left_out={"raw": "the document as received: what the portal reads from it stands in the other fields"},
    ),
    "employers.Vacancy_occupations": Tracked(owner="vacancy", named_by=("occupation",)),
    "employers.Vacancy_licences": Tracked(owner="vacancy", named_by=("drivinglicence",)),
    "employers.Vacancy_cards": Tracked(owner="vacancy", named_by=("card",)),
    "employers.Vacancy_municipalities": Tracked(owner="vacancy", named_by=("municipality",)),
    "employers.VacancySkill": Tracked(owner="vacancy", named_by=("skill",)),
    "employers.VacancyLanguage": Tracked(owner="vacancy", named_by=("language",)),
    "employers.VacancyTransition": Tracked(owner="vacancy", named_by=("origin", "target")),
}
