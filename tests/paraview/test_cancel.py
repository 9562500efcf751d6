"""Progress is reported, and Cancel keeps the previous output without an error."""
from harness import Errors, array, check, column, equal, output, simple

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

# In the middle of a copy that Compare Domains makes; its progress never falls.
ordered = simple.ClassifyCSRO(Input=simple.ComputeZSDM(Input=specimen, Voxels=voxels, Pairs='Ni-Ni'))
domains = simple.ClusterDomains(Input=specimen, Pixels=simple.OutputPort(ordered, 1))
compared = simple.CompareDomains(Domains=domains, Ions=specimen, Copies=2)
before = list(column(output(compared, 2), 'CountSum'))
algorithm = compared.GetClientSideObject()
errors = Errors(compared)
fractions = []


def on_progress(_object, _event):
    fractions.append(algorithm.GetProgress())
    if cancel[0] and fractions[-1] > 0.5:
        algorithm.SetAbortExecute(1)


algorithm.AddObserver('ProgressEvent', on_progress)
cancel[0] = True
compared.Seed = 2
equal(list(column(output(compared, 2), 'CountSum')), before)
check(0.5 < fractions[-2] < 0.6, fractions)  # the last is what VTK says of every end
cancel[0] = False
fractions.clear()
compared.Seed = 3
check(list(column(output(compared, 2), 'CountSum')) != before)
equal(errors.texts, [])
equal(fractions, sorted(fractions))

# Before it has made anything: what follows has no fault of its own to tell, and runs when the first has run.
voxels = simple.VoxelizeAPT(Input=specimen)
order = simple.DetectOrder(Input=specimen, Voxels=voxels, Species='Ni', SigmaXY=0.3)
algorithm = voxels.GetClientSideObject()
cancel[0] = True
algorithm.AddObserver('ProgressEvent', lambda *_: algorithm.SetAbortExecute(1) if cancel[0] else None)
both = Errors(voxels), Errors(order)
equal(output(order, 2).GetNumberOfRows(), 0)
cancel[0] = False
voxels.Edge = 1.5
check(output(order, 2).GetNumberOfRows() > 0)
equal([each.texts for each in both], [[], []])
