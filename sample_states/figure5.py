"""Monte Carlo of an alloy with illustrative interactions: heat capacity, and diffuse intensity in planes (001) and (111).

File > Load State, or pvpython."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import csro_ready  # noqa: E402

csro_ready.figure5()
