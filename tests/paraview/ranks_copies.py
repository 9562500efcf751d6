"""Copies that Compare Domains makes, on any number of ranks."""
import sys

from collect import save_table
from harness import simple

folder = sys.argv[1]
specimen = simple.SimulateAPT(Shape='Box', Width=[7, 7], Height=8, SigmaXY=0.2, SigmaZ=0.02)
for name, reference, partners in (('default', 0, 'In the voxel'), ('reference', 1, 'In the whole data')):
    voxels = simple.VoxelizeAPT(Input=specimen)
    curves = simple.ComputeZSDM(Input=specimen, Voxels=voxels, Pairs='Ni-Ni', KeepCurves=0, Partners=partners)
    classified = simple.ClassifyCSRO(Input=curves, Ions=specimen, ReferenceMode=reference)
    domains = simple.ClusterDomains(Input=specimen, Pixels=simple.OutputPort(classified, 1), ReferenceMode=reference,
                                    Threshold=1.5)
    compared = simple.CompareDomains(Domains=domains, Ions=specimen, Copies=2)
    for port, table in enumerate(('statistics', 'histograms', 'copies')):
        save_table(folder, f'{name}_{table}', compared, port)

# Copies that wait for what has changed, and those that are kept.
compared.Follow = 0
domains.Eps = 0.5
compared.UpdatePipeline()
save_table(folder, 'out_of_date', compared)
domains.Eps = 0.4
compared.UpdatePipeline()
save_table(folder, 'kept', compared, 2)
