"""Outputs that do not fit: refused at once, with what they would take and what to change, and ParaView goes on."""
import resource
import time

from harness import Errors, check, equal, output, simple

specimen = simple.SimulateAPT(Shape='Box', Width=[6, 6], Height=6)
count = output(specimen).GetNumberOfPoints()
used = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 1500 * 1000 * 1000, resource.RLIM_INFINITY))


def refused(proxy, *texts):
    errors = Errors(proxy)
    began = time.time()
    output(proxy)
    check(time.time() - began < 5, f'{proxy.GetXMLName()} took {time.time() - began:.1f} s')
    check(len(errors.texts) == 1 and all(text in errors.texts[0] for text in texts), errors.texts)
    check(errors.texts[0].strip().count('\n') == 1, errors.texts)


free = 'GB of memory are free: '
refused(simple.SimulateAPT(Shape='Box', Width=[1000, 1000], Height=1000), free + 'choose a smaller specimen')
wide = [-50, 50, -50, 50, -100, 0]
refused(simple.VoxelizeAPT(Input=specimen, BoxMode='Given', Box=wide, Stride=0.1), free + 'choose a larger Stride')
voxels = simple.VoxelizeAPT(Input=specimen, BoxMode='Given', Box=[-12, 12, -12, 12, -24, 0])
curves = simple.ComputeZSDM(Input=specimen, Voxels=voxels, Pairs='Ni-Ni, Co-Co, Cr-Cr', Bins=2000, Window=1.5,
                            HalfRange=1.5, KeepCurves=1)
voxels.Stride = 0.25
refused(curves, free + 'turn KeepCurves off')
curves.KeepCurves = 0
curves.Bins = 20
errors = Errors(curves)
check(output(curves).GetNumberOfPoints() > 0 and not errors.texts, errors.texts)

# All is well afterwards.
equal(output(simple.RangeIons(Input=specimen)).GetNumberOfPoints(), count)
