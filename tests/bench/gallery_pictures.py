"""Makes the pictures of docs/gallery.md and docs/tutorial.md from the product itself:

    xvfb-run -a pvpython tests/bench/gallery_pictures.py [NAME ...]

Without names all of them. CSRO_PLUGIN is the path of the plugin, as for csro_batch.py.
"""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
sys.path.insert(0, os.path.join(ROOT, "sample_states"))
import csro_pipeline
import csro_ready
from paraview import simple
from vtkmodules.vtkImagingCore import vtkImageResize
from vtkmodules.vtkIOImage import vtkPNGReader, vtkPNGWriter

WINDOW, SIZE = [1400, 875], [960, 600]


def analysis():
    """What CSRO > CSRO Analysis makes of the built-in specimen, for Ni-Ni."""
    csro_pipeline.build(pairs="Ni-Ni")


def save(layout, path):
    """At the size of the window, then smaller."""
    simple.SaveScreenshot(path, layout, ImageResolution=WINDOW)
    picture = vtkPNGReader()
    picture.SetFileName(path)
    smaller = vtkImageResize()
    smaller.SetOutputDimensions(*SIZE, 1)
    smaller.SetInputConnection(picture.GetOutputPort())
    smaller.Update()
    writer = vtkPNGWriter()
    writer.SetFileName(path)
    writer.SetCompressionLevel(9)
    writer.SetInputConnection(smaller.GetOutputPort())
    writer.Write()


PICTURES = {"analysis": analysis, "extracted": csro_ready.extracted, "beside-copy": csro_ready.beside_copy,
            "methods": csro_ready.methods, "figure1": csro_ready.figure1, "figure3": csro_ready.figure3,
            "figure4": csro_ready.figure4, "figure5": csro_ready.figure5, "l12": csro_ready.l12, "b2": csro_ready.b2}

for name in sys.argv[1:] or PICTURES:
    simple.ResetSession()
    PICTURES[name]()
    layout = next(iter(simple.GetLayouts().values()))
    layout.SetSize(*WINDOW)
    simple.RenderAllViews()
    save(layout, os.path.join(ROOT, "docs", "images", f"gallery-{name}.png"))
