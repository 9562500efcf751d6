"""test_server.py PVSERVER PVPYTHON [MPIRUN]: a client and its server, of one rank and of two: same counts, same picture.
Needs a display (xvfb-run)."""
import os
import socket
import struct
import subprocess
import sys
import tempfile

import numpy
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkIOImage import vtkPNGReader

pvserver, pvpython = sys.argv[1:3]
mpirun = sys.argv[3:4]
client = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'server_client.py')


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def pixels(path):
    reader = vtkPNGReader()
    reader.SetFileName(path)
    reader.Update()
    return vtk_to_numpy(reader.GetOutput().GetPointData().GetScalars()).astype(float)


def session(folder, ranks):
    """What the client of a server of so many ranks prints, and its picture."""
    port, picture = free_port(), os.path.join(folder, f'domains-{ranks}.png')
    launch = [*mpirun, '-n', str(ranks)] if ranks > 1 else []
    with subprocess.Popen([*launch, pvserver, f'--server-port={port}'], cwd=folder, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as server:
        try:
            heard = ''
            for line in server.stdout:
                heard += line
                if 'Accepting connection' in line:
                    break
            done = subprocess.run([pvpython, client], capture_output=True, text=True, timeout=140,
                                  env=dict(os.environ, CSRO_PORT=str(port), CSRO_RANKS=str(ranks),
                                           CSRO_PICTURE=picture))
            heard += server.communicate(timeout=30)[0]  # it ends with its client
        finally:
            server.terminate()
    if done.returncode != 0 or server.returncode != 0 or 'rror' in heard + done.stderr:
        sys.exit(f'{ranks} ranks, client {done.returncode}, server {server.returncode}:\n'
                 f'{done.stdout}\n{done.stderr}\n{heard}')
    return done.stdout, pixels(picture)


with tempfile.TemporaryDirectory(prefix='csro-server-') as folder:
    with open(os.path.join(folder, 'ions.pos'), 'wb') as file:
        file.write(struct.pack('>4f', 1, 2, 3, 58) * 100)
    with open(os.path.join(folder, 'IONS.rrng'), 'w', encoding='ascii') as file:
        file.write('[Ions]\nNumber=1\nIon1=Ni\n[Ranges]\nNumber=1\nRange1=57 59 Ni:1\n')
    text, one = session(folder, 1)
    drawn = (one != one[0]).any(1)  # all but the background
    assert drawn.sum() > 500, f'{drawn.sum()} pixels drawn'
    if mpirun:
        many_text, many = session(folder, 2)
        assert many_text == text, (text, many_text)
        # ions at the same depth may be drawn in another order
        differ = (numpy.abs(many - one).max(1) > 8).sum()
        assert differ < 0.02 * drawn.sum(), f'{differ} of {drawn.sum()} pixels differ'
