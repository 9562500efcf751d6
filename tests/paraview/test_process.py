"""test_process.py MPIRUN PVBATCH SCRIPT: csro_batch.py as a process: signals, pipes, streams, bounds, and what it
leaves behind. Nothing here may wait for anything: every run has a time limit. Run by Debian's python3."""
import glob
import os
import signal
import stat
import subprocess
import sys
import time

import numpy
from temporary import temporary_folder

mpirun, pvbatch, script = sys.argv[1:4]
folder = temporary_folder('process')
out = os.path.join(folder, 'out')
pos, rrng = os.path.join(folder, 'é.pos'), os.path.join(folder, 'é.rrng')


def command(*options, ranks=0):
    start = [mpirun, '-n', str(ranks)] if ranks else []
    return [*start, pvbatch, script, '--out', out, *options]


def run(*options, **more):
    return subprocess.run(command(*options), **{'capture_output': True, 'text': True, 'timeout': 60, 'cwd': folder, **more})


def left():
    """Temporary files and folders, waited for a little: a guard removes them."""
    end = time.monotonic() + 20
    while (found := glob.glob(os.path.join(out, '.csro-*'))) and time.monotonic() < end:
        time.sleep(0.05)
    return found


def says(text, *options, **more):
    done = run(*options, **more)
    lines = [line for line in done.stderr.splitlines() if 'csro_batch.py' in line]
    assert done.returncode == 2 and len(lines) == 1 and text in lines[0], (options, text, done)
    assert 'Traceback' not in done.stderr + done.stdout, done
    assert not left() and not os.path.exists(os.path.join(out, 'summary.json')), options


# What is no regular file is refused at once, and named.
os.mkfifo(os.path.join(folder, 'pipe'))
os.mkdir(os.path.join(folder, 'folder'))
for end in '.pos', '.rrng', '.xml':
    os.symlink('pipe', os.path.join(folder, 'link' + end))
numpy.zeros((8, 4), '>f4').tofile(pos)
for what, name in (('a named pipe', 'pipe'), ('a directory', 'folder')):
    for options in (('--ions', name), ('--ions', pos, '--ranges', name), ('--model', name), ('--extracted', name),
                    ('--extracted', pos, '--randomized', pos, name)):
        says(f'{name}: is {what}, expected a regular file', *options)
says('link.pos: is a named pipe', '--ions', 'link.pos')
says('link.rrng: is a named pipe', '--ions', pos, '--ranges', 'link.rrng')
says('link.xml: is a named pipe', '--model', 'link.xml')
says('pipe: is a named pipe, expected a folder', '--out', 'pipe')
says('No such file', '--ions=')  # (pvbatch itself ends at an empty argument)

# Whole numbers have bounds.
for value in '99999999999', '100000', '4097', '0', '-1':
    says(f'--threads {value}: expected 1 to 4096', '--threads', value)
says('expected a whole number', '--threads', '9' * 5000)
says('expected a whole number', '--threads', '1_0')
says('expected a whole number', '--seed', '1e3')
says('--seed 2147483647: expected 0 to', '--seed', '2147483647')
says('--copies 10001: expected 0 to 10000', '--copies', '10001')

# Signals, in the middle of the analysis and of a filter.
os.mkdir(out)
with open(os.path.join(out, 'mine'), 'w', encoding='ascii') as file:
    file.write('mine')


def children(parent):
    found = []
    for path in glob.glob('/proc/[0-9]*/stat'):
        try:
            with open(path, encoding='utf-8', errors='replace') as stats:
                if int(stats.read().rpartition(')')[2].split()[1]) == parent:
                    found.append(int(path.split('/')[2]))
        except OSError:
            pass  # it has ended
    return found


def interrupt(number, delay, ranks=0, to_rank=False):
    """Exit status and standard error of a run that gets a signal."""
    process = subprocess.Popen(command('--copies', '1000', ranks=ranks), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True, cwd=folder)
    end = time.monotonic() + 60
    while not glob.glob(os.path.join(out, '.csro-*')) and process.poll() is None and time.monotonic() < end:
        time.sleep(0.02)
    time.sleep(delay)
    to = process.pid
    if to_rank:  # the first of mpirun's children
        to = min(children(to))
    os.kill(to, number)
    _, errors = process.communicate(timeout=30)
    assert not left() and os.listdir(out) == ['mine'], (number, delay, ranks, os.listdir(out))
    assert 'Traceback' not in errors, errors
    return process.returncode, errors


