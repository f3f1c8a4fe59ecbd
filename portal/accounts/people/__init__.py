"""Accounts as administrators keep them: who there is, which roles they hold, and what is done when a phone is lost."""
