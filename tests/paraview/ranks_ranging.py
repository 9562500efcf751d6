"""Species, atoms, the ion table, the report and the spectrum of any number of ranks are the same."""
import os
import sys

import numpy
import ranged_ions
from collect import save_points, save_table
from harness import Errors, array, output, simple, temporary
from mpi4py import MPI

folder = sys.argv[1]
shared = MPI.COMM_WORLD.bcast(temporary, root=0)
if MPI.COMM_WORLD.rank == 0:
    ranged_ions.write_ions(shared, 20001)
    ranged_ions.write_apt(shared, numpy.arange(10001) % 250 + (numpy.arange(10001) % 250 > 200) * 5)
    ranged_ions.write(shared, 'doubtful.rrng', ranged_ions.DOUBTFUL)
    ranged_ions.write(shared, 'plain.rrng', ranged_ions.PLAIN)
MPI.COMM_WORLD.barrier()


def save_text(name, proxy, key, port=0):
    """A field array or column of texts, as bytes."""
    data = output(proxy, port)
    if MPI.COMM_WORLD.rank == 0:
        texts = array(data, key, 'Row' if port else 'Field')
        values = numpy.frombuffer('\n'.join(texts).encode(), 'u1')
        numpy.save(os.path.join(folder, f'{name}_{key}.npy'), values)


reader = simple.APTReader(FileName=os.path.join(shared, 'ranged.pos'),
                          RangesFileName=os.path.join(shared, 'doubtful.rrng'))
heard = [Errors(reader)]  # instead of showing the reports
save_points(folder, 'read', reader)
save_text('read', reader, 'RangesReport')
# some ranks have no ions of it
part = simple.Threshold(Input=reader, Scalars=['POINTS', 'IonId'], LowerThreshold=1000,
                        UpperThreshold=6500)
for ranges in 'doubtful', 'plain':
    for name, source in ('all', reader), ('part', part):
        name = f'{ranges}_{name}'
        ranged = simple.RangeIons(Input=source, CountByElement=ranges == 'plain',
                                  RangesFileName=os.path.join(shared, ranges + '.rrng'))
        heard.append(Errors(ranged))
        save_points(folder, name, ranged)
        save_table(folder, name, ranged, 1)
        save_text(name, ranged, 'SpeciesNames')
        for key in 'Name', 'Color':
            save_text(name, ranged, key, 1)
        if ranges == 'doubtful':
            save_text(name, ranged, 'RangesReport')
        save_table(folder, name + '_spectrum', simple.MassSpectrum(Input=ranged))
        ranged.Decompose = 1
        save_points(folder, name + '_atoms', ranged, by='AtomId')
typed = simple.RangeIons(Input=simple.APTReader(FileName=os.path.join(shared, 'typed.apt')))
save_points(folder, 'typed', typed)
save_table(folder, 'typed', typed, 1)
save_text('typed', typed, 'SpeciesNames')
