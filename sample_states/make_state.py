"""Writes csro.pvsm: the pipeline on the built-in specimen, with its domains in 3D beside the size
histogram (data and copy) and the mean z-SDM.

    xvfb-run -a pvpython sample_states/make_state.py [PICTURE.png]

CSRO_PLUGIN is the path of the plugin, as for csro_batch.py. With a file name it also writes a
picture of what the state shows.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import csro_pictures
import csro_pipeline
from paraview import simple

apt = csro_pipeline.load_plugin()


def analyse(ions, suffix=""):
    voxels = apt.VoxelizeAPT(registrationName="Voxels" + suffix, Input=ions)
    curves = apt.ComputeZSDM(registrationName="z-SDM" + suffix, Input=ions, Voxels=voxels,
                             Pairs="Ni-Ni")
    classified = apt.ClassifyCSRO(registrationName="Classified" + suffix, Input=curves)
    classified.UpdatePipeline()  # the score to select by is a default taken from the data
    domains = apt.ClusterDomains(registrationName="Domain ions" + suffix, Input=ions,
                                 Pixels=simple.OutputPort(classified, 1))
    return curves, domains


specimen = apt.SimulateRealisticAPT(registrationName="Specimen")
curves, domains = analyse(specimen)
copy = apt.RandomizeIons(registrationName="Randomised copy", Input=specimen)
_, copy_domains = analyse(copy, " (copy)")
compared = apt.CompareDomains(registrationName="Comparison", Domains=domains, GivenCopies=[copy_domains])
compared.UpdatePipeline()

layout = simple.CreateLayout("CSRO")
left = simple.CreateView("RenderView")
simple.AssignViewToLayout(view=left, layout=layout, hint=0)
layout.SplitHorizontal(0, 0.5)
sizes = simple.CreateView("XYBarChartView")
simple.AssignViewToLayout(view=sizes, layout=layout, hint=2)
layout.SplitVertical(2, 0.5)
chart = simple.CreateView("XYChartView")
simple.AssignViewToLayout(view=chart, layout=layout, hint=6)
csro_pictures.show_domains(simple, left, specimen, domains)
csro_pictures.show_sizes(simple, sizes, compared)
csro_pictures.show_curves(simple, chart, curves, ["Ni-Ni"])
simple.SetActiveView(left)
simple.SetActiveSource(domains)
layout.SetSize(1600, 1000)

simple.SaveState(os.path.join(os.path.dirname(os.path.abspath(__file__)), "csro.pvsm"))
if len(sys.argv) > 1:
    simple.SaveScreenshot(sys.argv[1], layout, ImageResolution=[1600, 1000])
