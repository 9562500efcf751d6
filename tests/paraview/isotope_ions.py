"""Boron of two isotopes and charged aluminium, ranged apart and together."""
import os

import numpy

APART = ('3 3\nBoron-10\nB10 1.0 0.0 0.0\nBoron-11\nB11 0.0 1.0 0.0\nAluminium\nAl+ 0 0 1\n'
         '----- B10 B11 Al+\n. 9.8 10.2 1 0 0\n. 10.8 11.2 0 1 0\n. 26.8 27.2 0 0 1\n')
TOGETHER = ('[Ions]\nIon1=B\nIon2=Al\n[Ranges]\nRange1=9.8 11.2 B:1 Color:FF0000\n'
            'Range2=26.8 27.2 Al:1 Color:0000FF\n')


def write_ions(folder, count=6000):
    generator = numpy.random.default_rng(3)
    rows = numpy.column_stack([generator.uniform(-2.5, 2.5, (count, 3)),
                               generator.choice([10, 11, 27], count)])
    # lattice planes, which Detect Order asks for
    rows[:, 2] = 0.18 * numpy.round(rows[:, 2] / 0.18) + generator.normal(0, 0.02, count)
    path = os.path.join(folder, 'isotopes.pos')
    with open(path, 'wb') as file:
        file.write(rows.astype('>f4').tobytes())
    return path


def write_ranges(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, 'w') as file:
        file.write(text)
    return path
