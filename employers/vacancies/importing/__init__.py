"""Brings vacancies from the state portal's JSON (Job Market Finland, fetch interface 1.0).

reading   bytes -> documents, and the pieces of one document with every complaint kept
registers what the codes of a document mean here
mapping   document -> `Posting`, or the reasons why not
storing   postings -> rows, by `employers.vacancies.services`
report    what happened, for people and as JSON

Decisions that a reader may wonder about:

- A wrong Business ID is told as a notice and the employer is kept without one, known again by its exact name: the work
  offered is real, and the state portal's own example has such an id. What cannot be understood (an unknown occupation,
  municipality, card ...) refuses the document, because a vacancy with half its requirements would match wrongly.
- A region stands for all its municipalities, a neighbouring country for those of its municipalities that are in the
  register, Finland alone for no place at all (fits everybody).
- A posting whose time to apply is over comes in as closed. What our own people have filled or paused stays so.
"""
