"""``python -m riskbot``: the command line without the installed script."""

import sys

from riskbot.surfaces.cli import main

if __name__ == "__main__":
    sys.exit(main())
