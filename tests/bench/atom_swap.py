"""LAMMPS (fix atom/swap) and Lattice Monte Carlo on the same cell: attempted exchanges per second of one core, and the energy.

    python3 tests/bench/atom_swap.py BENCH_MONTE_CARLO [SWEEPS]

BENCH_MONTE_CARLO is build/release/core/bench/bench_monte_carlo; lmp (Debian: lammps) must be there. 8 x 8 x 8 cells of fcc,
1:1, nearest neighbours with +-0.02 eV, 500 K; every attempt of fix atom/swap exchanges atoms of unlike types, as those that are
counted here do. One of 11 parts of the sweeps of LAMMPS (an attempt per atom each, 200) comes
before the mean, whose error is that of the other ten.
"""
import re
import statistics
import subprocess
import sys
import tempfile

bench = sys.argv[1]
sweeps = int(sys.argv[2]) if len(sys.argv) > 2 else 200
SCRIPT = """units metal
atom_style atomic
atom_modify map array
lattice fcc 3.0
region box block 0 8 0 8 0 8
create_box 2 box
create_atoms 1 box
set group all type/subset 2 1024 1
mass * 1
pair_style table linear 1000
pair_coeff 1 1 pairs.table LIKE 2.5
pair_coeff 2 2 pairs.table LIKE 2.5
pair_coeff 1 2 pairs.table UNLIKE 2.5
neighbor 0.3 bin
thermo 1
thermo_style custom step pe
fix swap all atom/swap 1 2048 1 500 types 1 2 ke no
run {sweeps}
"""
with tempfile.TemporaryDirectory() as folder:
    with open(folder + '/pairs.table', 'w', encoding='ascii') as file:
        for name, energy in (('LIKE', 0.02), ('UNLIKE', -0.02)):
            file.write(f'{name}\nN 2 R 1.0 2.5\n\n1 1.0 {energy} 0\n2 2.5 {energy} 0\n\n')
    done = subprocess.run(['lmp', '-log', 'none'], input=SCRIPT.format(sweeps=sweeps), capture_output=True, text=True, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
taken = float(re.search(r'Loop time of (\S+)', done.stdout).group(1))
share = float(re.search(r'([\d.]+)% CPU use', done.stdout).group(1)) / 100
rows = [float(line.split()[1]) for line in done.stdout.splitlines() if re.fullmatch(r'\s*\d+\s+[-+\d.e]+\s*', line)]
size = len(rows) // 11  # the first of 11 blocks comes before the mean
blocks = [statistics.fmean(rows[k * size:(k + 1) * size]) for k in range(1, 11)]
theirs = 2048 * sweeps / (taken * share)
error = statistics.stdev(blocks) / 10 ** 0.5
print(f'LAMMPS: {theirs:.0f} attempts per second, E = {statistics.fmean(blocks):.3f} +- {error:.3f} eV')
text = subprocess.run([bench, 'small'], capture_output=True, text=True, check=True).stdout
print('Lattice Monte Carlo: ' + text.strip())
print(f'ratio {float(text.split()[0]) / theirs:.0f}')
