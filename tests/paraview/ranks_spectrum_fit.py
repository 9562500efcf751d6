"""The fit of a spectrum on any number of ranks."""
import sys

from collect import save_table
from harness import simple

folder = sys.argv[1]
specimen = simple.SimulateAPT(Shape='Box', Width=[7, 7], Height=8, Composition='Fe 0.6, Cr 0.25, Ni 0.15', Background=0.2)
fit = simple.SpectrumFit(Input=specimen, Background='Local')
for port, table in enumerate(('spectrum', 'ranges', 'ions', 'composition', 'peaks')):
    save_table(folder, table, fit, port)
