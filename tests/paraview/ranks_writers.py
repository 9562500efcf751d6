"""Ions that several ranks hold go into one file in the order of their IonId, or nothing does."""
import os
import resource
import sys

import numpy
from harness import Errors, simple
from mpi4py import MPI
from written import make_epos, make_source, read_bytes, write_bytes

folder = sys.argv[1]
rank = MPI.COMM_WORLD.rank
source = folder + '-a.epos'
results = folder + '-results'
records = make_epos(3000)
if rank == 0:
    write_bytes(source, records)
    os.mkdir(results)
MPI.COMM_WORLD.Barrier()


def save(name, ions):
    simple.SaveData(os.path.join(results, name), proxy=ions)
    MPI.COMM_WORLD.Barrier()
    data = read_bytes(os.path.join(results, name))
    if rank == 0:
        numpy.save(os.path.join(folder, name.replace('.', '_') + '.npy'), numpy.frombuffer(data, 'u1'))
    MPI.COMM_WORLD.Barrier()
    return data


def fails(text, name, ions, change=lambda: None):
    """One error on the first rank, none on the others; the folder is as it was."""
    MPI.COMM_WORLD.Barrier()
    before = sorted(os.listdir(results))
    made = simple.CreateWriter(os.path.join(results, name), ions)
    errors = Errors(made)
    change()
    made.UpdatePipeline()
    MPI.COMM_WORLD.Barrier()
    assert len(errors.texts) == (1 if rank == 0 else 0) and all(text in found for found in errors.texts), errors.texts
    assert sorted(os.listdir(results)) == before, os.listdir(results)


ions = simple.APTReader(FileName=source)
assert save('a.epos', ions) == records.tobytes()
save('a.csv', ions)
back = simple.APTReader(FileName=os.path.join(results, 'a.csv'))
assert save('a.pos', back) == numpy.ascontiguousarray(records['xyzm']).tobytes()

# Ranks without ions, the first among them.
late = simple.Threshold(Input=ions, Scalars=['POINTS', 'IonId'], LowerThreshold=2100, UpperThreshold=2200)
assert save('late.epos', late) == records[2100:2201].tobytes()

# Ions of each rank all over the file.
spread = make_source(records, numpy.arange(3000)[::-1][rank::MPI.COMM_WORLD.size])
assert save('spread.epos', spread) == records.tobytes()
save('spread.csv', spread)
save('spread.xyz', spread)

# Ranges, also of ions that some ranks have none of.
if rank == 0:
    with open(folder + '-a.env', 'w') as file:
        file.write('1 2\nNi 0.25 1 0\nNi -50 0.5 10.94 0.1\nodd 1 2 0 0\n')
MPI.COMM_WORLD.Barrier()
for name, some in (('a.rrng', ions), ('late.rrng', late)):
    written = save(name, simple.RangeIons(Input=some, RangesFileName=folder + '-a.env'))
    assert written.endswith(b'Range1=-50 0.5 Vol:0.01094 Ni:1 Color:40FF00\nRange2=1 2 Name:odd Color:808080\n'), written
    save(name[:-4] + 'nxs', simple.RangeIons(Input=some, RangesFileName=folder + '-a.env'))

fails('absent/a.pos: cannot be written: No such file or directory', 'absent/a.pos', ions)
limits = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (44 * 2500, limits[1]))  # in the turn of the last rank
fails('b.epos: cannot be written: File too large', 'b.epos', ions)
resource.setrlimit(resource.RLIMIT_FSIZE, limits)
fails('there are no ions to write', 'b.pos', late, lambda: simple.SetProperties(late, LowerThreshold=-2,
                                                                                  UpperThreshold=-1))
