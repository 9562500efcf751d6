"""How well order is detected in specimens of known truth: writes the tables of docs/detection.md.

usage: CSRO_PLUGIN=APTCSRO.so pvpython tests/bench/detection.py [SEED ...]

Specimens: the frustum of 1.4 M ions (120 nm high, radius 7.5 to 10.5 nm, a = 0.36 nm, efficiency
0.52, noise 0.3 nm in x and y), 5e25 domains per m3 of 0.7 to 2.0 nm. Takes about a minute for each.
"""
import os
import sys
import time

import numpy
from paraview import simple
from paraview.vtk.util.numpy_support import vtk_to_numpy

simple.LoadPlugin(os.environ['CSRO_PLUGIN'], remote=False, ns=vars(simple))
seeds = [int(seed) for seed in sys.argv[1:]] or [101, 102]
CENTRE_INSIDE = 39  # ions: voxels that hold fewer have their centre outside of the specimen
SHARES = 0.05, 0.1, 0.2


def rows(proxy, port):
    proxy.UpdatePipeline()
    data = proxy.GetClientSideObject().GetOutputDataObject(port).GetRowData()
    return {data.GetArrayName(i): vtk_to_numpy(data.GetArray(i)) if data.GetArray(i) else None
            for i in range(data.GetNumberOfArrays())}


def specimen(sigma_z, seed, density=0.05):
    return simple.SimulateAPT(Shape='Frustum', Radius=[7.5, 10.5], Height=120, SigmaXY=0.3,
                              SigmaZ=sigma_z, DomainDensity=density, Diameter=[0.7, 2.0], Seed=seed)


def detect(ions, **options):
    voxels = simple.VoxelizeAPT(Input=ions, BoxText='-10,10,-10,10,-120,0')
    detected = simple.DetectOrder(Input=ions, Voxels=voxels, FalseShare=1, Twins=0, **options)
    start = time.time()
    detected.UpdatePipeline()
    return detected, time.time() - start


def evaluate(ions, detected, array):
    """A row of numbers for one specimen and one array of the voxels."""
    inside = simple.PythonCalculator(
        Input=detected, ArrayName='Judged',
        Expression=f"where(IonCount >= {CENTRE_INSIDE}, {array}, numpy.nan)")
    result = simple.EvaluateDetection(
        Input=inside, DomainIons=simple.OutputPort(detected, 1),
        TrueDomains=simple.OutputPort(ions, 1), Domains=simple.OutputPort(detected, 2),
        ProbabilityArray='Judged')
    classes, ranked = rows(result, 2), rows(result, 3)
    target = [numpy.flatnonzero(ranked['FalseShare'] <= 0.1)[-1]]
    recall = [ranked[name][target[0]] for name in ranked if name.startswith('Recall ')]
    declared = rows(detected, 2)
    cut = []
    for share in SHARES:
        count = int((declared['FalseShare'] <= share).sum())
        cut.append((count, ranked['FalseShare'][ranked['Reports'] == count][0] if count else 0))
    return classes['AUC'], classes['TruePositiveRate'], recall, cut


def line(name, values):
    print(f'| {name} | ' + ' | '.join(values) + ' |', flush=True)


def mean(values):
    return numpy.nanmean(numpy.array(values, float), axis=0)


print('| detector, sigma_z | AUC all | 0.7-1.0 nm | 1.0-1.3 | 1.3-1.6 | 1.6-2.0 | '
      'true positives at 1 % false | recall at 10 % false domains 0.7-1.0 | 1.0-1.3 | 1.3-1.6 | '
      '1.6-2.0 | declared 5, 10, 20 %: true share | seconds |\n' + '|---' * 13 + '|')
for name, sigma_z, options in (('all ions', 0.03, {}), ('all ions', 0.06, {}),
                               ('all ions', 0.08, {}), ('Ni alone', 0.03, {'SameSpeciesOnly': 1}),
                               ('Ni alone', 0.06, {'SameSpeciesOnly': 1}),
                               ('Ni alone', 0.08, {'SameSpeciesOnly': 1})):
    measured, seconds = [], []
    for seed in seeds:
        ions = specimen(sigma_z, seed)
        detected, spent = detect(ions, **options)
        measured.append(evaluate(ions, detected, 'P_order_Ni'))
        seconds.append(spent)
        for proxy in list(simple.GetSources().values())[::-1]:
            simple.Delete(proxy)
    auc, positive = mean([m[0] for m in measured]), mean([m[1] for m in measured])
    recall = mean([m[2] for m in measured])
    reports = numpy.array([m[3] for m in measured], float)
    share = (reports[:, :, 0] * reports[:, :, 1]).sum(0) / numpy.maximum(reports[:, :, 0].sum(0), 1)
    line(f'{name}, {sigma_z}',
         [f'{auc[0]:.3f}'] + [f'{value:.2f}' for value in auc[2:6]] + [f'{positive[0]:.2f}'] +
         [f'{value:.2f}' for value in recall[1:5]] +
         [', '.join(f'{100 * value:.0f} %' for value in share), f'{numpy.median(seconds):.0f}'])

print('\n| without order | domains judged to be there (0.05 to 1) | reported at 10 % |\n|---|---|---|')
for name, density, twin in ('no domains', 0, False), ('randomised labels', 0.05, True):
    ions = specimen(0.06, seeds[0], density)
    if twin:
        ions = simple.RandomizeIons(Input=ions)
    declared = rows(detect(ions)[0], 2)
    share = declared['FalseShare']
    line(name, [str(len(share)), str(int((share <= 0.1).sum()))])
