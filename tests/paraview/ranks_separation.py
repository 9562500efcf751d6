"""Maximum Separation on any number of ranks."""
import sys

from collect import save_points, save_table
from harness import simple

folder = sys.argv[1]
specimen = simple.SimulateAPT(Shape='Box', Width=[8, 8], Height=8)
found = simple.MaximumSeparation(Input=specimen, Species='Ni', Distance=0.25, CoreDistance=0.3, Order=2, MinimumSize=3,
                                 Envelope=0.2, Erosion=0.15, Copies=2)
save_points(folder, 'clusters', found)
save_table(folder, 'sweep', simple.ClusterSweep(Input=specimen, Species='Ni', Distances=[0.2, 0.3], Steps=2, Copies=1))
for port, name in ((1, 'table'), (2, 'histograms'), (3, 'statistics')):
    save_table(folder, name, found, port)
