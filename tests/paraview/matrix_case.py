"""matrix_case.py FOLDER: the whole analysis of one specimen, once for every way to spread its ions over the ranks,
under pvbatch with any number of ranks; writes FOLDER/RANKS.json. Without FOLDER/ions.npy: makes the specimen."""
import hashlib
import json
import os
import sys

import numpy

sys.path.insert(0, os.environ['CSRO_SAMPLE_STATES'])
import csro_files
import csro_outputs
import csro_pipeline
import csro_plugin
from csro_batch import leave
from paraview import servermanager, simple
from paraview.vtk.util.numpy_support import vtk_to_numpy

folder = sys.argv[1]
pos, ranges, table = (os.path.join(folder, name) for name in ('ions.pos', 'ions.rrng', 'ions.npy'))
box = (-3, 3, -3, 3, -6, -1)

# Runs on every rank: the ions of this rank, as `spread` says.
SOURCE = '''
import numpy
from mpi4py import MPI
from vtkmodules.util.numpy_support import numpy_to_vtk
rank, ranks = MPI.COMM_WORLD.rank, MPI.COMM_WORLD.size
ions = numpy.load(table)
count = len(ions)
part = numpy.arange(count) * ranks // count
if spread == 'one':
    part[:] = ranks - 1
elif spread == 'empty':
    part = numpy.minimum(numpy.arange(count) * (ranks - 1) // count + 1, ranks - 1)  # nothing on the first
mine = numpy.flatnonzero(part == rank)
ghost = numpy.zeros(len(mine), 'u1')
if spread == 'ghosts':
    others = numpy.flatnonzero(part != rank)[::7]
    mine, ghost = numpy.concatenate([others[::2], mine, others[1::2]]), numpy.concatenate(
        [numpy.ones(len(others[::2]), 'u1'), ghost, numpy.ones(len(others[1::2]), 'u1')])
def keep(name, values):
    array = numpy_to_vtk(numpy.ascontiguousarray(values), deep=True)
    array.SetName(name)
    return array
from vtkmodules.vtkCommonCore import vtkPoints
points = vtkPoints()
points.SetData(keep('Points', ions[mine, :3].astype('f4')))
output.SetPoints(points)
output.GetPointData().AddArray(keep('MassToCharge', ions[mine, 3].astype('f4')))
output.GetPointData().AddArray(keep('IonId', mine.astype('i8')))
if spread == 'ghosts':
    output.GetPointData().AddArray(keep('vtkGhostType', ghost))
'''
INFORMATION = '''
from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm
self.GetExecutive().GetOutputInformation(0).Set(vtkAlgorithm.CAN_HANDLE_PIECE_REQUEST(), 1)
'''


def spread_source(spread):
    """Ions that lie on the ranks in a given way. Scripts of sources fill this module with all names of numpy."""
    return simple.ProgrammableSource(OutputDataSetType='vtkPolyData', ScriptRequestInformation=INFORMATION,
                                     Script=f'table, spread = {table!r}, {spread!r}\n' + SOURCE)


def make_specimen():
    specimen = csro_plugin.load_plugin().SimulateAPT(Shape='Box', Width=[7, 7], Height=7, SigmaXY=0.2, SigmaZ=0.02,
                                                       DomainDensity=0.1, Diameter=[1.4, 2.6])
    specimen.UpdatePipeline()
    made = specimen.GetClientSideObject().GetOutputDataObject(0)
    label = vtk_to_numpy(made.GetPointData().GetArray('TrueSpecies'))
    ions = numpy.column_stack([vtk_to_numpy(made.GetPoints().GetData()), 10.0 + 10 * label])
    ions.astype('>f4').tofile(pos)
    numpy.save(table, ions)
    with open(ranges, 'w', encoding='ascii') as file:
        file.write('[Ions]\nNumber=4\nIon1=Co\nIon2=Cr\nIon3=Ni\nIon4=H\n[Ranges]\nNumber=4\n'
                   'Range1=19.9 20.1 Co:1\nRange2=29.9 30.1 Cr:1\nRange3=39.9 40.1 Ni:1\nRange4=49.9 50.1 H:1\n')


def digest_of(domains):
    """The domain of every ion that was extracted, in the order of the file."""
    ions = servermanager.Fetch(domains).GetPointData()
    if domains.GetDataInformation().GetNumberOfPoints() == 0:
        return ''
    number, domain = (vtk_to_numpy(ions.GetArray(name)).astype('i8') for name in ('IonId', 'DomainId'))
    order = numpy.argsort(number, kind='stable')
    return hashlib.sha256(numpy.stack([number[order], domain[order]]).tobytes()).hexdigest()


def plain(columns):
    return {name: [None if value != value else value for value in values] for name, values in columns.items()}


def analyse(spread, threads, limits=box):
    """The results and tables; ions as the reader puts them on the ranks, or as `spread` says."""
    found = csro_pipeline.analyse(spread_source(spread) if spread else pos, ranges, pairs='Ni-Ni,Co-Cr', box=limits,
                                  copies=1, threads=threads)
    summary = {key: found.results[key] for key in ('ions', 'species', 'voxels', 'pairs')}
    if spread == 'ghosts':
        summary['ions'] = int(numpy.sum(list(summary['species'].values())))  # points are more
    summary['labels'] = {key: digest_of(domains) for key, domains in found.domains.items()}
    summary['tables'] = {key: plain(csro_outputs.columns_of(csro_outputs.output(domains, 1)))
                         for key, domains in found.domains.items()}
    summary['curves'] = plain(csro_outputs.columns_of(csro_outputs.output(found.curves, 1)))
    for proxy in list(simple.GetSources().values()):
        simple.Delete(proxy)
    return summary


def run():
    if not os.path.exists(table):
        make_specimen()
        return
    found = {}
    for threads in 1, 2:
        found[f'file, {threads} threads'] = analyse(None, threads)
    if csro_plugin.ranks() > 1:
        for k, spread in enumerate(('one', 'empty', 'ghosts')):
            found[spread] = analyse(spread, 1 + k % 2)
    found['two layers'] = analyse(None, 2, (-2, 2, -2, 2, -3, -1.5))
    found['two voxels'] = analyse(None, 1, (-1, 0.5, -0.5, 0.5, -3, -2))
    with open(os.path.join(folder, f'{csro_plugin.ranks()}.json'), 'w', encoding='utf-8') as file:
        json.dump(found, file)


try:
    run()
except csro_files.Failure as failure:
    print(f'matrix_case.py: {failure}', file=sys.stderr)
    leave(2)
