"""Every number of every filter, set to what no one means: an error of one line that names the range, or a result."""
import math
import os
import re
import time

from diffuse_ions import sites
from diffuse_ions import write as write_configuration
from harness import Errors, check, simple, temporary, write_pos
from paraview import servermanager
from vtkmodules.vtkCommonCore import reference

Slow = 20.0  # seconds; a machine under load
INT_MAX = 2147483647
doubles = math.nan, math.inf, -math.inf, 5e-324, 1e308, -1e308, -1.0, 0.0
integers = -INT_MAX - 1, INT_MAX, -1, 0

specimen = simple.SimulateAPT(Shape='Box', Width=[4, 4], Height=4)
voxels = simple.VoxelizeAPT(Input=specimen)
curves = simple.ComputeZSDM(Input=specimen, Voxels=voxels, Pairs='Ni-Ni')
scores = simple.ClassifyCSRO(Input=curves)
domains = simple.ClusterDomains(Input=specimen)
order = simple.DetectOrder(Input=specimen, Voxels=voxels, Copies=0)
planted = simple.InjectOrder(Input=specimen, Species='Ni')
bank = simple.PatternBank(Limit=40)
atoms = simple.APTReader(FileName=write_configuration(os.path.join(temporary, 'a.extxyz'), ['Ni', 'Co'] * 16,
                                                         sites('fcc', 2) * 0.36, 0.72))
pos = write_pos(os.path.join(temporary, 'a.pos'), [[0, 0, i / 10, 58.7] for i in range(10)])


def port(proxy, index):
    return servermanager.OutputPort(proxy, index)


# Small inputs, and what keeps an execution short.
made = {
    'APTReader': lambda: simple.APTReader(FileName=pos),
    'SimulateAPT': lambda: simple.SimulateAPT(Shape='Box', Width=[4, 4], Height=4),
    'SimulateConfiguration': lambda: simple.SimulateConfiguration(Input=atoms, Shape='Box', Width=[3, 3], Height=3),
    'SimulateRealisticAPT': lambda: simple.SimulateRealisticAPT(Shape='Box', Width=[4, 4], Height=4),
    'VoxelizeAPT': lambda: simple.VoxelizeAPT(Input=specimen, BoxMode='Given', Box=[-1, 1, -1, 1, -3, -1]),
    'ComputeZSDM': lambda: simple.ComputeZSDM(Input=specimen, Voxels=voxels, Pairs='Ni-Ni'),
    'ClassifyCSRO': lambda: simple.ClassifyCSRO(Input=curves),
    'ClusterDomains': lambda: simple.ClusterDomains(Input=specimen, Pixels=port(scores, 1)),
    'ClusterSweep': lambda: simple.ClusterSweep(Input=specimen, Steps=2, Copies=1),
    'CompareDomains': lambda: simple.CompareDomains(Domains=domains, CopyHistograms=[0] * 32),
    'Composition': lambda: simple.Composition(Input=specimen),
    'CompareStates': lambda: simple.CompareStates(Input=port(domains, 1), StateColumn='Domain'),
    'DataQuality': lambda: simple.DataQuality(Input=specimen),
    'DensityMaps': lambda: simple.DensityMaps(Input=specimen),
    'DetectOrder': lambda: simple.DetectOrder(Input=specimen, Voxels=voxels, Copies=0),
    'DiffuseIntensity': lambda: simple.DiffuseIntensity(Input=atoms),
    'EvaluateDetection': lambda: simple.EvaluateDetection(
        Input=order, DomainIons=port(order, 1), TrueDomains=port(specimen, 1)),
    'ExplainCSRO': lambda: simple.ExplainCSRO(Input=curves, VoxelIds=[0]),
    'FrequencyDistribution': lambda: simple.FrequencyDistribution(Input=specimen),
    'FindPole': lambda: simple.FindPole(Input=specimen),
    'InjectOrder': lambda: simple.InjectOrder(Input=specimen, Species='Ni'),
    'LatticeMonteCarlo': lambda: simple.LatticeMonteCarlo(
        Cells=[4, 4, 4], Temperatures=[800], Equilibration=1, Sweeps=4, Shells=1),
    'MassSpectrum': lambda: simple.MassSpectrum(Input=specimen),
    'MaximumSeparation': lambda: simple.MaximumSeparation(Input=specimen, Copies=1),
    'NearestNeighbours': lambda: simple.NearestNeighbours(Input=specimen),
    'OrderParameters': lambda: simple.OrderParameters(Input=specimen),
    'PatternBank': lambda: simple.PatternBank(Limit=10),
    'Profile': lambda: simple.Profile(Input=specimen),
    'ProximityHistogram': lambda: simple.ProximityHistogram(Input=specimen, Surface=domains),
    'RadialDistribution': lambda: simple.RadialDistribution(Input=specimen),
    'RandomizeIons': lambda: simple.RandomizeIons(Input=specimen),
    'RangeIons': lambda: simple.RangeIons(Input=specimen),
    'Sensitivity': lambda: simple.Sensitivity(
        Input=port(order, 2), Planted=[port(planted, 1)], DomainIons=[port(order, 1)], Domains=[port(order, 2)]),
    'SpatialMaps': lambda: simple.SpatialMaps(Input=specimen),
    'SpectrumFit': lambda: simple.SpectrumFit(Input=specimen),
    'TrainClassifier': lambda: simple.TrainClassifier(
        Input=bank, ModelFile=os.path.join(temporary, 'm.xml'), Architecture='dense 4', Epochs=1, Folds=2),
}


