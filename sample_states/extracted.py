"""Ions that were extracted elsewhere, beside those of a randomised copy, clustered and compared as published.

The files are those of the environment variables CSRO_EXTRACTED and CSRO_RANDOMIZED (x, y, z, Da as .csv or .pos); without them
the ions are extracted from the built-in specimen.
File > Load State, or pvpython."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import csro_ready  # noqa: E402

csro_ready.extracted(os.environ.get("CSRO_EXTRACTED"), os.environ.get("CSRO_RANDOMIZED"))
