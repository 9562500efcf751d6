"""The sample state holds what make_state.py builds today: every property that it names exists, the
pipeline runs and finds domains."""
import os
import re
from xml.etree import ElementTree

from harness import Errors, check, equal, output, simple

path = os.environ['CSRO_STATE']
text = open(path).read()
check(not re.search(r'/(root|home|work|tmp)/', text), 'the state holds a path of one machine')
ours = {'SimulateRealisticAPT', 'DataQuality', 'FindPole', 'VoxelizeAPT', 'ComputeZSDM', 'ClassifyCSRO',
        'ClusterDomains', 'DetectOrder', 'CompareDomains'}
known = {name: set(getattr(simple, name)().SMProxy.GetProperty(p).GetXMLName()
                   for p in getattr(simple, name)().ListProperties()) for name in ours}
found = [proxy for proxy in ElementTree.parse(path).iter('Proxy') if proxy.get('type') in ours]
equal({proxy.get('type') for proxy in found}, ours)
for proxy in found:
    saved = {item.get('name') for item in proxy.findall('Property')}
    equal((proxy.get('type'), saved ^ known[proxy.get('type')]), (proxy.get('type'), set()))

simple.ResetSession()
simple.LoadState(path)
domains, compared = simple.FindSource('Domains Ni-Ni'), simple.FindSource('Comparison Ni-Ni')
errors = Errors(compared)
check(output(compared).GetNumberOfRows() == 1)
check(output(domains, 1).GetNumberOfRows() > 0)
equal(errors.texts, [])
