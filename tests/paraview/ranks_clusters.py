"""Domains on any number of ranks: ions on a lattice, so that distances are exactly eps and the cuts between ranks go
through ions; domains that span everything; ions in an order that has nothing to do with space; equal ion numbers."""
import sys

from collect import save_points, save_table
from harness import simple

SOURCE = '''
import numpy
from mpi4py import MPI
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkPoints
rank, ranks = MPI.COMM_WORLD.rank, MPI.COMM_WORLD.size
random = numpy.random.RandomState(seed)
count = 16 ** 3
ions = numpy.array(numpy.unravel_index(random.permutation(count)[:int(filled * count)], (16, 16, 16))).T * 0.25
mine = numpy.arange(len(ions)) * ranks // len(ions) == rank
number = random.permutation(len(ions)) // 3
points = vtkPoints()
points.SetData(numpy_to_vtk(numpy.ascontiguousarray(ions[mine], 'f4'), deep=True))
output.SetPoints(points)
for name, values in ('IonId', number[mine]), ('Place', numpy.flatnonzero(mine)):
    array = numpy_to_vtk(values.astype('i8'), deep=True)
    array.SetName(name)
    output.GetPointData().AddArray(array)
'''
INFORMATION = '''
from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm
self.GetExecutive().GetOutputInformation(0).Set(vtkAlgorithm.CAN_HANDLE_PIECE_REQUEST(), 1)
'''

folder = sys.argv[1]
cases = {'snakes': (0.35, 0.25, 2), 'clumps': (0.2, 0.25, 4), 'borders': (0.12, 0.45, 4), 'whole': (0.9, 0.25, 3),
         'single': (0.01, 0.3, 1), 'none': (0.01, 0.3, 9)}
for seed, (name, (filled, eps, samples)) in enumerate(cases.items()):
    ions = simple.ProgrammableSource(OutputDataSetType='vtkPolyData', ScriptRequestInformation=INFORMATION,
                                     Script=f'seed, filled = {seed}, {filled}\n' + SOURCE)
    domains = simple.ClusterDomains(Input=ions, Eps=eps, MinSamples=samples)
    save_points(folder, name, domains, by='Place')
    save_table(folder, name + '_table', domains, 1)
    save_table(folder, name + '_sizes', domains, 2)
