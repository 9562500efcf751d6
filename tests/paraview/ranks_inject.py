"""Planted domains on any number of ranks."""
import sys

from collect import save_points, save_table
from harness import simple

folder = sys.argv[1]
specimen = simple.SimulateAPT(Shape='Box', Width=[8, 8], Height=8)
planted = simple.InjectOrder(Input=specimen, Species='Ni', Density=0.03, Order=[0.5, 1])
save_points(folder, 'planted', planted)
save_table(folder, 'planted', planted, 1)
found = simple.DetectOrder(Input=planted, Voxels=simple.VoxelizeAPT(Input=planted), Species='Ni', Copies=0)
data = simple.DetectOrder(Input=specimen, Voxels=simple.VoxelizeAPT(Input=specimen), Species='Ni', Copies=0)
save_table(folder, 'sensitivity', simple.Sensitivity(
    Input=simple.OutputPort(data, 2), Planted=[simple.OutputPort(planted, 1)],
    DomainIons=[simple.OutputPort(found, 1)], Domains=[simple.OutputPort(found, 2)]))
