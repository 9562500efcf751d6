"""Diffuse Intensity, and the specimen of a configuration, on any number of ranks."""
import os
import sys

import numpy
from collect import save_image, save_points, save_table
from diffuse_ions import sites, write
from harness import simple
from mpi4py import MPI

folder = sys.argv[1]
path = folder + '-a.extxyz'
if MPI.COMM_WORLD.rank == 0:
    species = numpy.random.default_rng(2).permutation(numpy.repeat(['Ni', 'Co', 'Co', 'Cr'], 64))
    write(path, species, sites('fcc', 4) * 0.36, 4 * 0.36, jitter=0.03)
MPI.COMM_WORLD.Barrier()
atoms = simple.APTReader(FileName=path)
diffuse = simple.DiffuseIntensity(Input=atoms)
save_image(folder, 'volume', diffuse)
for port in 1, 2:
    save_image(folder, f'plane{port}', diffuse, port)
save_table(folder, 'maxima', diffuse, 3)
specimen = simple.SimulateConfiguration(Input=atoms, Shape='Box', Width=[3, 3], Height=4)
save_points(folder, 'ions', specimen)
save_table(folder, 'order', specimen, 1)
