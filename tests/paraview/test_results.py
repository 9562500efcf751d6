"""test_results.py SAMPLE_STATES: what csro_files.py, csro_results.py and csro_ending.py do with what stands where
results go, without ParaView. Run by Debian's python3."""
import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time

from temporary import temporary_folder

sys.argv[1] = os.path.abspath(sys.argv[1])
sys.path.insert(0, sys.argv[1])
from csro_ending import Ending, start_guard  # noqa: E402
from csro_files import Failure, check_readable  # noqa: E402
from csro_results import Results  # noqa: E402

root = temporary_folder('results')
os.chdir(root)
os.umask(0o022)
SUMMARY = '{"version": "1", "pairs": {}, "seconds": {}}'
RESULT = {'summary.json': SUMMARY, 'voxels.vti': 'new', 'domains_Ni-Ni.csv': 'new'}


def write(path, text):
    os.makedirs(os.path.dirname(path) or '.', exist_ok=True)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)


def read(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


def run(out='out', force=False, files=RESULT):
    with Results(out, force, Ending('test')) as results:
        for name, text in files.items():
            write(os.path.join(results.folder, name), text)
        results.place()


def refused(text, *arguments, **more):
    try:
        run(*arguments, **more)
    except Failure as failure:
        assert text in str(failure), (text, str(failure))
        return
    raise AssertionError(f'not refused: {text}')


def tree(folder='out'):
    """Everything below a folder with its content."""
    found = {}
    for path, folders, names in os.walk(folder):
        for name in names + folders:
            full = os.path.join(path, name)
            about = os.lstat(full)
            found[os.path.relpath(full, folder)] = read(full) if stat.S_ISREG(about.st_mode) else stat.S_IFMT(about.st_mode)
    return found


def fresh():
    """An empty out."""
    shutil.rmtree('out', ignore_errors=True)
    os.mkdir('out')


def make_socket(path):
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path)


def kinds():
    """(what it is, how it is made); a device where that is permitted."""
    yield 'a directory', os.mkdir
    yield 'a named pipe', os.mkfifo
    yield 'a socket', make_socket
    try:
        os.mknod('device', stat.S_IFCHR | 0o600, os.makedev(1, 3))  # numbers of a null device
        os.remove('device')
        yield 'a character device', lambda path: os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 3))
    except PermissionError:
        pass


def remove(path):
    (os.rmdir if os.path.isdir(path) and not os.path.islink(path) else os.remove)(path)


# A new folder, twice; other files in it stay.
run()
assert tree() == RESULT, tree()
write('out/notes.txt', 'mine')
write('out/voxels/mine.vti', 'mine')
run(files={**RESULT, 'voxels.vti': 'newer'})
assert tree() == {**RESULT, 'voxels.vti': 'newer', 'notes.txt': 'mine', 'voxels/mine.vti': 'mine',
                  'voxels': stat.S_IFDIR}, tree()
for mode in 0o600, 0o640, 0o664:
    os.chmod('out/voxels.vti', mode)
    run()
    assert stat.S_IMODE(os.stat('out/voxels.vti').st_mode) == mode
    assert stat.S_IMODE(os.stat('out/summary.json').st_mode) == 0o644
if os.geteuid() == 0:
    os.chown('out/voxels.vti', 12345, 23456)
    run()
    about = os.stat('out/voxels.vti')
    assert (about.st_uid, about.st_gid) == (12345, 23456)
    os.chmod('out/voxels.vti', 0o666)
    os.chmod('out', 0o777)
    os.chmod(root, 0o755)
    before = tree()
    os.seteuid(54321)
    refused('out/voxels.vti: cannot be written: its owner (12345) could not be kept')
    refused('absent: Permission denied', 'absent')
    os.seteuid(0)
    assert tree() == before
os.chmod('out/voxels.vti', 0o444)
before = tree()
refused('out/voxels.vti: cannot be written: is write-protected', files={**RESULT, 'domains_Ni-Ni.csv': 'newer'})
assert tree() == before, tree()

# Pieces of several ranks: those of an earlier run go, what is not of a run stays.
fresh()
run(files={'summary.json': SUMMARY, **{f'voxels/voxels_{k}.vti': 'old' for k in range(3)}})
write('out/voxels/voxels_mine.vti', 'mine')
run(files={'summary.json': SUMMARY, 'voxels/voxels_0.vti': 'new'})
assert tree() == {'summary.json': SUMMARY, 'voxels': stat.S_IFDIR, 'voxels/voxels_0.vti': 'new',
                  'voxels/voxels_mine.vti': 'mine'}, tree()
fresh()
write('out/voxels', 'a file')
refused('out/voxels: cannot be made', files={'summary.json': SUMMARY, 'voxels/voxels_0.vti': 'new'})
assert tree() == {'voxels': 'a file'}, tree()

# What is not of a run is not replaced, unless that is asked for.
for content in 'mine', '[]', '{"version": 1}', '\0':
    for name in RESULT:
        fresh()
        write('out/summary.json', content)
        write(os.path.join('out', name), content)
        before = tree()
        refused('is there already, without a summary.json of an earlier run')
        assert tree() == before
        run(force=True)
        assert tree() == RESULT

