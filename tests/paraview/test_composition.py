"""Composition: all ions, domains and matrix against counting in numpy; background, tests, copies, errors."""
import math

import numpy
from harness import Errors, array, check, column, equal, names, output, simple

specimen = simple.SimulateAPT(Shape='Box', Width=[9, 9], Height=10, SigmaXY=0.2, SigmaZ=0.02, Background=0.2)
ions = output(specimen)
labels = array(ions, 'Species')
species = array(ions, 'SpeciesNames', 'Field')
masses = array(ions, 'MassToCharge')


def columns(table):
    return {name: column(table, name) for name in names(table, 'Row')}


def count(where):
    return [int(((labels == species.index(name)) & where).sum()) for name in found['Name']]


# All ions: raw numbers, and the background that was simulated at any mass from 1 to 120 Da (so: local).
every = numpy.ones(len(labels), bool)
local = simple.Composition(Input=specimen, Background='Local')
errors = Errors(local)
found = columns(output(local))
equal(errors.texts + errors.warnings, [])
equal(sorted(found['Name']), ['Co', 'Cr', 'H', 'Ni'])
equal(list(found['Count_All']), count(every))
fraction = found['Count_All'] / found['Count_All'].sum()
check(numpy.allclose(found['RawFraction_All'], fraction))
check(numpy.allclose(found['RawError_All'], numpy.sqrt(fraction * (1 - fraction) / found['Count_All'].sum())))
ranges = array(ions, 'MassRanges', 'Field')
rate = (labels == 0).sum() / (119 - (ranges[:, 1] - ranges[:, 0]).sum())  # per Da
for row, name in enumerate(found['Name']):
    own = ranges[ranges[:, 2] == species.index(name)]
    expected = rate * (own[:, 1] - own[:, 0]).sum()
    check(abs(found['Background_All'][row] - expected) < 6 * math.sqrt(expected) + 1, name)
    check(found['Low_All'][row] < found['Fraction_All'][row] < found['High_All'][row], name)
check(math.isclose(found['Fraction_All'].sum(), 1))
equal(output(local, 1).GetNumberOfRows() + output(local, 2).GetNumberOfRows(), 0)
check((array(output(local, 3), 'DomainId') == -1).all())

# That background is not the same at all times of flight: said in words.
timed = simple.Composition(Input=specimen)
errors = Errors(timed)
check('times of flight' in array(output(timed), 'BackgroundReport', 'Field')[0])
equal(len(errors.warnings), 1)

# None: the raw fractions.
none = columns(output(simple.Composition(Input=specimen, Background='None')))
check(numpy.array_equal(none['Fraction_All'], none['RawFraction_All']))

# Domains in a ball, made rich in Ni: their counts, those of the matrix, and that the test sees it; ions in no domain are
# matrix, also where they are in the input Domains.
ball = simple.Calculator(Input=specimen, ResultArrayName='r',
                         Function='sqrt(coordsX^2 + coordsY^2 + (coordsZ + 5)^2)')
near = simple.Threshold(Input=ball, Scalars=['POINTS', 'r'], LowerThreshold=0, UpperThreshold=2)
marked = simple.PythonCalculator(Input=near, ArrayName='DomainId', ArrayAssociation='Point Data',
                                 Expression='numpy.where(numpy.asarray(r) < 1.7, (numpy.asarray(r) < 1).astype("i8"), -1)')
