"""Spatial distribution maps: brute force along one axis, two and three; planes, order, errors."""
import numpy
from harness import Errors, array, check, column, equal, output, simple

specimen = simple.SimulateAPT(Shape='Box', Width=[9, 9], Height=10, DomainDensity=0)
part = simple.Threshold(Input=specimen, Scalars=['POINTS', 'IonId'], LowerThreshold=0, UpperThreshold=1500)
ions = output(part)
names = array(ions, 'SpeciesNames', 'Field')
species = numpy.array(array(ions, 'Species'))
points = numpy.array([ions.GetPoint(i) for i in range(ions.GetNumberOfPoints())])[species > 0]
species = species[species > 0]
total = len(species)
apart = points[None] - points[:, None]
extent, cells = 1.1, 6
width = extent / (cells + 0.5)

for axes, shown in ('z', (2,)), ('x', (0,)), ('y', (1,)), ('x and y', (0, 1)), ('y and z', (1, 2)), ('x, y and z', (0, 1, 2)):
    proxy = simple.SpatialMaps(Input=part, Pairs='Ni-Ni, Co-Cr', Copies=0, Axes=axes, Extent=extent, Cells=cells,
                               Lateral=0.45, Thickness=0.13)
    table, image = output(proxy), output(proxy, 2)
    equal(image.GetDimensions(), tuple(2 * cells + 1 if a in shown else 1 for a in range(3)))
    for a in shown:
        check(abs(image.GetOrigin()[a] + cells * width) < 1e-12 and abs(image.GetSpacing()[a] - width) < 1e-12)
    near = (apart != 0).any(2)
    for a in range(3):
        near &= abs(apart[..., a]) < (extent if a in shown else (0.45, 0.45, 0.13)[a])
    edges = [(numpy.arange(2 * cells + 2) - cells - 0.5) * width for _ in shown]
    for row, pair in enumerate(('Ni-Ni', 'Co-Cr')):
        a, b = (species == names.index(name) for name in pair.split('-'))
        both = near & a[:, None] & b[None]
        expected = numpy.histogramdd(apart[both][:, shown[::-1]], edges)[0].ravel() # x fastest
        key = pair.replace('-', '_')
        check((array(image, 'Pairs_' + key) == expected).all(), (axes, pair))
        every = numpy.histogramdd(apart[near][:, shown[::-1]], edges)[0].ravel()
        chance = a.sum() * (b.sum() - (pair == 'Ni-Ni')) / (total * (total - 1))
        ratio = numpy.where(every > 0, expected / numpy.maximum(every * chance, 1e-300), 1)
        check(abs(array(image, 'Ratio_' + key) - ratio).max() < 1e-9)
        equal(column(table, 'Pairs')[row], expected.sum())
        if len(shown) == 1:
            check((column(output(proxy, 1), 'Pairs_' + key) == expected).all())
    if len(shown) > 1:
        equal(output(proxy, 1).GetNumberOfColumns(), 0)

# A random alloy is as its copies; with its planes along z.
proxy = simple.SpatialMaps(Input=specimen, Pairs='Ni-Ni')
table, curve = output(proxy), output(proxy, 1)
check(array(table, 'PValue', 'Field')[0] > 0.05)
check('no difference beyond chance' in array(table, 'SpatialMaps', 'Field')[0])
pairs, low, high = (numpy.array(column(curve, key + '_Ni_Ni')) for key in ('Pairs', 'CopiesLow', 'CopiesHigh'))
check(((pairs >= low) & (pairs <= high)).mean() > 0.7)
check((pairs == pairs[::-1]).all())
check(pairs.max() > 1.3 * pairs.min()) # planes

# Two halves of another composition: like ions are together more often.
whole = output(specimen)
changed = whole.NewInstance()
changed.DeepCopy(whole)
labels, x = array(changed, 'Species'), numpy.array([whole.GetPoint(i)[0] for i in range(whole.GetNumberOfPoints())])
labels[(x > 0) & (labels == 1) & (numpy.arange(len(labels)) % 2 == 0)] = 2 # in its memory
halves = simple.TrivialProducer()
halves.GetClientSideObject().SetOutput(changed)
table = output(simple.SpatialMaps(Input=halves, Pairs=f'{names[1]}-{names[1]}'))
equal(array(table, 'PValue', 'Field')[0], 0.05)
check('ions are not at random' in array(table, 'SpatialMaps', 'Field')[0])
check(column(table, 'LargestZ')[0] > 3)

for text, properties in (('Fe', dict(Pairs='Fe-Fe')), ('a period of 1 nm along x', dict(Period=[1, 0, 0]))):
    proxy = simple.SpatialMaps(Input=specimen, **properties)
    errors = Errors(proxy)
    output(proxy)
    equal(len(errors.texts), 1)
    check(text in errors.texts[0], errors.texts)
