"""Retention: how long personal data is kept, what is due, what blocks it, and the proof of what was deleted."""
