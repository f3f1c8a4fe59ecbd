"""Believable people and vacancies for demos, tests and measurements; nobody in them exists.

What is drawn from what, in the order of the work::

    world       what is loaded: municipalities, occupations and their skills, code lists; shares from `statistics`
    trades      what goes with an occupation: cards, licences, times of work, languages, education
    people      who they are; careers, abilities, terms, spells: the profile of each
    companies   employers; vacancies: what they seek
    *_rows      drawn arrays -> the text form of COPY (`encoding`), stored by `storing`
    area        the whole, step by step;  day: what changes from one day to the next

The same seed, size, day and classification give the same area: blocks of people draw from streams of their own, so that
neither the size of a block's neighbours nor the speed of the machine changes anything.
"""
