"""Registers the administration's own log; accounts are administered on the portal's pages."""

from portal.accounts.administration import log  # noqa: F401  importing registers it
