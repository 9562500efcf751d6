"""Opening files: the reader that takes them, and the range file that is proposed."""
import os
import subprocess

import numpy
from harness import Errors, array, check, equal, output, points, simple, temporary, write_pos

generator = numpy.random.default_rng(1)
rows = generator.uniform(0, 5, (1000, 4))
rows[:, 3] = generator.choice((58.0, 59.0), 1000)
folder = os.path.join(temporary, 'a folder')
os.mkdir(folder)
ions = write_pos(os.path.join(folder, 'R5_Üx.POS'), rows)
text = os.path.join(folder, 'r5_Üx.csv')
numpy.savetxt(text, rows, delimiter=',')
alone = write_pos(os.path.join(folder, 'alone.pos'), rows)


def write_ranges(name, element):
    path = os.path.join(folder, name)
    with open(path, 'w') as file:
        file.write(f'[Ions]\nNumber=1\nIon1={element}\n[Ranges]\nNumber=1\nRange1=57.5 58.5 {element}:1 Color:00FF00\n')
    return path


def species(reader):
    return array(output(reader), 'SpeciesNames', 'Field')


beside, other = write_ranges('r5_Üx.RRNG', 'Ni'), write_ranges('other.rrng', 'Co')

# A range file in the same folder is proposed before anything is read, however the reader is made.
for reader in simple.OpenDataFile(ions), simple.APTReader(FileName=ions), simple.APTReaderText(FileName=text):
    equal(reader.RangesFileName, beside)
    equal(species(reader), ['unranged', 'Ni'])
    check((array(output(reader), 'Species') == (rows[:, 3] == 58)).all())
equal(type(simple.OpenDataFile(ions)).__name__, 'APTReader')
equal(type(simple.OpenDataFile(text)).__name__, 'CSVReader')
equal(simple.OpenDataFile(alone).RangesFileName, '')
equal(simple.APTReader().RangesFileName, '')

# .ato, in angstrom behind a header that tells the version.
ato = numpy.zeros((1000, 14), '<f4')
ato[:, :3], ato[:, 3], ato[:, 6] = 10 * rows[:, :3], rows[:, 3], 5.5
with open(os.path.join(folder, 'R6.ATO'), 'wb') as file:
    file.write(numpy.array([0, 3], '<u4').tobytes() + ato.tobytes())
reader = simple.OpenDataFile(os.path.join(folder, 'R6.ATO'))
equal((type(reader).__name__, set(array(output(reader), 'V_DC'))), ('APTReader', {5.5}))
check(abs(points(output(reader)) - rows[:, :3]).max() < 1e-6)

# HDF5: NeXus with its own ranges, and pyccapt.
make = """
import h5py, numpy, sys
rows = numpy.load(sys.argv[1])
with h5py.File(sys.argv[2], 'w') as file:
    probe = 'entry1/atom_probe/'
    file[probe + 'reconstruction/reconstructed_positions'] = rows[:, :3].astype('f4')
    file[probe + 'mass_to_charge_conversion/mass_to_charge'] = rows[:, 3].astype('f4')
    ion = file.create_group(probe + 'ranging/peak_identification/ion1')
    ion['nuclide_hash'] = numpy.array([28 + 255 * 256] + [0] * 31, 'u2')
    ion['mass_to_charge_range'] = numpy.array([[57.5, 58.5]])
with h5py.File(sys.argv[3], 'w') as file:
    names = numpy.array(['x (nm)', 'y (nm)', 'z (nm)', 'mc (Da)', 't (ns)'], 'S7')
    file['df/axis0'], file['df/block0_items'] = names, names
    file['df/block0_values'] = numpy.column_stack([rows, rows[:, 0]])
"""
numpy.save(os.path.join(temporary, 'rows.npy'), rows)
nexus, pyccapt = os.path.join(temporary, 'R7.nxs'), os.path.join(temporary, 'R8.h5')
subprocess.run(['/usr/bin/python3', '-c', make, os.path.join(temporary, 'rows.npy'), nexus, pyccapt], check=True)
reader = simple.OpenDataFile(nexus)
equal((type(reader).__name__, reader.RangesFileName, species(reader)), ('APTReader', '', ['unranged', 'Ni']))
check((array(output(reader), 'Species') == (rows[:, 3] == 58)).all())
check((points(output(reader)) == rows[:, :3].astype('f4')).all())
equal(species(simple.APTReader(FileName=nexus, RangesFileName=other)), ['unranged', 'Co'])
equal(species(simple.APTReader(FileName=alone, RangesFileName=nexus)), ['unranged', 'Ni'])
reader = simple.APTReaderHDF5(FileName=pyccapt)
check((points(output(reader)) == rows[:, :3]).all() and (array(output(reader), 't') == rows[:, 0]).all())
equal(type(simple.OpenDataFile(pyccapt)).__name__, 'APTReaderHDF5')  # the others do not know what is in it

