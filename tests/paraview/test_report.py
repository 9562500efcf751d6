"""test_report.py MPIRUN PVBATCH SCRIPT SOURCE: the report of csro_batch.py --report. The page is well-formed, loads and runs nothing, shows
names from files as they are; JSON has the same numbers as summary.json; a second run and another number of ranks write
the same. Run by Debian's python3."""
import hashlib
import json
import os
import shutil
import subprocess
import sys
from xml.etree import ElementTree

import numpy
from temporary import temporary_folder

mpirun, pvbatch, script, source = sys.argv[1:5]
sys.path.insert(0, os.path.dirname(script))
import csro_markup  # noqa: E402
import csro_report  # noqa: E402
import csro_svg  # noqa: E402

HOSTILE = '<img src=x onerror=alert(1)>&"\''
SPECIES = HOSTILE.replace(' ', '_')
folder = temporary_folder('report')
XHTML = '{http://www.w3.org/1999/xhtml}'
SVG = '{http://www.w3.org/2000/svg}'
ALLOWED = {XHTML + name for name in (
    'html head meta title style body h1 h2 h3 p div span b a ul li table caption thead tbody tr th td code figure figcaption '
    'img').split()} | {SVG + name for name in 'svg title line rect circle polyline polygon text'.split()}


def run(name, *options, ranks=0):
    """The folder of a run."""
    out = os.path.join(folder, name)
    command = [pvbatch, script, '--out', out, '--ions', pos, '--ranges', rrng, '--report', *options]
    if ranks:
        command = [mpirun, '-n', str(ranks)] + command
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, cwd=folder,
                          env={**os.environ, 'SOURCE_DATE_EPOCH': '1700000000'})
    assert done.returncode == 0 and 'Traceback' not in done.stderr, done.stderr
    return out


def read(*names):
    with open(os.path.join(*names), encoding='utf-8') as file:
        return file.read()


def parsed(page):
    """The page as a tree, in which nothing can run or be loaded."""
    root = ElementTree.fromstring(page)
    for each in root.iter():
        assert each.tag in ALLOWED, each.tag
        for name, value in each.attrib.items():
            assert not name.lower().startswith('on') and 'javascript' not in value.lower(), (name, value)
            if name in ('src', 'href'):
                assert value.startswith(('data:image/png;base64,', 'https://doi.org/')), value
    assert 'url(' not in page and '@import' not in page
    return root


# Ions with planes, and names from files that would run something where they are not escaped.
generator = numpy.random.default_rng(1)
ions = generator.uniform((-3, -3, -6, 0), (3, 3, 0, 0), (12000, 4))
ions[:, 2] = numpy.round(ions[:, 2] / 0.18) * 0.18 + generator.normal(0, 0.02, 12000)
ions[:, 3] = generator.choice((29.0, 29.5, 1.0), 12000, p=(0.5, 0.4, 0.1))
pos, rrng = os.path.join(folder, HOSTILE + '.pos'), os.path.join(folder, 'a.rrng')
ions.astype('>f4').tofile(pos)
with open(rrng, 'w', encoding='ascii') as file:
    file.write('[Ions]\nNumber=2\nIon1=Ni\nIon2=Co\n[Ranges]\nNumber=3\nRange1=28.9 29.1 Ni:1\nRange2=29.4 29.6 Co:1\n'
               f'Range3=0.9 1.1 Name:{SPECIES}\n')

first = run('first', '--pairs', 'Ni-Ni,Co-Co', '--copies', '3')
page, record = read(first, 'report.html'), json.loads(read(first, 'report.json'))
root = parsed(page)
text = ' '.join(root.itertext())
assert HOSTILE in text and SPECIES in text and '<img src=x' not in page, 'names are not escaped'
assert root.find(f'{XHTML}head/{XHTML}title').text == f'Chemical short-range order in {HOSTILE}.pos'
# What the JSON says: results as summary.json, checksums, parameters, seeds.
assert record['format'] == 'apt-csro-report-1' and record['date'] == '2023-11-14T22:13:20Z', record['date']
summary = json.loads(read(first, 'summary.json'))
assert record['results'] == {key: value for key, value in summary.items() if key not in ('seconds', 'peak_memory_bytes')}
for path, found in zip((pos, rrng), record['provenance']['files']):
    with open(path, 'rb') as file:
        data = file.read()
    assert (found['path'], found['bytes'], found['sha256']) == (path, len(data), hashlib.sha256(data).hexdigest()), found
    assert found['sha256'] in text
assert record['provenance']['model']['name'] == 'cocrni-002' and record['provenance']['model']['fingerprint'] in text
steps = {step['filter']: step for step in record['provenance']['steps']}
assert steps.keys() >= {'APTReader', 'DataQuality', 'VoxelizeAPT', 'ComputeZSDM', 'ClassifyCSRO', 'ClusterDomains', 'DetectOrder',
                        'CompareDomains'}, steps.keys()
