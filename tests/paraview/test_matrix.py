"""test_matrix.py MPIRUN PVBATCH CASES [REPEATS]: the same results for any number of ranks and threads, and for any way
in which the ions lie on the ranks: counts and labels equal, sums to 1e-6. For a release: 20 repeats (says how far
it is)."""
import json
import os
import subprocess
import sys

from temporary import temporary_folder

mpirun, pvbatch, script = sys.argv[1:4]
repeats = int(sys.argv[4]) if len(sys.argv) > 4 else 1
folder = temporary_folder('matrix')


def run(ranks):
    subprocess.run([mpirun, '-n', str(ranks), pvbatch, script, folder], check=True, timeout=300,
                   stdout=subprocess.DEVNULL)


def results(ranks):
    run(ranks)
    with open(os.path.join(folder, f'{ranks}.json'), encoding='utf-8') as file:
        return json.load(file)


def same(a, b, where):
    if isinstance(a, dict):
        assert a.keys() == b.keys(), (where, a.keys(), b.keys())
        for key in a:
            same(a[key], b[key], f'{where}/{key}')
    elif isinstance(a, list):
        assert len(a) == len(b), (where, len(a), len(b))
        for i, (x, y) in enumerate(zip(a, b)):
            same(x, y, f'{where}/{i}')
    elif isinstance(a, float) and isinstance(b, float):
        assert abs(a - b) <= 1e-6 * max(1, abs(a)), (where, a, b)
    else:
        assert a == b, (where, a, b)


run(1)  # makes the specimen
expected = results(1)
whole = expected['file, 1 threads']
ions = os.path.getsize(os.path.join(folder, 'ions.pos')) // 16
for case in expected.values():
    assert case['ions'] == sum(case['species'].values()) == ions, (case['ions'], case['species'], ions)
pair = whole['pairs']['Ni-Ni']
assert pair['domains'] > 3 and pair['ions_extracted'] > pair['noise'] > 0, pair
same(whole, expected['file, 2 threads'], '1 rank, 2 threads')
for repeat in range(repeats):
    for ranks in (1, 2, 3, 5) if repeat else (2, 3, 5):
        for name, found in results(ranks).items():
            same(expected.get(name, whole), found, f'{ranks} ranks, {name}')
    if repeats > 1:
        print(f'{repeat + 1} of {repeats}: no difference', flush=True)
