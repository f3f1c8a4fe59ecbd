"""Set-up, embedded servers, demo, tests and checks behind `dev.py`: standard library only."""
