"""test_slurm.py MPIRUN JOB: the SLURM job, with an srun that starts its tasks by mpirun on this host."""
import json
import os
import subprocess
import sys
import tempfile

import numpy

mpirun, job = sys.argv[1:3]
home = os.path.dirname(os.path.dirname(os.path.abspath(job)))
SRUN = '''#!/usr/bin/env bash
n=$SLURM_NTASKS
while [[ $1 == -* ]]; do
  case $1 in --ntasks=*) n=${1#*=};; esac
  shift
done
exec %s -n "$n" --bind-to none "$@"
''' % mpirun

with tempfile.TemporaryDirectory(prefix='csro-slurm-') as folder:
    random = numpy.random.default_rng(1)
    rows = numpy.full((6000, 4), 58, '>f4')
    rows[:, :2] = random.uniform(0, 4, (6000, 2))
    rows[:, 2] = random.integers(0, 34, 6000) * 0.18 + random.normal(0, 0.02, 6000)
    rows.tofile(os.path.join(folder, 'specimen.pos'))
    with open(os.path.join(folder, 'specimen.rrng'), 'w', encoding='ascii') as file:
        file.write('[Ions]\nNumber=1\nIon1=Ni\n[Ranges]\nNumber=1\nRange1=57 59 Ni:1\n')
    srun = os.path.join(folder, 'srun')
    with open(srun, 'w', encoding='ascii') as file:
        file.write(SRUN)
    os.chmod(srun, 0o700)
    environment = dict(os.environ, PATH=folder + os.pathsep + os.environ['PATH'], CSRO_HOME=home,
                       SLURM_NTASKS='2', SLURM_CPUS_PER_TASK='3', SLURM_JOB_NUM_NODES='1')

    def submit(*arguments, **more):
        return subprocess.run(['bash', job, *arguments], cwd=folder, env={**environment, **more}, text=True,
                              capture_output=True, timeout=250)

    def refused(text, **more):
        done = submit(**more)
        assert done.returncode != 0 and text in done.stderr and not os.path.exists(os.path.join(folder, 'csro-output')), \
            done

    refused('/nowhere.so: cannot be read', CSRO_PLUGIN='/nowhere.so')
    refused('absent.pos: cannot be read', IONS='absent.pos')
    refused('no plugin APTCSRO.so below', CSRO_PLUGIN='', CSRO_HOME=folder)
    done = submit('--pairs', 'Ni-Ni', OUT='results', COPIES='0')
    assert done.returncode == 0, done
    with open(os.path.join(folder, 'results', 'summary.json'), encoding='utf-8') as file:
        summary = json.load(file)
    assert (summary['ions'], summary['ranks'], summary['threads']) == (6000, 2, 3), summary
    assert list(summary['pairs']) == ['Ni-Ni'], summary
