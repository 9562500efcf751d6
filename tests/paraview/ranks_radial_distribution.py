"""Pair correlation on any number of ranks."""
import sys

from collect import save_table
from harness import simple

folder = sys.argv[1]
specimen = simple.SimulateAPT(Shape='Box', Width=[8, 8], Height=10)
found = simple.RadialDistribution(Input=specimen, Pairs='Ni-Ni, Co-Cr', Copies=3, Bins=20, Reach=1.5)
save_table(folder, 'table', found)
save_table(folder, 'curves', found, 1)
save_table(folder, 'period', simple.RadialDistribution(Input=specimen, Copies=1, Period=[9, 9, 11], Reach=1, Bins=10))