def numbers(proxy):
    """(name, property, values) of all numeric properties that can be set."""
    for name in proxy.ListProperties():
        item = proxy.SMProxy.GetProperty(name)
        if item is None or item.GetInformationOnly() or not item.GetCommand():
            continue
        if item.IsA('vtkSMDoubleVectorProperty'):
            yield name, item, doubles
        elif item.IsA('vtkSMIntVectorProperty') or item.IsA('vtkSMIdTypeVectorProperty'):
            yield name, item, integers


def set_and_run(proxy, item, place, value):
    old = item.GetElement(place)
    item.SetElement(place, value)
    proxy.SMProxy.UpdateVTKObjects()
    began = time.time()
    proxy.UpdatePipeline()
    seconds = time.time() - began
    item.SetElement(place, old)
    proxy.SMProxy.UpdateVTKObjects()
    return seconds


def range_of(item):
    """As the XML says, None where it says nothing."""
    domain = item.FindDomain('vtkSMDoubleRangeDomain') or item.FindDomain('vtkSMIntRangeDomain')
    if domain is None:
        return None, None
    exists = reference(0)
    low = domain.GetMinimum(0, exists)
    low = low if exists.get() else None
    high = domain.GetMaximum(0, exists)
    return low, high if exists.get() else None


stated = re.compile(r': (\w+)(?: \(number \d+\))? is (\S+), expected (\S+) to (\S+)( [^\n]*)?\n')
tried = refused = 0
for name in sorted(made):
    proxy = made[name]()
    errors = Errors(proxy)
    proxy.UpdatePipeline()
    check(not errors.texts, f'{name}: {errors.texts}')
    for property_name, item, values in numbers(proxy):
        if item.FindDomain('vtkSMBooleanDomain'):
            continue
        for place in sorted({0, item.GetNumberOfElements() - 1}):
            for value in values:
                what = f'{name}.{property_name}[{place}] = {value}'
                errors.texts.clear()
                seconds = set_and_run(proxy, item, place, value)
                tried += 1
                check(seconds < Slow, f'{what} took {seconds:.1f} s')
                check(len(errors.texts) < 2, f'{what}: {errors.texts}')
                bad = value != value or value in (math.inf, -math.inf, 5e-324)
                check(errors.texts or not bad, f'{what} was taken')
                if not errors.texts:
                    continue
                refused += 1
                check(errors.texts[0].strip().count('\n') == 1, errors.texts[0])
                found = stated.search(errors.texts[0])
                if found is None:
                    check(not bad, f'{what}: {errors.texts[0]}')
                    continue
                check(found.group(1) == property_name, f'{what}: {errors.texts[0]}')
                low, high = range_of(item)
                check(low is None or low == float(found.group(3)), f'{what}: {found.group(0)}, XML {low}')
                check(high is None or high == float(found.group(4)), f'{what}: {found.group(0)}, XML {high}')
                check(high is not None or float(found.group(4)) >= INT_MAX or item.FindDomain('vtkSMEnumerationDomain'),
                      f'{what}: the XML has no maximum')
    errors.texts.clear()
    proxy.UpdatePipeline()
    check(not errors.texts, f'{name} afterwards: {errors.texts}')
    simple.Delete(proxy)
check(tried > 300 and refused > 200, f'{tried} tried, {refused} refused')

# Every filter of the plugin is among them.
folder = os.environ['CSRO_PROXIES']
for file in os.listdir(folder):
    with open(os.path.join(folder, file)) as text:
        for name in re.findall(r'<SourceProxy name="(\w+)"', text.read()):
            check(name in made or name in ('TextAPTReader', 'hdf5APTReader', 'xyzAPTReader'), f'{name} is not tried')  # APTReader once more
