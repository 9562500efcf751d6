"""test_server.py PVSERVER PVPYTHON: client and server. Range files are looked for where the ions are read, on the server
(the client knows the ions by a name that only the server's folder gives a meaning); all filters work from there."""
import os
import socket
import struct
import subprocess
import sys
import tempfile

pvserver, pvpython = sys.argv[1:3]
client = '''
import os
from paraview import simple
simple.Connect('127.0.0.1', int(os.environ['CSRO_PORT']))
simple.LoadPlugin(os.environ['CSRO_PLUGIN'], remote=True, ns=globals())
simple.LoadPlugin(os.environ['CSRO_PLUGIN'], remote=False, ns=globals())
reader = APTReader(FileName='ions.pos')
assert os.path.basename(reader.RangesFileName) == 'IONS.rrng', reader.RangesFileName
reader.UpdatePipeline()
assert reader.PointData['Species'].GetRange() == (1, 1), reader.PointData['Species'].GetRange()
assert APTReader(FileName='ions.pos', RangesFileName='').RangesFileName == ''
ions = SimulateAPT(Height=15)
voxels = VoxelizeAPT(Input=ions)
curves = ComputeZSDM(Input=ions, Voxels=voxels, Pairs='Ni-Ni')
classified = ClassifyCSRO(Input=curves)
classified.UpdatePipeline()
domains = ClusterDomains(Input=ions, Pixels=simple.OutputPort(classified, 1))
compared = CompareDomains(Domains=domains, Twins=[ClusterDomains(Input=RandomizeIons(Input=ions))])
compared.UpdatePipeline()
assert compared.GetDataInformation().GetNumberOfRows() == 1
print('all well', flush=True)
'''
with tempfile.TemporaryDirectory(prefix='csro-server-') as folder, socket.socket() as probe:
    with open(os.path.join(folder, 'ions.pos'), 'wb') as file:
        file.write(struct.pack('>4f', 1, 2, 3, 58) * 100)
    with open(os.path.join(folder, 'IONS.rrng'), 'w', encoding='ascii') as file:
        file.write('[Ions]\nNumber=1\nIon1=Ni\n[Ranges]\nNumber=1\nRange1=57 59 Ni:1\n')
    probe.bind(('127.0.0.1', 0))
    port = probe.getsockname()[1]
    probe.close()
    server = subprocess.Popen([pvserver, f'--server-port={port}'], cwd=folder, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        for line in server.stdout:
            if 'Accepting connection' in line:
                break
        done = subprocess.run([pvpython, '-c', client], env=dict(os.environ, CSRO_PORT=str(port)),
                              capture_output=True, text=True, timeout=100)
    finally:
        server.kill()
        server.wait()
if 'all well' not in done.stdout:
    sys.exit(f'{done.stdout}\n{done.stderr}')
