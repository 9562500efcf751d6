"""Which ions of a randomised copy exchange their labels, and within what."""
import os

import numpy
from harness import Errors, array, check, equal, output, points, simple, temporary, write_pos

COUNT = 6000
generator = numpy.random.default_rng(5)
places = generator.uniform([0, 0, 0], [30, 10, 10], (COUNT, 3))
# Masses tell each ion; A and B are ranged, A at a share that grows along x, and the rest more often at high z.
kinds = numpy.where(generator.uniform(0, 1, COUNT) < 0.1 + 0.05 * places[:, 2], 2,
                    numpy.where(generator.uniform(0, 30, COUNT) < places[:, 0], 0, 1))
masses = 10 * (kinds + 1) + numpy.arange(COUNT) / 1024
ions = write_pos(os.path.join(temporary, 'exchange.pos'), numpy.column_stack([places, masses]))
ranges = os.path.join(temporary, 'kinds.rrng')
with open(ranges, 'w', encoding='ascii') as file:
    file.write('[Ions]\nIon1=A\nIon2=B\n[Ranges]\nRange1=9 19 Name:A\nRange2=19 29 Name:B\n')
ranged = simple.APTReader(FileName=ions, RangesFileName=ranges)
bare = simple.APTReader(FileName=ions, RangesFileName='')  # not what stands beside


def copy_of(source, **properties):
    """Species in the copy, and the ion that each ion has its mass from."""
    made = output(simple.RandomizeIons(Input=source, **properties))
    check((points(made) == places.astype('f4')).all())
    mass = array(made, 'MassToCharge')
    kind = numpy.floor(mass / 10).astype(int) - 1
    origin = numpy.rint((mass - 10 * (kind + 1)) * 1024).astype(int)
    equal(sorted(origin), list(range(COUNT)))
    if 'Species' in [made.GetPointData().GetArrayName(i) for i in range(made.GetPointData().GetNumberOfArrays())]:
        species = array(made, 'Species')
        check((species == numpy.where(kind == 2, 0, kind + 1)).all() or not species.any())
    return kind, origin


# All ions, as published: the permutation of the seed (csro/random.h).
_, published = copy_of(ranged, Seed=7, Exchange='All ions')
equal(list(published[:8]), [358, 5492, 3626, 4696, 1685, 4792, 1056, 5733])

# Ranged ions alone.
kind, origin = copy_of(ranged, Seed=7)
unranged = kinds == 2
check((origin[unranged] == numpy.flatnonzero(unranged)).all())
check((kind[~unranged] < 2).all())
check((origin != numpy.arange(COUNT))[~unranged].mean() > 0.99)
check((copy_of(ranged, Seed=8)[1] != origin)[~unranged].mean() > 0.99)


def gradient(of):
    """Share of A among the ranged ions in the outer thirds along x."""
    ends = (places[:, 0] > 20), (places[:, 0] < 10)
    return numpy.subtract(*((of[end & ~unranged] == 0).mean() for end in ends))


check(gradient(kinds) > 0.5 and abs(gradient(kind)) < 0.1)

# In neighbourhoods no label goes far, and the gradient stays.
for exchange in 'Ranged ions', 'All ions':
    kind, origin = copy_of(ranged, Exchange=exchange, Within='Neighbourhoods', NeighbourhoodIons=200)
    check((origin[unranged] == numpy.flatnonzero(unranged)).all() == (exchange == 'Ranged ions'))
    check((origin != numpy.arange(COUNT))[~unranged].mean() > 0.99)
    way = numpy.abs(places[origin] - places).max(axis=0)
    check((way > 2).all() and (way < 15).all(), way)
    check(gradient(kind) > 0.4 and abs(gradient(kind) - gradient(kinds)) < 0.25, gradient(kind))
other = copy_of(ranged, Exchange='All ions', Within='Neighbourhoods', NeighbourhoodIons=200, Seed=2)[1]
check((numpy.abs(places[other] - places).max(axis=0) != way).any())
# too few ions for two of them: the whole
check((copy_of(ranged, Within='Neighbourhoods', NeighbourhoodIons=5000)[1] == copy_of(ranged)[1]).all())

# Without ranges all ions exchange, with a word.
heard = Errors(plain := simple.RandomizeIons(Input=bare, Seed=7))
mass = array(output(plain), 'MassToCharge')
check((mass == masses.astype('f4')[published]).all())
equal(len(heard.warnings), 1)
check('no ion is ranged' in heard.warnings[0], heard.warnings)
heard = Errors(plain := simple.RandomizeIons(Input=bare, Exchange='All ions'))
output(plain)
equal(heard.warnings, [])
# ... and species are found later
later = simple.RangeIons(Input=simple.RandomizeIons(Input=bare, Seed=7), RangesFileName=ranges)
check((array(output(later), 'Species') == array(output(ranged), 'Species')[published]).all())

# As Detect Order has its copies.
voxels = simple.VoxelizeAPT(Input=ranged)
for value in 'Ranged ions', 'All ions':
    detect = simple.DetectOrder(Input=ranged, Voxels=voxels, Species='A', Exchange=value, Within='Neighbourhoods')
    heard = Errors(detect)
    detect.UpdatePipeline()
    check(not heard.texts or 'planes' in heard.texts[0], heard.texts)
