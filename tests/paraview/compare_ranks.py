"""compare_ranks.py MPIRUN PVBATCH SCRIPT: runs the script with 1, 2, 3 and 5 ranks; each run writes a
folder of .npy files, which must be equal (floating point: to 1e-12, principal axes to 1e-8)."""
import os
import re
import subprocess
import sys

import numpy
from temporary import temporary_folder

mpirun, pvbatch, script = sys.argv[1:4]
folders = {}
for ranks in 1, 2, 3, 5:
    folders[ranks] = temporary_folder('ranks')
    subprocess.run([mpirun, '-n', str(ranks), pvbatch, '--symmetric', script, folders[ranks]], check=True,
                   timeout=90, stdout=subprocess.DEVNULL)
names = sorted(os.listdir(folders[1]))
assert names, 'nothing written'
for ranks in 2, 3, 5:
    found = sorted(os.listdir(folders[ranks]))
    assert found == names, (names, found)
    for name in names:
        one = numpy.load(os.path.join(folders[1], name))
        many = numpy.load(os.path.join(folders[ranks], name))
        assert one.shape == many.shape, (name, ranks, one.shape, many.shape)
        if one.dtype.kind == 'f':
            exact = 1e-8 if re.search('Axis[123]|Extent[123]', name) else 1e-12  # principal axes may be nearly alike
            assert numpy.allclose(one, many, rtol=exact, atol=exact, equal_nan=True), (name, ranks)
        else:
            assert (one == many).all(), (name, ranks)
