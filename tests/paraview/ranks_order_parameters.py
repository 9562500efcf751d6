"""Order parameters on any number of ranks."""
import sys

from collect import save_points, save_table
from harness import simple

folder = sys.argv[1]
specimen = simple.SimulateAPT(Shape='Box', Width=[9, 9], Height=12, DomainDensity=0.02)
for by in 'Radial shells', 'Nearest neighbours', 'Plane offsets':
    table = simple.OrderParameters(Input=specimen, By=by, Copies=5, Maps=int(by != 'Nearest neighbours'))
    if by != 'Nearest neighbours':
        save_points(folder, 'maps_' + by.split()[0], table, 3)
    save_table(folder, by.split()[0], table)
save_table(folder, 'within', simple.OrderParameters(Input=specimen, Copies=3, Within='Neighbourhoods', Species='Ni'))
save_table(folder, 'period', simple.OrderParameters(Input=specimen, Copies=1, Period=[9.5, 9.5, 0]))
