"""Lattice planes on any number of ranks."""
import sys

from collect import save_points, save_table
from harness import simple

folder = sys.argv[1]


def save(name, ions, **properties):
    pole = simple.FindPole(Input=ions, **properties)
    save_points(folder, name, pole)
    save_points(folder, name + '_map', pole, 1, by='BlockId')
    save_table(folder, name + '_planes', pole, 2)
    save_table(folder, name + '_poles', pole, 3)


specimen = simple.SimulateAPT(Shape='Box', Width=[8, 8], Height=10)
turned = simple.Transform(Input=specimen)
turned.Transform.Rotate = [2, 4, 0]
save('turned', turned)

# The last ranks bring no ions; all directions.
first = simple.Threshold(Input=specimen, Scalars=['POINTS', 'IonId'], LowerThreshold=0, UpperThreshold=9000)
save('first', first, AllDirections=1)

# No planes.
save('none', simple.SimulateAPT(Shape='Box', Width=[6, 6], Height=6, SigmaZ=0.2))
