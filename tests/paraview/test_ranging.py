"""RangeIons and MassSpectrum: species set anew, atoms, the ion table, doubtful ranges, spectra."""
import numpy
import ranged_ions
from paraview.vtk.util.numpy_support import numpy_to_vtk
from harness import Errors, array, check, column, equal, names, output, points, simple, temporary

COUNT = 1000
mass = ranged_ions.masses(COUNT)
ions = ranged_ions.write_ions(temporary, COUNT)
plain = ranged_ions.write(temporary, 'plain.rrng', ranged_ions.PLAIN)
doubtful = ranged_ions.write(temporary, 'doubtful.RRNG', ranged_ions.DOUBTFUL)


def inside(lo, hi):
    return (mass >= lo) & (mass <= hi)


def table(proxy):
    """Rows of the ion table by name."""
    found = output(proxy, 1)
    return {row[0]: row[1:] for row in zip(*(
        list(column(found, key)) for key in
        ('Name', 'Formula', 'Count', 'Fraction', 'StandardError', 'Color')))}


def same_memory(a, b):
    return a.GetVoidPointer(0) == b.GetVoidPointer(0)


# The same as the reader with the range file; ions are passed, not copied.
reader = simple.APTReader(FileName=ions)
ranged = simple.RangeIons(Input=reader, RangesFileName=plain)
read = output(simple.APTReader(FileName=ions, RangesFileName=plain))
before, found = output(reader), output(ranged)
check((array(found, 'Species') == array(read, 'Species')).all())
check((array(found, 'Species') == inside(52, 53) + 2 * inside(16, 17) + 3 * inside(68, 69)).all())
equal(array(found, 'SpeciesNames', 'Field'), ['unranged', 'Cr', 'O', 'CrO'])
check((array(found, 'SpeciesColors', 'Field') == array(read, 'SpeciesColors', 'Field')).all())
equal(found.GetPointData().GetScalars().GetName(), 'Species')
equal(sorted(names(found)), sorted(names(before)))
equal(found.GetNumberOfVerts(), COUNT)
for key in 'MassToCharge', 'IonId':
    check(same_memory(found.GetPointData().GetArray(key), before.GetPointData().GetArray(key)), key)
check(same_memory(found.GetPoints().GetData(), before.GetPoints().GetData()))
check((array(before, 'Species') == 0).all(), 'the input was changed')
equal(array(before, 'SpeciesNames', 'Field'), ['unranged'])

# The ion table.
counts = {'Cr': inside(52, 53).sum(), 'O': inside(16, 17).sum(), 'CrO': inside(68, 69).sum()}
total = sum(counts.values())
check(min(counts.values()) > 50 and total < COUNT, counts)
rows = table(ranged)
equal(list(rows), ['Cr', 'O', 'CrO'])
equal(output(ranged, 1).GetFieldData().GetArray('Unranged').GetValue(0), COUNT - total)
for name, color in ('Cr', '#FF0000'), ('O', '#00FF00'), ('CrO', '#0000FF'):
    fraction = counts[name] / total
    formula, count, value, error, shown = rows[name]
    equal((formula, count, shown), (name, counts[name], color))
    check(abs(value - fraction) < 1e-12)
    check(abs(error - (fraction * (1 - fraction) / total) ** 0.5) < 1e-12)
ranged.CountByElement = 1
rows = table(ranged)
equal({name: row[1] for name, row in rows.items()},
      {'Cr': counts['Cr'] + counts['CrO'], 'O': counts['O'] + counts['CrO']})
check(abs(sum(row[2] for row in rows.values()) - 1) < 1e-12)
equal((rows['Cr'][4], rows['O'][4]), ('#FF0000', '#00FF00'))
equal(output(ranged).GetNumberOfPoints(), COUNT)

# Atoms instead of molecular ions.
ranged.Decompose = 1
atoms = output(ranged)
label, ion = array(atoms, 'Species'), array(atoms, 'IonId')
equal(atoms.GetNumberOfPoints(), COUNT + counts['CrO'])
equal(atoms.GetNumberOfVerts(), atoms.GetNumberOfPoints())
equal(array(atoms, 'SpeciesNames', 'Field'), ['unranged', 'Cr', 'O'])
check((array(atoms, 'AtomId') == numpy.arange(atoms.GetNumberOfPoints())).all())
equal(sorted(names(atoms)), sorted(names(before) + ['AtomId']))
check((ion == numpy.repeat(numpy.arange(COUNT), 1 + inside(68, 69))).all())
check((points(atoms) == points(before)[ion]).all())
check((array(atoms, 'MassToCharge') == mass[ion]).all())
check((label[inside(68, 69)[ion]].reshape(-1, 2) == [1, 2]).all())
equal([(label == s).sum() for s in range(3)],
      [COUNT - total, counts['Cr'] + counts['CrO'], counts['O'] + counts['CrO']])
