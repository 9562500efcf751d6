"""Voxels of any number of ranks are the same image."""
import sys

from collect import save_image, save_points
from harness import simple

folder = sys.argv[1]
specimen = simple.SimulateAPT(Shape='Box', Width=[6, 6], Height=6)
save_points(folder, 'ions', specimen)
save_image(folder, 'voxels', simple.VoxelizeAPT(Input=specimen))
cut = simple.Clip(Input=specimen, ClipType='Plane')
cut.ClipType.Origin = [0, 0, -1]
cut.ClipType.Normal = [0, 0, 1]
save_image(folder, 'clipped', simple.VoxelizeAPT(Input=cut))
