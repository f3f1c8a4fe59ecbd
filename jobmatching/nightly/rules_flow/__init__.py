"""How the rules of matching change: somebody drafts, everybody concerned sees what would change, another one decides.

``states``       which step may follow which
``services``     every step: locks the version, checks the table, writes the log
``bounds``       within which limits each number may lie, told per field
``differences``  what a version would change, in words
``preview``      what it would change on last night's data, in figures of groups
``job``          the preview as a run of its own, with progress
"""
