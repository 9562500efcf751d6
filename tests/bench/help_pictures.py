"""Makes docs/images/filter-NAME.png, the pictures of docs/filters.md, so of ParaView's Help: what a source or filter shows with
its defaults.

    xvfb-run -a pvpython tests/bench/help_pictures.py [NAME ...]

Without names all of them. CSRO_PLUGIN is the path of the plugin, as for csro_batch.py."""
import functools
import os
import subprocess
import sys
import tempfile

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "sample_states"))
import csro_plugin
from paraview import simple

apt = csro_plugin.load_plugin()
SIZE = [560, 300]
port = simple.OutputPort


@functools.lru_cache(None)
def ions():
    return apt.SimulateAPT(Shape="Box", Width=[10, 10], Height=10, DomainDensity=0.04, Diameter=[1, 2.4])


@functools.lru_cache(None)
def scores():
    curves = apt.ComputeZSDM(Input=ions(), Voxels=apt.VoxelizeAPT(Input=ions()), Pairs="Ni-Ni")
    return apt.ClassifyCSRO(Input=curves)


@functools.lru_cache(None)
def order(source):
    return apt.DetectOrder(Input=source, Voxels=apt.VoxelizeAPT(Input=source), Species="Ni", SigmaXY=0.3)


def read_ions():
    path = os.path.join(tempfile.mkdtemp(), "specimen.pos")
    for ending in ".pos", ".rrng":
        simple.SaveData(path[:-4] + ending, proxy=ions())
    return simple.OpenDataFile(path)


def evaluation():
    return apt.EvaluateDetection(Input=order(ions()), DomainIons=port(order(ions()), 1), TrueDomains=port(ions(), 1),
                                    Domains=port(order(ions()), 2), ProbabilityArray="P_order_Ni", DiameterEdges=[1.3, 2])


def training():
    return apt.TrainClassifier(Input=apt.PatternBank(Limit=400), ModelFile=os.path.join(tempfile.mkdtemp(), "model.xml"),
                                  Architecture="conv 8 7, pool 2, dense 32", Folds=2, Epochs=8)


@functools.lru_cache(None)
def composition():
    """Of the species, with domains and matrix beside each other."""
    return apt.Composition(Input=ions(), Domains=port(order(ions()), 1), Copies=0)


# what is shown: (view, source, output)
PICTURES = {
    "APTReader": lambda: [("RenderView", read_ions(), 0)],
    "RangeIons": lambda: [("RenderView", apt.RangeIons(Input=ions()), 0)],
    "Composition": lambda: [("XYBarChartView", composition(), 0)],
    "SpectrumFit": lambda: [("XYChartView", apt.SpectrumFit(Input=ions(), UpperLimit=70), 0)],
    "Profile": lambda: [("XYChartView", apt.Profile(Input=apt.SimulateAPT(
        Shape="Box", Width=[8, 8], Height=20, GradientAxis="z", GradientSpecies="Ni", Gradient=[0.2, 0.45])), 0)],
    "DensityMaps": lambda: [("RenderView", apt.DensityMaps(Input=ions()), 0)],
    "ProximityHistogram": lambda: [("XYChartView", apt.ProximityHistogram(
        Input=ions(), Surface=port(order(ions()), 1)), 0)],
    "SimulateRealisticAPT": lambda: [("RenderView", apt.SimulateRealisticAPT(Height=20), 0)],
    "PatternBank": lambda: [("XYChartView", apt.PatternBank(Limit=200), 1)],
    "VoxelizeAPT": lambda: [("RenderView", ions(), 0), ("same", apt.VoxelizeAPT(Input=ions(), BoxMode="Given", Box=[-3, 3, -3, 3, -7, -2]), 0)],
    "ClassifyCSRO": lambda: [("RenderView", scores(), 0)],
    "DetectOrder": lambda: [("RenderView", order(ions()), 1), ("XYChartView", order(ions()), 2)],
    "MaximumSeparation": lambda: [("RenderView", apt.MaximumSeparation(Input=ions()), 0)],
    "ClusterSweep": lambda: [("XYChartView", apt.ClusterSweep(Input=ions()), 0)],
    "InjectOrder": lambda: [("RenderView", apt.InjectOrder(Input=ions(), Species="Ni"), 0)],
    "OrderParameters": lambda: [("XYChartView", apt.OrderParameters(Input=ions(), By="Plane offsets"), 1)],
    "NearestNeighbours": lambda: [("XYChartView", apt.NearestNeighbours(Input=ions()), 1)],
    "SimulateConfiguration": lambda: [("RenderView", apt.SimulateConfiguration(Input=apt.LatticeMonteCarlo(), Height=20), 0)],
    "TrainClassifier": lambda: [("XYChartView", training(), 0)],
    "EvaluateDetection": lambda: [("XYChartView", evaluation(), 0)],
}


def draw(name):
    layout = simple.CreateLayout(name)
    view = None
    for number, (kind, source, output) in enumerate(PICTURES[name]()):
        if kind != "same":
            view = simple.CreateView(kind)
            simple.AssignViewToLayout(view, layout, layout.SplitHorizontal(0, 0.5) + 1 if number else 0)
        source.UpdatePipeline()
        shown = simple.Show(port(source, output), view)
        if shown.SMProxy.GetXMLName() == "UniformGridRepresentation" and shown.Representation == "Isosurface":
            simple.ColorBy(shown, None)  # as Apply paints it
            shown.AmbientColor = shown.DiffuseColor = [0.90, 0.62, 0.00]
        if "Chart" not in view.SMProxy.GetXMLName():
            view.UseColorPaletteForBackground = 0
            view.Background = [1, 1, 1]
            simple.ResetCamera(view)
            view.CameraParallelScale *= 0.9
    layout.SetSize(*SIZE)
    simple.RenderAllViews()  # charts make room for their legends once they know their size
    path = os.path.join(ROOT, "docs", "images", f"filter-{name}.png")
    simple.SaveScreenshot(path, layout, ImageResolution=SIZE)
    subprocess.run(["mogrify", "-strip", "-colors", "48", path], check=True)  # of ImageMagick


for each in sys.argv[1:] or PICTURES:
    draw(each)
