"""Reader and simulator: arrays, truth, ranges, errors."""
import os

import numpy
from harness import Errors, array, check, column, equal, output, points, simple, temporary, write_pos
from paraview.vtk.util.numpy_support import vtk_to_numpy

specimen = simple.SimulateAPT(Shape='Box', Width=[8, 8], Height=8)
data = output(specimen)
count = data.GetNumberOfPoints()
check(count > 10000, count)
equal(data.GetNumberOfVerts(), count)
equal(data.GetPointData().GetScalars().GetName(), 'Species')
equal(array(data, 'SpeciesNames', 'Field')[0], 'unranged')
equal(sorted(array(data, 'SpeciesNames', 'Field')), ['Co', 'Cr', 'H', 'Ni', 'unranged'])
equal(len(array(data, 'SpeciesColors', 'Field')), 5)
check((array(data, 'IonId') == numpy.arange(count)).all())
check(points(data).dtype == numpy.float32)
cells = data.GetVerts()
check((vtk_to_numpy(cells.GetConnectivityArray()) == numpy.arange(count)).all())

# The ranges find the true species of nearly all ions.
truth = numpy.array(['unranged', 'Co', 'Cr', 'Ni', 'H'])[array(data, 'TrueSpecies')]
found = numpy.array(array(data, 'SpeciesNames', 'Field'))[array(data, 'Species')]
check((truth == found).mean() > 0.9, (truth == found).mean())
check(array(data, 'TrueDomainId').max() > 5)

# The table of the true domains: their ions are around their centres.
domains = output(specimen, 1)
of = array(data, 'TrueDomainId')
ions = numpy.bincount(of[of >= 0], minlength=domains.GetNumberOfRows())
equal(list(column(domains, 'Domain')), list(range(len(ions))))
equal(list(column(domains, 'Ions')), list(ions))
centers = numpy.stack([column(domains, f'Center{axis}_nm') for axis in 'XYZ'], 1)
distance = numpy.linalg.norm(points(data)[of >= 0] - centers[of[of >= 0]], axis=1)
check((distance < column(domains, 'Diameter_nm')[of[of >= 0]] / 2 + 2).all())
check(column(domains, 'Diameter_nm').min() >= 0.7 and column(domains, 'Diameter_nm').max() <= 2.1)

# Same seed, same ions; another seed, others.
before = points(data).copy()
specimen.Seed = 2
other = points(output(specimen)).copy()
check(other.shape != before.shape or (other != before).any())
specimen.Seed = 1
check((points(output(specimen)) == before).all())

# What the simulator makes comes back from a file.
path = os.path.join(temporary, 'ions.POS')
data = output(specimen)
write_pos(path, numpy.column_stack([points(data), array(data, 'MassToCharge')]))
ranges = os.path.join(temporary, 'ranges.rrng')
with open(ranges, 'w') as file:
    file.write('[Ions]\nNumber=1\nIon1=Ni\n[Ranges]\nNumber=2\n'
               'Range1=57.5 58.5 Vol:0.01 Ni:1 Color:00FF00\n'
               'Range2=58.4 62.5 Vol:0.01 Ni:1 Color:00FF00\n')
reader = simple.APTReader(FileName=path, RangesFileName='')
read = output(reader)
check((points(read) == points(data)).all())
check((array(read, 'MassToCharge') == array(data, 'MassToCharge')).all())
check((array(read, 'Species') == 0).all())
equal(array(read, 'SpeciesNames', 'Field'), ['unranged'])
errors = Errors(reader)
reader.RangesFileName = ranges
read = output(reader)
mass = array(read, 'MassToCharge').astype(float)
check((array(read, 'Species') == ((mass >= 57.5) & (mass <= 62.5))).all())
equal(array(read, 'SpeciesNames', 'Field'), ['unranged', 'Ni'])
equal(len(errors.warnings), 1)
check('overlap' in errors.warnings[0], errors.warnings)
check('overlap' in array(read, 'RangesReport', 'Field')[0])

# Bad files: one error that names the file, empty output, alive.
for name, content in ('short.pos', b'\0' * 30), ('empty.pos', b''), ('letters.csv', b'1,2,3,4\na,b\n'):
    path = os.path.join(temporary, name)
    with open(path, 'wb') as file:
        file.write(content)
    reader = simple.APTReader(FileName=path)
    errors = Errors(reader)
    equal(output(reader).GetNumberOfPoints(), 0)
    equal(len(errors.texts), 1)
    check(name in errors.texts[0], errors.texts)
reader.FileName = os.path.join(temporary, 'absent.pos')
equal(output(reader).GetNumberOfPoints(), 0)
equal(len(errors.texts), 2)

# Text keeps its digits; files open with the reader meant for them.
path = os.path.join(temporary, 'text.csv')
with open(path, 'w') as file:
    file.write('0.123456789,1,2,58.1\n3,4,5,59\n')
read = output(simple.APTReader(FileName=path))
equal(points(read)[0][0], 0.123456789)
equal(type(simple.OpenDataFile(path)).__name__, 'CSVReader')
equal(type(simple.OpenDataFile(os.path.join(temporary, 'ions.POS'))).__name__, 'APTReader')
