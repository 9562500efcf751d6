"""Domains by likelihood: what is reported, and that nothing is where labels are random."""
import os

import numpy
from harness import Errors, array, check, column, equal, names, output, simple

specimen = simple.SimulateAPT(Shape='Box', Width=[8, 8], Height=10, DomainDensity=0.02,
                                Diameter=[1.4, 2.6])
voxels = simple.VoxelizeAPT(Input=specimen)
detect = simple.DetectOrder(Input=specimen, Voxels=voxels)
image, found, table = (output(detect, port) for port in range(3))
probability = array(image, 'P_order_Ni')
equal(len(probability), output(voxels).GetNumberOfPoints())
defined = ~numpy.isnan(probability)
check((defined == (array(image, 'IonCount') > 0)).all())
check((probability[defined] >= 0).all() and (probability[defined] <= 1).all())
check(set(names(output(voxels))) <= set(names(image)))

# Most of what is reported is true, most probable first.
rows = table.GetNumberOfRows()
check(8 <= rows <= 25, rows)
label, inside = array(found, 'DomainId'), array(found, 'TrueDomainId') >= 0
check(inside.mean() > 0.75, inside.mean())
check((numpy.diff(column(table, 'Probability')) <= 0).all())
check((numpy.diff(column(table, 'FDR')) >= 0).all())
equal(names(table, 'Row')[:4], ['Domain', 'Size', 'Probability', 'FDR'])
equal(array(found, 'Probability').tolist(), column(table, 'Probability')[label].tolist())
check(column(table, 'FDR')[-1] <= 0.1)
check((numpy.bincount(label, minlength=rows) == column(table, 'Size')).all())
check((column(table, 'ChanceCount') < 0.5 * rows).all())
check(abs(array(found, 'SigmaZ_nm', 'Field')[0] - 0.03) < 0.002)
check(0.008 < array(found, 'DomainDensity_nm3', 'Field')[0] < 0.06)
strength, low, high = (array(found, 'OrderStrength' + end, 'Field')[0] for end in ('', 'Low', 'High'))
check(0.3 <= low < strength <= high <= 1 and high > 0.95, (low, strength, high))
smallest = array(found, 'SmallestDetectable_nm', 'Field')[0]
check(1.1 < smallest < 1.5, smallest)
check('CSRO_Grid' in names(found, 'Field'), names(found, 'Field'))

# A smaller share of false ones cuts the same list earlier, without another search, and gives what a search for it gives.
def searches(detector, **changed):
    """Whether the next output is searched for."""
    steps = []
    tag = detector.GetClientSideObject().AddObserver('ProgressEvent', lambda *_: steps.append(1))
    for name, value in changed.items():
        setattr(detector, name, value)
    detector.UpdatePipeline()
    detector.GetClientSideObject().RemoveObserver(tag)
    check(len(steps) > 0, changed)
    return len(steps) > 8


def same(one, other):
    for port in range(4):
        for kind in ('Point', 'Cell', 'Field') if port < 2 else ('Row',):
            a, b = output(one, port), output(other, port)
            equal(names(a, kind), names(b, kind))
            for name in names(a, kind):
                x, y = array(a, name, kind), array(b, name, kind)
                check(x == y if isinstance(x, list) else numpy.array_equal(x, y, equal_nan=x.dtype.kind == 'f'), name)


equal(searches(detect, FDR=0.01), False)
shorter = output(detect, 2)
check(0 < shorter.GetNumberOfRows() < rows)
equal(column(shorter, 'Evidence').tolist(),
      column(table, 'Evidence')[:shorter.GetNumberOfRows()].tolist())
same(detect, simple.DetectOrder(Input=specimen, Voxels=voxels, FDR=0.01))
equal(searches(detect, FDR=0.1), False)

# There is order, and the ions of the domains mostly belong to them.
check(array(found, 'OrderP', 'Field')[0] < 1e-4)
verdict = array(found, 'OrderVerdict', 'Field')[0]
check(verdict.startswith('There is order beyond chance: '), verdict)
check((column(table, 'IonShare') <= 1).all())
check(abs(column(table, 'IonShare').mean() - inside.mean()) < 0.15, (column(table, 'IonShare').mean(), inside.mean()))

# So few domains tell the noise across z badly: that is said, with what would be wrong.
def noise(filtered):
    return [array(output(filtered, 1), 'SigmaXY' + end, 'Field')[0] for end in ('_nm', 'Low_nm', 'High_nm', 'Source')]


found_noise, low, high, words = noise(detect)
check(0.2 <= found_noise <= 0.5 and low < 0.3 < high and high - low > 0.4, noise(detect))
check('not known well' in words, words)
told = Errors(detect)
detect.SigmaXY = 0.3
equal(output(detect, 2).GetNumberOfRows(), rows)
check('is as given' in noise(detect)[3], noise(detect))
equal(told.warnings, [])
detect.SigmaXY = 0
output(detect)
check(len(told.warnings) == 1 and 'it is 0.5 nm, about twice as many domains are false' in told.warnings[0], told.warnings)
detect.SigmaXY = 0.3

