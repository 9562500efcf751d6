"""Simulate APT: what its properties say is in the ions; the realistic defaults; errors."""
import numpy
from harness import Errors, array, check, column, equal, output, points, simple

box = {'Shape': 'Box', 'Width': [10, 10], 'Height': 10}


def coherence(data, vector, keep=None):
    """How well ions lie on the planes of a wave vector (1/nm)."""
    where = points(data) if keep is None else points(data)[keep]
    return abs(numpy.exp(2j * numpy.pi * (where.astype(float) @ numpy.array(vector))).mean())


def species(data):
    return numpy.array(['', 'Co', 'Cr', 'Ni', 'H'])[array(data, 'TrueSpecies')]


def wave(spacing, tilt, azimuth):
    tilt, azimuth = numpy.radians([tilt, azimuth])
    return [numpy.sin(tilt) * numpy.cos(azimuth) / spacing, numpy.sin(tilt) * numpy.sin(azimuth) / spacing,
            numpy.cos(tilt) / spacing]


plain = output(simple.SimulateAPT(**box))
exact = {'SigmaXY': 0, 'SigmaZ': 0, 'Efficiency': 1, 'DomainDensity': 0, **box}

# Tilt, curvature and drift.
data = output(simple.SimulateAPT(Tilt=5, TiltAzimuth=60, **exact))
check(coherence(data, wave(0.18, 5, 60)) > 0.95)
check(coherence(data, wave(0.18, 0, 0)) < 0.1)
data = output(simple.SimulateAPT(CurvatureRadius=20, **exact))
flat = points(data).astype(float)
flat[:, 2] += (flat[:, 0] ** 2 + flat[:, 1] ** 2) / 40
check(abs(numpy.exp(2j * numpy.pi * flat[:, 2] / 0.18).mean()) > 0.95)
data = output(simple.SimulateAPT(SpacingDrift=10, **exact))
depth = -points(data)[:, 2]
check(coherence(data, wave(0.18 * 0.955, 0, 0), depth < 2) > 0.9, 'spacing at the top')
check(coherence(data, wave(0.18 * 1.045, 0, 0), depth > 8) > 0.9, 'spacing at the bottom')

# A second grain.
data = output(simple.SimulateAPT(SecondGrain=1, MisorientationAzimuth=90, BoundaryDistance=1, **exact))
second = points(data)[:, 0] > 1
check(coherence(data, wave(0.18, 0, 0), ~second) > 0.95)
check(coherence(data, wave(0.18, 10, 90), second) > 0.95)

# Composition, its gradient, noise and efficiency by species.
data = output(simple.SimulateAPT(Composition='Co 45, Cr 45; Ni 10', GradientAxis='x', Gradient=[0, 0.2],
                                 SpeciesSigmaZ='Ni 0.1', SpeciesEfficiency='Co 0.5', **{**box, 'Width': [20, 20]}))
what, x = species(data), points(data)[:, 0]
right = (what == 'Ni')[x > 0].sum() / (what == 'Ni').sum()
check(0.7 < right < 0.8, right)
check(0.48 < (what == 'Co').sum() / (what == 'Cr').sum() < 0.52)
check(coherence(data, wave(0.18, 0, 0), what == 'Cr') > 0.5)
check(coherence(data, wave(0.18, 0, 0), what == 'Ni') < 0.1)

# Unevenness, pole and pile-up.
data = output(simple.SimulateAPT(BackgroundAxis='y', Background=0, BackgroundTo=0.5, **box))
stray = points(data)[species(data) == '', 1]
check(0.7 < (stray > 0).mean() < 0.8, (stray > 0).mean())
data = output(simple.SimulateAPT(EfficiencyAxis='z', EfficiencyTo=0, **box))
check(0.7 < (points(data)[:, 2] > -5).mean() < 0.8)


def near(data):
    return (numpy.linalg.norm(points(data)[:, :2], axis=1) < 1).sum()


data = output(simple.SimulateAPT(PoleLoss=0.8, PoleRadius=2, **box))
check(near(data) < 0.5 * near(plain), (near(data), near(plain)))
data = output(simple.SimulateAPT(PileUp=1, **box))
kept = data.GetNumberOfPoints() / plain.GetNumberOfPoints()
check(0.6 < kept < 0.8, kept)

