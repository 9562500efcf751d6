"""The built-in specimen beside a randomised copy of it: domains of both, and their sizes with the band of 19 copies.

File > Load State, or pvpython."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import csro_ready  # noqa: E402

csro_ready.beside_copy()
