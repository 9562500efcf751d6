"""Probabilities, scores and domains of a synthetic specimen: what must hold without a reference."""
import os

import numpy
from harness import Errors, array, check, column, equal, names, output, points, simple, temporary

specimen = simple.SimulateAPT(Shape='Box', Width=[8, 8], Height=8, SigmaXY=0.2, SigmaZ=0.02,
                                Diameter=[1.4, 2.6])
voxels = simple.VoxelizeAPT(Input=specimen)
curves = simple.ComputeZSDM(Input=specimen, Voxels=voxels, Pairs='Ni-Ni Co-Co')
executions = []
curves.GetClientSideObject().AddObserver('StartEvent', lambda *event: executions.append(1))
classified = simple.ClassifyCSRO(Input=curves)
image = output(classified)
for pair in 'Ni_Ni', 'Co_Co':
    probability = array(image, 'P_CSRO_' + pair)
    equal(probability.dtype, numpy.float64)
    usable = ~numpy.isnan(probability)
    check(usable.any() and (probability[usable] >= 0).all() and (probability[usable] <= 1).all())
    check((numpy.isnan(array(image, f'P_CSRO_{pair}_StdDev')) == ~usable).all())
    check((usable == (array(image, 'zSDM_' + pair).sum(1) >= 100)).all())
    equal(array(image, 'VoxelsDefined_CSRO_' + pair, 'Field')[0], usable.sum())
pixels = output(classified, 1)
equal(names(pixels, 'Cell'), ['Score_CSRO_Ni_Ni', 'Score_CSRO_Co_Co'])
equal(numpy.subtract(pixels.GetDimensions(), image.GetDimensions()).tolist(), [2, 2, 2])
equal(numpy.subtract(image.GetOrigin(), pixels.GetOrigin()).tolist(), [0.5, 0.5, 0.5])
equal(len(executions), 1)

# A score is eight times the mean of the voxels that cover the pixel, or their sum as published.
nz, ny, nx = image.GetDimensions()[::-1]
p = array(image, 'P_CSRO_Ni_Ni').reshape(nz, ny, nx).copy()


def scores(combine):
    result = numpy.empty((nz + 1, ny + 1, nx + 1))
    for k, j, i in numpy.ndindex(result.shape):
        result[k, j, i] = combine(p[max(0, k - 1):k + 1, max(0, j - 1):j + 1, max(0, i - 1):i + 1])
    return result.ravel()


check(numpy.allclose(array(pixels, 'Score_CSRO_Ni_Ni', 'Cell'), scores(lambda v: 8 * v.mean()),
                     atol=1e-12, equal_nan=True))
classified.Preprocessing = 'As in the published analysis'
classified.MinimumCounts = 0
p = array(output(classified), 'P_CSRO_Ni_Ni').reshape(nz, ny, nx).copy()
classified.Preprocessing = 'As the model was trained'
classified.MinimumCounts = 100
classified.ReferenceMode = 1  # implies the published preprocessing, of all curves
check(numpy.allclose(array(output(classified, 1), 'Score_CSRO_Ni_Ni', 'Cell'), scores(numpy.sum),
                     atol=1e-12, equal_nan=True))
classified.ReferenceMode = 0
pixels = output(classified, 1)

# Without curves in memory: the same bits, from the ions.
def same(one, other, port, kind):
    one, other = output(one, port), output(other, port)
    for name in names(one, kind):
        if not name.startswith('zSDM_'):
            equal(array(one, name, kind).tobytes(), array(other, name, kind).tobytes())


for pairs, model, properties in (
        ('Ni-Ni Co-Co', {}, {}), ('Co-Ni', {'ReferenceMode': 1}, {}),
        ('Ni-Ni', {'MinimumCounts': 20}, {'Partners': 'In the whole data'})):
    kept = simple.ComputeZSDM(Input=specimen, Voxels=voxels, Pairs=pairs, **properties)
    light = simple.ComputeZSDM(Input=specimen, Voxels=voxels, Pairs=pairs, KeepCurves=0, **properties)
    check(not any(name.startswith('zSDM_') for name in names(output(light))))
    same(kept, light, 1, 'Row')
    for name in 'VoxelsWithIons', 'CountSum_' + pairs.split()[0].replace('-', '_'):
        equal(array(output(kept, 1), name, 'Field'), array(output(light, 1), name, 'Field'))
    usual = simple.ClassifyCSRO(Input=kept, **model)
    streamed = simple.ClassifyCSRO(Input=light, Ions=specimen, **model)
    for port, kind in (0, 'Point'), (1, 'Cell'):
        equal(names(output(usual, port), 'Field'), names(output(streamed, port), 'Field'))
        same(usual, streamed, port, kind)
for proxy in simple.ClassifyCSRO(Input=light), simple.ExplainCSRO(Input=light):
    errors = Errors(proxy)
    proxy.UpdatePipeline()
    check('do not keep the curves of Ni-Ni: turn Keep Curves on' in errors.texts[0], errors.texts)

# The ions of the selected pixels, and their domains.
domains = simple.ClusterDomains(Input=specimen, Pixels=simple.OutputPort(classified, 1))
found = output(domains)
ions = output(specimen)
score = array(pixels, 'Score_CSRO_Ni_Ni', 'Cell').reshape(nz + 1, ny + 1, nx + 1)
place = numpy.floor((points(ions).astype(float) - pixels.GetOrigin()) / 0.5).astype(int)
inside = ((place >= 0) & (place < (nx + 1, ny + 1, nz + 1))).all(1)
keep = numpy.zeros(len(place), bool)
keep[inside] = score[place[inside, 2], place[inside, 1], place[inside, 0]] > 3.75
check(keep.sum() > 50, keep.sum())
check((array(found, 'IonId') == numpy.flatnonzero(keep)).all())
equal(found.GetPointData().GetScalars().GetName(), 'DomainId')
for name in names(ions):
    check((array(found, name) == array(ions, name)[keep]).all(), name)
