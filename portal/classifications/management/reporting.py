"""How the import commands tell what they did."""

from collections.abc import Collection, Mapping

from django.core.management.base import CommandError, OutputWrapper

from portal.classifications.importers.problems import BrokenFiles
from portal.classifications.importers.storing import Changes


def report_changes(out: OutputWrapper, changes: Mapping[str, Changes], retiring: Collection[str] = ()) -> None:
    """Print a line for each kind of row that changed; kinds in `retiring` are retired where others are deleted."""
    if not any(changes.values()):
        out.write("Nothing changed.")
    for kind, counts in changes.items():
        if counts:
            removed = "retired" if kind in retiring else "deleted"
            name = kind.replace("_", " ")
            out.write(f"  {name}: {counts.added} added, {counts.changed} changed, {counts.removed} {removed}")


def refusal(broken: BrokenFiles) -> CommandError:
    """The error that names every problem."""
    lines = "\n".join(f"  {problem}" for problem in broken.problems)
    return CommandError(f"Nothing has been changed. What to mend:\n{lines}")
