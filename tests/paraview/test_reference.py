"""The published analysis of the small specimen, through the filters, in reference mode."""
import json
import os
import sys

import numpy
from harness import array, check, column, equal, output, simple
from paraview.vtk.util.numpy_support import numpy_to_vtk

folder = os.path.join(os.environ['CSRO_REFERENCE_DIR'], 'small')
if not os.path.isdir(folder):
    print('skipped: no reference cases in', os.environ['CSRO_REFERENCE_DIR'])
    sys.exit(77)


def load(name):
    return numpy.load(os.path.join(folder, name))


with open(os.path.join(folder, 'expected.json')) as file:
    expected = json.load(file)
box = expected['box_nm']
ions = simple.APTReader(FileName=os.path.join(folder, 'data.pos'),
                        RangesFileName=os.path.join(folder, 'specimen.rrng'))
voxels = simple.VoxelizeAPT(Input=ions, BoxMode='Given', Box=box)
centers = output(voxels)
check(numpy.allclose([centers.GetPoint(i) for i in range(centers.GetNumberOfPoints())],
                     load('voxel_centres.npy'), atol=1e-12))
curves = simple.ComputeZSDM(Input=ions, Voxels=voxels, Pairs='Ni-Ni')
check((array(output(curves), 'zSDM_Ni_Ni') == load('zsdm_Ni.npy')).all())
equal(array(output(curves, 1), 'CountSum_Ni_Ni', 'Field')[0], expected['pos']['count_sum'])

# Extraction and clustering of the published scores.
classified = simple.ClassifyCSRO(Input=curves, ReferenceMode=1)
pixels = output(classified, 1)
scores = load('pixel_scores_Ni.npy')
equal(pixels.GetNumberOfCells(), scores.size)
image = pixels.NewInstance()
image.CopyStructure(pixels)
image.GetFieldData().ShallowCopy(pixels.GetFieldData())
values = numpy_to_vtk(scores.astype(float).ravel(), deep=True)
values.SetName('Score_Published')
image.GetCellData().AddArray(values)
published = simple.PVTrivialProducer()
published.GetClientSideObject().SetOutput(image)
domains = simple.ClusterDomains(Input=ions, Pixels=published, ReferenceMode=1,
                                ScoreArray='Score_Published')
data = output(domains)
check((array(data, 'IonId') == numpy.sort(load('extracted_ion_ids_Ni.npy'))).all())
equal(output(domains, 1).GetNumberOfRows(), expected['pos']['clusters'])
equal((array(data, 'DomainId') < 0).sum(), expected['pos']['noise'])
equal(column(output(domains, 2), 'Domains').tolist(), expected['pos']['hist'])
