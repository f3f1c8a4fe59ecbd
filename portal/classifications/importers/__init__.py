"""Bring registers in from files: ESCO, municipalities, code lists, travel times.

Files are read and checked whole before the database is touched (`problems`, `sources`, `tables`), then stored by COPY
and set operations in one transaction (`storing`). The same files again leave every row as it is.
"""
