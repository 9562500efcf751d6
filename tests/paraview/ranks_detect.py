"""Domains by likelihood on any number of ranks."""
import sys

from collect import save_image, save_points, save_table
from harness import simple

folder = sys.argv[1]
specimen = simple.SimulateAPT(Shape='Box', Width=[7, 7], Height=7)
voxels = simple.VoxelizeAPT(Input=specimen)
detect = simple.DetectOrder(Input=specimen, Voxels=voxels)
save_image(folder, 'voxels', detect)
save_points(folder, 'domains', detect, 1)
save_table(folder, 'domains', detect, 2)
