"""How large a file may be. What goes over is refused before it is parsed, with words that say what to do."""

from typing import Final

MEBIBYTE: Final = 1024**2
MOST_BYTES: Final = 5 * MEBIBYTE
"""Of a file as it is sent."""
MOST_BYTES_OF_REQUEST: Final = MOST_BYTES + MEBIBYTE
"""Of a whole request with files. More is not even received (`portal.ui.uploads`)."""
MOST_ROWS: Final = 3_000
LONGEST_CELL: Final = 32_767
"""Characters; what a spreadsheet program itself can hold in a cell."""
MOST_COLUMNS: Final = 100
MOST_BLANK_ROWS: Final = 5_000

# --- XLSX: a package of packed XML files -----------------------------------------------------------------------------
MOST_PARTS: Final = 200
MOST_UNPACKED: Final = 25 * MEBIBYTE
MOST_RATIO: Final = 100
"""Times that a package may grow when it is unpacked; lists of people come to about twenty."""
ALWAYS_UNPACKED: Final = 2 * MEBIBYTE
"""Bytes that are unpacked whatever the ratio: a small file of equal rows packs well."""
MOST_STRINGS: Final = 200_000
"""Entries of the table of texts, all of which the reader keeps in memory."""
