"""test_batch.py MPIRUN PVBATCH SCRIPT: csro_batch.py as a user calls it: results, ranks and threads, published cases
(where present), and what it says about bad input. Run by Debian's python3."""
import csv
import json
import os
import re
import subprocess
import sys

import numpy
from diffuse_ions import sites, write
from temporary import temporary_folder

mpirun, pvbatch, script = sys.argv[1:4]
folder = temporary_folder('batch')
reference = os.environ['CSRO_REFERENCE_DIR']
rrng = os.path.join(folder, 'a.rrng')
pos = os.path.join(folder, 'a.pos')


def command(*options):
    return ['--out', os.path.join(folder, 'out'), *options]


class Worker:
    """csro_batch.py again and again in one process of pvbatch, or of one for each rank: starting takes longer than most runs."""

    def __init__(self, *start):
        many = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'batch_many.py')
        self.process = subprocess.Popen([*start, pvbatch, many, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        cwd=folder)

    def run(self, options):
        case = os.path.join(folder, 'case.json')
        with open(case, 'w', encoding='utf-8') as file:
            json.dump(command(*options), file)
        self.process.stdin.write(f'{case}\n')
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line == 'done\n':
                with open(case, encoding='utf-8') as file:
                    return subprocess.CompletedProcess(options, **json.load(file))
        raise AssertionError(f'batch_many.py has ended at {options}')

    def close(self):
        self.process.communicate()
        assert self.process.returncode == 0, self.process.returncode


workers = {0: Worker()}


def close():
    for worker in workers.values():
        worker.close()


def run(*options, ranks=0):
    return workers[ranks].run(options)


def run_alone(*options, ranks=0):
    """In a process of its own."""
    start = [mpirun, '-n', str(ranks)] if ranks else []
    return subprocess.run([*start, pvbatch, script, *command(*options)], capture_output=True, text=True, timeout=120, cwd=folder)


def summary(*options, run=run, **more):
    """What a run has written; one copy unless the options say otherwise or there are none to make."""
    done = run(*(() if {'--copies', '--extracted'} & set(options) else ('--copies', '1')), *options, **more)
    assert done.returncode == 0, (options, done.stdout, done.stderr)
    with open(os.path.join(folder, 'out', 'summary.json'), encoding='utf-8') as file:
        return json.load(file)


def numbers(found):
    return {key: value for key, value in found.items()
            if key not in ('seconds', 'peak_memory_bytes', 'ranks', 'threads')}


def same(a, b, where=''):
    if isinstance(a, dict):
        assert a.keys() == b.keys(), where
        for key in a:
            same(a[key], b[key], f'{where}/{key}')
    elif isinstance(a, list):
        assert len(a) == len(b), where
        for i, (x, y) in enumerate(zip(a, b)):
            same(x, y, f'{where}/{i}')
    elif isinstance(a, float):
        assert abs(a - b) <= 1e-6 * abs(a), (where, a, b)
    else:
        assert a == b, (where, a, b)


def files():
    out = os.path.join(folder, 'out')
    return os.listdir(out) if os.path.isdir(out) else None


def refuses(text, *options, run=run, **more):
    """Bad input: exit status 2, one line that contains the text, nothing written."""
    before = files()
    done = run(*options, **more)
    lines = [line for line in done.stderr.splitlines() if 'csro_batch.py' in line]
    assert done.returncode == 2, (options, done)
    assert len(lines) == 1 and text in lines[0], (options, text, done.stderr)
    assert 'Traceback' not in done.stderr and 'Traceback' not in done.stdout, done.stderr
    assert files() == before, options


# A small specimen of random ions on planes, with its range file.
generator = numpy.random.default_rng(1)
ions = generator.uniform((-3, -3, -6, 0), (3, 3, 0, 0), (12000, 4))
ions[:, 2] = numpy.round(ions[:, 2] / 0.18) * 0.18 + generator.normal(0, 0.02, 12000)
ions[:, 3] = generator.choice((29.0, 29.5, 1.0), 12000, p=(0.5, 0.495, 0.005))
ions.astype('>f4').tofile(pos)
with open(rrng, 'w', encoding='ascii') as file:
    file.write('[Ions]\nNumber=3\nIon1=Ni\nIon2=Co\nIon3=H\n[Ranges]\nNumber=3\nRange1=28.9 29.1 Ni:1\n'
               'Range2=29.4 29.6 Co:1\nRange3=0.9 1.1 H:1\n')
own = ('--ions', pos, '--ranges', rrng)

one = summary(*own, '--copies', '2', '--curves')
assert set(one['pairs']) == {'Ni-Ni', 'Co-Co'}, one['pairs'].keys()  # H: less than 1 %
assert one['ions'] == 12000 and sum(one['species'].values()) == 12000
for pair in one['pairs'].values():
    assert len(pair['size_histogram']) == 32 and len(pair['copies']) == 2
    assert pair['domains'] == sum(pair['size_histogram'])
    for key in ('domains',):
        found = pair['statistics'][key]
        values = [made.get(key, made['ions_extracted'] - made['noise']) for made in (pair, *pair['copies'])]
        assert found['value'] == values[0] and abs(found['copies_mean'] - sum(values[1:]) / 2) < 1e-9, (key, found, values)
        assert found['band'][0] <= found['copies_mean'] <= found['band'][1], found
        assert found['p'] == (1 + sum(value >= values[0] for value in values[1:])) / 3, (key, found, values)
    assert set(pair['statistics']) == {'domains', 'ordered_ions', 'largest', 'mu'}, pair['statistics']
ps = sorted(pair['statistics']['domains']['p'] for pair in one['pairs'].values())
holm = sorted(pair['p_holm'] for pair in one['pairs'].values())
assert numpy.allclose(holm, [min(1, 2 * ps[0]), min(1, max(2 * ps[0], ps[1]))]), (ps, holm)
for pair in one['pairs'].values():
    assert pair['sentence'].startswith(f"{pair['domains']} domain") and 'over 2 pairs p = ' in pair['sentence'], pair
written = set(os.listdir(os.path.join(folder, 'out')))
assert written >= {'voxels.vti', 'domains_Ni-Ni.vtp', 'domains_Ni-Ni.csv', 'curves_Co-Co.csv', 'summary.json'}, written
# Detect Order beside the published chain, which does not depend on it.
for found in one['detect_order'].values():
    assert found['fdr_level'] == 0.1 and 0 < found['sigma_z_nm'] < 0.1 and found['domains'] >= 0, found
searched = {row['species'] for row in one['order_kinds']['rows'] if row['searched']}
assert searched == set(one['detect_order']) and len(one['order_kinds']['rows']) == 6, one['order_kinds']
assert one['order_kinds']['found'] == 'no order beyond chance, of any kind', one['order_kinds']
assert one['quality']['verdict'].startswith('usable along this pole'), one['quality']
assert {row['quantity']: row for row in one['quality']['rows']}['Plane spacing']['verdict'] == 'ok', one['quality']
assert written >= {f'ordered_{name}.{kind}' for name in searched for kind in ('vtp', 'csv')}, written
alone = summary(*own, '--copies', '2', '--detect', 'off')
assert 'detect_order' not in alone and alone['pairs'] == one['pairs'], alone

# A configuration of a simulation: a specimen of it is analysed, and its own order is in the summary (L1_2: -1/3 of unlike pairs).
xyz = os.path.join(folder, 'a.extxyz')
grid = sites('fcc', 8)
write(xyz, numpy.where((grid % 1 == 0).all(1), 'Cr', 'Ni'), grid * 0.36, 8 * 0.36)
made = summary('--configuration', xyz, '--pairs', 'Ni-Ni', '--copies', '0', '--detect', 'off', '--box=-3,3,-3,3,-8,-3')
assert abs(made['configuration']['alpha']['Cr-Ni'] + 1 / 3) < 1e-9 and set(made['pairs']) == {'Ni-Ni'}, made
assert abs(made['configuration']['distance_nm'] - 0.36 / 2 ** 0.5) < 1e-9, made
assert {'Cr', 'Ni'} <= set(made['species']) and made['ions'] > 10000, made
refuses('--configuration cannot be combined', *own, '--configuration', xyz)
refuses('No such file', '--configuration', 'none.extxyz')
refuses('no periodic box', '--configuration', pos)
assert 'detect_order' not in summary(*own, '--copies', '0', '--reference')
refuses("invalid choice: 'some'", *own, '--detect', 'some')
refuses('--detect cannot be combined', '--extracted', pos, '--detect', 'on')


def check_same(ranks, threads, run=run):
    many = summary(*own, '--copies', '2', '--threads', str(threads), ranks=ranks, run=run)
    assert (many['ranks'], many['threads']) == (ranks or 1, threads), many
    same(numbers(one), numbers(many), f'{ranks} ranks, {threads} threads')


check_same(0, 2)
check_same(3, 2, run=run_alone)
# Planes laid across z first.
aligned = summary(*own, '--copies', '0', '--align')
assert aligned['pole']['Found'] == 1 and abs(aligned['pole']['PlaneSpacing_nm'] - 0.18) < 0.002, aligned['pole']
assert len(aligned['pole']['matrix']) == 4 and aligned['ions'] == one['ions'], aligned['pole']
assert 'pole' not in one
refuses('--align cannot be combined', '--extracted', pos, '--align')
# What would have been found: no order, hence an upper limit.
planted = summary(*own, '--copies', '0', '--pairs', 'Ni-Ni', '--sensitivity')
assert list(planted)[1] == 'sensitivity' and set(planted['sensitivity']) == searched, planted['sensitivity']
(found,) = planted['sensitivity'].values()
assert found['injections'] == 10 and 20 <= found['planted'] <= 40, found
assert 'would have been found in' in found['sentence'] and 'There are fewer than' in found['sentence'], found
assert found['order'] == [None] * 3 and found['sentence'].startswith('Fully ordered domains of'), found
last = found['classes'][-1]
assert (last['from_nm'], last['to_nm']) == (2.0, None) and last['density_m3'] == 0 < last['density_high_m3'], last
refuses('--sensitivity cannot be combined', '--extracted', pos, '--sensitivity')
refuses('--sensitivity needs --detect on', *own, '--sensitivity', '--detect', 'off')
# Statistics of the whole of the ions.
measured = summary(*own, '--copies', '3', '--pairs', 'Ni-Ni', '--detect', 'off', '--statistics')
of_all = {'order_parameters_shells', 'order_parameters_nearest', 'order_parameters_planes', 'nearest_neighbours',
          'radial_distribution', 'frequency_distribution', 'spatial_map_z'}
assert set(measured['statistics']) == of_all | {'spectrum_fit', 'maximum_separation', 'density_map', 'composition_Ni-Ni'}, measured['statistics'].keys()
for name, found in measured['statistics'].items():
    if name in of_all:
        assert 0.25 <= found['p'] <= 1 and found['sentence'].startswith('Largest '), found
    assert f'statistics_{name}.csv' in os.listdir(os.path.join(folder, 'out'))
tables = {'profile_Ni-Ni', 'proximity_Ni-Ni', 'zsdm_domains_Ni-Ni', 'zsdm_rest_Ni-Ni', 'spectrum_fit_peaks', 'maximum_separation_clusters',
          'cluster_sweep'}
assert {f'statistics_{name}.csv' for name in tables} <= set(os.listdir(os.path.join(folder, 'out')))
with open(os.path.join(folder, 'out', 'statistics_density_map.csv'), encoding='utf-8') as file:
    cells = list(csv.DictReader(file))
assert list(cells[0])[:4] == ['X_nm', 'Y_nm', 'Density_nm2', 'DensityError_nm2'] and sum(int(row['Ions']) for row in cells) == measured['ions']
refuses('--statistics cannot be combined', '--extracted', pos, '--statistics')
# What the copies exchange, and within what.
assert (one['exchange'], one['within']) == ('ranged', 'all'), one
near = summary(*own, '--copies', '1', '--exchange', 'all', '--within', '2000')
assert (near['exchange'], near['within']) == ('all', 2000), near
assert near['pairs']['Ni-Ni']['copies'][0] != one['pairs']['Ni-Ni']['copies'][0], near
assert summary(*own, '--copies', '0', '--reference')['exchange'] == 'all'
refuses('--exchange some: expected ranged or all', *own, '--exchange', 'some')
refuses('--within few: expected all or a number of ions', *own, '--within', 'few')
refuses('--within 99: expected 100 to', *own, '--within', '99')


# Ions that were extracted elsewhere are ranged too; the table of domains has what those of cluster analyses have.
def check_extracted(ranks):
    extracted = summary('--extracted', pos, '--ranges', rrng, ranks=ranks)
    assert extracted['species'] == one['species'], extracted['species']
    assert extracted['pairs']['extracted']['ions_extracted'] == 12000
    with open(os.path.join(folder, 'out', 'domains_extracted.csv'), encoding='utf-8') as file:
        header, *rows = list(csv.reader(file))
    assert header == [
        'Domain', 'Size', 'Ranged', 'Count_unranged', 'Count_Ni', 'Count_Co', 'Count_H', 'CenterX_nm', 'CenterY_nm', 'CenterZ_nm', 'ExtentX_nm',
        'ExtentY_nm', 'ExtentZ_nm', 'RgX_nm', 'RgY_nm', 'RgZ_nm', 'Rg1_nm', 'Rg2_nm', 'Rg3_nm',
        'Extent1_nm', 'Extent2_nm', 'Extent3_nm', *(f'Axis{k}{axis}' for k in '123' for axis in 'XYZ'), 'Rg_nm', 'GuinierRadius_nm', 'VolumeRg_nm3', 'VolumeExtent_nm3', 'AspectRatio', 'Oblateness', 'Shape', 'SpanX_nm', 'SpanY_nm', 'SpanZ_nm', 'Fraction_Ni', 'Fraction_Co', 'Fraction_H'], header
    assert len(rows) == extracted['pairs']['extracted']['domains'] > 0
    for row in (dict(zip(header, row)) for row in rows):
        radii, extents = ([float(row[f'{name}{axis}_nm']) for axis in 'XYZ'] for name in ('Rg', 'Extent'))
        found = [float(row[name]) for name in ('Rg_nm', 'GuinierRadius_nm', 'VolumeRg_nm3', 'VolumeExtent_nm3')]
        radius, ball = numpy.linalg.norm(radii), 4 * numpy.pi / 3
        assert numpy.allclose(found, [radius, (5 / 3) ** 0.5 * radius, ball * numpy.prod(radii), ball * numpy.prod(extents)]), row
        axes = numpy.array([[float(row[f'Axis{k}{axis}']) for axis in 'XYZ'] for k in '123'])
        assert numpy.isnan(axes).any() or (numpy.allclose(axes @ axes.T, numpy.eye(3)) and (axes[:, 2] >= 0).all()), row
        assert not numpy.linalg.norm(extents) * (1 + 1e-9) < float(row['Extent1_nm']) and not float(row['Extent1_nm']) < float(row['Rg1_nm']), row
        assert int(row['Ranged']) == int(row['Size']) - int(row['Count_unranged']), row


check_extracted(0)
assert summary('--extracted', pos)['species'] == {'unranged': 12000}
refuses('File name too long', '--ions', 'x' * 5000)
refuses('File name too long', '--out', 'x' * 300)

built_in = summary('--pairs', 'Ni-Ni', '--detect', 'off')
assert built_in['pairs']['Ni-Ni']['domains'] > 20, built_in
assert not [name for name in os.listdir(folder) if name.startswith('.csro-')], 'temporary files left'

# Species may have any name: pairs and files are called by what was typed.
odd = os.path.join(folder, 'odd.rrng')
with open(odd, 'w', encoding='ascii') as file:
    file.write('[Ranges]\nNumber=3\nRange1=28.9 29.1 Name:un_1\nRange2=29.4 29.6 Name:O-18\n'
               'Range3=0.9 1.1 Name:a/b+\n')
found = summary('--ions', pos, '--ranges', odd, '--pairs', 'un_1-O-18 O-18-O-18+a/b+-un_1')
assert list(found['pairs']) == ['un_1-O-18', 'O-18-O-18', 'a/b+-un_1'], found['pairs'].keys()
assert all(pair['zsdm_count_sum'] > 0 for pair in found['pairs'].values()), found['pairs']
written = set(os.listdir(os.path.join(folder, 'out')))
assert written >= {'domains_un_1-O-18.vtp', 'curves_a_b+-un_1.csv', 'domains_O-18-O-18.csv'}, written
# Names that are no elements: said as that; names in Latin-1 come out as UTF-8.
mine, latin = os.path.join(folder, 'mine.rrng'), os.path.join(folder, 'latin.rrng')
with open(mine, 'w', encoding='ascii') as file:
    file.write('[Ranges]\nRange1=28.9 29.1 Name:Mine1\nRange2=29.4 29.6 Name:Mine2\n')
refuses('no species is a chemical element (there are Mine1, Mine2): name the pairs, as in Mine1-Mine2',
     '--ions', pos, '--ranges', mine)
with open(latin, 'w', encoding='latin-1') as file:
    file.write('[Ranges]\nRange1=28.9 29.1 Ni:1\nRange2=29.4 29.6 Name:R\u00fcckstand\n')
found = summary('--ions', pos, '--ranges', latin)
assert found['species']['R\u00fcckstand'] > 0 and list(found['pairs']) == ['Ni-Ni'], found
# Progress where it is asked for, help with all options, the smallest p.
done = run(*own, '--copies', '2', '--progress')
lines = [line for line in done.stderr.splitlines() if ' %  ' in line]
assert done.returncode == 0 and len(lines) >= 2 and '0 %  read' in lines[0] and '100 %' in lines[-1], done
percent = [int(line.split('%')[0]) for line in lines]
assert percent == sorted(percent), percent
assert done.stdout.startswith('Data: usable along this pole') and '\nNi-Ni: ' in done.stdout, done.stdout
assert ' %  ' not in run(*own, '--copies', '0').stderr
sys.path.insert(0, os.path.dirname(script))
from csro_batch import describe  # noqa: E402
text = describe('Ni-Ni', {'domains': 5, 'ions_extracted': 70, 'number_density_m3': 1e25, 'copies': [{'domains': 3}] * 19,
                          'mu': 0.5, 'mu_null': {'mean': 0.1, 'p95': 0.2, 'p_value': 0.1}, 'sentence': 'So be it.'})
assert text == ('Ni-Ni: 5 domains of 70 ordered ions, 1e+25 per m3; mu 0.500 against the first copy (null: mean 0.100, '
                '95 % below 0.200).\n  So be it.'), text
done = run_alone('--help')
assert done.returncode == 0 and done.stdout.startswith('usage: csro_batch.py') and not done.stderr, done
with open(script, encoding='utf-8') as file:
    offered = [line.split('"')[-2] for line in re.findall(r'add\((?:"-h", )?"--[a-z]+"', file.read())]
assert len(offered) == 26 and all(f'{option} ' in done.stdout for option in offered), (offered, done.stdout)

boxed = summary(*own, '--box=-2 2 -2 2 -5 -1')['voxels']
assert boxed == summary(*own, '--box=-2,2,-2;2,-5,-1')['voxels'] < one['voxels'], boxed

assert numbers(summary(*own, '--copies', '2', '--model', 'cocrni-002')) == numbers(one)

# B2 in Fe-Al, found as such in voxels as the model was trained on.
cells = numpy.stack(numpy.meshgrid(*[numpy.arange(-14, 14)] * 3), -1).reshape(-1, 3)
iron, aluminium = (cells + shift for shift in (0, 0.5))
b2 = numpy.column_stack([numpy.concatenate([iron, aluminium]) * 0.29, numpy.repeat([29.0, 29.5], len(cells))])
b2 = b2[generator.uniform(size=len(b2)) < 0.5]
b2[:, :3] += generator.normal(0, (0.3, 0.3, 0.02), (len(b2), 3))
pos_b2, rrng_b2 = os.path.join(folder, 'b2.pos'), os.path.join(folder, 'b2.rrng')
b2.astype('>f4').tofile(pos_b2)
with open(rrng_b2, 'w', encoding='ascii') as file:
    file.write('[Ranges]\nNumber=2\nRange1=28.9 29.1 Fe:1\nRange2=29.4 29.6 Al:1\n')
found = summary('--ions', pos_b2, '--ranges', rrng_b2, '--model', 'feal-002')['pairs']
assert list(found) == ['Fe-Fe+Al-Al:B2', 'Fe-Fe+Al-Al:D03'], found.keys()
voxels, ordered = found['Fe-Fe+Al-Al:B2']['voxels_defined'], found['Fe-Fe+Al-Al:B2']
assert ordered['pixels_selected'] > 0.9 * voxels, ordered
assert ordered['copies'][0]['pixels_selected'] < 0.01 * voxels, ordered
assert found['Fe-Fe+Al-Al:D03']['pixels_selected'] < 0.01 * voxels, found


def damaged(name, data):
    path = os.path.join(folder, name)
    with open(path, 'wb') as file:
        file.write(data)
    return path


with open(pos, 'rb') as file:
    good = file.read()
nothing = os.path.join(folder, 'nothing.pos')
refuses('nothing.pos: No such file', '--ions', nothing, run=run_alone)
refuses('empty', '--ions', damaged('empty.pos', b''))
refuses('16', '--ions', damaged('short.pos', good[:-5]))
nan = ions[:100].astype('>f4')
nan[50, 1] = numpy.nan
refuses('nan', '--ions', damaged('nan.pos', nan.tobytes()), '--ranges', rrng)
refuses("character 1: 'W', expected one of the species Ni, Co, H", *own, '--pairs', 'W-W')
refuses("pairs ',': character 1: ',', expected a pair of species", *own, '--pairs', ',')
refuses('--copies cannot be combined', '--extracted', pos, '--copies', '2')
refuses("--pairs ;: expected", '--extracted', pos, '--pairs', ';')
states = damaged('states.csv', f'State,Results\na,{folder}/out\nb,{folder}/out\n'.encode())
refuses('--states cannot be combined with --ions', '--states', states, '--ions', pos)
refuses('nothing.csv: No such file', '--states', os.path.join(folder, 'nothing.csv'))
done = run('--states', states, '--out', os.path.join(folder, 'states'))
assert done.returncode == 0 and 'b less a: 0 (95 %' in done.stdout, (done.stdout, done.stderr)
assert sorted(os.listdir(os.path.join(folder, 'states'))) == ['states.csv', 'states_data.csv', 'states_differences.csv']
other = damaged('w.rrng', b'[Ions]\nNumber=1\nIon1=W\n[Ranges]\nNumber=1\nRange1=60.5 60.8 W:1\n')
refuses('', '--ions', pos, '--ranges', other)
refuses('line 2', '--ions', pos, '--ranges', damaged('bad.rrng', b'[Ranges]\nRange1=abc def Ni:1\n'))
refuses('box', *own, '--box=100,110,100,110,-50,-40')
refuses("box '1,2': character 4: the end, expected six numbers", *own, '--box=1,2')
refuses('six numbers', *own, '--box=')
refuses("character 3: 'x', expected a finite number", *own, '--box=1,x,3,4,5,6')
refuses('larger than the box', *own, '--box=0,0.5,0,5,-5,0')
refuses('no ion has a species', '--ions', pos)  # a.rrng is in the same folder, but the batch script takes what it is given
refuses('--pairs needs --ranges', '--ions', pos, '--pairs', 'Ni-Ni')
refuses('model.xml', *own, '--model', damaged('model.xml', b'<model/>'))
refuses('nimo-002: No such file or directory; models that ship: cocrni-002, cocrni-111, feal-002', *own, '--model',
     'nimo-002')
refuses('Fe-Fe', *own, '--model', 'feal-002')
refuses('--copies', *own, '--copies', '-1')
# Lattice planes that are none of the model's: an error; a warning with --force and for the published analysis.
ions[:, 2] *= 0.23 / 0.18
ions.astype('>f4').tofile(os.path.join(folder, 'other.pos'))
other = ('--ions', os.path.join(folder, 'other.pos'), '--ranges', rrng, '--copies', '0', '--detect', 'off')
refuses("0.23 nm apart, model 'CoCrNi <002>' (fcc, pole 002 along z) expects 0.18 nm", *other)
for option in '--force', '--reference':
    done = run(*other, option)
    assert done.returncode == 0 and 'csro_batch.py: warning: the lattice planes of the ions are' in done.stderr, done.stderr
    with open(os.path.join(folder, 'out', 'summary.json'), encoding='utf-8') as file:
        warnings = json.load(file)['warnings']
    assert any('expects 0.18 nm' in text for text in warnings), warnings
assert one['warnings'] == [], one['warnings']
refuses('--nonsense', *own, '--nonsense', run=run_alone)
refuses('is a file', *own, '--out', pos)
refuses('W-W', *own, '--pairs', 'W-W', ranks=2, run=run_alone)

# The same from two ranks.
workers[2] = Worker(mpirun, '-n', '2')
check_same(2, 1)
same(numbers(planted), numbers(summary(*own, '--copies', '0', '--pairs', 'Ni-Ni', '--sensitivity', ranks=2)))
same(numbers(measured), numbers(summary(*own, '--copies', '3', '--pairs', 'Ni-Ni', '--detect', 'off', '--statistics', ranks=2)))
check_extracted(2)
refuses('nothing.pos', '--ions', nothing, ranks=2)
refuses('16', '--ions', os.path.join(folder, 'short.pos'), ranks=2)

if not os.path.isdir(reference):
    close()
    print(f'skipped: no reference cases in {reference}', file=sys.stderr)
    sys.exit(77)
real = os.path.join(reference, 'real_nini')
name = 'NiNi_10_10_-120_0nm_above_3.75_win_1_stride_0.5.csv'
with open(os.path.join(real, 'expected.json'), encoding='utf-8') as file:
    expected = json.load(file)
for ranks in 0, 2:
    found = summary('--extracted', os.path.join(real, name), '--randomized', os.path.join(real, 'Random_' + name),
                    '--pairs', 'Ni-Ni', ranks=ranks)['pairs']['Ni-Ni']
    for counts, case in (found, expected['actual']), (found['copies'][0], expected['random']):
        assert [counts[key] for key in ('ions_extracted', 'domains', 'noise', 'largest', 'size_histogram')] == \
               [case[key] for key in ('n_atoms', 'n_clusters', 'n_noise', 'max_size', 'size_hist')], counts
    for key in 'pcc', 'chi2', 'bins_used', 'n_total', 'mu':
        assert abs(found[key] - expected['statistics'][key]) < 1e-9, (key, found[key])

model = os.path.join(folder, 'released.xml')
importer = os.path.join(os.path.dirname(script), '..', 'core', 'tools', 'import_keras_model.py')
networks = [os.path.join(reference, 'cnn', f'model_{fold}.h5') for fold in range(5)]
subprocess.run([sys.executable, importer, *networks, '-o', model], check=True)
small = os.path.join(reference, 'small')
with open(os.path.join(small, 'expected.json'), encoding='utf-8') as file:
    expected = json.load(file)['pos']
options = ('--ranges', os.path.join(small, 'specimen.rrng'), '--box=-5,5,-5,5,-12,0', '--pairs', 'Ni-Ni', '--model',
           model, '--reference', '--copies', '0')
for ranks in 0, 2:
    found = summary('--ions', os.path.join(small, 'data.pos'), *options, ranks=ranks)
    pair = found['pairs']['Ni-Ni']
    assert found['voxels'] == expected['voxels']
    assert pair['voxels_defined'] == expected['voxels'] - expected['nan_voxels']
    assert [pair[key] for key in ('zsdm_count_sum', 'pixels_selected', 'ions_extracted', 'domains', 'noise',
                                  'size_histogram')] == \
           [expected[key] for key in ('count_sum', 'pixels_selected', 'atoms', 'clusters', 'noise', 'hist')], pair
    assert 'mu' not in pair and 'mu_null' not in pair and pair['copies'] == []
    assert pair['number_density_m3'] > 0
copy = summary('--ions', os.path.join(small, 'random.pos'), *options)['pairs']['Ni-Ni']
assert [copy[key] for key in ('pixels_selected', 'ions_extracted', 'domains', 'largest')] == [0, 0, 0, 0], copy
close()