# the table does not depend on it, and atoms are no more than themselves
equal(table(ranged), rows)
again = simple.RangeIons(Input=ranged, Decompose=1)
equal(output(again).GetNumberOfPoints(), atoms.GetNumberOfPoints())
equal({name: row[1] for name, row in table(again).items()},
      {name: row[1] for name, row in rows.items()})

# Without a range file the species of the ions stay, whatever the points come in.
kept = simple.RangeIons(Input=simple.Threshold(
    Input=simple.APTReader(FileName=ions, RangesFileName=plain), Scalars=['POINTS', 'MassToCharge'],
    LowerThreshold=52, UpperThreshold=69))
check(output(kept).IsA('vtkPolyData'))
equal(output(kept).GetNumberOfVerts(), inside(52, 69).sum())
equal({name: row[1] for name, row in table(kept).items()}, dict(counts, O=0))
equal([row[4] for row in table(kept).values()], ['#FF0000', '#00FF00', '#0000FF'])
kept.Decompose = 1
equal(output(kept).GetNumberOfPoints(), inside(52, 69).sum() + counts['CrO'])

# Ion Type of .apt stands in for ranges, in the reader and behind it; a range file goes first.
types = numpy.where(numpy.arange(COUNT) % 4 == 0, 255, numpy.arange(COUNT) % 3)
apt = simple.APTReader(FileName=ranged_ions.write_apt(temporary, types))
expected = numpy.where(types == 255, 0, types + 1)
for proxy in apt, simple.RangeIons(Input=apt):
    check((array(output(proxy), 'Species') == expected).all())
    equal(array(output(proxy), 'SpeciesNames', 'Field'),
          ['unranged', 'IonType0', 'IonType1', 'IonType2'])
    equal(array(output(proxy), 'SpeciesColors', 'Field').shape, (4, 3))
typed = simple.RangeIons(Input=apt)
equal([row[:2] for row in table(typed).values()],
      [('', (expected == s).sum()) for s in (1, 2, 3)])
typed.RangesFileName = plain
check((array(output(typed), 'Species') == array(read, 'Species')).all())

# Doubtful ranges: the first wins, and each doubt is reported once with the ions that it concerns.
first_wins = numpy.select([inside(52, 53), inside(52.5, 54), inside(54, 55), inside(16, 17)],
                          [1, 2, 1, 2])
shared = inside(52, 53).sum() + inside(54, 54).sum()  # all of 52 to 53 is claimed twice
for proxy in (simple.APTReader(FileName=ions), simple.RangeIons(Input=reader)):
    errors = Errors(proxy)
    proxy.RangesFileName = doubtful
    found = output(proxy)
    check((array(found, 'Species') == first_wins).all())
    equal(len(errors.warnings), 1)
    report = array(found, 'RangesReport', 'Field')[0]
    check(report in errors.warnings[0], errors.warnings)
    for line in (f'line 11: upper end 16 below lower end 17, swapped ({inside(16, 17).sum()} ions)',
                 'line 8: 52 to 53 is the same range as line 7, ions in both belong to line 7 '
                 f'({inside(52, 53).sum()} ions)',
                 'line 9: 52.5 to 54 overlaps with line 7, ions in both belong to line 7 '
                 f'({inside(52.5, 53).sum()} ions)',
                 'line 9: 52.5 to 54 overlaps with line 8, ions in both belong to line 8 '
                 f'({inside(52.5, 53).sum()} ions)',
                 'line 10: 54 to 55 touches line 9, ions in both belong to line 9 '
                 f'({inside(54, 54).sum()} ions)',
                 f'{shared} ions are in more than one range and belong to the first of them'):
        equal(report.count(line), 1)
    equal(report.count('\n'), 6)
    proxy.RangesFileName = plain  # the report of before does not stay
    check(output(proxy).GetFieldData().GetAbstractArray('RangesReport') is None)
    equal(len(errors.warnings), 1)
# Ranges that touch where no ion is stand in the array, without a warning.
proxy.RangesFileName = ranged_ions.write(temporary, 'touching.rrng',
                                         '[Ions]\nIon1=Cr\n[Ranges]\nRange1=52 53 Cr:1\n'
                                         'Range2=53 54 Cr:2\n')
equal(array(output(proxy), 'RangesReport', 'Field')[0].split('\n')[0],
      'line 5: 53 to 54 touches line 4, ions in both belong to line 4 (0 ions)')
equal(len(errors.warnings), 1)
proxy.RangesFileName = doubtful
equal(sum(row[1] for row in table(proxy).values()), (first_wins > 0).sum())

