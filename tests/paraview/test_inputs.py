"""What comes in at the ports: arrays of wrong length, type and layout, positions and masses that are no numbers, groups
of data sets, tables and images in place of ions, nothing at all. Each filter, each port: one error of one line, or the
right result."""
import math
import os

import numpy
from harness import Errors, array, check, equal, output, points, simple, temporary
from paraview import servermanager
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkPoints, vtkSOADataArrayTemplate, vtkStringArray
from vtkmodules.vtkCommonDataModel import (vtkImageData, vtkMultiBlockDataSet, vtkPartitionedDataSet,
                                           vtkPartitionedDataSetCollection, vtkPolyData, vtkTable,
                                           vtkUnstructuredGrid)

specimen = simple.SimulateAPT(Shape='Box', Width=[4, 4], Height=4)
second = simple.SimulateAPT(Shape='Box', Width=[4, 4], Height=4, Seed=2)
voxels = simple.VoxelizeAPT(Input=specimen)
curves = simple.ComputeZSDM(Input=specimen, Voxels=voxels, Pairs='Ni-Ni', KeepCurves=0)
full = simple.ComputeZSDM(Input=specimen, Voxels=voxels, Pairs='Ni-Ni')
scores = simple.ClassifyCSRO(Input=full)
order = simple.DetectOrder(Input=specimen, Voxels=voxels, Copies=0)
bank = simple.PatternBank(Limit=40)
ions = output(specimen)
count = ions.GetNumberOfPoints()


def port(proxy, index=0):
    proxy.UpdatePipeline()
    return servermanager.OutputPort(proxy, index)


def produce(data):
    source = simple.TrivialProducer()
    source.GetClientSideObject().SetOutput(data)
    return source


def deep(data):
    copy = data.NewInstance()
    copy.DeepCopy(data)
    return copy


def changed(change):
    """The ions with something wrong."""
    copy = deep(ions)
    change(copy)
    return produce(copy)


# What each filter takes, by property.
filters = {
    'VoxelizeAPT': {'Input': specimen},
    'ComputeZSDM': {'Input': specimen, 'Voxels': voxels},
    'ClassifyCSRO': {'Input': curves, 'Ions': specimen},
    'ClusterDomains': {'Input': specimen, 'Pixels': port(scores, 1)},
    'CompareDomains': {'Domains': port(order, 1), 'GivenCopies': port(order, 1)},
    'DataQuality': {'Input': specimen},
    'DetectOrder': {'Input': specimen, 'Voxels': voxels},
    'EvaluateDetection': {'Input': order, 'DomainIons': port(order, 1), 'TrueDomains': port(specimen, 1),
                          'Domains': port(order, 2)},
    'ExplainCSRO': {'Input': full},
    'ClusterSweep': {'Input': specimen},
    'FindPole': {'Input': specimen},
    'MassSpectrum': {'Input': specimen},
    'MaximumSeparation': {'Input': specimen},
    'NearestNeighbours': {'Input': specimen},
    'RadialDistribution': {'Input': specimen},
    'FrequencyDistribution': {'Input': specimen},
    'SpatialMaps': {'Input': specimen},
    'OrderParameters': {'Input': specimen},
    'RandomizeIons': {'Input': specimen},
    'RangeIons': {'Input': specimen},
    'TrainClassifier': {'Input': bank},
}
more = {'TrainClassifier': {'ModelFile': os.path.join(temporary, 'm.xml'), 'Architecture': 'dense 4', 'Epochs': 1,
                            'Folds': 2},
        'DetectOrder': {'Copies': 0}, 'MaximumSeparation': {'Copies': 1},
        'ClusterSweep': {'Steps': 2, 'Copies': 1}, 'ExplainCSRO': {'VoxelIds': [0]}}
takes_ions = {('VoxelizeAPT', 'Input'), ('ComputeZSDM', 'Input'), ('ClassifyCSRO', 'Ions'), ('ClusterDomains', 'Input'),
              ('CompareDomains', 'Domains'), ('CompareDomains', 'GivenCopies'), ('DetectOrder', 'Input'),
              ('EvaluateDetection', 'DomainIons'), ('DataQuality', 'Input'), ('FindPole', 'Input'), ('MassSpectrum', 'Input'), ('NearestNeighbours', 'Input'), ('RadialDistribution', 'Input'), ('FrequencyDistribution', 'Input'), ('SpatialMaps', 'Input'), ('OrderParameters', 'Input'),
              ('MaximumSeparation', 'Input'), ('ClusterSweep', 'Input'), ('RandomizeIons', 'Input'),
              ('RangeIons', 'Input')}


