"""EvaluateDetection: numbers counted again from the arrays, options, errors."""
import numpy
from harness import Errors, array, check, column, equal, output, simple

specimen = simple.SimulateAPT(Shape='Box', Width=[9, 9], Height=9, SigmaXY=0.15, SigmaZ=0.02, Diameter=[0.8, 2.6])
truth = simple.OutputPort(specimen, 1)
curves = simple.ComputeZSDM(Input=specimen, Voxels=simple.VoxelizeAPT(Input=specimen), Pairs='Ni-Ni')
classified = simple.ClassifyCSRO(Input=curves)
domains = simple.ClusterDomains(Input=specimen, Pixels=simple.OutputPort(classified, 1), Threshold=2)
inputs = {'Input': classified, 'DomainIons': domains, 'TrueDomains': truth}
classified.UpdatePipeline()
evaluated = simple.EvaluateDetection(**inputs, Domains=simple.OutputPort(domains, 1), RankColumn='Size')
errors = Errors(evaluated)
equal(evaluated.ProbabilityArray, 'P_CSRO_Ni_Ni')
equal(list(evaluated.DiameterEdges), [0.7, 1.0, 1.3, 1.6, 2.0])

# Which voxels are in a domain, and which away from all.
image = output(classified)
probability = array(image, 'P_CSRO_Ni_Ni').astype('f4').astype(float)
centers = numpy.array([image.GetPoint(i) for i in range(image.GetNumberOfPoints())])
table = output(specimen, 1)
spheres = numpy.stack([column(table, f'Center{axis}_nm') for axis in 'XYZ'], 1)
diameters = column(table, 'Diameter_nm')
depth = numpy.linalg.norm(centers[:, None] - spheres, axis=2) - diameters / 2
inside, outside = (depth <= 0).any(1), (depth > 0.75).all(1)
owner = numpy.argmax(depth <= 0, 1)
defined = ~numpy.isnan(probability)


def area(positive):
    high, low = probability[defined & positive], probability[defined & outside]
    return ((high[:, None] > low).mean() + (high[:, None] == low).mean() / 2) if len(high) else numpy.nan


def near(found, expected, tolerance=1e-12):
    check(numpy.allclose(found, expected, rtol=0, atol=tolerance, equal_nan=True), f'{found} {expected}')


edges = [-numpy.inf, 0.7, 1, 1.3, 1.6, 2, numpy.inf]
sizes = [(diameters >= lo) & (diameters < hi) for lo, hi in zip(edges, edges[1:])]
names = ['below 0.7 nm', '0.7-1 nm', '1-1.3 nm', '1.3-1.6 nm', '1.6-2 nm', '2 nm and more']
roc, calibration, classes, ranked = (output(evaluated, port) for port in range(4))
equal(errors.texts, [])
equal(column(classes, 'Class'), ['all'] + names)
equal(list(column(classes, 'Domains')), [len(diameters)] + [size.sum() for size in sizes])
equal(list(column(classes, 'Voxels')), [(inside & defined).sum()] +
      [(inside & defined & size[owner]).sum() for size in sizes])
check(column(classes, 'Voxels')[0] > 100)
near(column(classes, 'AUC'), [area(inside)] + [area(inside & size[owner]) for size in sizes])
check(column(classes, 'AUC')[0] > 0.7, column(classes, 'AUC'))
near(array(roc, 'AUC', 'Field')[0], area(inside))
near(numpy.trapz(column(roc, 'TruePositiveRate'), column(roc, 'FalsePositiveRate')), area(inside), 1e-9)
near(numpy.trapz(column(roc, 'TruePositiveRate 2 nm and more'), column(roc, 'FalsePositiveRate')),
     area(inside & sizes[5][owner]), 1e-3)
at = column(roc, 'FalsePositiveRate') <= 0.01
for row, name in enumerate([''] + [' ' + name for name in names]):
    near(column(classes, 'TruePositiveRate')[row], column(roc, 'TruePositiveRate' + name)[at].max())

equal(calibration.GetNumberOfRows(), 10)
equal(column(calibration, 'Voxels').sum(), defined.sum())
bins = numpy.minimum((probability[defined] * 10).astype(int), 9)
for k in range(10):
    if (bins == k).any():
        near(column(calibration, 'MeanProbability')[k], probability[defined][bins == k].mean(), 1e-9)
        near(column(calibration, 'TrueShare')[k], inside[defined][bins == k].mean())

# Reports of at least each size.
ions = output(domains)
report, true = array(ions, 'DomainId'), array(ions, 'TrueDomainId')
counts = output(domains, 1)
rank = column(counts, 'Size')
wrong = numpy.array([2 * (true[report == k] >= 0).sum() < (report == k).sum() for k in range(len(rank))])
check(len(rank) > 5 and not wrong.all())
hits = numpy.stack([numpy.bincount(true[(report == k) & (true >= 0)], minlength=len(diameters))
                    for k in range(len(rank))]) >= 3
hits[wrong] = False
equal(ranked.GetNumberOfRows(), 1 + len(set(rank)))
for row in range(ranked.GetNumberOfRows()):
    taken = rank >= column(ranked, 'Threshold')[row]
    equal(column(ranked, 'Reports')[row], taken.sum())
    equal(column(ranked, 'FalseReports')[row], wrong[taken].sum())
    recalled = hits[taken].any(0)
    near(column(ranked, 'Recall')[row], recalled.mean())
    for size, name in zip(sizes, names):
        near(column(ranked, 'Recall ' + name)[row], recalled[size].mean() if size.any() else numpy.nan)
near(column(ranked, 'FDR')[1:], column(ranked, 'FalseReports')[1:] / column(ranked, 'Reports')[1:])
near(column(classes, 'Recall')[0], hits.any(0).mean())
near(column(classes, 'Precision')[0], 1 - wrong.mean())
target = int(array(ranked, 'TargetRow', 'Field')[0])
equal(target, max([0] + [row for row in range(1, ranked.GetNumberOfRows())
                         if column(ranked, 'FDR')[row] <= 0.1]))
near(column(classes, 'RecallAtTarget')[0], column(ranked, 'Recall')[target])

# Options. One size class is all; without ranks all reports come at once; random labels are found by chance.
evaluated.DiameterEdges = []
evaluated.Domains = None
equal(column(output(evaluated, 2), 'Class'), ['all'])
equal(list(column(output(evaluated, 3), 'Reports')), [0, len(rank)])
near(column(output(evaluated, 3), 'FDR')[1], wrong.mean())
before = array(output(evaluated, 0), 'AUC', 'Field')[0]
evaluated.Margin = 0
check(array(output(evaluated, 0), 'AUC', 'Field')[0] < before)
equal(errors.texts, [])


def refused(text, **options):
    asked = simple.EvaluateDetection(**{**inputs, **options})
    heard = Errors(asked)
    equal(output(asked).GetNumberOfRows(), 0)
    equal(len(heard.texts), 1)
    check(text in heard.texts[0], heard.texts)


refused('DiameterEdges', DiameterEdges=[2, 1])
refused('no point array P_none', ProbabilityArray='P_none')
refused('point array IonCount holds', ProbabilityArray='IonCount')
refused('no column of numbers Probability', Domains=simple.OutputPort(specimen, 1))
refused('no column of numbers Diameter_nm', TrueDomains=simple.OutputPort(domains, 1))
refused('no point array DomainId', DomainIons=specimen)
other = simple.SimulateAPT(Shape='Box', Width=[3, 3], Height=9)
refused('belongs to true domain', TrueDomains=simple.OutputPort(other, 1))
