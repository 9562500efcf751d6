"""Class activation of ordered and random voxels: where it stands, how voxels are chosen, errors."""
import os

import numpy
from harness import Errors, array, check, column, equal, names, output, points, simple, temporary

specimen = simple.SimulateAPT(Shape='Box', Width=[12, 12], Height=16, SigmaXY=0.2, SigmaZ=0.02)
voxels = simple.VoxelizeAPT(Input=specimen)
curves = simple.ComputeZSDM(Input=specimen, Voxels=voxels, Pairs='Ni-Ni Co-Co')
classified = simple.ClassifyCSRO(Input=curves)
image = output(classified)
probability = array(image, 'P_CSRO_Ni_Ni')
many = array(image, 'zSDM_Ni_Ni').sum(1) > 300
ordered = numpy.flatnonzero(many & (probability > 0.95))[:50]
random = numpy.flatnonzero(many & (probability < 0.05))[:50]
equal(len(ordered), 50)
equal(len(random), 50)

# The planes at 0.18 and 0.54 nm hold no Ni in the ordered domains: their absence decides for order,
# and the planes at 0 and 0.36 nm say nothing. Random voxels have nothing there that speaks for it.
explained = simple.ExplainCSRO(Input=classified, VoxelIds=[int(i) for i in ordered])
table = output(explained, 1)
equal(names(table, 'Row'), ['dz_nm', 'Curve Ni-Ni', 'Activation CSRO Ni-Ni', 'Curve Co-Co',
                            'Activation CSRO Co-Co'])
dz = column(table, 'dz_nm')
equal(len(dz), 93)


def at(values, *planes):
    return values[numpy.any([abs(abs(dz) - plane) < 0.03 for plane in planes], axis=0)].mean()


activation = column(table, 'Activation CSRO Ni-Ni').copy()
check(at(activation, 0.18, 0.54) > 5 * at(activation, 0, 0.36) + 0.2, activation)
explained.VoxelIds = [int(i) for i in random]
found = output(explained)
other = column(output(explained, 1), 'Activation CSRO Ni-Ni')
check(at(other, 0.18) < 0.2 * at(activation, 0.18), other)

# Points are the voxels asked for, with all they had; the table holds the means of the arrays.
check((array(found, 'VoxelId') == random).all())
centers = numpy.array([image.GetPoint(int(i)) for i in random])
check(numpy.allclose(points(found), centers))
check((array(found, 'zSDM_Ni_Ni') == array(image, 'zSDM_Ni_Ni')[random]).all())
equal(found.GetNumberOfCells(), 50)
each = array(found, 'Activation_CSRO_Ni_Ni')
equal(each.shape, (50, 93))
check(numpy.isin(each.max(1), [0, 1]).all() and each.min() >= 0)
check(numpy.allclose(other, each.mean(0), atol=1e-6))
counts = array(found, 'zSDM_Ni_Ni').astype(float)
low, high = counts.min(1)[:, None], counts.max(1)[:, None]
scaled = (counts - low) / (high - low)
check(numpy.allclose(column(output(explained, 1), 'Curve Ni-Ni'), scaled.mean(0), atol=1e-6))

# What speaks for the random class are the planes that are there.
explained.Class = 'FCC'
other = column(output(explained, 1), 'Activation FCC Ni-Ni')
check(at(other, 0.18) > 0.5, other)
explained.Class = ''

# The same voxels by a selection, by a threshold, and read from a file; threads do not matter.
expected = each.copy()
selection = simple.IDSelectionSource(FieldType='POINT',
                                     IDs=[n for i in random[::-1] for n in (-1, int(i))])
extracted = simple.ExtractSelection(Input=classified, Selection=selection)
selected = simple.ExplainCSRO(Input=extracted, Threads=3)
check((array(output(selected), 'Activation_CSRO_Ni_Ni') == expected).all())
check((array(output(selected), 'VoxelId') == random).all())
path = os.path.join(temporary, 'curves.vti')
simple.SaveData(path, proxy=curves, DataMode='Binary')
file = simple.XMLImageDataReader(FileName=[path])
again = simple.ExplainCSRO(Input=file, VoxelIds=[int(i) for i in random])
check((array(output(again), 'Activation_CSRO_Ni_Ni') == expected).all())
part = simple.Threshold(Input=classified, Scalars=['POINTS', 'P_CSRO_Ni_Ni'], LowerThreshold=0.95,
                        UpperThreshold=1)
all_of = output(simple.ExplainCSRO(Input=part))
equal(all_of.GetNumberOfPoints(), output(part).GetNumberOfPoints())
check((probability[array(all_of, 'VoxelId')] >= 0.95).all())
check((numpy.diff(array(all_of, 'VoxelId')) > 0).all())

# Voxels of few counts are undefined, and no part of the means.
sums = array(image, 'zSDM_Ni_Ni')[random].sum(1)
least = int(numpy.median(sums))
explained.MinimumCounts = least
each = array(output(explained), 'Activation_CSRO_Ni_Ni')
check((numpy.isnan(each).all(1) == (sums < least)).all() and (sums < least).any())
check(numpy.allclose(column(output(explained, 1), 'Activation CSRO Ni-Ni'),
                     each[sums >= least].mean(0), atol=1e-6))
explained.MinimumCounts = 1000000
check(numpy.isnan(array(output(explained), 'Activation_CSRO_Ni_Ni')).all())
check(numpy.isnan(column(output(explained, 1), 'Curve Ni-Ni')).all())
explained.MinimumCounts = 100
explained.Preprocessing = 'As in the published analysis'
explained.VoxelIds = [int(random[0])]
check(numpy.isfinite(array(output(explained), 'Activation_CSRO_Ni_Ni')).all())
explained.Preprocessing = 'As the model was trained'

# Errors, each once.
errors = Errors(explained)


def fails(text):
    before = len(errors.texts)
    equal(output(explained).GetNumberOfPoints(), 0)
    equal(output(explained, 1).GetNumberOfRows(), 0)
    equal(len(errors.texts), before + 1)
    check(text in errors.texts[-1], errors.texts)


explained.Class = 'B2'
fails('has no class B2: it has FCC, CSRO')
explained.Class = ''
explained.VoxelIds = [1, image.GetNumberOfPoints()]
fails('1 of the 2 voxels')
explained.VoxelIds = []
explained.Input = voxels
fails('zSDM_Bins')
explained.Input = specimen
fails('CSRO_Grid')