# Domains: plates, sizes, types of order.
source = simple.SimulateAPT(DomainDensity=0.2, Flattening=0.6, Sizes='Many small, few large', OrderTypes='Ni 3, Cr',
                            **box)
table = output(source, 1)
check((column(table, 'Flattening') == 0.6).all())
normal = numpy.stack([column(table, f'Normal{axis}') for axis in 'XYZ'], 1)
check(numpy.allclose(numpy.linalg.norm(normal, axis=1), 1))
check(numpy.median(column(table, 'Diameter_nm')) < 1.2)
check(0.1 < (column(table, 'OrderType') == 1).mean() < 0.4)
check((column(output(simple.SimulateAPT(**box), 1), 'OrderType') == 0).all())

# Other alloys and recipes: labels of the ranges are true labels.
for source, names in ((simple.SimulateAPT(Composition='Al, Ni 3', LatticeConstant=0.357, **box), ['Al', 'Ni']),
                      (simple.SimulateAPT(Crystal='Fe-Al 002', OrderTypes='B2 2, D0_3 1', **box), ['Fe', 'Al'])):
    data = output(source)
    equal(array(data, 'SpeciesNames', 'Field'), ['unranged', *names, 'H'])
    check((array(data, 'Species') == array(data, 'TrueSpecies')).mean() > 0.9)
    check(array(data, 'TrueDomainId').max() > 5)

# The realistic specimen is Simulate APT with these values.
real = simple.SimulateRealisticAPT(**box)
same = simple.SimulateAPT(**box)
for name in real.ListProperties():
    if real.GetPropertyValue(name) != same.GetPropertyValue(name):
        check(name in ('DomainDensity', 'Sizes', 'SigmaZ', 'Tilt', 'TiltAzimuth', 'CurvatureRadius',
                       'Efficiency', 'EfficiencyAxis', 'EfficiencyTo', 'Background', 'BackgroundAxis',
                       'BackgroundTo', 'SpeciesNames', 'SpeciesColors'), name)
        if not name.startswith('Species'):
            setattr(same, name, real.GetPropertyValue(name))
real, same = output(real), output(same)
equal(real.GetNumberOfPoints(), same.GetNumberOfPoints())
check((points(real) == points(same)).all())
# Detect Order looks for domains of the sizes that it has.
detect = simple.DetectOrder(Input=simple.SimulateAPT(**box), Voxels=simple.VoxelizeAPT())
for source in simple.SimulateAPT(), simple.SimulateRealisticAPT():
    equal(list(source.Diameter), list(detect.Diameter))

# Constructors and XML agree: an object whose properties no proxy has set gives the same.
for kind in simple.SimulateAPT, simple.SimulateRealisticAPT:
    source = kind()
    bare = source.GetClientSideObject().NewInstance()
    bare.Update()
    bare, pushed = points(bare.GetOutputDataObject(0)), points(output(source))
    check(bare.shape == pushed.shape and (bare == pushed).all())

# Errors of one line.
for properties, text in (({'Composition': 'Ni x'}, "'x', expected a finite number behind the name"),
                         ({'Composition': 'Xx 1'}, "'Xx' is no element"),
                         ({'OrderTypes': 'Fe'}, "'Fe' is no species of the specimen"),
                         ({'Crystal': 'Fe-Al 002', 'OrderTypes': 'L1_2'}, "'L1_2' is no structure of recipe"),
                         ({'Crystal': 'Recipe from file'}, 'no recipe file'),
                         ({'SpeciesSigmaZ': 'Ni'}, 'a finite number behind the name'),
                         ({'GradientAxis': 'x', 'GradientSpecies': 'Fe'}, "'Fe' is no species"),
                         ({'CurvatureRadius': 2}, 'at least its largest radius'),
                         ({'Tilt': 50}, 'Tilt is 50')):
    source = simple.SimulateAPT(**box, **properties)
    errors = Errors(source)
    equal(output(source).GetNumberOfPoints(), 0)
    equal(len(errors.texts), 1)
    check(text in errors.texts[0], errors.texts[0])
