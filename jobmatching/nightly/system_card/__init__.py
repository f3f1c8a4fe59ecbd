"""The system card: what matching is, for whoever answers for it, audits it or is matched by it.

One source, two readers: `sections` makes the card from the code and a version of the rules; the page shows it in the
reader's language with what the installation knows (version in force, measurements, stops), `docs/system-card.md` is the
same card of the shipped rules in English, written by `manage.py write_system_card`.

``blocks``    what a section is made of
``source``    what the card is made from: the shipped rules, or those in force with what has been measured
``sections``  the card itself
``markdown``  the card as a document
"""
