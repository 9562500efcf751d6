"""Explained voxels, whole, by a selection and by number, on any number of ranks."""
import sys

from collect import save_points, save_table
from harness import simple

folder = sys.argv[1]
specimen = simple.SimulateAPT(Shape='Box', Width=[4, 4], Height=6, SigmaXY=0.2, SigmaZ=0.02)
curves = simple.ComputeZSDM(Input=specimen, Voxels=simple.VoxelizeAPT(Input=specimen), Pairs='Ni-Ni')
classified = simple.ClassifyCSRO(Input=curves)
part = simple.Threshold(Input=classified, Scalars=['POINTS', 'P_CSRO_Ni_Ni'], LowerThreshold=0.5,
                        UpperThreshold=1)
for name, explained in (('whole', simple.ExplainCSRO(Input=classified)),
                        ('part', simple.ExplainCSRO(Input=part)),
                        ('last', simple.ExplainCSRO(Input=curves, VoxelIds=[430, 400]))):
    save_points(folder, name, explained, by='VoxelId')
    save_table(folder, name, explained, 1)
