"""The report on what is in the pipeline browser: the same results as those of csro_pipeline.analyse, whatever else is there."""
import json
import os
import sys

from harness import check, equal, simple, temporary

sys.path.insert(0, os.environ['CSRO_SAMPLE_STATES'])
import csro_browser
import csro_pipeline
import csro_record
import csro_report
from csro_files import Failure


def refused(text):
    try:
        csro_browser.analysis()
    except Failure as failure:
        check(text in str(failure), f'{text}: {failure}')
        return
    check(False, f'not refused: {text}')


refused('there is nothing to report yet')
size = {'Shape': 'Box', 'Width': [8, 8], 'Height': 8, 'DomainDensity': 0.05}
ions = simple.SimulateAPT(**size)
expected = csro_pipeline.analyse(ions, pairs='Ni-Ni', copies=2, statistics=True)
wanted = json.loads(json.dumps(expected.results))
expected.delete()
refused('there is nothing to report yet')
built = csro_pipeline.build(ions, pairs='Ni-Ni', copies=2, show=False, statistics=True)
equal([text for text in built.warnings if not text.startswith('The position noise')], [])
# Beside it: a randomised copy with its own domains, filters that were never applied, and one of ParaView's.
copy = simple.RandomizeIons(Input=ions)
voxels = simple.VoxelizeAPT(Input=copy)
classified = simple.ClassifyCSRO(Input=simple.ComputeZSDM(Input=copy, Voxels=voxels, Pairs='Ni-Ni'))
simple.ClusterDomains(Input=copy, Pixels=simple.OutputPort(classified, 1)).UpdatePipeline()
simple.ClusterDomains(Input=ions, Pixels=simple.OutputPort(built.classified, 1))
simple.DetectOrder(Input=ions, Voxels=built.voxels)
simple.Threshold(Input=built.domains['Ni-Ni'])
simple.Profile(Input=ions).UpdatePipeline()  # without domains
before = set(simple.GetSources())
found = csro_browser.analysis()
equal(set(found.domains), {'Ni-Ni'})
results = json.loads(json.dumps(found.results))
for key in 'version', 'statistics', 'quality', 'ions', 'species', 'detect_order', 'order_kinds', 'exchange', 'within':
    equal((key, results[key]), (key, wanted[key]))
for key, value in results['pairs']['Ni-Ni'].items():
    equal((key, value), (key, wanted['pairs']['Ni-Ni'][key]))
equal(results['warnings'], None)
base = os.path.join(temporary, 'mine')
csro_report.write_in_window(base + '.html')
check(os.path.isfile(base + '.html'))
record = json.load(open(base + '.json', encoding='utf-8'))
equal(record['title'], 'built-in specimen')
equal(record['provenance']['command'], None)
filters = [step['filter'] for step in record['provenance']['steps']]
equal(sorted(filters), sorted(['SimulateAPT', 'DataQuality', 'FindPole', 'VoxelizeAPT', 'ComputeZSDM', 'ClassifyCSRO', 'ClusterDomains',
                               'DetectOrder', 'CompareDomains', 'OrderParameters', 'OrderParameters', 'OrderParameters',
                               'NearestNeighbours', 'RadialDistribution', 'FrequencyDistribution', 'SpatialMaps', 'SpectrumFit',
                               'MaximumSeparation', 'ClusterSweep', 'DensityMaps',
                               'Profile', 'ProximityHistogram', 'Composition']))
page = open(base + '.html', encoding='utf-8').read()
for said in 'Order parameters of like pairs', 'Composition of Ni-Ni domains and of the matrix', 'Composition around Ni-Ni domains':
    check(said in page, said)
equal(set(simple.GetSources()), before)
# Two analyses: that of the selected filter.
other = csro_pipeline.build(simple.SimulateAPT(**{**size, 'Seed': 2}), pairs='Ni-Ni', copies=0, detect=False, show=False)
simple.SetActiveSource(None)
refused('select the ions or a filter of the one to report')
simple.SetActiveSource(other.voxels)
found = csro_browser.analysis()
equal([field['value'] for step in csro_record.provenance(found.proxies)[0] for field in step['parameters'] if field['name'] == 'Seed'
       and step['filter'] == 'SimulateAPT'], [2])
check('detect_order' not in found.results)
