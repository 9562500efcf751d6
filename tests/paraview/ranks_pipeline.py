"""The whole analysis on any number of ranks."""
import sys

from collect import save_image, save_points, save_table
from harness import simple
from mpi4py import MPI

folder = sys.argv[1]
specimen = simple.SimulateAPT(Shape='Box', Width=[6, 6], Height=7, SigmaXY=0.2, SigmaZ=0.02, Diameter=[1.4, 2.6])
save_table(folder, 'truth', specimen, 1)
voxels = simple.VoxelizeAPT(Input=specimen)
curves = simple.ComputeZSDM(Input=specimen, Voxels=voxels)
save_table(folder, 'curves', curves, 1)
classified = simple.ClassifyCSRO(Input=curves)
save_image(folder, 'voxels', classified)
save_image(folder, 'pixels', classified, 1)
domains = simple.ClusterDomains(Input=specimen, Pixels=simple.OutputPort(classified, 1))
save_points(folder, 'domains', domains)
save_table(folder, 'domains', domains, 1)
save_table(folder, 'sizes', domains, 2)
save_table(folder, 'region', simple.ComputeZSDM(Input=specimen, Pairs='Ni-Ni'), 1)
save_table(folder, 'wide', simple.ComputeZSDM(Input=specimen, Voxels=voxels, Pairs='Ni-Co',
                                              Partners='In the whole data'), 1)

# The same without curves in memory, for partners of both kinds.
for name, properties in {'': {}, '_wide': {'Partners': 'In the whole data'}}.items():
    light = simple.ComputeZSDM(Input=specimen, Voxels=voxels, Pairs='Ni-Ni', KeepCurves=0, **properties)
    save_table(folder, 'light_curves' + name, light, 1)
    save_image(folder, 'light' + name, simple.ClassifyCSRO(Input=light, Ions=specimen))

# The same from files, which readers split in their own way.
path = folder + '-curves.pvti'
simple.SaveData(path, proxy=curves, DataMode='Binary')
MPI.COMM_WORLD.Barrier()
from_file = simple.ClassifyCSRO(Input=simple.OpenDataFile(path))
save_image(folder, 'pixels_from_file', from_file, 1)
