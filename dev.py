#!/usr/bin/env python3
"""Set up, run, test and check the portal: `python3 dev.py --help`.

Only the standard library is used, and this file is kept readable to old Python versions so that they can say what is
wrong. The parts are in portal/devtools/.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "Python 3.11 or newer is needed; this is Python %d.%d: start dev.py with a newer one, for example python3.11."
        % (sys.version_info[0], sys.version_info[1])
    )

from portal.devtools.commands import main  # noqa: E402  (an older Python cannot read what this imports)

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
