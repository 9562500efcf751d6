"""Domains by likelihood on any number of ranks."""
import sys

from collect import save_image, save_points, save_table
from harness import simple

folder = sys.argv[1]


def save(name, ions, changed=None, **properties):
    detect = simple.DetectOrder(Input=ions, Voxels=simple.VoxelizeAPT(Input=ions), **properties)
    if changed:  # what is selected again, not searched
        detect.UpdatePipeline()
        detect.FDR = changed
    save_image(folder, name + '_voxels', detect)
    save_points(folder, name, detect, 1)
    save_table(folder, name, detect, 2)
    save_table(folder, name + '_kinds', detect, 3)


# Domains in several parts.
specimen = simple.SimulateAPT(Shape='Box', Width=[7, 7], Height=7, Diameter=[1.4, 2.6])
save('whole', specimen, changed=0.02)
save('near', specimen, Within='Neighbourhoods', NeighbourhoodIons=1000)

# Enough order to measure the noise across z.
save('noise', simple.SimulateAPT(Shape='Box', Width=[9, 9], Height=9, DomainDensity=0.08, Diameter=[1.4, 2.2], SigmaXY=0.5), Copies=0, Decoys=0)

# Of two species.
save('two', simple.SimulateAPT(Shape='Box', Width=[7, 7], Height=9, DomainDensity=0.05, Diameter=[1.4, 2.6], OrderTypes='Ni 1, Cr 1'), changed=0.3)

# The last ranks bring no ions.
first = simple.Threshold(Input=specimen, Scalars=['POINTS', 'IonId'], LowerThreshold=0, UpperThreshold=7000)
save('first', first, Copies=0, FDR=0.5)

# So small that some ranks get no part of it.
save('small', simple.SimulateAPT(Shape='Box', Width=[3, 3], Height=4, DomainDensity=0.1), FDR=1)
