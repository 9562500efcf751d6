"""The conventional analyses of the built-in specimen: composition, frequency distribution, neighbours, in the manner of Fig. 1 e-g of
the paper.

File > Load State, or pvpython."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import csro_ready  # noqa: E402

csro_ready.figure1()
