"""Specimens with everything on: the same ions, in the same order, for any number of ranks."""
import sys

from collect import save_points, save_table
from harness import simple

folder = sys.argv[1]
box = {'Shape': 'Box', 'Width': [8, 8], 'Height': 8}
cases = {
    'distorted': simple.SimulateRealisticAPT(
        Tilt=7, SecondGrain=1, SpacingDrift=3, GradientAxis='x', OrderTypes='Ni, Cr', Flattening=0.5,
        Magnification=1.1, SpeciesSigmaZ='Ni 0.06', SpeciesEfficiency='Co 0.8', PoleLoss=0.5, PileUp=0.5, PileUpPlanes=3,
        CurvatureRadius=60, **box),
    'recipe': simple.SimulateAPT(Crystal='Fe-Al 002', DomainDensity=0.1, Order=0.8, Tilt=2, **box)}
for name, specimen in cases.items():
    save_points(folder, name, specimen)
    save_table(folder, name + ' domains', specimen, 1)
