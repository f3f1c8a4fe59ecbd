"""Why a pair was matched, in words: what the work asks, what the person has, and where each piece is known from.

`facts` sets single requirements beside a profile; `stories` puts them together by criterion with the engine's points;
`pairs` explains many pairs of a page with few queries. Points come from the frozen input of the run; the words from
what is on record now, and a profile that changed since the run is said to have changed.
"""
