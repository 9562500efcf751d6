"""Strong and weak scaling over one and two ranks of pvbatch, one thread each:

    CSRO_PLUGIN=.../APTCSRO.so /usr/bin/python3 tests/bench/scaling.py [--height 80] [--repeat 5]

simulates boxes of 20 nm x 20 nm (17 800 ions per nm of height) and runs alternating: one rank, two ranks on the same box
(strong), two ranks on a box of twice the height (weak). Prints medians as Markdown, and the command of the scaling model
(scaling_model.py) with what was measured. Wants two idle cores."""
import argparse
import json
import os
import statistics
import subprocess
import sys

STEPS = 'voxels', 'z-SDM', 'networks', 'domains'
HERE = os.path.dirname(os.path.abspath(__file__))


def run(ranks, height):
    environment = dict(os.environ, OMP_NUM_THREADS='1', OPENBLAS_NUM_THREADS='1')
    launch = ['mpirun', '--bind-to', 'none', '-n', str(ranks)]
    done = subprocess.run([*launch, 'pvbatch', os.path.join(HERE, 'scaling_step.py'), str(height)], env=environment,
                          stdout=subprocess.PIPE, text=True, timeout=1800, check=True)
    result = json.loads(done.stdout.strip().splitlines()[-1])
    result['seconds']['all'] = sum(result['seconds'][step] for step in STEPS)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--height', type=float, default=80, help='of the box on one rank, nm (default 80)')
    parser.add_argument('--repeat', type=int, default=5, help='alternations (default 5)')
    options = parser.parse_args()
    if 'CSRO_PLUGIN' not in os.environ:
        sys.exit('scaling.py: the environment variable CSRO_PLUGIN names the plugin APTCSRO.so')
    cases = {'one': (1, options.height), 'strong': (2, options.height), 'weak': (2, 2 * options.height)}
    runs = {name: [] for name in cases}
    for _ in range(options.repeat):
        for name, case in cases.items():
            runs[name].append(run(*case))
    one, strong, weak = (results[0] for results in runs.values())
    assert (one['ions'], one['ordered'], one['domains']) == (strong['ions'], strong['ordered'], strong['domains']), runs

    def median(name, step):
        return statistics.median(result['seconds'][step] for result in runs[name])

    print(f"{one['ions'] / 1e6:.2f} M ions on one rank and (strong) on two, {weak['ions'] / 1e6:.2f} M ions on two (weak); "
          f"one species, one thread per rank, medians of {options.repeat} alternating:\n")
    print('| step | 1 rank, s | 2 ranks, s | speed-up | 2 ranks, twice the ions, s | weak efficiency |')
    print('|---|---:|---:|---:|---:|---:|')
    for step in *STEPS, 'all':
        t = [median(name, step) for name in cases]
        print(f'| {step} | {t[0]:.2f} | {t[1]:.2f} | {t[0] / t[1]:.2f} | {t[2]:.2f} | {100 * t[0] / t[2]:.0f} % |')
    memory = [statistics.median(r['memory'] for r in runs[name]) / 2**20 for name in cases]
    print(f'\nPeak memory of all ranks: {memory[0]:.0f}, {memory[1]:.0f} and {memory[2]:.0f} MiB.\n')
    measured = ' '.join(f"--{step.lower().replace('-', '')} {1e9 * median('one', step) / one['ions']:.0f}"
                        for step in STEPS)
    spread = 1e9 * (median('weak', 'all') - median('one', 'all')) / one['ions']
    # what grows with the ions, without ParaView itself
    per_ion = (memory[2] - memory[1]) * 2**20 / (weak['ions'] - strong['ions'])
    print(f"    /usr/bin/python3 tests/bench/scaling_model.py {measured} --spread {spread:.0f} "
          f"--ordered {one['ordered'] / one['ions']:.4f} --memory {per_ion:.0f}")


main()
