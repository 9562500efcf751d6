"""z-SDM curves against a brute-force count; pairs, bins, regions, errors."""
import os
import tempfile

import numpy
from harness import Errors, array, check, column, equal, names, output, points, simple

specimen = simple.SimulateAPT(Shape='Box', Width=[5, 5], Height=5)
ions = output(specimen)
xyz = points(ions).astype(float)
species = numpy.array(array(ions, 'SpeciesNames', 'Field'))[array(ions, 'Species')]
voxels = simple.VoxelizeAPT(Input=specimen)


def brute(a, b, near):
    """Counts of dz of pairs of the species a, b among the ions a in `near` and b in `near`."""
    first, second = xyz[near & (species == a)], xyz[near & (species == b)]
    d = second[None] - first[:, None]
    use = (d[..., 0] != 0) & (d[..., 2] != 0) & ((d ** 2).sum(-1) <= 1.5 ** 2)
    bins = ((d[..., 2][use] + 1.5) * (200 / 3)).astype(int)
    return numpy.bincount(bins, minlength=200)[54:147]


# Apply alone: the elements' own pairs, the published bins.
curves = simple.ComputeZSDM(Input=specimen, Voxels=voxels)
image = output(curves)
equal([name for name in names(image) if name.startswith('zSDM')],
      ['zSDM_' + name + '_' + name for name in array(ions, 'SpeciesNames', 'Field')
       if name != 'unranged' and 100 * (species == name).sum() >= (species != 'unranged').sum()])
equal(array(image, 'zSDM_Ni_Ni').shape[1], 93)
center_bin = array(image, 'zSDM_BinCenters', 'Field')[46]
check(abs(center_bin - 0.0075) < 1e-12, center_bin)
curves.Pairs = 'Ni-Ni, Co-Cr'
image = output(curves)
equal([name for name in names(image) if name.startswith('zSDM')], ['zSDM_Ni_Ni', 'zSDM_Co_Cr'])
for index in 0, image.GetNumberOfPoints() // 2:
    near = ((xyz - numpy.array(image.GetPoint(index))) ** 2).sum(1) <= 0.75 ** 2
    check((array(image, 'zSDM_Ni_Ni')[index] == brute('Ni', 'Ni', near)).all())
    check((array(image, 'zSDM_Co_Cr')[index] == brute('Co', 'Cr', near)).all())
largest = (array(image, 'Count_Ni').astype(int) ** 2).max()
equal(array(image, 'zSDM_Ni_Ni').dtype, numpy.uint8 if largest < 256 else numpy.uint16)

# Hydrogen is left in the chamber of every instrument: no default pair, but one that can be typed.
with tempfile.TemporaryDirectory() as folder:
    ranges = os.path.join(folder, 'gas.rrng')
    with open(ranges, 'w', encoding='ascii') as file:
        file.write('[Ranges]\nRange1=49 55 Cr:1\nRange2=57 65 H:1\n')
    gas = simple.RangeIons(Input=specimen, RangesFileName=ranges)
    own = simple.ComputeZSDM(Input=gas, Voxels=voxels)
    equal([name for name in names(output(own)) if name.startswith('zSDM')], ['zSDM_Cr_Cr'])
    own.Pairs = 'H-H'
    check(array(output(own), 'zSDM_H_H').sum() > 0)

table = output(curves, 1)
filled = (array(image, 'IonCount') > 0).sum()
mean = array(image, 'zSDM_Co_Cr').sum(0, dtype=float) / filled
check(numpy.allclose(column(table, 'Co-Cr'), mean, rtol=1e-12))
equal(array(table, 'VoxelsWithIons', 'Field')[0], filled)
equal(array(table, 'CountSum_Co_Cr', 'Field')[0], array(image, 'zSDM_Co_Cr').sum(dtype=int))
check((column(table, 'dz_nm') == array(image, 'zSDM_BinCenters', 'Field')).all())

# Partners in the whole data are more; other bins.
curves.Partners = 'In the whole data'
wider = array(output(curves), 'zSDM_Ni_Ni').sum(dtype=int)
curves.Partners = 'In the voxel'
check(wider > array(output(curves), 'zSDM_Ni_Ni').sum(dtype=int))
curves.Window = 1.5
equal(array(output(curves), 'zSDM_Ni_Ni').shape[1], 200)
curves.Window = 0.69

# Without voxels: one curve over everything.
whole = simple.ComputeZSDM(Input=specimen, Pairs='Ni-Ni')
equal(output(whole).GetNumberOfPoints(), 0)
check((column(output(whole, 1), 'Ni-Ni') == brute('Ni', 'Ni', species != '')).all())

# Voxels can be taken away again.
curves.Voxels = None
equal(output(curves).GetNumberOfPoints(), 0)
curves.Voxels = voxels
check(output(curves).GetNumberOfPoints() > 0)

errors = Errors(curves)
for bad, word in (('Ni', 'Ni-Ni'), ('Ni-Xx', 'Xx'), ('-', "''")):
    curves.Pairs = bad
    equal(output(curves).GetNumberOfPoints(), 0)
    equal(len(errors.texts), 1)
    check(word in errors.texts[0], errors.texts)
    errors.texts.clear()
curves.Pairs = ''
curves.HalfRange = -1
equal(output(curves).GetNumberOfPoints(), 0)
equal(len(errors.texts), 1)
plain = simple.ComputeZSDM(Input=simple.PointSource(NumberOfPoints=9))
errors = Errors(plain)
output(plain)
equal(len(errors.texts), 1)
check('Species' in errors.texts[0], errors.texts)
