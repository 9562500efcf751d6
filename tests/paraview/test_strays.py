"""Ions far away from all others: named where their bounds would cost too much, harmless elsewhere."""
import time

from harness import Errors, array, check, column, equal, output, points, simple

specimen = simple.SimulateAPT(Shape='Box', Width=[10, 10], Height=12, SigmaXY=0.2, SigmaZ=0.02)
rest = output(specimen)
last = rest.GetNumberOfPoints() - 1


def stretched(far, axis, strays=1):
    """The specimen with its last ions far away."""
    data = rest.NewInstance()
    data.DeepCopy(rest)
    points(data)[-strays:, axis] = far
    source = simple.TrivialProducer()
    source.GetClientSideObject().SetOutput(data)
    return source


def curve(ions):
    begin = time.perf_counter()
    table = output(simple.ComputeZSDM(Input=ions, Voxels=None, Pairs='Ni-Ni'), 1)
    return column(table, table.GetColumnName(1)).copy(), time.perf_counter() - begin


def fails(proxy, *texts):
    errors = Errors(proxy)
    begin = time.perf_counter()
    output(proxy)
    equal(len(errors.texts), 1)
    for text in texts:
        check(text in errors.texts[0], errors.texts)
    check(time.perf_counter() - begin < 20)


expected, quick = curve(specimen)
for far in 1e5, -1e9, 1e30, 3e38:
    for axis in range(3):
        for strays in 1, 3:
            ions = stretched(far, axis, strays)
            names = f'ion {last - strays + 1} at ('
            count = '1 stray ion lies' if strays == 1 else '3 stray ions lie'
            fails(simple.VoxelizeAPT(Input=ions), names, count, 'Clip', 'Box')
            within = simple.VoxelizeAPT(Input=ions, BoxMode='Given', Box=[-5, 5, -5, 5, -12, 0])
            errors = Errors(within)
            equal(array(output(within), 'IonCount').max() > 0, True)
            equal(errors.texts, [])
            fails(simple.DetectOrder(Input=ions, Voxels=within), names, count, 'Clip')
            region = simple.ComputeZSDM(Input=ions, Voxels=None, Pairs='Ni-Ni')
            if abs(far) > 1e12:
                fails(region, names, count, 'Clip')
                fails(simple.ClusterDomains(Input=ions), names, count, 'Clip')
                continue
            found, seconds = curve(ions)
            check(abs(found - expected).sum() <= 0.02 * expected.sum())  # the strays' own pairs
            check(seconds < 10 * quick + 5, seconds)