assert record['provenance']['copy_seeds'] == [1, 2, 3]
units = {each['name']: each['unit'] for step in steps.values() for each in step['parameters']}
assert (units['BallRadius'], units['Eps'], units['Seed']) == ('nm', 'nm', None), units
settings = {each['name']: each for each in steps['CompareDomains']['parameters']}
assert settings['Copies']['value'] == 3 and not settings['Copies']['is_default'] and settings['Seed']['is_default'], settings
assert not [each for step in steps.values() for each in step['parameters'] if folder in str(each['value'])], 'a folder is told'
assert sum(record['domains']['Ni-Ni']['Size']) == summary['pairs']['Ni-Ni']['ions_extracted'] - summary['pairs']['Ni-Ni']['noise']
assert len(record['curves']['dz_nm']) == len(record['curves']['Ni-Ni']) == 93
assert max(record['spectrum']['counts']['Ni']) > 100 and SPECIES in record['spectrum']['counts']
# What a reader finds at the head and below.
head = ' '.join(root.find(f'.//{XHTML}div[@class="head"]').itertext())
for said in (summary['quality']['verdict'], 'Not measured by injection', summary['pairs']['Ni-Ni']['sentence'],
             summary['order_kinds']['found']):
    assert said in head, (said, head)
for said in ('randomised copies 1 to 3', 'ParaView', 'SHA-256', 'doi 10.1002/adma.202407564', 'the smallest possible p is 0.25',
             'BallRadius', 'nm', 'Holm'):
    assert said in text, said
assert len(root.findall(f'.//{SVG}svg')) >= 5
# The same again; from two ranks.
shutil.move(first, os.path.join(folder, 'kept'))
first = os.path.join(folder, 'kept')
second = run('first', '--pairs', 'Ni-Ni,Co-Co', '--copies', '3')
for name in 'report.html', 'report.json':
    assert read(first, name) == read(second, name), f'a second run writes another {name}'
shutil.rmtree(second)
two = run('first', '--pairs', 'Ni-Ni,Co-Co', '--copies', '3', ranks=2)
with_ranks = json.loads(read(two, 'report.json'))
threads = with_ranks['results']['threads']
assert with_ranks['results'].pop('ranks') == 2 and record['results'].pop('ranks') == 1
record['results'].pop('threads'), with_ranks['results'].pop('threads')


def same(a, b, where=''):
    if isinstance(a, dict):
        assert a.keys() == b.keys(), where
        for key in a:
            same(a[key], b[key], f'{where}/{key}')
    elif isinstance(a, list):
        assert len(a) == len(b), where
        for k, pair in enumerate(zip(a, b)):
            same(*pair, f'{where}/{k}')
    elif isinstance(a, float) and isinstance(b, (int, float)):
        assert abs(a - b) <= 1e-6 * abs(a) + 1e-12, (where, a, b)
    else:
        assert a == b, (where, a, b)


same(record, with_ranks)
parsed(read(two, 'report.html'))

# Ions that were extracted elsewhere, and a copy that was given.
done = subprocess.run([pvbatch, script, '--out', os.path.join(folder, 'given'), '--extracted', pos, '--randomized', pos, '--report'],
                      capture_output=True, text=True, timeout=200, cwd=folder)
assert done.returncode == 0, done.stderr
given = json.loads(read(folder, 'given', 'report.json'))
assert [file['path'] for file in given['provenance']['files']] == [pos, pos] and given['provenance']['copy_seeds'] == [], given['provenance']
text = ' '.join(parsed(read(folder, 'given', 'report.html')).itertext())
for said in 'Not judged: Data Quality was not run. ', 'Compared with 1 copy that was given', '12\u2009000 ions, 0 of them ranged; x':
    assert said in text, (said, text)

# Records with nothing in them: no ranges, no domains, no copies, errors; undefined numbers.
bare = {**record, 'spectrum': None, 'curves': None, 'domains': {}, 'ordered_domains': {}, 'statistics': {}, 'species_colors': {}, 'bounds_nm': None,
        'results': {'version': '1', 'ions': 0, 'species': {}, 'ranks': 1, 'threads': 1, 'warnings': [HOSTILE], 'pairs': {},
                    'quality': {'error': HOSTILE}, 'detect_order': {}, 'order_kinds': {'error': HOSTILE},
                    'sensitivity': {HOSTILE: {'error': HOSTILE}}, 'statistics': {'nearest_neighbours': {'error': HOSTILE}}}}
