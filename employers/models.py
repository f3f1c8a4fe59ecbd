"""The app's models, gathered from its rooms for Django."""

from employers.companies.models import Employer, Membership
from employers.vacancies.models import Vacancy, VacancyLanguage, VacancySkill, VacancyTransition

__all__ = ["Employer", "Membership", "Vacancy", "VacancyLanguage", "VacancySkill", "VacancyTransition"]