def run(name, **inputs):
    """The errors, and the filter."""
    proxy = getattr(simple, name)(**{**filters[name], **more.get(name, {}), **inputs})
    errors = Errors(proxy)
    executive = []
    heard = proxy.GetClientSideObject().GetExecutive()

    def hear(_object, _event, text):
        executive.append(text)
    hear.CallDataType = 'string0'
    heard.AddObserver('ErrorEvent', hear)
    proxy.UpdatePipeline()
    return errors.texts + executive, proxy


def refused(what, name, text, **inputs):
    errors, proxy = run(name, **inputs)
    check(len(errors) == 1 and errors[0].strip().count('\n') == 1 and text in errors[0], (what, name, text, errors))
    simple.Delete(proxy)


for name in filters:
    errors, proxy = run(name)
    check(not errors, (name, errors))
    simple.Delete(proxy)

# --- Groups at every port ---

group = simple.GroupDatasets(Input=[specimen, second])


def tree(kind, *data):
    made = kind()
    for i, part in enumerate(data):
        if kind is vtkPartitionedDataSetCollection:
            one = vtkPartitionedDataSet()
            one.SetPartition(0, part)
            made.SetPartitionedDataSet(i, one)
        elif kind is vtkPartitionedDataSet:
            made.SetPartition(i, part)
        else:
            made.SetBlock(i, part)
    return produce(made)


other = output(second)
tables = tree(vtkMultiBlockDataSet, output(specimen, 1))
images = tree(vtkMultiBlockDataSet, output(voxels))
groups = {'group': group, 'empty': tree(vtkMultiBlockDataSet), 'nulls': tree(vtkMultiBlockDataSet, None, None),
          'collection': tree(vtkPartitionedDataSetCollection, ions, other),
          'partitions': tree(vtkPartitionedDataSet, ions, other), 'tables': tables, 'images': images,
          'nested': tree(vtkMultiBlockDataSet, tree(vtkMultiBlockDataSet, ions, None).GetClientSideObject()
                         .GetOutputDataObject(0), other)}
merged = {'group', 'collection', 'partitions', 'nested'}
for name, inputs in filters.items():
    for item in inputs:
        for kind, source in groups.items():
            if (name, item) in takes_ions and name != 'EvaluateDetection':
                if kind in ('tables', 'images'):
                    refused(kind, name, 'expected ions (points)', **{item: source})
                else:
                    errors, proxy = run(name, **{item: source})
                    check(len(errors) < 2 and all(e.strip().count('\n') == 1 for e in errors), (name, item, kind, errors))
                    check(not errors or kind not in merged or name == 'CompareDomains', (name, item, kind, errors))
                    simple.Delete(proxy)
            else:
                refused(kind, name, 'group of data sets', **{item: source})

# The ions of all blocks count, under numbers of their own, by the names of their species.
both = numpy.concatenate([points(ions), points(other)])
renamed = deep(other)
listed = renamed.GetFieldData().GetAbstractArray('SpeciesNames')
listed.SetValue(3, 'Al')  # was Ni
for kind in sorted(merged):
    ranged = simple.RangeIons(Input=groups[kind])
    whole = output(ranged)
    check((points(whole) == both).all(), kind)
    equal(len(set(array(whole, 'IonId'))), len(both))
    check((array(whole, 'MassToCharge')[count:] == array(other, 'MassToCharge')).all(), kind)
    equal(whole.GetClassName(), 'vtkPolyData')
    image = output(simple.VoxelizeAPT(Input=groups[kind], BoxMode='Given', Box=[-1, 1, -1, 1, -3, -1]))
    center = numpy.array(image.GetPoint(0))
    equal(array(image, 'IonCount')[0], (((both - center) ** 2).sum(1) <= 0.75 ** 2).sum())
