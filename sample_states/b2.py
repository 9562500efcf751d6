"""An Fe-Al-like alloy: order against temperature, diffuse intensity above the transition to B2, and what an atom probe would see
of it.

File > Load State, or pvpython."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import csro_ready  # noqa: E402

csro_ready.b2()
