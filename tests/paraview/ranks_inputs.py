"""Groups of ions are the same ions for any number of ranks, and so is what is said about ions that are refused."""
import os
import sys

import numpy
from collect import save_image, save_points
from harness import Errors, output, points, simple
from mpi4py import MPI

folder = sys.argv[1]
first = simple.SimulateAPT(Shape='Box', Width=[5, 5], Height=5)
second = simple.SimulateAPT(Shape='Box', Width=[5, 5], Height=5, Seed=2)
group = simple.GroupDatasets(Input=[first, second])
save_points(folder, 'ions', simple.RangeIons(Input=group))
save_image(folder, 'voxels', simple.VoxelizeAPT(Input=group))

# The ions of all ranks have numbers 0, 1, 2 ...; some lose their position.
data = output(first)
before = MPI.COMM_WORLD.scan(data.GetNumberOfPoints()) - data.GetNumberOfPoints()
copy = data.NewInstance()
copy.DeepCopy(data)
for number in 4321, 1234, 5000:
    if 0 <= number - before < copy.GetNumberOfPoints():
        points(copy)[number - before, number % 3] = numpy.nan
source = simple.TrivialProducer()
source.GetClientSideObject().SetOutput(copy)
spoilt = simple.RandomizeIons(Input=source)
errors = Errors(spoilt)
spoilt.UpdatePipeline()
huge = simple.VoxelizeAPT(Input=first, BoxMode='Given', Box=[-70, 70, -70, 70, -140, 0], Stride=0.1)
too_much = Errors(huge)
huge.UpdatePipeline()
if MPI.COMM_WORLD.rank == 0:
    assert len(errors.texts) == 1 and '3 of ' in errors.texts[0], errors.texts
    assert 'the first is point 1234:' in errors.texts[0], errors.texts
    text = errors.texts[0].split('): ', 1)[1]
    numpy.save(os.path.join(folder, 'said.npy'), numpy.frombuffer(text.encode(), 'u1'))
    assert len(too_much.texts) == 1 and 'choose a larger Stride' in too_much.texts[0], too_much.texts