# What is no regular file stays, whatever is asked for; also where it comes to stand there during the run.
for what, make in kinds():
    for name in RESULT:
        fresh()
        make(os.path.join('out', name))
        before = tree()
        refused(f'out/{name}: cannot be written: is {what}', force=True)
        assert tree() == before
        fresh()
        write('target/old', 'old')
        remove('target/old')
        make('target/old')
        os.symlink('../target/old', os.path.join('out', name))
        refused(f'out/{name}: cannot be written: is {what}', force=True)
        remove('target/old')
    fresh()
    try:
        with Results('out', False, Ending('test')) as results:
            write(os.path.join(results.folder, 'summary.json'), SUMMARY)
            write(os.path.join(results.folder, 'curves_a.csv'), 'new')
            make('out/summary.json')
            results.place()
        raise AssertionError('not refused')
    except Failure as failure:
        assert f'out/summary.json: cannot be written: is {what}' in str(failure), failure
    assert list(tree()) == ['summary.json'], tree()
    shutil.rmtree('out')
    if what != 'a directory':  # as the folder itself
        make('out')
        refused(f'out: is {what}, expected a folder for the results')
        remove('out')
    make('input')  # as an input: without waiting
    try:
        check_readable('input')
        raise AssertionError('not refused')
    except Failure as failure:
        assert str(failure) == f'input: is {what}, expected a regular file', failure
    remove('input')

# Links: of the folder and of files in it, also where they lead to nothing yet.
fresh()
os.rmdir('out')
os.symlink('far/away', 'out')
os.mkdir('far')
run()
assert tree('far/away') == RESULT and os.path.islink('out')
for name in RESULT:
    os.rename(f'far/away/{name}', f'target/{name}')
    os.symlink(f'../../target/{name}', f'far/away/{name}')
run(files={**RESULT, 'voxels.vti': 'newer'})
assert os.path.islink('out/voxels.vti') and read('target/voxels.vti') == 'newer' and tree('target').keys() == RESULT.keys()
os.remove('target/voxels.vti')
run()
assert os.path.islink('out/voxels.vti') and read('target/voxels.vti') == 'new'
os.remove('out')
os.symlink('out', 'out')
refused('out: Too many levels of symbolic links')
os.remove('out')
fresh()
os.symlink('voxels.vti', 'out/voxels.vti')
refused('out/voxels.vti: cannot be written: Too many levels of symbolic links', force=True)
os.remove('out/voxels.vti')
os.symlink('absent/voxels.vti', 'out/voxels.vti')
refused('out/voxels.vti: cannot be written: no folder', force=True)
if os.path.isdir('/dev/shm') and os.stat('/dev/shm').st_dev != os.stat(root).st_dev:  # another file system
    with tempfile.TemporaryDirectory(dir='/dev/shm') as other:
        os.remove('out/voxels.vti')
        os.symlink(os.path.join(other, 'far.vti'), 'out/voxels.vti')
        for text in 'new', 'newer':
            run(files={**RESULT, 'voxels.vti': text}, force=True)
            assert read(os.path.join(other, 'far.vti')) == text and os.listdir(other) == ['far.vti']

# What a killed run has left is removed by the next one, which takes the folder for its own.
fresh()
write('out/.csro-0a1b2c3d/voxels.vti', 'half')
write('out/voxels.vti', 'of a run that was killed while its results took their places')
run()
assert tree() == RESULT, tree()
# Two runs at a time.
with Results('out', False, Ending('test')):
    refused('out: another run is writing there')
assert tree() == RESULT, tree()
# A run that fails leaves nothing, not even its folder.
shutil.rmtree('out')
try:
    with Results('out', False, Ending('test')) as results:
        write(os.path.join(results.folder, 'voxels.vti'), 'half')
        raise Failure('of the analysis')
except Failure:
    pass
assert not os.path.lexists('out')

# The guard removes what a killed process has begun.
os.makedirs('out/.csro-0a1b2c3d')
write('out/.csro-0a1b2c3d/half', 'half')
os.close(start_guard(os.path.abspath('out/.csro-0a1b2c3d'), os.path.abspath('out')))
end = time.monotonic() + 30
while os.path.lexists('out') and time.monotonic() < end:
    time.sleep(0.05)
assert not os.path.lexists('out')

# A working directory that is gone.
os.mkdir('gone')
done = subprocess.run([sys.executable, '-c', f'''
import os, sys
sys.path.insert(0, {sys.argv[1]!r})
os.chdir({os.path.join(root, 'gone')!r})
os.rmdir({os.path.join(root, 'gone')!r})
from csro_ending import Ending
from csro_results import Failure, Results
try:
    Results('out', False, Ending('test'))
except Failure as failure:
    print(failure)
'''], capture_output=True, text=True, timeout=60)
assert done.stdout == 'out: No such file or directory\n', done
os.chdir('/')