# More of them do.
blurred = simple.SimulateAPT(Shape='Box', Width=[12, 12], Height=12, DomainDensity=0.06, Diameter=[1.4, 2.2], SigmaXY=0.5)
measured = simple.DetectOrder(Input=blurred, Voxels=simple.VoxelizeAPT(Input=blurred), Copies=0, Decoys=0)
sigma, low, high, source = noise(measured)
check(low < sigma < high and abs(sigma - 0.5) < 0.12, (low, sigma, high))
check(source.startswith(f'The position noise along x and y is {sigma:.2f} nm'), source)

# The ions of the species alone show less; no copies and decoys, no column.
detect.SameSpeciesOnly = 1
detect.Copies = 0
detect.Decoys = 0
check(0 < output(detect, 2).GetNumberOfRows() <= rows)
check('ChanceCount' not in names(output(detect, 2), 'Row'))
detect.SameSpeciesOnly = 0
check('by the model alone' in array(output(detect, 1), 'OrderVerdict', 'Field')[0])
detect.Copies = 1
detect.Decoys = 1

# All else is searched for: other parameters (other numbers of threads give the same) and other inputs.
others = {'Species': 'Ni', 'PlaneSpacing': 0.18, 'Diameter': [0.8, 2.1], 'SigmaXY': 0.31, 'SigmaZ': 0.03, 'SameSpeciesOnly': 1,
          'Copies': 1, 'Decoys': 1, 'Seed': 5, 'Exchange': 1, 'Within': 1, 'NeighbourhoodIons': 4000, 'Force': 1}
own = [line.split('name="')[1].split('"')[0] for line in open(os.path.join(os.environ['CSRO_PROXIES'], 'DetectOrder.xml'))
       if 'Property name="' in line]
equal(set(own), {*others, 'Input', 'Voxels', 'FDR', 'Threads'})
little = simple.SimulateAPT(Shape='Box', Width=[4, 4], Height=4)
around = simple.VoxelizeAPT(Input=little)
small = simple.DetectOrder(Input=little, Voxels=around, Copies=0, Decoys=0, SigmaXY=0.3)
small.UpdatePipeline()
for name, value in others.items():
    equal((name, searches(small, **{name: value})), (name, True))
equal(searches(small, Threads=1), False)
around.BallRadius = 0.8
equal(searches(small), True)
little.Seed = 2
equal(searches(small), True)
equal(searches(small, FDR=0.5), False)

# Random labels: nothing.
errors = Errors(detect)
detect.Input = simple.RandomizeIons(Input=specimen)
equal(output(detect, 1).GetNumberOfPoints(), 0)
equal(output(detect, 2).GetNumberOfRows(), 0)
check(array(output(detect, 1), 'SmallestDetectable_nm', 'Field')[0] > smallest)
check('Probability' in names(output(detect, 2), 'Row'))
check(array(output(detect, 1), 'OrderP', 'Field')[0] > 0.02)
check(array(output(detect, 1), 'OrderVerdict', 'Field')[0].startswith('No order beyond chance is seen'))
equal(errors.texts, [])

# Pile-up that looks like order is no order, and the output says so: copies alone do not see it.
piled = simple.SimulateAPT(Shape='Box', Width=[16, 16], Height=16, DomainDensity=0, PileUp=1, PileUpReach=4,
                           PileUpDistance=0.25, PileUpPlanes=2)
copies = simple.DetectOrder(Input=piled, Voxels=simple.VoxelizeAPT(Input=piled))
warnings = Errors(copies)
equal(output(copies, 2).GetNumberOfRows(), 0)
check(array(output(copies, 1), 'OrderP', 'Field')[0] > 0.02)
equal(len(warnings.warnings), 1)
check('No order beyond chance is seen, and no domain is reported: ' in warnings.warnings[0], warnings.warnings)
check('The model alone would report ' in warnings.warnings[0], warnings.warnings)
copies.Decoys = 0
check(output(copies, 2).GetNumberOfRows() > 0)

# Errors, each once.
detect.Input = specimen
warned = len(errors.warnings)
detect.Species = 'Fe'
output(detect)
equal(len(errors.texts), 1)
check("'Fe'" in errors.texts[0] and 'Co, Cr, Ni' in errors.texts[0], errors.texts)
detect.Species = 'Ni'
detect.PlaneSpacing = 0.23
output(detect)
equal(len(errors.texts), 2)
check('0.18 nm apart, PlaneSpacing expects 0.23 nm (-22 %)' in errors.texts[1], errors.texts)
detect.Force = 1
output(detect)
equal(len(errors.texts), 3)
check('no lattice planes 0.23 nm apart' in errors.texts[2], errors.texts)
equal(len(errors.warnings), warned + 1)
detect.Force = 0
detect.PlaneSpacing = 0.18
check(output(detect, 1).GetNumberOfPoints() > 0)
equal((len(errors.texts), len(errors.warnings)), (3, warned + 1))
