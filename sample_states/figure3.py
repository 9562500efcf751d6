"""Domains of three pairs in the data and in a randomised copy, and their sizes, in the manner of Fig. 3 of the paper.

File > Load State, or pvpython."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import csro_ready  # noqa: E402

csro_ready.figure3()
