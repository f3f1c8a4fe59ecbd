"""The CSV files of a folder or a zip file, by name. A zip is read in place: nothing of it is ever unpacked to disk."""

import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Final

from portal.classifications.importers.problems import BrokenFiles, Problem

MOST_BYTES: Final = 1_000_000_000
"""A zip that claims more unpacked than this is refused (the whole of ESCO in 28 languages is about a third of it)."""


class Source:
    """CSV files by lower-case name, from one folder (and its zips, as ESCO is downloaded one language at a time) or
    zip."""

    def __init__(self, path: Path) -> None:
        """Raise BrokenFiles when the path is neither a folder nor a sound zip, or when a name stands in it twice."""
        self.path = path
        self._files: dict[str, tuple[str, Callable[[], bytes]]] = {}
        if path.is_dir():
            self._add_folder(path)
        elif path.is_file():
            self._add_zip(path)
        else:
            raise _broken(path.name or str(path), "is not there: give the folder or the zip file of the CSV download")
        if not self._files:
            raise _broken(path.name, "holds no CSV files: give the folder or the zip file of the CSV download")

    @property
    def names(self) -> frozenset[str]:
        """Lower-case names of the files."""
        return frozenset(self._files)

    def shown_name(self, name: str) -> str | None:
        """The file's name as it is written, or None where it is not there."""
        found = self._files.get(name.lower())
        return found[0] if found else None

    def read(self, name: str) -> bytes:
        """The bytes of a file that is there. Raises BrokenFiles when they cannot be read."""
        shown, read = self._files[name.lower()]
        try:
            return read()
        except (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise _broken(shown, f"cannot be read ({error}): download it again") from error

    def _add(self, name: str, read: Callable[[], bytes]) -> None:
        if name.startswith(".") or not name.lower().endswith(".csv"):
            return
        if name.lower() in self._files:
            raise _broken(name, "stands there twice: keep the one to import")
        self._files[name.lower()] = (name, read)

    def _add_folder(self, folder: Path) -> None:
        entries = sorted(folder.iterdir())
        csv_files = [entry for entry in entries if entry.is_file() and entry.suffix.lower() == ".csv"]
        for entry in csv_files:
            self._add(entry.name, entry.read_bytes)
        if csv_files:
            return
        for entry in entries:
            if entry.is_dir():
                for file in sorted(entry.glob("*.[cC][sS][vV]")):
                    self._add(file.name, file.read_bytes)
            elif entry.suffix.lower() == ".zip":
                self._add_zip(entry)

    def _add_zip(self, path: Path) -> None:
        try:
            with zipfile.ZipFile(path) as archive:
                entries = archive.infolist()
        except (zipfile.BadZipFile, OSError, UnicodeDecodeError) as error:
            raise _broken(path.name, f"is not a sound zip file ({error}): download it again") from error
        if sum(entry.file_size for entry in entries) > MOST_BYTES:
            raise _broken(path.name, "would be larger than a gigabyte unpacked: this is no classification")
        for entry in entries:
            if _leaves_the_archive(entry.filename):
                raise _broken(
                    path.name, f"holds the name “{entry.filename}”, which points outside it: do not use this file"
                )
            if entry.is_dir() or "__MACOSX" in entry.filename:
                continue
            if entry.flag_bits & 0x1 and entry.filename.lower().endswith(".csv"):
                raise _broken(path.name, "is locked with a password: give a zip without one")
            self._add(PurePosixPath(entry.filename).name, _reader(path, entry))


def _reader(path: Path, entry: zipfile.ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        with zipfile.ZipFile(path) as archive:
            return archive.read(entry)

    return read


def _leaves_the_archive(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]


def _broken(file: str, text: str) -> BrokenFiles:
    return BrokenFiles([Problem(file, text)])
