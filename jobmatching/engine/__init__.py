"""The matching engine: arrays in, arrays out; numpy and numba, no Django and no input or output.

One score, linear and integer::

    score(seeker u, vacancy v) = sum over features f of U[u, f] * W[v, f]       0 .. 1,000,000

``U`` (uint8, 0..100) says how far a seeker has a feature, ``W`` (int32) what it is worth to a vacancy.
Whole numbers add up to the same result in any order, so one thread, many shards and many machines agree
to the last digit, and the parts of an explanation add up exactly to the score.

The way of the data::

    SeekerColumns  --pack_seekers--->  Packed  --SeekerBlock.from_buffer--->  SeekerBlock   \\
                                                                                             match -> Top
    VacancyColumns --pack_vacancies->  Packed  --VacancyBlock.from_buffer-->  VacancyBlock  /

    Top, Top, ... --merge-->  Matches  --explain_pairs-->  Explained

============================  ==========================================================================
``rules``, ``taxonomy``       what counts how much: one frozen version of weights and classification
``relatedness``               groups of skills, and which occupations can stand in for which
``criteria``                  the seven criteria a person sees, their states, the codes of requirements
``columns``                   the input: flat arrays as a database hands them over
``features``                  the numbering of the features
``seeker_features``           seekers -> ``U``, and the day on which a row goes stale
``vacancy_features``          vacancies -> ``W``
``packing``, ``blocks``       one row -> bytes of its own; many rows of bytes -> arrays
``shards``, ``kernel``        the two-sided exact top-K of one slice of seekers
``top``                       results of slices, their merge, the matches
``near_miss``                 pairs that one known missing requirement keeps apart
``explain``, ``detail``       points and states of many pairs; the whole story of one pair
``changes``                   what is new, gone or moved between two results
``suitable``                  one vacancy against everybody: how many, and what narrows most
``quality``                   how well the score orders people, against judgements
``reference``                 the same, slow and obvious: the oracle of the tests
``warm``                      compiles everything when a worker starts
============================  ==========================================================================

Unknown is not no: what is not known about a seeker never excludes, earns a neutral share of the points
and is shown as a question. Age, sex, nationality, mother tongue, benefits, health, non-disclosure and
target groups have no column here and so can have no influence.
"""
