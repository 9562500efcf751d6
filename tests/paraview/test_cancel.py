"""Progress is reported, and Cancel keeps the previous output without an error."""
from harness import Errors, array, check, equal, output, simple

specimen = simple.SimulateAPT(Shape='Box', Width=[14, 14], Height=14)
voxels = simple.VoxelizeAPT(Input=specimen)
curves = simple.ComputeZSDM(Input=specimen, Voxels=voxels, Pairs='Ni-Ni')
before = array(output(curves), 'zSDM_Ni_Ni').copy()
algorithm = curves.GetClientSideObject()
progress = []
cancel = [True]


def heard(_object, _event):
    progress.append(algorithm.GetProgress())
    if cancel[0]:
        algorithm.SetAbortExecute(1)


algorithm.AddObserver('ProgressEvent', heard)
errors = Errors(curves)
curves.Partners = 'In the whole data'
kept = array(output(curves), 'zSDM_Ni_Ni')
check(kept.shape == before.shape and (kept == before).all())
equal(output(curves, 1).GetNumberOfRows(), 93)
equal(errors.texts, [])
check(len(progress) > 1)

cancel[0] = False
curves.Pairs = 'Ni-Ni Co-Co'
wide = array(output(curves), 'zSDM_Ni_Ni')
check(wide.sum(dtype=int) > before.sum(dtype=int))
equal(progress[-1], 1)
equal(errors.texts, [])
