"""Text by name over ranks: species in the order of the file, ions left out under the numbers of the file, and what
ParaView's own writer of text makes of the ions of several ranks."""
import os
import sys

import numpy
from harness import Errors, array, output, points, simple
from mpi4py import MPI

folder = sys.argv[1]
rank = MPI.COMM_WORLD.rank
count = 60000


def species(data):
    found = array(data, 'SpeciesNames', 'Field')
    return numpy.array(found)[array(data, 'Species')]


def gather(values):
    return numpy.concatenate(MPI.COMM_WORLD.allgather(values))


def keep(name, values):
    if rank == 0:
        numpy.save(os.path.join(folder, name + '.npy'), values)


text = folder + '-text.csv'
odd = [0, 7, 30000, 59999]
if rank == 0:
    with open(text, 'w') as file:
        file.write('Species,tof,m,x,y,z\n')
        for i in range(count):
            z = 'nan' if i in odd else str(-i / 8)
            file.write(f'{"unranged" if i % 5 == 0 else "S%d" % (i // 9000 % 5)},1,{27 + i % 3},{i},{i / 4},{z}\n')
MPI.COMM_WORLD.Barrier()

reader = simple.APTReader(FileName=text)
errors = Errors(reader)
reader.UpdatePipeline()
assert len(errors.texts) == (1 if rank == 0 else 0), errors.texts
assert all("line 2: column 6 (z) is 'nan'" in found and '4 ions are not finite' in found for found in errors.texts)

reader = simple.APTReader(FileName=text, LeaveOutNotFinite=1)
errors = Errors(reader)
data = output(reader)
assert errors.texts == [] and len(errors.warnings) == (1 if rank == 0 else 0), (errors.texts, errors.warnings)
assert all('4 of 60000 ions are not finite and left out' in found for found in errors.warnings)
numbers = gather(array(data, 'IonId'))
assert (numbers == numpy.setdiff1d(numpy.arange(count), odd)).all()
assert (gather(points(data))[:, 2] == -numbers / 8).all()
expected = numpy.where(numbers % 5 == 0, 'unranged', numpy.char.add('S', (numbers // 9000 % 5).astype(str)))
assert (gather(species(data)) == expected).all()
keep('labels', gather(array(data, 'Species')))
keep('ids', numbers)

# Out and back by name, and with the ranks' ions in one file of ParaView's own.
simple.SaveData(folder + '-back.csv', proxy=reader)
MPI.COMM_WORLD.Barrier()
back = output(simple.APTReader(FileName=folder + '-back.csv'))
assert (gather(species(back)) == expected).all()
assert (gather(points(back)) == gather(points(data))).all()
keep('back', gather(points(back)))

simple.SaveData(folder + '-own.tsv', proxy=reader, Precision=9)
MPI.COMM_WORLD.Barrier()
own = output(simple.APTReader(FileName=folder + '-own.tsv'))
assert (gather(array(own, 'MassToCharge')) == gather(array(data, 'MassToCharge'))).all()
assert (gather(points(own)) == gather(points(data))).all()