# The mass spectrum: every ion once, the species inside their ranges.
spectrum = simple.MassSpectrum(Input=proxy)
found = output(spectrum)
equal(names(found, 'Row'), ['MassToCharge_Da', 'All ions', 'Cr', 'O'])
rows = found.GetNumberOfRows()
equal(rows, 100 * (int(mass.max()) + 1))  # ends with the ions
equal(array(found, 'SpeciesNames', 'Field'), ['unranged', 'Cr', 'O'])
center, every = column(found, 'MassToCharge_Da'), column(found, 'All ions')
check(abs(center - (numpy.arange(rows) + 0.5) * 0.01).max() < 1e-9)
equal(every.sum(), COUNT)
for value in numpy.unique(mass):
    bin_of = numpy.searchsorted(numpy.arange(rows) * 0.01, value, 'right') - 1
    equal(every[bin_of], (mass == value).sum())
equal(column(found, 'Cr').sum(), (first_wins == 1).sum())
equal(column(found, 'O').sum(), (first_wins == 2).sum())
check(((column(found, 'Cr') > 0) <= ((center > 52) & (center < 55.01))).all())
spectrum.BinWidth = 0.5
spectrum.UpperLimit = 60
found = output(spectrum)
equal(found.GetNumberOfRows(), 120)
equal(column(found, 'All ions').sum(), (mass < 60).sum())
equal(column(found, 'All ions')[104], ((mass >= 52) & (mass < 52.5)).sum())
# without species, the ions alone; atoms are warned of
equal(names(output(simple.MassSpectrum(Input=reader)), 'Row'), ['MassToCharge_Da', 'All ions'])
spectrum = simple.MassSpectrum(Input=again)
errors = Errors(spectrum)
output(spectrum)
equal(len(errors.warnings), 1)
check('atoms' in errors.warnings[0])

# Multiple hits: pairs of ions of one pulse by both masses, counted by hand; without pulses none, said.
alone = output(simple.MassSpectrum(Input=reader, PairWidth=1, PairLimit=70), 1)
equal(alone.GetDimensions(), (70, 70, 1))
equal(array(alone, 'Pairs').sum(), 0)
check('do not say' in array(alone, 'MultipleHits', 'Field')[0])
begins = numpy.random.default_rng(5).random(COUNT) < 0.7
copy = output(reader).NewInstance()
copy.DeepCopy(output(reader))
of_pulse = numpy_to_vtk(numpy.where(begins, 3, 0).astype('i4'), deep=True)
of_pulse.SetName('IonsPerPulse')
copy.GetPointData().AddArray(of_pulse)
pulsed = simple.TrivialProducer()
pulsed.GetClientSideObject().SetOutput(copy)
found = output(simple.MassSpectrum(Input=pulsed, PairWidth=1, PairLimit=70), 1)
expected, pulses, starts = numpy.zeros((70, 70)), 0, list(numpy.nonzero(begins)[0])
for start, end in zip(starts, starts[1:] + [COUNT]):
    together = mass[start:min(end, start + 3)]
    pulses += len(together) > 1
    for i, a in enumerate(together):
        for j, b in enumerate(together):
            if i != j and max(a, b) < 70:
                expected[int(a), int(b)] += 1
check((array(found, 'Pairs').reshape(70, 70) == expected).all() and expected.sum() > 300)
check(numpy.allclose(array(found, 'Expected').reshape(70, 70), numpy.outer(expected.sum(1), expected.sum(0)) / expected.sum()))
equal(array(found, 'Pulses', 'Field')[0], pulses)
equal(array(found, 'MultipleHits', 'Field')[0], f'{int(expected.sum() / 2)} pairs of ions in {pulses} pulses of several ions.')


# Bad input: one error that says what is missing, empty outputs.
def fails(proxy, text):
    heard = Errors(proxy)
    empty = output(proxy)
    equal(len(heard.texts), 1)
    check(text in heard.texts[0], heard.texts)
    equal(empty.GetNumberOfElements(6 if empty.IsA('vtkTable') else 0), 0)


fails(simple.RangeIons(Input=reader), 'no range file is given')
fails(simple.RangeIons(Input=reader, RangesFileName='/absent/a.rrng'), 'a.rrng')
fails(simple.RangeIons(Input=reader, RangesFileName=ions), 'expected a range file')
sphere = simple.Sphere()
fails(simple.RangeIons(Input=sphere, RangesFileName=plain), 'MassToCharge')
fails(simple.MassSpectrum(Input=sphere), 'MassToCharge')
fails(simple.MassSpectrum(Input=reader, PairWidth=0.01), 'choose a larger PairWidth')
fails(simple.MassSpectrum(Input=reader, BinWidth=0.0001, UpperLimit=1000), 'at most 1000000 bins')
