"""test_threads.py PVBATCH [MPIRUN]: threads of a rank follow Threads, OMP_NUM_THREADS, the affinity of the process and the
ranks on the host; OpenBLAS gets back the threads that it had."""
import os
import subprocess
import sys

pvbatch, mpirun = sys.argv[1], sys.argv[2:3]
script = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'threads_used.py')
cores = os.sched_getaffinity(0)


def used(expected, ranks=1, asked=None, allowed=cores):
    environment = {key: value for key, value in os.environ.items() if key != 'OMP_NUM_THREADS'}
    if asked:
        environment['OMP_NUM_THREADS'] = asked
    launch = [*mpirun, '-n', str(ranks), '--bind-to', 'none'] if ranks > 1 else []
    done = subprocess.run([*launch, pvbatch, script], env=environment, capture_output=True, text=True,
                          timeout=100, preexec_fn=lambda: os.sched_setaffinity(0, allowed))
    line = f'threads {expected} {expected} 5 3\n'
    assert line in done.stdout, (line, done.stdout, done.stderr)


used(1, allowed={min(cores)})
used(3, asked='3')
if mpirun:
    used(max(1, len(cores) // 2), ranks=2)
    used(2, ranks=2, asked='2,1')
