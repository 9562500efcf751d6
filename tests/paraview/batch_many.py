"""batch_many.py SCRIPT: runs csro_batch.py once for each file whose name comes on standard input, all in this process of
pvbatch. The file (JSON) has the arguments, and then what came of them: exit status, standard output and error. "done" is
printed after each."""
import functools
import json
import os
import sys
import tempfile

script = sys.argv[1]
sys.path.insert(0, os.path.dirname(script))
import csro_plugin  # noqa: E402
csro_plugin.load_plugin = functools.cache(csro_plugin.load_plugin)  # which makes all constructors, for half a second
import csro_batch  # noqa: E402


def run(arguments):
    sys.argv = [script, *arguments]
    kept = [os.dup(1), os.dup(2)]
    files = [tempfile.TemporaryFile() for _ in kept]
    for number, file in enumerate(files):
        os.dup2(file.fileno(), number + 1)
    try:
        status = csro_batch.main()
    finally:
        for stream in sys.stdout, sys.stderr:
            stream.flush()
        for number, file in enumerate(kept):
            os.dup2(file, number + 1)
            os.close(file)
    texts = []
    for file in files:
        file.seek(0)
        texts.append(file.read().decode())
    return {'returncode': status, 'stdout': texts[0], 'stderr': texts[1]}


for line in open(0, encoding='utf-8'):  # (pvbatch has a sys.stdin that is no file)
    path = line.rstrip('\n')
    with open(path, encoding='utf-8') as file:
        arguments = json.load(file)
    with open(path, 'w', encoding='utf-8') as file:
        json.dump(run(arguments), file)
    print('done', flush=True)
