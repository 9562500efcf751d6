"""Distances of nearest neighbours: brute force, the envelope of copies, ions at random, errors."""
import numpy
from harness import Errors, array, check, column, equal, output, simple

specimen = simple.SimulateAPT(Shape='Box', Width=[9, 9], Height=10, DomainDensity=0)
part = simple.Threshold(Input=specimen, Scalars=['POINTS', 'IonId'], LowerThreshold=0, UpperThreshold=2500)
ions = output(part)
names = array(ions, 'SpeciesNames', 'Field')
species = numpy.array(array(ions, 'Species'))
points = numpy.array([ions.GetPoint(i) for i in range(ions.GetNumberOfPoints())])
found = output(simple.NearestNeighbours(Input=part, Pairs='Ni-Ni, Co-Cr', NearestNeighbours=4, Copies=0, Reach=20))
equal(list(column(found, 'Pair')), ['Ni-Ni'] * 4 + ['Co-Cr'] * 4)
for row, (pair, k) in enumerate(zip(column(found, 'Pair'), column(found, 'Neighbour'))):
    a, b = (points[species == names.index(name)] for name in pair.split('-'))
    distance = numpy.sqrt(((a[:, None] - b[None]) ** 2).sum(2))
    distance[distance == 0] = numpy.inf
    expected = numpy.sort(distance, 1)[:, k - 1].mean()
    check(abs(column(found, 'MeanDistance_nm')[row] - expected) < 1e-9, (pair, k, expected))
    equal(column(found, 'Ions')[row], len(a))

# A random alloy lies in the envelope of its copies, near ions at random.
proxy = simple.NearestNeighbours(Input=specimen, NearestNeighbours=5, ShownNeighbour=5)
table, curves = output(proxy), output(proxy, 1)
equal(list(column(table, 'Pair')), ['Co-Co'] * 5 + ['Cr-Cr'] * 5 + ['Ni-Ni'] * 5)
check(array(table, 'PValue', 'Field')[0] > 0.05)
check('no difference beyond chance' in array(table, 'NearestNeighbours', 'Field')[0])
for name in 'Ni_Ni', 'Co_Co':
    density, low, high = (numpy.array(column(curves, kind + name)) for kind in ('Density_', 'CopiesLow_', 'CopiesHigh_'))
    check(abs(density.sum() * 0.02 - 1) < 1e-9)
    check(((density >= low) & (density <= high)).mean() > 0.8)
    random = numpy.array(column(curves, 'Random_' + name))
    check(abs(random.sum() * 0.02 - 1) < 0.01 and abs(random - density).max() < 0.5 * random.max())
for mean, copies, random in zip(*(column(table, name) for name in ('MeanDistance_nm', 'CopiesMean_nm', 'RandomMean_nm'))):
    check(abs(mean / copies - 1) < 0.02 and abs(random / copies - 1) < 0.15, (mean, copies, random))

for text, properties in (('Fe', dict(Pairs='Fe-Fe')), ('a period of 1 nm along x', dict(Period=[1, 0, 0]))):
    proxy = simple.NearestNeighbours(Input=specimen, **properties)
    errors = Errors(proxy)
    output(proxy)
    equal(len(errors.texts), 1)
    check(text in errors.texts[0], errors.texts)
