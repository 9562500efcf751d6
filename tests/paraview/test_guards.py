"""Lattice planes that are not those of the model or of PlaneSpacing: warnings and errors with both numbers, Force,
reference mode, no planes; the spacing that is measured, and the species that is chosen from the data."""
import os

import numpy
from harness import Errors, array, check, equal, output, simple, temporary


def specimen(**more):
    return simple.SimulateAPT(Shape='Box', Width=[8, 8], Height=8, DomainDensity=0, **more)


def classify(ions, pairs='Ni-Ni', **more):
    """A filter for these ions, and what it says."""
    curves = simple.ComputeZSDM(Input=ions, Voxels=simple.VoxelizeAPT(Input=ions), Pairs=pairs)
    classified = simple.ClassifyCSRO(Input=curves, **more)
    return classified, Errors(classified)


def field(proxy, name, port=0):
    return array(output(proxy, port), name, 'Field')[0]


# What Voxelize APT measures goes along with voxels and pixels.
good = specimen()
classified, said = classify(good)
for port in 0, 1:
    check(abs(field(classified, 'LatticeSpacing_nm', port) - 0.18) < 0.001)
    check(abs(field(classified, 'LatticeCoherence', port) - 0.578) < 0.04)
    check(field(classified, 'LatticeTilt_deg', port) < 0.3)
equal((said.texts, said.warnings), ([], []))
part = simple.VoxelizeAPT(Input=good, BoxMode='Given', Box=[-2, 2, -2, 2, -6, -2])
check(abs(field(part, 'LatticeSpacing_nm') - 0.18) < 0.002)

# Another pole: an error that names both spacings and what to do; a warning when it is forced, and in reference mode.
other = specimen(Pole='111')
classified, said = classify(other)
equal(output(classified, 1).GetNumberOfCells(), 0)
equal((len(said.texts), said.warnings), (1, []))
measured = f"{field(simple.VoxelizeAPT(Input=other), 'LatticeSpacing_nm'):.4g}"
for text in measured, '0.18 nm', "model 'CoCrNi <002>'", 'ShippedModel', 'Force':
    check(text in said.texts[0], said.texts)
for name in 'Force', 'ReferenceMode':
    setattr(classified, name, 1)
    check(output(classified, 1).GetNumberOfCells() > 0)
    equal(len(said.texts), 1)
    check(measured in said.warnings[-1] and '0.18 nm' in said.warnings[-1], said.warnings)
    setattr(classified, name, 0)
equal(len(said.warnings), 2)
classified.ShippedModel = 'CoCrNi 111'
check(output(classified, 1).GetNumberOfCells() > 0)
equal((len(said.texts), len(said.warnings)), (1, 2))

# A few per cent off: a warning. No planes at all: a warning. Leaning planes: a warning.
classified, said = classify(specimen(LatticeConstant=0.374))
check(output(classified, 1).GetNumberOfCells() > 0)
equal((said.texts, len(said.warnings)), ([], 1))
check('0.187' in said.warnings[0] and '+3.9 %' in said.warnings[0], said.warnings)
classified, said = classify(specimen(SigmaZ=0.3))
check(output(classified, 1).GetNumberOfCells() > 0)
equal((said.texts, len(said.warnings)), ([], 1))
check('no lattice planes' in said.warnings[0], said.warnings)
equal(field(classified, 'LatticeSpacing_nm'), 0)
classified, said = classify(specimen(Tilt=4))
check(output(classified, 1).GetNumberOfCells() > 0)
equal((said.texts, len(said.warnings)), ([], 1))
check('lean by 4.' in said.warnings[0] or 'lean by 3.9' in said.warnings[0], said.warnings)

# Detect Order: the spacing is measured, or compared with what is given.
detect = simple.DetectOrder(Input=other, Voxels=simple.VoxelizeAPT(Input=other), Copies=0)
said = Errors(detect)
check(output(detect).GetNumberOfPoints() > 0)
check(abs(field(detect, 'SigmaZ_nm', 1) - 0.03) < 0.015)
equal((said.texts, said.warnings), ([], []))
leaning = specimen(Tilt=4)
followed = simple.DetectOrder(Input=leaning, Voxels=simple.VoxelizeAPT(Input=leaning), Copies=0)
heard = Errors(followed)
check(output(followed).GetNumberOfPoints() > 0)
equal((heard.texts, heard.warnings), ([], []))
detect.PlaneSpacing = 0.214
output(detect)
equal((said.texts, len(said.warnings)), ([], 1))
check('0.20' in said.warnings[0] and '0.214 nm' in said.warnings[0], said.warnings)
detect.PlaneSpacing = 0.104
output(detect)
check('twice' in said.warnings[1] and '0.104 nm' in said.warnings[1], said.warnings)
detect.PlaneSpacing = 0.18
before = len(said.texts)
output(detect)
equal(len(said.texts), before + 1)
for text in '0.20', '0.18 nm', 'PlaneSpacing to 0', 'Force':
    check(text in said.texts[-1], said.texts)
detect.PlaneSpacing = 0.01
output(detect)
check('0.05 to 2 nm' in said.texts[-1], said.texts)
blurred = specimen(SigmaZ=0.3)
detect = simple.DetectOrder(Input=blurred, Voxels=simple.VoxelizeAPT(Input=blurred), Copies=0)
said = Errors(detect)
equal(output(detect).GetNumberOfPoints(), 0)
equal(len(said.texts), 1)
check('no lattice planes' in said.texts[0], said.texts)

# Species left empty: all elements are looked at, and of two that tell the same the rarer one is named.
generator = numpy.random.default_rng(1)
points = generator.uniform((-3, -3, -8), (3, 3, 0), (30000, 3))
points[:, 2] = numpy.round(points[:, 2] / 0.145) * 0.145 + generator.normal(0, 0.02, 30000)
path = os.path.join(temporary, 'feal.csv')
with open(path, 'w', encoding='ascii') as file:
    file.write('x,y,z,m,Species\n')
    for row, name in zip(points, numpy.where(generator.uniform(size=30000) < 0.25, 'Al', 'Fe')):
        file.write('%.4f,%.4f,%.4f,28,%s\n' % (*row, name))
source = simple.APTReader(FileName=path)
detect = simple.DetectOrder(Input=source, Voxels=simple.VoxelizeAPT(Input=source), Copies=0)
said = Errors(detect)
check(array(output(detect), 'P_order_Al') is not None)
equal((said.texts, said.warnings), ([], []))
detect.Species = 'Fe'
check(array(output(detect), 'P_order_Fe') is not None)
equal((said.texts, said.warnings), ([], []))
detect.Species = 'Co'
output(detect)
equal(len(said.texts), 1)
check("no species 'Co', expected one of: Fe, Al" in said.texts[0], said.texts)
