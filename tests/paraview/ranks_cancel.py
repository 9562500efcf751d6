"""Cancel under MPI: whichever ranks are asked, all stop, keep their previous outputs and go on together."""
import time

import numpy
from harness import Errors, array, check, equal, output, simple
from mpi4py import MPI

ranks = MPI.COMM_WORLD.Dup()
me, last = ranks.rank, ranks.size - 1
everybody = list(range(ranks.size))


class Listener:
    """Hears the progress of a filter on this rank, and asks it to stop where told to."""

    def __init__(self, proxy, asked):
        self.algorithm = proxy.GetClientSideObject()
        self.patience = asked.index(me) if me in asked else None  # not all at the same time
        self.observer = self.algorithm.AddObserver('ProgressEvent', self.on_progress)

    def on_progress(self, _object, _event):
        if self.patience is None:
            return
        self.patience -= 1
        if self.patience < 0:
            self.algorithm.SetAbortExecute(1)

    def leave(self):
        self.algorithm.RemoveObserver(self.observer)


def parts(proxy):
    """The arrays of this rank's outputs."""
    proxy.UpdatePipeline()
    found = {}
    for port in range(proxy.GetClientSideObject().GetNumberOfOutputPorts()):
        data = output(proxy, port)
        for kind in ('Row',) if data.IsA('vtkTable') else ('Point', 'Cell'):
            attributes = getattr(data, f'Get{kind}Data')()
            for i in range(attributes.GetNumberOfArrays()):
                name = attributes.GetArrayName(i)
                found[port, kind, name] = numpy.array(array(data, name, kind))
    return found


def same(a, b):
    return a.keys() == b.keys() and all(
        a[key].shape == b[key].shape and numpy.array_equal(a[key], b[key], equal_nan=a[key].dtype.kind == 'f')
        for key in a)


def cancel(proxy, asked, **change):
    """A changed filter is cancelled on some ranks and keeps its outputs; then it does its work."""
    before = parts(proxy)
    follower = simple.PassThrough(Input=proxy)
    follower.UpdatePipeline()
    errors, listener = Errors(proxy), Listener(proxy, asked)
    for name, value in change.items():
        setattr(proxy, name, value)
    follower.UpdatePipeline()
    listener.leave()
    check(same(before, parts(proxy)), f'rank {me}: {proxy.GetXMLName()} asked on {asked} has another output')
    equal(errors.texts, [])
    proxy.GetClientSideObject().Modified()
    proxy.SMProxy.MarkDirty(proxy.SMProxy)
    after = parts(proxy)
    follower.UpdatePipeline()
    simple.Delete(follower)
    equal(errors.texts, [])
    differs = ranks.allreduce(not same(before, after))
    check(differs, f'{proxy.GetXMLName()} asked on {asked} did not work afterwards')


specimen = simple.SimulateAPT(Shape='Box', Width=[8, 8], Height=9, SigmaXY=0.2, SigmaZ=0.02)
voxels = simple.VoxelizeAPT(Input=specimen)
curves = simple.ComputeZSDM(Input=specimen, Voxels=voxels)
classified = simple.ClassifyCSRO(Input=curves)
domains = simple.ClusterDomains(Input=specimen, Eps=0.3)
copy = simple.RandomizeIons(Input=specimen)
ordered = simple.ClassifyCSRO(Input=simple.ComputeZSDM(Input=specimen, Voxels=simple.VoxelizeAPT(Input=specimen),
                                                       Pairs='Ni-Ni'))
compared = simple.CompareDomains(Domains=simple.ClusterDomains(Input=specimen, Pixels=simple.OutputPort(ordered, 1)),
                                 Ions=specimen, Copies=2)
for step, asked in enumerate(([0], [last], everybody)):
    cancel(compared, asked, Seed=2 + step)
    cancel(domains, asked, Eps=0.2 + step / 50)
    cancel(classified, asked, MinimumCounts=(200, 150, 50)[step])
    cancel(copy, asked, Seed=2 + step)
    cancel(curves, asked, Pairs=('Ni-Ni', 'Co-Co', 'Cr-Cr')[step])
    cancel(voxels, asked, Stride=(1, 0.25, 0.5)[step])
    cancel(specimen, asked, Seed=2 + step)

# A rank in a long section learns of it there. It waits until the news is out, then needs few callbacks.
region = simple.ComputeZSDM(Input=specimen, Voxels=voxels, Partners='In the whole data')
region.UpdatePipeline()
algorithm = region.GetClientSideObject()
heard = [0]


def on_progress(_object, _event):
    if not 0 < algorithm.GetProgress() < 1:
        return
    heard[0] += 1
    if heard[0] > 1:
        return
    if me == 0:
        algorithm.SetAbortExecute(1)
        for rank in range(1, ranks.size):
            ranks.send(None, rank)
    else:
        ranks.recv(source=0)
        time.sleep(0.3)


algorithm.AddObserver('ProgressEvent', on_progress)
region.Pairs = 'Ni-Ni Co-Co Cr-Cr Ni-Co Ni-Cr Co-Cr'
region.UpdatePipeline()
check(heard[0] <= 2, f'rank {me} has reported progress {heard[0]} times')
