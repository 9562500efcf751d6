"""Ions go out and come back, as the plugin and as ParaView itself write them: positions, masses, species."""
import os

import numpy
from harness import Errors, array, check, equal, names, output, points, simple, temporary, write_pos
from vtkmodules.vtkCommonCore import vtkDoubleArray
from vtkmodules.vtkCommonDataModel import vtkPolyData
from written import read_bytes

folder = os.path.join(temporary, 'results')
os.mkdir(folder)
rows = numpy.array([[1.5, -2.5, -10, 27], [0.5, 0.25, -11, 43], [-4, 1, -12, 60], [2, 3, -4, 27.125]], 'f4')
ranges = os.path.join(temporary, 'a.rrng')
with open(ranges, 'w') as file:
    file.write('[Ions]\nNumber=2\nIon1=Al\nIon2=O\n[Ranges]\nNumber=2\nRange1=26.5 27.5 Vol:0.1 Al:1 Color:00FF00\n'
               'Range2=42.5 43.5 Vol:0.1 Al:1 O:1 Color:FF0000\n')


def path(name):
    return os.path.join(folder, name)


def species(data):
    labels = array(data, 'Species')
    found = array(data, 'SpeciesNames', 'Field')
    return [found[label] for label in labels]


def read(name, **more):
    reader = simple.APTReader(FileName=path(name), **more)
    errors = Errors(reader)
    return output(reader), errors


def check_back(name, tolerance=0, **more):
    data, errors = read(name, **more)
    equal(errors.texts, [])
    check(numpy.abs(points(data) - rows[:, :3]).max() <= tolerance, (name, points(data)))
    check(numpy.abs(array(data, 'MassToCharge') - rows[:, 3]).max() <= tolerance, name)
    equal(list(array(data, 'IonId')), [0, 1, 2, 3])
    return data, errors


ions = simple.APTReader(FileName=write_pos(os.path.join(temporary, 'a.pos'), rows), RangesFileName=ranges)
truth = species(output(ions))
equal(truth, ['Al', 'AlO', 'unranged', 'Al'])

# The plugin's writers, in every spelling of the ending.
for name in ('a.pos', 'b.POS', 'c.Pos', 'a.epos', 'b.EPOS', 'a.csv', 'b.CSV', 'c.Csv'):
    simple.SaveData(path(name), proxy=ions)
    data, errors = check_back(name, RangesFileName=ranges)
    equal(species(data), truth)
    text = name.lower().endswith('.csv')
    equal(len(errors.warnings), 1 if text else 0)  # the ranges count, not the names in the file
    data, errors = check_back(name)
    equal(errors.warnings, [])
    equal(species(data), truth if text else ['unranged'] * 4)
check('by name, the range file labels them: its ranges count' in
      array(read('a.csv', RangesFileName=ranges)[0], 'IonsReport', 'Field')[0])
equal(read_bytes(path('a.csv')).split(b'\n')[1], b'1.5,-2.5,-10,27,0,Al')

# An array without a name, and one called x.
changed = vtkPolyData()
changed.ShallowCopy(output(ions))
for name in ('', None, 'x', 'x_nm'):
    made = vtkDoubleArray()
    made.SetNumberOfTuples(4)
    made.Fill(9)
    if name is not None:
        made.SetName(name)
    changed.GetPointData().AddArray(made)
odd = simple.TrivialProducer()
odd.GetClientSideObject().SetOutput(changed)
simple.SaveData(path('odd.csv'), proxy=odd)
data, errors = check_back('odd.csv')
equal(species(data), truth)

# ParaView's own writers: species are an index there, the same range file gives them back.
for name, tabs in (('d.csv', False), ('d.txt', False), ('d.tsv', True)):
    writer = simple.CSVWriter if hasattr(simple, 'CSVWriter') else None
    made = writer(Input=ions, FileName=path(name), Precision=9)
    made.UpdatePipeline()
    data, errors = check_back(name, RangesFileName=ranges)
    equal(species(data), truth)
    equal(errors.warnings, [])
    equal(species(check_back(name)[0]), ['unranged'] * 4)
