"""Search of occupations and skills as people type."""
