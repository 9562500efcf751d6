"""Writes csro.pvsm: the analysis of the built-in specimen as csro_pipeline.build makes it and CSRO > CSRO Analysis in the
window.

    xvfb-run -a pvpython sample_states/make_state.py [PICTURE.png]

CSRO_PLUGIN is the path of the plugin, as for csro_batch.py. With a file name it also writes a
picture of what the state shows.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import csro_pipeline
from paraview import simple

csro_pipeline.build(pairs="Ni-Ni", copies=4)
layout = simple.GetLayoutByName("CSRO")
layout.SetSize(1600, 1000)
simple.SaveState(os.path.join(os.path.dirname(os.path.abspath(__file__)), "csro.pvsm"))
if len(sys.argv) > 1:
    simple.SaveScreenshot(sys.argv[1], layout, ImageResolution=[1600, 1000])
