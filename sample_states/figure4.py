"""States and repeats: number density, mu and size of domains against the state, mu against a measured property, in the manner of
Fig. 4 c-e and g of the paper.

The data are those of the environment variable CSRO_STATES, states_data.csv of csro_batch.py --states; without it the numbers
are illustrative. File > Load State, or pvpython."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import csro_ready  # noqa: E402

csro_ready.figure4(os.environ.get("CSRO_STATES"))