simple.SaveData(path('e.txt'), proxy=ions)  # with ParaView's five digits
equal(species(check_back('e.txt', 1e-3, RangesFileName=ranges)[0]), truth)
simple.SaveData(path('e.tsv'), proxy=ions)
equal(species(check_back('e.tsv', 1e-3, RangesFileName=ranges)[0]), truth)

# Units are converted and said.
with open(path('u.txt'), 'w') as file:
    file.write('m/q (Da)\tx (A)\ty (A)\tz (A)\n' + ''.join(
        '%.9g\t%.9g\t%.9g\t%.9g\n' % (m, 10 * x, 10 * y, 10 * z) for x, y, z, m in rows.tolist()))
data, errors = check_back('u.txt')
check('x is in angstrom, converted to nm' in errors.warnings[0], errors.warnings)
with open(path('bad.csv'), 'w') as file:
    file.write('x,y,z,tof\n1,2,3,4\n')
data, errors = read('bad.csv')
check(len(errors.texts) == 1 and "line 1: no column of 'x,y,z,tof' is named as m/q" in errors.texts[0], errors.texts)

# Ions that are not finite: refused, or left out with their count.
bad = rows.copy()
bad[1, 2] = numpy.nan
bad[2, 3] = numpy.inf
write_pos(path('nan.pos'), bad)
data, errors = read('nan.pos')
check(len(errors.texts) == 1 and 'byte 24: z of ion 1 (from 0) is nan' in errors.texts[0] and
      '2 ions are not finite' in errors.texts[0], errors.texts)
data, errors = read('nan.pos', LeaveOutNotFinite=1)
equal(errors.texts, [])
check('2 of 4 ions are not finite and left out, the first: byte 24: z of ion 1' in errors.warnings[0], errors.warnings)
check('2 of 4 ions' in array(data, 'IonsReport', 'Field')[0])
equal(list(array(data, 'IonId')), [0, 3])
equal(array(data, 'MassToCharge').tolist(), rows[[0, 3], 3].tolist())
write_pos(path('none.pos'), numpy.full((3, 4), numpy.nan))
data, errors = read('none.pos', LeaveOutNotFinite=1)
check(len(errors.texts) == 1 and '3 ions are not finite' in errors.texts[0], errors.texts)
check('IonsReport' not in names(output(ions), 'Field'))

# Lists without masses: the labels are the species, and what needs masses says so.
for text, expected in (('Al 1.5 -2.5 -10\nO 0.5 0.25 -11\n', ['Al', 'O']),
                       ('1.5 -2.5 -10 Al:1\n0.5 0.25 -11 Al:1 O:1\n', ['Al', 'AlO']),
                       ('1.5 -2.5 -10\n0.5 0.25 -11\n', ['unranged'] * 2)):
    with open(path('list.txt'), 'w') as file:
        file.write(text)
    data, errors = read('list.txt')
    equal(errors.texts, [])
    check('no column of m/q' in errors.warnings[0], errors.warnings)
    equal(points(data).tolist(), rows[:2, :3].tolist())
    equal(species(data), expected)
    check('MassToCharge' not in names(data), names(data))
    data, errors = read('list.txt', RangesFileName=ranges)
    check(len(errors.texts) == 1 and 'there are no masses in the file' in errors.texts[0], errors.texts)
spectrum = simple.MassSpectrum(Input=simple.APTReader(FileName=path('list.txt')))
errors = Errors(spectrum)
output(spectrum)
check(len(errors.texts) == 1 and 'no point array MassToCharge' in errors.texts[0], errors.texts)

# The files of others, where they are at hand.
reference = os.path.join(os.environ.get('CSRO_REFERENCE_DIR', ''), 'files_met')
for name in ('01_paraview_save_data.txt', '02_paraview_spreadsheet.csv', '03_mass_is_fifth.csv', '04_mass_is_third.csv'):
    if os.path.exists(os.path.join(reference, name)):
        data = output(simple.APTReader(FileName=os.path.join(reference, name)))
        equal(points(data).tolist(), rows[:3, :3].tolist())
        equal(array(data, 'MassToCharge').tolist(), [27, 43, 60])
