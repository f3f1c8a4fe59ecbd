"""The day on which the factories' stories happen."""

from datetime import UTC, date, datetime

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
