"""A small key of municipalities in the layout of the national one."""

from pathlib import Path

from portal.classifications.importers.municipalities import KEY_COLUMNS
from tests.classifications.esco_folder import write_pairs


def write_national_key(folder: Path) -> Path:
    """A national key of three municipalities, with the centre points of two; the folder."""
    write_pairs(
        folder / "key.csv",
        (*KEY_COLUMNS, "something_else"),
        [
            ("851", "Tornio", "Torneå", "Tornio", "19", "22", "Meri-Lappi", "Havslappland", "Meri-Lappi", ""),
            ("20", "Akaa", "Ackas", "Akaa", "6", "39", "Tampereen seutu", "Tammerfors", "Tampere region", ""),
            ("5", "Alajärvi", "", "", "14", "18", "Kymppi", "Kymppi", "Kymppi", ""),
        ],
    )
    write_pairs(
        folder / "centres.csv",
        ("kuntatunnus", "teksti", "lon", "lat"),
        [("851", "TORNIO", "24.1448", "65.8483"), ("20", "AKAA", "23.8660", "61.1670")],
    )
    return folder
