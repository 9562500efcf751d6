"""Voxels: grid, counts against a brute-force count, boxes, ghost points, errors."""
import os

import numpy
from harness import Errors, array, check, equal, output, points, simple, temporary

specimen = simple.SimulateAPT(Shape='Box', Width=[6, 6], Height=6)
ions = output(specimen)
voxels = simple.VoxelizeAPT(Input=specimen)
image = output(voxels)
xyz = points(ions).astype(float)
lo = numpy.ceil(xyz.min(0) / 0.5) * 0.5
hi = numpy.floor(xyz.max(0) / 0.5) * 0.5
shape = numpy.round((hi - lo) / 0.5).astype(int) - 1
equal(image.GetDimensions(), tuple(shape))
equal(image.GetSpacing(), (0.5, 0.5, 0.5))
equal(image.GetOrigin(), tuple(lo + 0.5))
names = array(ions, 'SpeciesNames', 'Field')
nickel = xyz[array(ions, 'Species') == names.index('Ni')]
for index in 0, 17, image.GetNumberOfPoints() // 2, image.GetNumberOfPoints() - 1:
    center = numpy.array(image.GetPoint(index))
    equal(array(image, 'IonCount')[index], (((xyz - center) ** 2).sum(1) <= 0.75 ** 2).sum())
    equal(array(image, 'Count_Ni')[index], (((nickel - center) ** 2).sum(1) <= 0.75 ** 2).sum())
equal(array(image, 'SpeciesNames', 'Field'), names)
volume = array(image, 'AnalysedVolume_nm3', 'Field')[0]
check(0.8 * 216 < volume < 1.2 * 216, volume)

# A given box; a new stride; the extent follows the ions.
voxels.BoxMode = 'Given'
voxels.Box = [-2, 2, -2, 2, -5, -1]
equal(output(voxels).GetExtent(), (0, 6, 0, 6, 0, 6))
voxels.Stride = 0.25
equal(output(voxels).GetExtent(), (0, 12, 0, 12, 0, 12))
voxels.BoxMode = 'Bounds of the ions'
voxels.Stride = 0.5
specimen.Height = 7
check(output(voxels).GetExtent()[5] >= shape[2])
specimen.Height = 6
equal(output(voxels).GetExtent()[5], shape[2] - 1)

# Written and read.
path = os.path.join(temporary, 'voxels.vti')
simple.SaveData(path, proxy=voxels, DataMode='Binary')
again = output(simple.XMLImageDataReader(FileName=[path]))
check((array(again, 'IonCount') == array(output(voxels), 'IonCount')).all())
check((array(again, 'CSRO_Grid', 'Field') == array(output(voxels), 'CSRO_Grid', 'Field')).all())

# Points that other ranks own do not count; unstructured grids and points without cells do.
ghosts = simple.Calculator(Input=specimen, ResultArrayName='vtkGhostType',
                           Function='IonId - 2 * floor(IonId / 2)', ResultArrayType='Unsigned Char')
half = xyz[::2]
image = output(simple.VoxelizeAPT(Input=ghosts, BoxMode='Given', Box=[-2, 2, -2, 2, -5, -1]))
center = numpy.array(image.GetPoint(100))
equal(array(image, 'IonCount')[100], (((half - center) ** 2).sum(1) <= 0.75 ** 2).sum())
part = simple.Threshold(Input=specimen, Scalars=['POINTS', 'IonId'], ThresholdMethod='Between',
                        LowerThreshold=0, UpperThreshold=len(xyz) // 2)
check(output(part).IsA('vtkUnstructuredGrid'))
image = output(simple.VoxelizeAPT(Input=part))
check(0 < image.GetNumberOfPoints() < again.GetNumberOfPoints())

# Errors: one message, an empty image, and all is well again afterwards.
errors = Errors(voxels)
for name, good, bad in ('Stride', 0.5, 0.3), ('BallRadius', 0.75, -1.0), ('Edge', 1.0, 50.0):
    setattr(voxels, name, bad)
    equal(output(voxels).GetNumberOfPoints(), 0)
    equal(len(errors.texts), 1)
    errors.texts.clear()
    setattr(voxels, name, good)
    equal(output(voxels).GetNumberOfPoints(), again.GetNumberOfPoints())
    equal(errors.texts, [])

# Too few ions: one line says so.
crumb = simple.VoxelizeAPT(Input=simple.SimulateAPT(Shape='Box', Width=[1, 1], Height=6), Stride=1)
errors = Errors(crumb)
equal(output(crumb).GetNumberOfPoints(), 0)
equal([text.split('): ')[-1].strip() for text in errors.texts],
      ['the ions are less than two strides wide along an axis: too few for voxels'])
