"""batch_many.py SCRIPT FILE: runs csro_batch.py once for each list of arguments in the file (JSON), all in this process of
pvbatch, and replaces the list by what came of it: exit status, standard output and error, and what was in the folder of --out
before and after."""
import json
import os
import sys
import tempfile

script, path = sys.argv[1:3]
sys.path.insert(0, os.path.dirname(script))
import csro_batch  # noqa: E402


def listed(arguments):
    folder = arguments[len(arguments) - 1 - arguments[::-1].index('--out') + 1]
    return sorted(os.listdir(folder)) if os.path.isdir(folder) else None


def run(arguments):
    sys.argv = [script, *arguments]
    kept = [os.dup(1), os.dup(2)]
    files = [tempfile.TemporaryFile() for _ in kept]
    before = listed(arguments)
    for number, file in enumerate(files):
        os.dup2(file.fileno(), number + 1)
    try:
        status = csro_batch.main()
    finally:
        for stream in sys.stdout, sys.stderr:
            stream.flush()
        for number, file in enumerate(kept):
            os.dup2(file, number + 1)
    texts = []
    for file in files:
        file.seek(0)
        texts.append(file.read().decode())
    return {'returncode': status, 'stdout': texts[0], 'stderr': texts[1], 'before': before, 'after': listed(arguments)}


with open(path, encoding='utf-8') as file:
    cases = json.load(file)
with open(path, 'w', encoding='utf-8') as file:
    json.dump([run(arguments) for arguments in cases], file)