# A choice wins, the empty one too, at once and later.
equal(species(simple.APTReader(FileName=ions, RangesFileName=other)), ['unranged', 'Co'])
equal(species(simple.OpenDataFile(ions, RangesFileName='')), ['unranged'])
reader = simple.APTReader(FileName=ions)
reader.RangesFileName = ''
equal(species(reader), ['unranged'])
reader.FileName = text
equal((reader.RangesFileName, species(reader)), ('', ['unranged']))

# What is no file is refused with one line, and nothing waits for a pipe.
os.mkfifo(os.path.join(folder, 'pipe.pos'))
os.mkdir(os.path.join(folder, 'folder.pos'))
os.mkdir(os.path.join(folder, 'folder.rrng'))
os.mkfifo(os.path.join(folder, 'pipe.rrng'))
cases = [(name, '', text) for name, text in (('pipe.pos', 'is a named pipe'), ('folder.pos', 'is a directory'))]
cases += [('alone.pos', name, text) for name, text in
          (('pipe.rrng', 'is a named pipe'), ('folder.rrng', 'is a directory'), ('no.rrng', 'No such file'))]
for name, ranges, text in cases:
    reader = simple.APTReader(FileName=os.path.join(folder, name))
    equal(reader.RangesFileName, '')
    reader.RangesFileName = os.path.join(folder, ranges) if ranges else ''
    errors = Errors(reader)
    equal(output(reader).GetNumberOfPoints(), 0)
    check(len(errors.texts) == 1 and (ranges or name) + ': ' in errors.texts[0] and text in errors.texts[0], errors.texts)
deep = os.path.join(folder, *['a long name' * 20] * 12)
os.makedirs(deep)
equal(output(simple.APTReader(FileName=write_pos(os.path.join(deep, 'deep.pos'), rows))).GetNumberOfPoints(), 1000)

# Only one range file beside the only ions of a folder is theirs, whatever its name.
lonely = os.path.join(temporary, 'lonely')
os.mkdir(lonely)
single = write_pos(os.path.join(lonely, 'data.pos'), rows)
specimen = os.path.join(lonely, 'specimen.rrng')
with open(beside) as file, open(specimen, 'w') as copy:
    copy.write(file.read())
equal(simple.OpenDataFile(single).RangesFileName, specimen)

# Another file in the same reader: the range file was given for the first, which is said where the second has its own.
reader = simple.APTReader(FileName=single)
equal(species(reader), ['unranged', 'Ni'])
errors = Errors(reader)
reader.FileName = ions
reader.UpdatePipeline()
check(len(errors.warnings) == 1 and f'{specimen} was given for {single}; that of these ions may be {beside}' in errors.warnings[0],
      errors.warnings)
reader.RangesFileName = beside
reader.UpdatePipeline()
equal(len(errors.warnings), 1)

# Files that are numbered are one series with time steps.
steps = [write_pos(os.path.join(folder, f'step_{i}.pos'), rows[:10 * i]) for i in (1, 2, 3)]
reader = simple.OpenDataFile(steps, RangesFileName=other)
equal((list(reader.FileName), list(reader.TimestepValues)), (steps, [0, 1, 2]))
for time, expected in ((0, 10), (2, 30), (1.5, 20), (-1, 10), (9, 30)):
    reader.UpdatePipeline(time)
    data = reader.GetClientSideObject().GetOutputDataObject(0)
    equal(data.GetNumberOfPoints(), expected)
    equal(data.GetInformation().Get(data.DATA_TIME_STEP()), expected // 10 - 1)
reader.FileName = ions
reader.UpdatePipelineInformation()
equal((list(reader.TimestepValues), output(reader).GetNumberOfPoints()), ([], 1000))

# A range file that fits no ion is hardly theirs.
strange = os.path.join(lonely, 'strange.env')
with open(strange, 'w') as file:
    file.write('1 2\nH 0 0 1\nH 0.9 1.1 0 0\nH 2.9 3.1 0 0\n')
reader = simple.APTReader(FileName=single, RangesFileName=strange)
errors = Errors(reader)
reader.UpdatePipeline()
check(len(errors.warnings) == 1 and 'none of the 1000 ions lies in a range, all are unranged: the ranges are between '
      '0.9 and 3.1 Da, the ions between 58 and 59 Da' in errors.warnings[0], errors.warnings)

# States keep what was chosen.
simple.ResetSession()
simple.RenameSource('proposed', simple.APTReader(FileName=ions))
simple.RenameSource('chosen', simple.APTReader(FileName=ions, RangesFileName=other))
simple.RenameSource('series', simple.APTReader(FileName=steps))
simple.RenameSource('none', simple.APTReader(FileName=ions, RangesFileName=''))
state = os.path.join(temporary, 'state.pvsm')
simple.SaveState(state)
simple.ResetSession()
simple.LoadState(state)
found = [simple.FindSource(source).RangesFileName for source in ('proposed', 'chosen', 'none')]
equal(found, [beside, other, ''])
equal(list(simple.FindSource('series').FileName), steps)
