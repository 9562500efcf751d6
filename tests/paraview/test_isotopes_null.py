"""Isotopes of tungsten sit at random by nature: a quadrant of a real specimen among its copies."""
import os
import sys

import numpy
from harness import check, column, output, simple, temporary, write_pos

folder = os.path.join(os.environ.get('CSRO_REFERENCE_DIR', ''), 'tungsten')
if not os.path.isdir(folder):
    print('the reference cases are absent')
    sys.stdout.flush()
    os._exit(77)
rows = numpy.fromfile(os.path.join(folder, 'W_TAP_110cal.pos'), '>f4').reshape(-1, 4)
rows = rows[(rows[:, 0] < 0.5) & (rows[:, 1] > -0.5)]
ions = simple.APTReader(FileName=write_pos(os.path.join(temporary, 'quadrant.pos'), rows),
                        RangesFileName=os.path.join(folder, 'W_isotopes.rrng'))
voxels = simple.VoxelizeAPT(Input=ions)
curves = simple.ComputeZSDM(Input=ions, Voxels=voxels, Pairs='a184-a184')
classified = simple.ClassifyCSRO(Input=curves)
if classified.GetProperty('Force'):  # tungsten is not what the model was trained for
    classified.Force = 1
domains = simple.ClusterDomains(Input=ions, Pixels=simple.OutputPort(classified, 1))
p = {}
for exchange in 'Ranged ions', 'All ions':
    row = output(simple.CompareDomains(Domains=domains, Ions=ions, Exchange=exchange))
    p[exchange] = [column(row, f'{name}PValue')[0] for name in ('Domains', 'OrderedIons', 'LargestDomain', 'Mu')]
check(min(p['Ranged ions']) > 0.05, p)
# among all ions, as published, copies have fewer domains than the data
check(p['All ions'][0] < p['Ranged ions'][0], p)

detect = simple.DetectOrder(Input=ions, Voxels=voxels, Species='a184', PlaneSpacing=0.2238)
check(output(detect, 2).GetNumberOfRows() == 0, 'Detect Order reports domains')