points = array(output(ball), 'r')
both = simple.Composition(Input=specimen, Domains=marked, Background='None', Draws=999)
errors = Errors(both)
found = columns(output(both))
equal(errors.texts + errors.warnings, [])
inside = points < 1.7
equal(list(found['Count_Domains']), count(inside))
equal(list(found['Count_Matrix']), count(~inside))
check(numpy.allclose(found['Difference'], found['RawFraction_Domains'] - found['RawFraction_Matrix']))
check(numpy.isnan(found['P_Copies']).all() and (found['P_Fisher'] <= 1).all())
test = columns(output(both, 1))
equal((test['Domains'][0], test['DomainIons'][0]), (2, sum(count(inside))))
volume = 9 * 9 * 10 * 1e-27
equal(test['Variants'][0], 1)
check(abs(test['DomainDensity_m3'][0] * volume / 2 - 1) < 0.15, test['DomainDensity_m3'])
check(math.isclose(test['DomainDensityError_m3'][0], test['DomainDensity_m3'][0] / math.sqrt(2)))
multiplied = columns(output(simple.Composition(Input=specimen, Domains=marked, Background='None', Draws=99, Variants=4), 1))
check(math.isclose(multiplied['DomainDensity_m3'][0], 4 * test['DomainDensity_m3'][0]))
check('times 4 variants' in multiplied['Words'][0] and 'variants' not in test['Words'][0])
observed = numpy.array([count(inside), count(~inside)])
expected = observed.sum(0) * observed.sum(1, keepdims=True) / observed.sum()
check(math.isclose(test['Chi2'][0], ((observed - expected) ** 2 / expected).sum()))
check(abs(test['P_Chi2'][0] - test['P_Exact'][0]) < 0.08, f'{test["P_Chi2"]} {test["P_Exact"]}')
rows = columns(output(both, 2))
equal(list(rows['Ions']), [int((inside & (points >= 1)).sum()), int((points < 1).sum())])
own = dict(zip(found['Name'], count(points < 1)))
check(math.isclose(rows['Fraction_Ni'][1], own['Ni'] / sum(own.values())))
kept = output(both, 3)
equal(array(kept, 'DomainId').tolist(), numpy.where(inside, points < 1, -1).tolist())
equal(array(kept, 'IonId').tolist(), array(ions, 'IonId').tolist())

richer = simple.PythonCalculator(
    Input=ball, ArrayName='Species', ArrayAssociation='Point Data',
    Expression=f'numpy.where((numpy.asarray(r) < 1.7) & (numpy.asarray(IonId) % 2 == 0), {species.index("Ni")}, '
               'numpy.asarray(Species)).astype("u2")')
rich = columns(output(simple.Composition(Input=richer, Domains=marked, Background='None'), 1))
check('differs from' in rich['Words'][0] and 'Ni by +' in rich['Words'][0], rich['Words'][0])
check(rich['P_Chi2'][0] < 1e-6 and rich['P_Exact'][0] == 1 / 10000 and rich['CramersV'][0] > 0.05)

# Domains of the network: copies tell what chance does. In CoCrNi of equal shares nothing is left.
voxels = simple.VoxelizeAPT(Input=specimen)
curves = simple.ComputeZSDM(Input=specimen, Voxels=voxels, Pairs='Ni-Ni')
classified = simple.ClassifyCSRO(Input=curves, Ions=specimen)
domains = simple.ClusterDomains(Input=specimen, Pixels=simple.OutputPort(classified, 1), Threshold=0.3)
copies = simple.Composition(Input=specimen, Domains=domains, Copies=4, Draws=99)
found = columns(output(copies))
check(output(domains, 1).GetNumberOfRows() > 0)
equal(output(copies, 1).GetNumberOfRows(), 1)
check(0 < column(output(copies, 1), 'Copies')[0] <= 4)
check(numpy.isfinite(found['P_Copies']).all() and numpy.isfinite(found['CopiesDifference']).all())
check((numpy.abs(found['CopiesDifference']) < 0.2).all())
again = columns(output(simple.Composition(Input=specimen, Domains=domains, Copies=4, Draws=99, Threads=1)))
check(all(numpy.array_equal(again[name], found[name], equal_nan=name != 'Name') for name in found if name != 'Name'))

# What cannot be.
other = simple.SimulateAPT(Shape='Box', Width=[5, 5], Height=5)
for bad, text in ((simple.Composition(Input=other, Domains=domains), 'are not some of the ions'),
                  (simple.Composition(Input=specimen, Domains=specimen), 'no point array DomainId'),
                  (simple.Composition(Input=simple.Sphere()), 'no species')):
    errors = Errors(bad)
    equal(output(bad).GetNumberOfRows(), 0)
    check(len(errors.texts) == 1 and text in errors.texts[0], str(errors.texts))

# Ions that do not carry their ranges: nothing is subtracted, and that is said.
bare = simple.ProgrammableFilter(Input=specimen, Script="""
output.ShallowCopy(self.GetInput())
output.GetFieldData().RemoveArray('MassRanges')""")
plain = simple.Composition(Input=bare)
errors = Errors(plain)
found = columns(output(plain))
check(numpy.array_equal(found['Fraction_All'], found['RawFraction_All']))
check(len(errors.warnings) == 1 and 'do not carry the ranges' in errors.warnings[0], str(errors.warnings))
