#!/usr/bin/env python3
"""Set up, run, test and check the portal: `python3 dev.py --help`.

Only the standard library is used, and this file is kept readable to old Python versions so that they can say what is
wrong. The parts are in portal/devtools/.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  an older Python does come here, and must be able to read this file
    sys.exit("dev.py needs Python 3.11 or newer: start it with that one, for example `python3.11 dev.py demo`.")

from portal.devtools.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
