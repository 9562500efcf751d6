"""Compare Domains makes copies of the ions itself: the same counts as by the filters one after the other, with the
settings that the domains carry."""
import os
import shutil

from harness import Errors, check, column, equal, output, simple, temporary

COUNTS = {'VoxelsDefined': 'defined', 'VoxelsOverflowed': 'overflowed', 'CountSum': 'sum', 'PixelsSelected': 'pixels',
          'IonsExtracted': 'ions', 'Domains': 'domains', 'Noise': 'noise', 'Largest': 'largest'}

# Order on every plane of a small specimen, and thresholds low enough for copies to have domains.
specimen = simple.SimulateAPT(Shape='Box', Width=[7, 7], Height=8, SigmaXY=0.2, SigmaZ=0.02, Diameter=[1.4, 2.6])
shared = {'voxels': {}, 'curves': {'Pairs': 'Ni-Ni'}, 'classify': {}, 'cluster': {'Threshold': 0.3}}


def number(data, name):
    return data.GetFieldData().GetArray(name).GetTuple1(0)


def chain(ions, settings, score=None):
    """Domain ions by the filters one after the other, and their counts."""
    voxels = simple.VoxelizeAPT(Input=ions, **settings['voxels'])
    curves = simple.ComputeZSDM(Input=ions, Voxels=voxels, **settings['curves'])
    classified = simple.ClassifyCSRO(Input=curves, Ions=ions, **settings['classify'])
    pixels = output(classified, 1)
    score = score or pixels.GetCellData().GetArrayName(0)
    domains = simple.ClusterDomains(Input=ions, Pixels=simple.OutputPort(classified, 1), ScoreArray=score,
                                    **settings['cluster'])
    extracted = output(domains)
    sizes = [int(size) for size in column(output(domains, 1), 'Size')]
    sums = output(curves, 1).GetFieldData()
    names = [sums.GetArrayName(i) for i in range(sums.GetNumberOfArrays())]
    counts = {'defined': number(pixels, 'VoxelsDefined_' + score[6:]),
              'overflowed': number(pixels, 'VoxelsOverflowed_' + score[6:]),
              'sum': sum(sums.GetArray(name).GetTuple1(0) for name in names if name.startswith('CountSum_')),
              'pixels': number(extracted, 'PixelsSelected'), 'ions': extracted.GetNumberOfPoints(),
              'domains': len(sizes), 'noise': extracted.GetNumberOfPoints() - sum(sizes),
              'largest': max(sizes, default=0)}
    return domains, counts, list(column(output(domains, 2), 'Domains'))


def check_copies(settings, score=None, copies=2, seed=5, domains=None, specimen=specimen, **rules):
    """Returns how many domains the copies have."""
    domains = domains or chain(specimen, settings, score)[0]
    compared = simple.CompareDomains(Domains=domains, Ions=specimen, Copies=copies, Seed=seed, **rules)
    errors = Errors(compared)
    table, histograms = output(compared, 2), output(compared, 1)
    equal(errors.texts + errors.warnings, [])
    equal(list(column(table, 'Seed')), [seed + copy for copy in range(copies)])
    for copy in range(copies):
        ions = simple.RandomizeIons(Input=specimen, Seed=seed + copy, **rules)
        _, counts, histogram = chain(ions, settings, score)
        for name, key in COUNTS.items():
            equal((name, column(table, name)[copy]), (name, counts[key]))
        equal(list(column(histograms, f'Copy {copy + 1}')), histogram)
    equal(output(compared).GetNumberOfRows(), 1)
    return sum(column(table, 'Domains'))


def settings(**changed):
    return {step: {**values, **changed.get(step, {})} for step, values in shared.items()}


check(check_copies(settings()) > 0)
check_copies(settings(), Exchange='All ions', Within='Neighbourhoods', NeighbourhoodIons=500)
check(check_copies(settings(classify={'ReferenceMode': 1}, cluster={'ReferenceMode': 1, 'Threshold': 0.5})) > 0)
check_copies(settings(voxels={'BoxMode': 'Given', 'BoxText': '-3,3,-3.5,2.5,-7,0', 'Edge': 1.2, 'Stride': 0.4},
                      curves={'Pairs': 'Ni-Co', 'Partners': 'In the whole data'},
                      classify={'MinimumCounts': 50, 'Preprocessing': 1},
                      cluster={'Eps': 0.5, 'MinSamples': 5}), copies=1)

# The settings come through a file.
first = chain(specimen, settings())[0]
path = os.path.join(temporary, 'domains.vtp')
simple.SaveData(path, proxy=first, DataMode='Binary')
check_copies(settings(), copies=1, domains=simple.XMLPolyDataReader(FileName=[path]))

