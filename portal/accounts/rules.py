"""Loaded by the `rules` app at start: registers every permission."""

import portal.accounts.permissions  # noqa: F401  importing registers the permissions
