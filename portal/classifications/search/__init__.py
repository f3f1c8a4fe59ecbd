"""Search of occupations and skills as people type: any of the three languages, typing errors, parts of compounds,
codes."""

from portal.classifications.search.concepts import Found, search_occupations, search_skills

__all__ = ["Found", "search_occupations", "search_skills"]