# Given copies stay possible, and none are made beside them; other settings than those of the data are refused.
given = chain(simple.RandomizeIons(Input=specimen, Seed=5), settings())[0]
compared = simple.CompareDomains(Domains=first, GivenCopies=[given], Ions=specimen, Copies=2)
equal(output(compared, 2).GetNumberOfRows(), 0)
for port, (step, name, value) in enumerate([('cluster', 'MinSamples', 4), ('classify', 'MinimumCounts', 99),
                                            ('voxels', 'BallRadius', 0.8)]):
    other = chain(simple.RandomizeIons(Input=specimen, Seed=5), settings(**{step: {name: value}}))[0]
    refused = simple.CompareDomains(Domains=first, GivenCopies=[given, simple.OutputPort(other, 2 * (port % 2))])
    errors = Errors(refused)
    refused.UpdatePipeline()
    check(len(errors.texts) == 1 and 'copy 2' in errors.texts[0] and name in errors.texts[0], errors.texts)


def check_refused(text, domains, ions, **properties):
    refused = simple.CompareDomains(Domains=domains, Ions=ions, Copies=2, **properties)
    errors = Errors(refused)
    refused.UpdatePipeline()
    check(len(errors.texts) == 1 and text in errors.texts[0], errors.texts)


# A model file, which is another one by the time of the copies.
models = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'xml', 'models')
model = shutil.copy(os.path.join(models, 'cocrni-111.xml'), os.path.join(temporary, 'model.xml'))
by_file = settings(classify={'ModelFile': model, 'Force': 1})  # the crystal is another one
check_copies(by_file, copies=1)
domains = chain(specimen, by_file)[0]
shutil.copy(os.path.join(models, 'cocrni-002.xml'), model)
check_refused('model.xml: is not the model any more', domains, specimen)

# Several channels and ordered classes.
alloy = simple.SimulateAPT(Crystal='Fe-Al 002', Shape='Box', Width=[4, 4], Height=5)
of_alloy = {'voxels': {'BallRadius': 0.5}, 'curves': {'Pairs': 'Fe-Fe, Al-Al', 'Partners': 'In the whole data'},
            'classify': {'ShippedModel': 'Fe-Al 002'}, 'cluster': {'Threshold': 0.5}}
for score in 'Score_B2_Fe_Fe__Al_Al', 'Score_D03_Fe_Fe__Al_Al':
    check_copies(of_alloy, score, copies=1, specimen=alloy)

# Other ions than those of the domains.
check_refused('not those of the domains', first, simple.SimulateAPT(Shape='Box', Width=[7, 7], Height=8, Seed=2))

# Domains that were extracted elsewhere: a warning, and no copies.
bare = simple.ClusterDomains(Input=specimen)
compared = simple.CompareDomains(Domains=bare, Ions=specimen, Copies=2)
errors = Errors(compared)
equal(output(compared, 2).GetNumberOfRows(), 0)
check(len(errors.warnings) == 1 and 'no copies are made' in errors.warnings[0], errors.warnings)


# Counts of copies are kept while nothing that they depend on changes. With Follow off they wait for that which does: the output
# says so until copies are asked for.
def sentence():
    return output(waiting).GetColumnByName('Sentence').GetValue(0)


def executes(action):
    """Whether copies are made."""
    steps = []
    tag = waiting.GetClientSideObject().AddObserver('ProgressEvent', lambda *_: steps.append(1))
    action()
    waiting.UpdatePipeline()
    waiting.GetClientSideObject().RemoveObserver(tag)
    check(steps)
    return len(steps) > 10


few = chain(specimen, shared)[0]
waiting = simple.CompareDomains(Domains=few, Ions=specimen, Copies=2, Follow=0)
equal(output(waiting, 2).GetNumberOfRows(), 2)
told = sentence()
equal(executes(lambda: setattr(few, 'Eps', 0.45)), False)
check(sentence().startswith('out of date: '), sentence())
equal(output(waiting, 2).GetNumberOfRows(), 0)
equal(column(output(waiting, 1), 'Data').sum(), output(few, 1).GetNumberOfRows())
check(column(output(waiting), 'Mu')[0] != column(output(waiting), 'Mu')[0])
equal(executes(lambda: setattr(few, 'Eps', 0.4)), False)
equal((sentence(), output(waiting, 2).GetNumberOfRows()), (told, 2))
few.Eps = 0.45
equal(executes(lambda: waiting.SMProxy.InvokeCommand('MakeCopies')), True)
again = simple.CompareDomains(Domains=few, Ions=specimen, Copies=2)
for name in ('Domains', 'Noise', 'Largest'):
    equal(list(column(output(waiting, 2), name)), list(column(output(again, 2), name)))
equal(executes(lambda: setattr(waiting, 'Seed', 2)), True)
few.Eps = 0.4
waiting.UpdatePipeline()
check(sentence().startswith('out of date: '), sentence())
equal(executes(lambda: setattr(waiting, 'Follow', 1)), True)
equal(executes(lambda: setattr(few, 'Eps', 0.45)), True)