label = array(found, 'DomainId')
table, histogram = output(domains, 1), output(domains, 2)
sizes = numpy.bincount(label[label >= 0], minlength=1)
equal(table.GetNumberOfRows(), label.max() + 1)
mean = score[tuple(place[keep].T[::-1])] / 8
expected = [mean[label == row].mean() for row in range(label.max() + 1)]
check(numpy.allclose(column(table, 'Probability'), expected, atol=1e-6))
check(numpy.allclose(array(found, 'Probability'), numpy.where(label < 0, 0, numpy.array(expected)[label]), atol=1e-6))
check((column(table, 'Size') == sizes).all())
check((array(found, 'DomainSize') == numpy.where(label < 0, 0, sizes[label])).all())
check((sum(column(table, 'Count_' + name) for name in array(ions, 'SpeciesNames', 'Field')) ==
       sizes).all())
for row in 0, table.GetNumberOfRows() - 1:
    mine = points(found)[label == row].astype(float)
    center = [column(table, f'Center{axis}_nm')[row] for axis in 'XYZ']
    check(numpy.allclose(center, mine.mean(0), atol=1e-6))
    extent = [column(table, f'Extent{axis}_nm')[row] for axis in 'XYZ']
    check(numpy.allclose(extent, abs(mine - mine.mean(0)).max(0), atol=1e-6))
    span = [column(table, f'Span{axis}_nm')[row] for axis in 'XYZ']
    check(numpy.allclose(span, mine.max(0) - mine.min(0), atol=1e-6))
    gyration = [column(table, f'Rg{axis}_nm')[row] for axis in 'XYZ']
    check(numpy.allclose(gyration, mine.std(0), atol=1e-6))
    ranged = sizes[row] - column(table, 'Count_unranged')[row]
    check(column(table, 'Fraction_Ni')[row] == column(table, 'Count_Ni')[row] / ranged)
equal(histogram.GetNumberOfRows(), 32)
equal(column(histogram, 'Domains').sum(), table.GetNumberOfRows())
equal(column(histogram, 'Size')[31], 155)
check(array(found, 'AnalysedVolume_nm3', 'Field')[0] > 0)
domains.ScoreArray = 'Score_CSRO_Co_Co'
check(output(domains).GetNumberOfPoints() != len(label))

# Nothing above the threshold: empty outputs with the right arrays and no error.
errors = Errors(domains)
domains.Threshold = 8
empty = output(domains)
equal(empty.GetNumberOfPoints(), 0)
check('DomainId' in names(empty) and 'IonId' in names(empty), names(empty))
equal(output(domains, 1).GetNumberOfRows(), 0)
check('AspectRatio' in names(output(domains, 1), 'Row'))
equal(names(output(domains, 1), 'Row')[:3], ['Domain', 'Size', 'Probability'])
equal(column(output(domains, 2), 'Domains').sum(), 0)
equal(errors.texts, [])

# Without pixels all ions are clustered.
alone = simple.ClusterDomains(Input=simple.Threshold(Input=specimen, Scalars=['POINTS', 'TrueDomainId'],
                                                     LowerThreshold=0, UpperThreshold=1e9))
check(output(alone).GetNumberOfPoints() > 0)
check(output(alone, 1).GetNumberOfRows() > 0)

# Errors, each once.
domains.ScoreArray = 'Score_Nothing'
output(domains)
equal(len(errors.texts), 1)
check('Score_Nothing' in errors.texts[0], errors.texts)
domains.ScoreArray = ''
errors = Errors(classified)
curves.Bins = 100
equal(output(classified).GetNumberOfPoints(), 0)
equal(len(errors.texts), 1)
check('of 100' in errors.texts[0] and 'of 200' in errors.texts[0], errors.texts)
curves.Bins = 200
path = os.path.join(temporary, 'model.xml')
with open(path, 'w') as file:
    file.write('<nothing/>')
classified.ModelFile = path
equal(output(classified).GetNumberOfPoints(), 0)
equal(len(errors.texts), 2)
check('model.xml' in errors.texts[1], errors.texts)
classified.ModelFile = ''
check(output(classified).GetNumberOfPoints() > 0)
equal(len(errors.texts), 2)

# Other shipped models; that of Fe-Al needs its own pairs.
before = array(output(classified), 'P_CSRO_Ni_Ni')
classified.ShippedModel = 'CoCrNi 111'
classified.Force = 1  # the planes are those of 002
check(not numpy.array_equal(array(output(classified), 'P_CSRO_Ni_Ni'), before, equal_nan=True))
classified.ShippedModel = 'Fe-Al 002'
equal(output(classified).GetNumberOfPoints(), 0)
equal(len(errors.texts), 3)
check('the model needs the curves of Fe-Fe' in errors.texts[2], errors.texts)
classified.ShippedModel = 'CoCrNi 002'
classified.Force = 0
other = simple.ClassifyCSRO(Input=voxels)
errors = Errors(other)
output(other)
equal(len(errors.texts), 1)
check('zSDM' in errors.texts[0], errors.texts)

# Voxels that were written and read classify the same.
path = os.path.join(temporary, 'curves.vti')
simple.SaveData(path, proxy=curves, DataMode='Binary')
again = simple.ClassifyCSRO(Input=simple.XMLImageDataReader(FileName=[path]))
check(numpy.array_equal(array(output(again), 'P_CSRO_Ni_Ni'),
                        array(output(classified), 'P_CSRO_Ni_Ni'), equal_nan=True))
