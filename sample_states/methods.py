"""True domains of the built-in specimen beside those of the published chain and of Detect Order, and how well both do.

File > Load State, or pvpython."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import csro_ready  # noqa: E402

csro_ready.methods()