mixed = output(simple.RangeIons(Input=tree(vtkMultiBlockDataSet, ions, renamed)))
text = array(mixed, 'SpeciesNames', 'Field')
check(set(text) == set(array(ions, 'SpeciesNames', 'Field')) | {'Al'}, text)
nickel = array(ions, 'SpeciesNames', 'Field').index('Ni')
equal((array(mixed, 'Species') == text.index('Al')).sum(), (array(other, 'Species') == nickel).sum())
equal((array(mixed, 'Species') == text.index('Ni')).sum(), (array(ions, 'Species') == nickel).sum())
check(array(mixed, 'SpeciesCompositions', 'Field')[:len(array(ions, 'SpeciesNames', 'Field'))] ==
      array(ions, 'SpeciesCompositions', 'Field'), 'compositions')
contrary = deep(other)
contrary.GetFieldData().GetAbstractArray('SpeciesCompositions').SetValue(3, 'Al:1')  # was Ni:1
refused('contrary', 'RangeIons', 'species Ni is Ni:1 in one data set of the group and Al:1 in another',
        Input=tree(vtkMultiBlockDataSet, ions, contrary))
bare = deep(other)
bare.GetPointData().RemoveArray('Species')
refused('bare', 'RangeIons', 'some blocks of the group have the point array Species',
        Input=tree(vtkMultiBlockDataSet, ions, bare))
path = os.path.join(temporary, 'group.pos')
simple.SaveData(path, proxy=group)
equal(os.path.getsize(path), 16 * len(both))

# --- What is no ions, no voxels, no table ---

image = vtkImageData()
image.SetDimensions(3, 3, 3)
wrong = {'table': produce(vtkTable()), 'image': produce(image), 'empty points': produce(vtkPolyData()),
         'empty grid': produce(vtkUnstructuredGrid())}
for name, inputs in filters.items():
    for item in inputs:
        for kind, source in wrong.items():
            errors, proxy = run(name, **{item: source})
            check(len(errors) < 2 and all(e.strip().count('\n') <= 1 for e in errors), (name, item, kind, errors))
            simple.Delete(proxy)

# --- Arrays ---


def with_array(name, values):
    def change(data):
        made = numpy_to_vtk(numpy.ascontiguousarray(values), deep=1)
        made.SetName(name)
        data.GetPointData().AddArray(made)
    return changed(change)


def with_text(name):
    def change(data):
        made = vtkStringArray()
        made.SetName(name)
        made.SetNumberOfValues(count)
        data.GetPointData().AddArray(made)
    return changed(change)


short = numpy.zeros(10)
for name, item in sorted(takes_ions):
    if name in ('CompareDomains', 'EvaluateDetection'):
        continue
    for known in 'MassToCharge', 'Species', 'IonId', 'SomeArray', 'DomainId':
        refused(known, name, f'point array {known} has 10 tuples, expected {count}, one per point',
                **{item: with_array(known, short)})
        refused(known, name, f'point array {known} has {count + 1} tuples, expected {count}',
                **{item: with_array(known, numpy.zeros(count + 1))})
    refused('ghosts', name, 'point array vtkGhostType has 10 tuples',
            **{item: with_array('vtkGhostType', numpy.zeros(10, 'u1'))})
    refused('ghosts', name, 'point array vtkGhostType holds 1 double per point, expected 1 unsigned char',
            **{item: with_array('vtkGhostType', numpy.zeros(count))})
    for known in 'MassToCharge', 'Species', 'IonId':
        refused(known, name, f'point array {known} has 3 components, expected 1',
                **{item: with_array(known, numpy.zeros((count, 3)))})
        refused(known, name, f'point array {known} holds string, expected numbers', **{item: with_text(known)})


def take_points(data):
    data.SetPoints(vtkPoints())


refused('no points', 'MassSpectrum', f'has {count} tuples, expected 0', Input=changed(take_points))
writer = simple.CreateWriter(os.path.join(temporary, 'short.pos'), with_array('MassToCharge', short))
errors = Errors(writer)
writer.UpdatePipeline()
check(len(errors.texts) == 1 and 'point array MassToCharge has 10 tuples' in errors.texts[0], errors.texts)
check(not os.path.exists(os.path.join(temporary, 'short.pos')))

