"""Measures the nightly matching: the engine beside its peers, loading, storing, and the whole night.

::

    database    a database of its own for each size, generated once and reused
    market      what is measured: blocks as the night reads them, and columns for the oracle
    oracle      is the engine exact here?
    scipy_, dot_topn_, sql_, orm_peer    the same question put to other engines
    loading     packed rows against ORM objects
    nights      the real night in a process of its own, its memory, and its parts one by one
    clock       times and medians;  report: the table and the JSON
    suite       the order of it all
"""
