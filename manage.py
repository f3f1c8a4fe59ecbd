#!/usr/bin/env python
"""Django's command line for Kohtaanto; `python3 dev.py manage ...` sets up the environment and servers first."""

import os
import sys


def main() -> None:
    """Run the command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
    from portal.privacy.history.jobs import run_command

    run_command(sys.argv)


if __name__ == "__main__":
    main()