# Voxels and pixels.
for name, item, data, attributes, key in (('ClassifyCSRO', 'Input', output(full), 'point', 'zSDM_Ni_Ni'),
                                          ('DetectOrder', 'Voxels', output(voxels), 'point', 'IonCount'),
                                          ('ExplainCSRO', 'Input', output(full), 'point', 'zSDM_Ni_Ni'),
                                          ('ClusterDomains', 'Pixels', output(scores, 1), 'cell', 'Score_CSRO_Ni_Ni')):
    copy = deep(data)
    (copy.GetPointData() if attributes == 'point' else copy.GetCellData()).GetArray(key).SetNumberOfTuples(5)
    refused(key, name, f'{attributes} array {key} has 5 tuples', **{item: produce(copy)})
copy = deep(output(bank))
copy.GetColumnByName('zSDM_Ni_Ni' if copy.GetColumnByName('zSDM_Ni_Ni') else 'Label').SetNumberOfTuples(5)
errors, proxy = run('TrainClassifier', Input=produce(copy))
check(len(errors) == 1 and 'row array' in errors[0], errors)

# Arrays that lie component by component.


def lay_apart(data):
    apart = vtkSOADataArrayTemplate['float32']()
    apart.SetName('MassToCharge')
    apart.SetNumberOfTuples(count)
    for i, mass in enumerate(array(ions, 'MassToCharge')):
        apart.SetComponent(i, 0, float(mass))
    data.GetPointData().AddArray(apart)
    places = vtkSOADataArrayTemplate['float32']()
    places.SetNumberOfComponents(3)
    places.SetNumberOfTuples(count)
    places.CopyComponent(0, data.GetPoints().GetData(), 0)
    places.CopyComponent(1, data.GetPoints().GetData(), 1)
    places.CopyComponent(2, data.GetPoints().GetData(), 2)
    where = vtkPoints()
    where.SetData(places)
    data.SetPoints(where)


apart = changed(lay_apart)
for kind in 'MassSpectrum', 'RandomizeIons':
    one, other_one = output(getattr(simple, kind)(Input=specimen)), output(getattr(simple, kind)(Input=apart))
    key = ('All ions', 'Row') if kind == 'MassSpectrum' else ('MassToCharge', 'Point')
    check((array(one, *key) == array(other_one, *key)).all(), kind)
check((array(output(simple.VoxelizeAPT(Input=apart)), 'IonCount') == array(output(voxels), 'IonCount')).all())

# --- Numbers that are none ---


def spoil(*places):
    def change(data):
        for place, axis, value in places:
            points(data)[place, axis] = value
    return changed(change)


for name, item in sorted(takes_ions):
    if name in ('CompareDomains', 'EvaluateDetection'):
        continue
    for bad in math.nan, math.inf, -math.inf:
        refused('position', name, f'2 of {count} ions have a position that is not finite (NaN or infinite), the first is '
                'point 17:', **{item: spoil((17, 1, bad), (99, 2, bad))})
errors, proxy = run('VoxelizeAPT', Input=spoil((17, 0, math.nan)), BoxMode='Given', Box=[-1, 1, -1, 1, -3, -1])
check(len(errors) == 1 and 'the first is point 17' in errors[0], errors)

# As the message says, they can be removed.
spoilt = spoil((17, 1, math.nan), (99, 2, -math.inf))
test = simple.Calculator(Input=spoilt, ResultArrayName='Test', Function='1 + abs(coordsX) + abs(coordsY) + abs(coordsZ)')
left = simple.Threshold(Input=test, Scalars=['POINTS', 'Test'], ThresholdMethod='Between', LowerThreshold=1,
                        UpperThreshold=1e30)
equal(output(left).GetNumberOfPoints(), count - 2)
errors, proxy = run('VoxelizeAPT', Input=left)
check(not errors, errors)


def spoil_mass(data):
    array(data, 'MassToCharge')[5] = math.nan


masses = changed(spoil_mass)
refused('mass', 'MassSpectrum', f'1 of {count} ions have a mass-to-charge that is not finite (NaN or infinite), the first '
        'is point 5:', Input=masses)
rrng = os.path.join(temporary, 'a.rrng')
with open(rrng, 'w') as file:
    file.write('[Ions]\nNumber=1\nIon1=Ni\n[Ranges]\nNumber=1\nRange1=57.5 58.5 Vol:0.01 Ni:1 Color:00FF00\n')
refused('mass', 'RangeIons', 'the first is point 5:', Input=masses, RangesFileName=rrng)
errors, proxy = run('VoxelizeAPT', Input=masses)  # needs no masses
check(not errors, errors)
