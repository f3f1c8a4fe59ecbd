"""Non-disclosure for personal safety (turvakielto): set, prolonged and lifted here, and who is named to see the person.

What it hides, and how, is told in docs/adr/0007-non-disclosure.md.
"""
