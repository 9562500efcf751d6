"""Frequency distributions on any number of ranks; blocks as large as the part of a rank, too."""
import sys

from collect import save_table
from harness import simple

folder = sys.argv[1]
specimen = simple.SimulateAPT(Shape='Box', Width=[8, 8], Height=10)
for blocks in 'Compact in space', 'In sequence':
    for ions in 50, 6000:
        name = f'{blocks[:2]}_{ions}'
        found = simple.FrequencyDistribution(Input=specimen, Blocks=blocks, BlockIons=ions, Copies=3)
        save_table(folder, name, found)
        save_table(folder, name + '_curves', found, 1)
