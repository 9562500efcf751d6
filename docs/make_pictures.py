"""Makes the pictures of gallery.md and tutorial.md from the product itself:

    xvfb-run -a pvpython docs/make_pictures.py [NAME ...]

Without names all of them. CSRO_PLUGIN is the path of the plugin, as for csro_batch.py.
"""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "sample_states"))
import csro_pipeline
import csro_states
from paraview import simple

SIZE = [900, 560]


def analysis():
    """What CSRO > CSRO Analysis makes of the built-in specimen, for Ni-Ni."""
    csro_pipeline.build(pairs="Ni-Ni")


PICTURES = {"analysis": analysis, "extracted": csro_states.extracted, "beside-copy": csro_states.beside_copy,
            "methods": csro_states.methods, "figure3": csro_states.figure3}

for name in sys.argv[1:] or PICTURES:
    simple.ResetSession()
    PICTURES[name]()
    layout = next(iter(simple.GetLayouts().values()))
    layout.SetSize(*SIZE)
    simple.SaveScreenshot(os.path.join(HERE, "images", f"gallery-{name}.png"), layout, ImageResolution=SIZE, CompressionLevel="9")