bare['provenance'] = {'software': {HOSTILE: HOSTILE}, 'command': [HOSTILE, '\udcff\x07'], 'model': None, 'copy_seeds': [], 'files': [], 'steps': []}
text = ' '.join(parsed(csro_report.page(bare)).itertext())
assert text.count(HOSTILE) >= 7 and '\ufffd\ufffd' in text, text
classes = [{'from_nm': 1.0, 'to_nm': 2.0, 'planted': 10.0, 'recall': 0.5, 'recall_low': 0.25, 'recall_high': 0.75, 'density_m3': 0.0,
            'density_low_m3': 0.0, 'density_high_m3': 3e23},
           {'from_nm': 1.0, 'to_nm': None, 'planted': 0.0, 'recall': None, 'recall_low': None, 'recall_high': None,
            'density_m3': None, 'density_low_m3': None, 'density_high_m3': None}]
bare['results']['sensitivity'] = {'Ni': {'sentence': 'So be it.', 'level': 0.8, 'injections': 2, 'planted': 10, 'order': [None] * 3,
                                         'detection_limit_nm': [1.5, 1.4, None], 'classes': classes}}
text = ' '.join(parsed(csro_report.page(bare)).itertext())
for said in 'Ni: So be it.', 'intervals of 80 %', '0.25 to 0.75', '3.00\u00d710\u00b2\u00b3', '1 nm and more':
    assert said in text, (said, text)
# Charts and tables of the statistics: undefined values are left out.
bare['statistics'] = {
    'order_parameters_planes': {'Pair': [f'{HOSTILE}-{HOSTILE}', 'Ni-Ni', 'Ni-Ni', 'Ni-Co'], 'Planes': [0, 0, 1, 0],
                                'Alpha': [None, -0.01, 0.01, 0], 'Low': [None, -0.02, 0.0, 0], 'High': [None, 0.0, 0.02, 0],
                                'CopiesMean': [None, 0.001, None, 0]},
    'composition_Ni-Ni': {'Name': [HOSTILE], 'Count_Domains': [7], 'Fraction_Domains': [0.25], 'StandardError_Domains': [0.01],
                          'Fraction_Matrix': [0.3], 'StandardError_Matrix': [0.001], 'Difference': [-0.05], 'P_Fisher': [0.04]},
    'profile_Ni-Ni': {'Position_nm': [0.5, 1.5, 2.5], 'Fraction_Ni': [0.3, None, 0.5], 'StandardError_Ni': [0.1, None, 0.2]},
    'proximity_Ni-Ni': {'Distance_nm': [0.5], 'Fraction_Ni': [0.3], 'StandardError_Ni': [0.1]},
    'spectrum_fit': {'Name': ['Ni'], 'Count': [10], 'RawFraction': [1.0], 'Fraction': [1.0], 'Low': [0.9], 'High': [1.1]}}
root = parsed(csro_report.page(bare))
text = ' '.join(root.itertext())
for said in 'Order parameters against planes between', '\u22125.00', 'Fisher', '90 to 110', 'Composition along z':
    assert said in text, (said, text)
assert 'Composition around' not in text, 'a chart of one point'
(alpha,) = [each for each in root.iter(f'{SVG}svg') if 'Order parameters' in each[0].text]
assert len(alpha.findall(f'{SVG}circle')) == 2, 'two values have an interval'
one_pixel = bytes.fromhex('89504e470d0a1a0a0000000d494844520000000100000001')
assert parsed(csro_report.page(bare, [(HOSTILE, one_pixel)])).find(f'.//{XHTML}img').get('alt') == HOSTILE

# Numbers and charts.
for value, expected in ((1234567, '1\u2009234\u2009567'), (0.5, '0.500'), (-12.3456, '\u221212.3'), (4.33e24, '4.33\u00d710\u00b2\u2074'),
                        (float('nan'), '\u2013'), (None, '\u2013'), (2e-5, '2.00\u00d710\u207b\u2075'), (True, 'yes')):
    assert csro_markup.number(value) == expected, (value, csro_markup.number(value))
assert csro_markup.interval(0.17997, 0.18008) == '0.17997 to 0.18008', csro_markup.interval(0.17997, 0.18008)
assert csro_markup.interval(1.0, None) == 'above 1.00' and csro_markup.p_text(0.00001) == 'below 0.0001'
assert csro_svg.ticks(0, 10) == [0, 2, 4, 6, 8, 10] and csro_svg.ticks(-0.7, 0.7, 3) == [-0.5, 0, 0.5]
assert csro_svg.share_of([3, 1, 2, 4], 0.5) == 2.5
chart = csro_svg.sizes('t', [4, 2] + [0] * 30, [[1] + [0] * 31, [3] + [0] * 31])
bars = [each for each in chart if each.tag == 'rect' and each.get('stroke') == csro_svg.DATA]
assert len(bars) == 2 and abs(float(bars[0].get('height')) - 2 * float(bars[1].get('height'))) < 0.05, ElementTree.tostring(chart)
