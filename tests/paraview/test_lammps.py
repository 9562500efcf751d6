"""LAMMPS (where it is installed) reads the dumps that are written, and the dumps that it writes are read."""
import os
import shutil
import subprocess
import sys

import numpy
from diffuse_ions import sites, write
from harness import array, check, equal, output, simple, temporary

program = shutil.which('lmp')
if not program:
    sys.exit(77)
a, cells = 0.36, 3
points = sites('fcc', cells) * a
species = numpy.random.default_rng(1).permutation(numpy.repeat(['Ni', 'Co', 'Cr'], 36))
atoms = simple.APTReader(FileName=write(os.path.join(temporary, 'a.extxyz'), species, points, cells * a))
ours, theirs = os.path.join(temporary, 'a.dump'), os.path.join(temporary, 'b.dump')
simple.SaveData(ours, proxy=atoms)
script = f'''units metal
atom_style atomic
boundary p p p
region box block 0 1 0 1 0 1
create_box 3 box
mass * 1
pair_style zero 3.0
pair_coeff * *
read_dump {ours} 0 x y z box yes add keep
run 0
write_dump all custom {theirs} id type xs ys zs modify sort id
'''
done = subprocess.run([program, '-log', 'none'], input=script, capture_output=True, text=True, cwd=temporary)
check(done.returncode == 0, done.stdout + done.stderr)
before, after = output(atoms), output(simple.APTReader(FileName=theirs))
equal(after.GetNumberOfPoints(), len(species))
check(numpy.allclose(array(after, 'CSRO_Box', 'Field'), array(before, 'CSRO_Box', 'Field'), atol=1e-9))
first, second = ([data.GetPoint(i) for i in range(len(species))] for data in (before, after))
apart = numpy.array(first) - second
check(abs(apart - numpy.round(apart / (cells * a)) * cells * a).max() < 1e-6)
types = [array(after, 'SpeciesNames', 'Field')[k] for k in array(after, 'Species')]
equal(types, [f'Type{k}' for k in array(before, 'Species')])
