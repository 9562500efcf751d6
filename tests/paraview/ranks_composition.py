"""Compositions of all ions, of domains and of the matrix on any number of ranks."""
import sys

from collect import save_points, save_table
from harness import simple

folder = sys.argv[1]
specimen = simple.SimulateAPT(Shape='Box', Width=[7, 7], Height=8, SigmaXY=0.2, SigmaZ=0.02, Background=0.2)
voxels = simple.VoxelizeAPT(Input=specimen)
curves = simple.ComputeZSDM(Input=specimen, Voxels=voxels, Pairs='Ni-Ni', KeepCurves=0)
classified = simple.ClassifyCSRO(Input=curves, Ions=specimen)
domains = simple.ClusterDomains(Input=specimen, Pixels=simple.OutputPort(classified, 1), Threshold=0.3)
composition = simple.Composition(Input=specimen, Domains=domains, Background='Local', Copies=2, Draws=99)
for port, table in enumerate(('composition', 'test', 'domains')):
    save_table(folder, table, composition, port)
save_points(folder, 'ions', composition, 3)