for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)):
    for delay in (0, 1.5) if number == signal.SIGTERM else (0.7,):
        found = interrupt(number, delay)
        assert found == (status, f'csro_batch.py: ended by {number.name}, no results were written\n'), found
assert interrupt(signal.SIGKILL, 0.5)[0] == -signal.SIGKILL
assert interrupt(signal.SIGTERM, 1.5, ranks=2, to_rank=True)[0] == 143
assert interrupt(signal.SIGINT, 0.5, ranks=2)[0] != 0  # mpirun has a status of its own
interrupt(signal.SIGKILL, 0.5, ranks=2)

# Surroundings: streams that are closed or that nobody reads, no HOME, another locale, no working directory.
numpy.random.default_rng(1).uniform((-3, -3, -6, 28.9), (3, 3, 0, 29.1), (6000, 4)).astype('>f4').tofile(pos)
with open(rrng, 'w', encoding='ascii') as file:
    file.write('[Ranges]\nNumber=1\nRange1=28.8 29.2 Ni:1\n')
plain = os.path.join(folder, 'plain')
os.symlink(pos, plain + '.pos')
os.symlink(rrng, plain + '.rrng')
own = ('--ions', pos, '--ranges', rrng, '--copies', '0')
for start in ('exec "$@"', 'exec "$@" >&-', 'exec "$@" <&- >&- 2>&-', '"$@" | head -c 0; exit ${PIPESTATUS[0]}'):
    done = subprocess.run(['/bin/bash', '-c', start, 'bash', *command(*own)], capture_output=True, text=True, timeout=60,
                          cwd=folder)
    assert done.returncode == 0 and 'Traceback' not in done.stderr and 'rror' not in done.stderr, (start, done)
surroundings = {name: value for name, value in os.environ.items() if name != 'HOME'}
surroundings['LC_ALL'] = 'C'
empty = os.path.join(folder, 'empty.py')
open(empty, 'w', encoding='ascii').close()
if subprocess.run([pvbatch, empty], capture_output=True, env=surroundings, check=False).returncode != 0:
    surroundings['HOME'] = folder  # Open MPI 5 does not start without
done = run('--ions', plain + '.pos', '--ranges', plain + '.rrng', '--copies', '0', env=surroundings)
assert done.returncode == 0 and 'Traceback' not in done.stderr, done
gone = os.path.join(folder, 'gone')
os.mkdir(gone)
done = subprocess.run(['/bin/sh', '-c', f'cd {gone} && rmdir {gone} && exec {pvbatch} {script} --copies 0'],
                      capture_output=True, text=True, timeout=60)
assert done.returncode == 2 and 'csro-output: No such file or directory' in done.stderr, done
assert 'Traceback' not in done.stderr, done

# A disk that is full for each of the outputs in turn: one line, and the results of before stay.
before = {name: os.stat(os.path.join(out, name)).st_mtime_ns for name in os.listdir(out)}
limited = os.path.join(folder, 'limited.py')
for limit in 100, 3000, 20000:
    with open(limited, 'w', encoding='utf-8') as file:  # (MPI itself needs files when it starts)
        file.write(f'import resource, runpy\nresource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n'
                   f'runpy.run_path({script!r}, run_name="__main__")\n')
    done = subprocess.run([pvbatch, limited, *command(*own)[2:]], capture_output=True, text=True, timeout=60, cwd=folder)
    lines = [line for line in done.stderr.splitlines() if 'csro_batch.py' in line]
    assert done.returncode == 2 and len(lines) == 1 and 'written' in lines[0], (limit, done)
    assert 'Traceback' not in done.stderr, done
    assert not left()
    assert {name: os.stat(os.path.join(out, name)).st_mtime_ns for name in os.listdir(out)} == before

# What stands where results go is refused before the work and stays.
for name, make in (('voxels.vti', os.mkfifo), ('domains_Ni-Ni.csv', os.mkdir)):
    target = os.path.join(out, name)
    os.remove(target)
    make(target)
    mode = os.stat(target).st_mode
    done = run(*own)
    assert done.returncode == 2 and f'{name}: cannot be written: is a' in done.stderr, done
    assert os.stat(target).st_mode == mode and not stat.S_ISREG(mode)
    (os.rmdir if stat.S_ISDIR(mode) else os.remove)(target)
os.remove(os.path.join(out, 'summary.json'))
done = run(*own)
assert done.returncode == 2 and 'say --force' in done.stderr, done
done = run(*own, '--force')
assert done.returncode == 0 and not left(), done
with open(os.path.join(out, 'mine'), encoding='ascii') as file:
    assert file.read() == 'mine'
