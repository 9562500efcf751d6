"""Pair correlation: brute force, ions at random, order against copies, a periodic box, errors."""
import numpy
from paraview.vtk.util.numpy_support import vtk_to_numpy

from harness import Errors, array, check, column, equal, output, simple

specimen = simple.SimulateAPT(Shape='Box', Width=[9, 9], Height=10, DomainDensity=0)
ions = output(specimen)
names = array(ions, 'SpeciesNames', 'Field')
species = numpy.array(array(ions, 'Species'))
points = numpy.array([ions.GetPoint(i) for i in range(ions.GetNumberOfPoints())])

# Ratios are those of all pairs of ranged ions, one by one.
part = simple.Threshold(Input=specimen, Scalars=['POINTS', 'IonId'], LowerThreshold=0, UpperThreshold=2500)
table = output(simple.RadialDistribution(Input=part, Pairs='Ni-Ni, Co-Cr', Copies=0, Reach=1.2, Bins=6))
near, labels = points[:2501], species[:2501]
near, labels = near[labels > 0], labels[labels > 0]
distance = numpy.sqrt(((near[:, None] - near[None]) ** 2).sum(2))
bins = numpy.where(distance > 0, (distance * 5).astype(int), -1)
total = len(labels)
for row, pair in enumerate(column(table, 'Pair')):
    k = row % 6
    a, b = (labels == names.index(name) for name in pair.split('-'))
    here = bins == k
    found = (here & a[:, None] & b[None]).sum()
    equal(column(table, 'Pairs')[row], found)
    chance = a.sum() * (b.sum() - (a == b).all()) / (total * (total - 1))
    check(abs(column(table, 'Ratio')[row] - found / (here.sum() * chance)) < 1e-12, (pair, k))
    check(abs(column(table, 'To_nm')[row] - (k + 1) / 5) < 1e-12)

# A random alloy: ratios as in the copies; beyond the lattice, g of all ions is 1 inside of any surface.
proxy = simple.RadialDistribution(Input=specimen, Bins=20, Copies=19)
table, curves = output(proxy), output(proxy, 1)
check(array(table, 'PValue', 'Field')[0] > 0.05)
check('no difference beyond chance' in array(table, 'RadialDistribution', 'Field')[0])
check(200 < array(table, 'InsideVolume_nm3', 'Field')[0] < 810)
for name in 'G_Ni_Ni', 'G_Co_Co', 'All_ions':
    check(abs(numpy.array(column(curves, name))[8:] - 1).max() < 0.08, (name, column(curves, name)))
check(numpy.nanmax(abs(column(table, 'Z'))) < 4)
low, high = (numpy.array(column(curves, kind + '_Ni_Ni')) for kind in ('CopiesLow', 'CopiesHigh'))
check((low[1:] < high[1:]).all() and (abs(low + high - 2)[8:] < 0.1).all())

# Two halves of another composition: like ions are together more often, at all distances.
changed = ions.NewInstance()
changed.DeepCopy(ions)
labels = array(changed, 'Species') # its memory
labels[(points[:, 0] > 0) & (labels == 1) & (numpy.arange(len(labels)) % 2 == 0)] = 2
halves = simple.TrivialProducer()
halves.GetClientSideObject().SetOutput(changed)
table = output(simple.RadialDistribution(Input=halves, Bins=10, Copies=19, Pairs=f'{names[1]}-{names[1]}, {names[1]}-{names[2]}'))
equal(array(table, 'PValue', 'Field')[0], 0.05)
check('ions are not at random' in array(table, 'RadialDistribution', 'Field')[0])
check(min(column(table, 'Ratio')[3:10]) > 1.02 and max(column(table, 'Ratio')[13:20]) < 0.98, column(table, 'Ratio'))

# In a periodic box all ions are inside, also those at its faces.
cloud = ions.NewInstance()
cloud.DeepCopy(ions)
place = vtk_to_numpy(cloud.GetPoints().GetData()) # its memory
place[:] = numpy.random.default_rng(3).uniform((0, 0, -10), (9, 9, 0), place.shape)
filled = simple.TrivialProducer()
filled.GetClientSideObject().SetOutput(cloud)
box = simple.RadialDistribution(Input=filled, Copies=0, Bins=10, Reach=1.5, Period=[9, 9, 10])
equal(array(output(box), 'InsideVolume_nm3', 'Field')[0], 810)
every = numpy.array(column(output(box, 1), 'All_ions'))
check(abs(every[3:] - 1).max() < 0.03, every)

for text, properties in (('Fe', dict(Pairs='Fe-Fe')), ('expected three lengths', dict(Period=[9, 0, 0]))):
    proxy = simple.RadialDistribution(Input=specimen, **properties)
    errors = Errors(proxy)
    output(proxy)
    equal(len(errors.texts), 1)
    check(text in errors.texts[0], errors.texts)
