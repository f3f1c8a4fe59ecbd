"""Errors whose message people may read."""


class Tellable(Exception):
    """An error of our own whose message is written to be shown: it names runs, rules and settings, never a person."""
