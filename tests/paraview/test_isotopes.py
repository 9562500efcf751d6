"""Isotopes and charges of an element are taken together: counts, curves, probabilities, orders are
those of ranges that do not tell them apart; a species typed as it is written stays alone."""
import isotope_ions
import numpy
from harness import Errors, array, check, column, equal, names, output, simple, temporary

ions = isotope_ions.write_ions(temporary)
apart, together = [
    simple.APTReader(FileName=ions, RangesFileName=isotope_ions.write_ranges(temporary, name, text))
    for name, text in (('apart.rng', isotope_ions.APART), ('together.rrng', isotope_ions.TOGETHER))]
equal(array(output(apart), 'SpeciesNames', 'Field'), ['unranged', 'B10', 'B11', 'Al+'])
equal(array(output(apart), 'SpeciesCompositions', 'Field'), ['', '10B:1', '11B:1', 'Al:1 +1'])


def table(proxy):
    found = output(proxy, 1)
    return list(zip(*(column(found, key) for key in ('Name', 'Formula', 'Count'))))


counts = [int((array(output(apart), 'Species') == label).sum()) for label in range(4)]
equal(table(simple.RangeIons(Input=apart)),
      [('B10', '10B', counts[1]), ('B11', '11B', counts[2]), ('Al+', 'Al', counts[3])])
elements = [('B', 'B', counts[1] + counts[2]), ('Al', 'Al', counts[3])]
equal(table(simple.RangeIons(Input=apart, CountByElement=1)), elements)
equal(table(simple.RangeIons(Input=together, CountByElement=1)), elements)
atoms = simple.RangeIons(Input=apart, Decompose=1)
equal(array(output(atoms), 'SpeciesNames', 'Field'), ['unranged', '10B', '11B', 'Al'])
equal(table(simple.RangeIons(Input=atoms, CountByElement=1)), elements)


def same(a, b, chosen):
    """All arrays of some names."""
    found = [name for name in names(a) if name.startswith(chosen)]
    equal(found, [name for name in names(b) if name.startswith(chosen)])
    check(found, chosen)
    for name in found:
        check(numpy.array_equal(array(a, name), array(b, name), equal_nan=True), name)


voxels = [simple.VoxelizeAPT(Input=reader) for reader in (apart, together)]
same(*map(output, voxels), 'Count_')
equal(array(output(voxels[0]), 'SpeciesCompositions', 'Field')[1], '10B:1')
curves = [simple.ComputeZSDM(Input=reader, Voxels=image)
          for reader, image in zip((apart, together), voxels)]
same(*map(output, curves), 'zSDM_')
equal([name for name in names(output(curves[0])) if name.startswith('zSDM')],
      ['zSDM_B_B', 'zSDM_Al_Al'])
equal(array(output(curves[0]), 'zSDM_Pairs', 'Field'), ['B-B', 'Al-Al'])
for proxy in curves:
    proxy.Pairs = 'B-Al, Al-B'
same(*map(output, curves), 'zSDM_')

# A species as it is written is that alone, and its parts are the whole.
curves[0].Pairs = 'B-B, B10-B10 B10-B11 B11-B10 B11-B11'
image = output(curves[0])
check((array(image, 'zSDM_B_B').astype(int) == sum(
    array(image, f'zSDM_{a}_{b}').astype(int) for a in ('B10', 'B11') for b in ('B10', 'B11'))).all())
check(array(image, 'zSDM_B10_B10').sum() > 0)
errors = Errors(curves[0])
curves[0].Pairs = 'B10-B'
output(curves[0])
check('species B10 stands there by itself and as a part' in errors.texts[0], errors.texts)

# Over the whole input, and where curves are made as they are classified.
regions = [output(simple.ComputeZSDM(Input=reader), 1) for reader in (apart, together)]
for pair in 'B-B', 'Al-Al':
    check((column(regions[0], pair) == column(regions[1], pair)).all())
probabilities = []
for reader, image in zip((apart, together), voxels):
    sums = simple.ComputeZSDM(Input=reader, Voxels=image, Pairs='B-B', KeepCurves=0)
    probabilities.append(output(simple.ClassifyCSRO(Input=sums, Ions=reader)))
same(*probabilities, 'P_')
orders = [output(simple.DetectOrder(Input=reader, Voxels=image, Species='B', Copies=1))
          for reader, image in zip((apart, together), voxels)]
same(*orders, 'P_order_B')

# Names that are no elements: what to type.
mine = isotope_ions.write_ranges(temporary, 'mine.rrng', '[Ions]\nIon1=Mine1\nIon2=Mine2\n[Ranges]\n'
                                 'Range1=9 12 Name:Mine1\nRange2=26 28 Name:Mine2\n')
reader = simple.APTReader(FileName=ions, RangesFileName=mine)
curves = simple.ComputeZSDM(Input=reader)
errors = Errors(curves)
output(curves, 1)
check('no species is a chemical element (there are Mine1, Mine2): name the pairs, as in Mine1-Mine2'
      in errors.texts[0], errors.texts)
curves.Pairs = 'Mine1-Mine2'
check(column(output(curves, 1), 'Mine1-Mine2').sum() > 0)

# A species with the name of a column keeps its own.
odd = isotope_ions.write_ranges(temporary, 'odd.rrng', '[Ions]\nIon1=a\n[Ranges]\n'
                                'Range1=9 12 Name:All ions\nRange2=26 28 Name:unranged\n')
reader = simple.APTReader(FileName=ions, RangesFileName=odd)
heard = Errors(reader)
spectrum = output(simple.MassSpectrum(Input=reader))
equal(names(spectrum, 'Row'), ['MassToCharge_Da', 'All ions', 'All ions_2', 'unranged_2'])
equal([int(column(spectrum, name).sum()) for name in ('All ions', 'All ions_2', 'unranged_2')],
      [6000, counts[1] + counts[2], counts[3]])
check('the name unranged is taken' in heard.warnings[0], heard.warnings)
