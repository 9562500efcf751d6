"""Distances of nearest neighbours on any number of ranks."""
import sys

from collect import save_table
from harness import simple

folder = sys.argv[1]
specimen = simple.SimulateAPT(Shape='Box', Width=[8, 8], Height=10)
found = simple.NearestNeighbours(Input=specimen, Pairs='Ni-Ni, Co-Cr', Copies=3, NearestNeighbours=4)
save_table(folder, 'means', found)
save_table(folder, 'distances', found, 1)
save_table(folder, 'period', simple.NearestNeighbours(Input=specimen, Copies=1, Period=[8, 8, 0], Reach=1.5))
