"""Isotopes and charges of an element, taken together on any number of ranks."""
import os
import sys

import isotope_ions
from collect import save_image, save_points, save_table
from harness import simple, temporary
from mpi4py import MPI

folder = sys.argv[1]
shared = MPI.COMM_WORLD.bcast(temporary, root=0)
if MPI.COMM_WORLD.rank == 0:
    isotope_ions.write_ions(shared)
    isotope_ions.write_ranges(shared, 'apart.rng', isotope_ions.APART)
MPI.COMM_WORLD.barrier()
reader = simple.APTReader(FileName=os.path.join(shared, 'isotopes.pos'),
                          RangesFileName=os.path.join(shared, 'apart.rng'))
# some ranks have no ions of it
part = simple.Threshold(Input=reader, Scalars=['POINTS', 'IonId'], LowerThreshold=0,
                        UpperThreshold=1000)
for name, source in ('all', reader), ('part', part):
    ranged = simple.RangeIons(Input=source, CountByElement=1)
    save_points(folder, name, ranged)
    save_table(folder, name + '_elements', ranged, 1)
    voxels = simple.VoxelizeAPT(Input=source)
    curves = simple.ComputeZSDM(Input=source, Voxels=voxels)
    save_image(folder, name + '_curves', curves)
    save_table(folder, name + '_curves', curves, 1)
    save_table(folder, name + '_region', simple.ComputeZSDM(Input=source), 1)
