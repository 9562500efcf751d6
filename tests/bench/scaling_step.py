"""scaling_step.py HEIGHT: what scaling.py runs on each number of ranks: the steps of the analysis on a simulated box of
20 nm x 20 nm x HEIGHT, one species. The first rank prints ions, seconds of each step and memory as JSON."""
import json
import os
import sys
import time

from paraview import simple

simple.LoadPlugin(os.environ['CSRO_PLUGIN'], ns=globals())
seconds = {}


def timed(step, proxy):
    begin = time.perf_counter()
    proxy.UpdatePipeline()
    seconds[step] = time.perf_counter() - begin
    return proxy


ions = timed('simulate', SimulateAPT(Shape='Box', Width=[20, 20], Height=float(sys.argv[1])))
voxels = timed('voxels', VoxelizeAPT(Input=ions))
curves = timed('z-SDM', ComputeZSDM(Input=ions, Voxels=voxels, Pairs='Ni-Ni'))
classified = timed('networks', ClassifyCSRO(Input=curves))
domains = timed('domains', ClusterDomains(Input=ions, Pixels=simple.OutputPort(classified, 1)))
domains.UpdatePropertyInformation()
print(json.dumps({'ions': ions.GetDataInformation().GetNumberOfPoints(), 'seconds': seconds,
                  'ordered': domains.GetDataInformation().GetNumberOfPoints(),
                  'domains': simple.OutputPort(domains, 1).GetDataInformation().GetNumberOfRows(),
                  'memory': domains.GetProperty('PeakMemory').GetElement(0)}))
