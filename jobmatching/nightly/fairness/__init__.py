"""Equal treatment, shown each night: how places in the lists fall on groups of people, and how sure each figure is.

The way of the data::

    stored pairs of a run -> `places`  --\\
                                          `measures` -> `report` (small groups hidden) -> `storing` -> the page
    register -> `people` (groups)  ------/

`estimates` holds the statistics, `standardised` the comparison within occupations, `words` what each figure means.
Matching reads none of this: it is looked at afterwards, by group, and no row of it is about a person.
"""
