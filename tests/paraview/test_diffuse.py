"""Diffuse Intensity: perfect and random configurations from files; volume, planes, maxima, means over several."""
import os

import numpy
from diffuse_ions import sites, write
from harness import Errors, array, check, column, equal, names, output, simple, temporary

a = 0.36


def read(name, lattice, cells, species, **more):
    path = write(os.path.join(temporary, name + '.extxyz'), species, sites(lattice, cells) * a, cells * a, **more)
    return simple.APTReader(FileName=path)


# Relaxed L1_2: all peaks at X, of all pairs, and the sum rule.
cells = 4
fcc = sites('fcc', cells)
order = numpy.where((fcc % 1 == 0).all(1), 'Au', 'Cu')
relaxed = read('l12', 'fcc', cells, order, jitter=0.02)
diffuse = simple.DiffuseIntensity(Input=relaxed)
table = output(diffuse, 3)
equal(list(column(table, 'Pair')), ['Au-Au', 'Au-Cu', 'Cu-Cu'])
equal(list(column(table, 'SpecialPoint')), 3 * ['X (1 0 0)'])
check(numpy.allclose(column(table, 'Distance'), 0) and all('L1_2' in text for text in column(table, 'Structures')))
equal(list(column(table, 'Equivalents')), 3 * [6])
text = array(table, 'DiffuseIntensity', 'Field')[0]
check('1 configuration of 256 atoms on 4 x 4 x 4 cells of fcc with edges of 0.36' in text, text)
check('largest distance of an atom from its site 0.03' in text, text)
volume = output(diffuse)
equal(volume.GetDimensions(), (9, 9, 9))
check(numpy.allclose(volume.GetSpacing(), 0.25))
for pair, mean in {'Au_Cu': 1, 'Au_Au': 1 - 1 / 0.25, 'Cu_Cu': 1 - 1 / 0.75}.items():
    alpha = numpy.array(array(volume, f'Alpha_{pair}')).reshape(9, 9, 9)
    check(abs(alpha[:8, :8, :8].mean() - mean) < 1e-10, pair)
    check(numpy.allclose(alpha[8], alpha[0], atol=1e-12))
    intensity = numpy.array(array(volume, f'Intensity_{pair}')).reshape(9, 9, 9)
    check(numpy.array_equal(intensity, alpha if pair == 'Au_Cu' else -alpha))
    equal(sorted(tuple(x) for x in numpy.argwhere(intensity[:8, :8, :8] > 1)),
          [(0, 0, 4), (0, 4, 0), (0, 4, 4), (4, 0, 0), (4, 0, 4), (4, 4, 0)])
values = numpy.concatenate([numpy.array(array(volume, name)) for name in names(volume) if name.startswith('Intensity_')])
check((values[numpy.abs(values) < 1e-9] == 0).all() and (values == 0).any())  # no remains of rounding
check(not any(name.startswith('Error') for name in names(volume)))

# The plane (001) through the origin is a layer of the volume; that of (111) has what lies in it.
plane = output(diffuse, 1)
equal(plane.GetDimensions(), (9, 9, 1))
layer = numpy.array(array(volume, 'Intensity_Au_Cu')).reshape(9, 9, 9)[0].ravel()
check(numpy.array_equal(array(plane, 'Intensity_Au_Cu'), layer))
diffuse.Point111 = [1, 0, 0]
values = numpy.array(array(output(diffuse, 2), 'Intensity_Au_Cu'))
check(abs(values.max() - layer.max()) < 1e-9 and abs(values.min()) < 1e-9)
diffuse.Point001 = [0, 0, 0.5]
check(abs(numpy.array(array(output(diffuse, 1), 'Intensity_Au_Cu'))).max() < 1e-9)
equal(output(diffuse, 1).GetOrigin()[2], 0.5)

# B2, and the mean over random configurations, with errors.
bcc = sites('bcc', 3)
table = output(simple.DiffuseIntensity(Input=read('b2', 'bcc', 3, numpy.where(bcc[:, 0] % 1 == 0, 'Fe', 'Al'))), 3)
equal(set(column(table, 'SpecialPoint')), {'H (1 0 0)'})
random = numpy.random.default_rng(1)
configurations = [read(f'random{k}', 'fcc', 3, numpy.concatenate([['A', 'B'], random.permutation(numpy.repeat(['A', 'B'], 53))])) for k in range(6)]
mean = output(simple.DiffuseIntensity(Input=configurations))
equal(array(mean, 'Configurations', 'Field')[0], 6)
ones = [array(output(simple.DiffuseIntensity(Input=each)), 'Alpha_A_B') for each in configurations]
check(numpy.allclose(array(mean, 'Alpha_A_B'), numpy.mean(ones, 0), atol=1e-12))
check(numpy.allclose(array(mean, 'Error_A_B'), numpy.std(ones, 0, ddof=1) / 6 ** 0.5, atol=1e-12))

# Symmetrised: the mean over the directions of a cube, with the same sum; errors are those of the means.
same = output(simple.DiffuseIntensity(Input=configurations, Symmetrise=1))
cube = numpy.array(array(mean, 'Alpha_A_B')).reshape(7, 7, 7)[:6, :6, :6]
turned = [cube.transpose(order) for order in ((0, 1, 2), (1, 2, 0), (2, 0, 1), (0, 2, 1), (2, 1, 0), (1, 0, 2))]
back = -numpy.arange(6)
expected = numpy.mean([each[numpy.ix_(*(back if flip else numpy.arange(6) for flip in flips))] for each in turned
                       for flips in numpy.ndindex(2, 2, 2)], 0)
check(numpy.allclose(numpy.array(array(same, 'Alpha_A_B')).reshape(7, 7, 7)[:6, :6, :6], expected, atol=1e-12))
check(numpy.nanmean(array(same, 'Error_A_B')) < 0.6 * numpy.nanmean(array(mean, 'Error_A_B')))
check('equivalent wave vectors' in array(same, 'DiffuseIntensity', 'Field')[0])


def fails(text, **properties):
    made = simple.DiffuseIntensity(**properties)
    errors = Errors(made)
    made.UpdatePipeline()
    check(len(errors.texts) == 1 and text in errors.texts[0], (text, errors.texts))


fails('the ions have no periodic box', Input=simple.SimulateAPT(Shape='Box', Width=[2, 2], Height=2))
tilted = os.path.join(temporary, 'tilted.dump')
with open(tilted, 'w') as file:
    file.write('ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS xy xz yz pp pp pp\n0 4.5 1.5\n0 3 0\n0 3 0\n'
               'ITEM: ATOMS id type xs ys zs\n1 1 0 0 0\n2 2 .5 .5 .5\n')
fails('the periodic box has the edges (0.3, 0, 0), (0.15, 0.3, 0), (0, 0, 0.3) nm, expected edges along x, y and z',
      Input=simple.APTReader(FileName=tilted))
fails('configurations of different cells, sites or species', Input=[relaxed, configurations[0]])
fails('1 species on the lattice', Input=read('pure', 'fcc', 2, numpy.full(32, 'Ni')))
fails('no lattice: the atoms are in no evenly spaced planes', Input=read('gas', 'fcc', 3, numpy.repeat(['A', 'B'], 54), jitter=0.2))
