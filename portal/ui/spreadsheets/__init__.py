"""Spreadsheets that people bring and take away: read with limits and never trusted, written so that nothing runs.

::

    limits      how large a file may be, in bytes, parts, rows and cells
    reading     CSV or XLSX, told apart by content, as rows of plain text
    formulas    no cell of ours begins a formula
    writing     lists as CSV
    formats     both sides of the administration's import and export
    kept        a file between its check and its import, encrypted, for one person
"""
