"""Spatial distribution maps on any number of ranks."""
import sys

from collect import save_image, save_table
from harness import simple

folder = sys.argv[1]
specimen = simple.SimulateAPT(Shape='Box', Width=[8, 8], Height=10)
for name, axes in ('curve', 'z'), ('plane', 'x and z'), ('volume', 'x, y and z'):
    found = simple.SpatialMaps(Input=specimen, Pairs='Ni-Ni, Co-Cr', Axes=axes, Copies=3, Cells=8)
    save_table(folder, name, found)
    save_table(folder, name + '_curve', found, 1)
    save_image(folder, name + '_image', found, 2)
