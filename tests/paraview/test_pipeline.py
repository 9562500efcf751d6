"""csro_pipeline.py as a library: two analyses in one process, ions from a file and from the pipeline, progress, errors
as Failure, and nothing left behind."""
import io
import os
import sys

import harness
import numpy
from harness import check, equal, simple, temporary, write_pos

sys.path.insert(0, os.environ['CSRO_SAMPLE_STATES'])
before = set(vars(simple))
import csro_pipeline  # noqa: E402
import csro_plugin  # noqa: E402
import csro_settings  # noqa: E402
from csro_pipeline import Failure, analyse, analyse_extracted  # noqa: E402
from csro_progress import Line, Progress  # noqa: E402

generator = numpy.random.default_rng(1)
rows = generator.uniform((-3, -3, -6, 0), (3, 3, 0, 0), (12000, 4))
rows[:, 2] = numpy.round(rows[:, 2] / 0.18) * 0.18 + generator.normal(0, 0.02, 12000)
rows[:, 3] = generator.choice((29.0, 29.5), 12000)
pos = write_pos(os.path.join(temporary, 'a.pos'), rows)
rrng = os.path.join(temporary, 'a.rrng')
with open(rrng, 'w', encoding='ascii') as file:
    file.write('[Ions]\nNumber=2\nIon1=Ni\nIon2=Co\n[Ranges]\nNumber=2\nRange1=28.9 29.1 Ni:1\nRange2=29.4 29.6 Co:1\n')


def fails(text, function, *arguments, **more):
    """A Failure with this text, after which the pipeline is what it was."""
    sources = set(simple.GetSources())
    try:
        function(*arguments, **more)
    except Failure as failure:
        check(text in str(failure) and '\n' not in str(failure), f'{failure}, expected {text}')
    else:
        check(False, f'no Failure, expected {text}')
    equal(set(simple.GetSources()), sources)


# Twice in one process: without copies, and with two and progress.
heard = []
names = set(vars(csro_pipeline))
first = analyse(pos, rrng, copies=0)
second = analyse(pos, rrng, pairs=['Ni-Ni', 'Co-Co'], box=None, copies=2, threads=1, progress=heard.append)
equal(set(vars(csro_pipeline)), names)
equal(set(vars(simple)), before)
equal(list(second.results['pairs']), ['Ni-Ni', 'Co-Co'])
for found, copies in (first, 0), (second, 2):
    for key in 'Ni-Ni', 'Co-Co':
        entry = found.results['pairs'][key]
        equal(len(entry['copies']), copies)
        equal('mu_null' in entry, copies > 0)
        equal(entry['domains'], sum(entry['size_histogram']))
        equal(harness.output(found.domains[key], 1).GetNumberOfRows(), entry['domains'])
        equal(harness.output(found.comparison[key], 1).GetNumberOfColumns(), 2 + copies + (2 if copies > 1 else 0))
    equal(harness.output(found.voxels).GetNumberOfPoints(), found.results['voxels'])
    check(found.curves and found.classified and harness.output(found.ions).GetNumberOfPoints() == 12000)
    check(found.results['seconds']['total'] > 0 and found.results['peak_memory_bytes'] > 0)
for key, entry in first.results['pairs'].items():
    equal(entry['size_histogram'], second.results['pairs'][key]['size_histogram'])

fractions = [report.fraction for report in heard]
equal(fractions, sorted(fractions))
check(fractions[0] < 0.1 and fractions[-1] == 1 and fractions.count(1) == 1, fractions)
equal(sorted({report.copy for report in heard}), [0, 1, 2])
equal({report.step for report in heard}, {'read', 'voxelize', 'zsdm', 'classify', 'cluster', 'detect', 'compare'})
check(all(report.copies == 2 for report in heard))
check(heard[-1].remaining == 0 and heard[-1].elapsed > 0)


class Terminal(io.StringIO):
    def isatty(self):
        return True


# The line: rewritten on a terminal, elsewhere a new one every ten seconds, and on closed streams none.
reports = [Progress('zsdm', 3, 19, 0.425, 75.2, 3700.0), Progress('zsdm', 3, 19, 0.43, 75.3, 3600.0),
           Progress('compare', 19, 19, 1.0, 80.0, 0.0)]
for stream in Terminal(), io.StringIO(), None:
    line = Line(stream)
    for report in reports:
        line(report)
    line.close()
    if stream:
        top, *_, last = stream.getvalue().strip().replace('\r', '\n').replace('\033[K', '').splitlines()
        check(top.startswith('42 %  zsdm of copy 3 of 19, 1:15, 1:01:40 left, ends at '), top)
        equal(last, '100 %  compare, 1:20')
        equal('\r' in stream.getvalue(), stream.isatty())

# Histograms as numbers: the same as the tables of copies, and after these.
table = simple.OutputPort(first.domains['Ni-Ni'], 2)
counts = first.results['pairs']['Ni-Ni']['size_histogram']
apt = csro_plugin.load_plugin()
compared = apt.CompareDomains(Domains=first.domains['Ni-Ni'], GivenCopies=[table], CopyHistograms=list(range(32)) + counts)
histograms = harness.output(compared, 1)
equal(list(harness.column(histograms, 'Copy 1')), counts)
equal(list(harness.column(histograms, 'Copy 2')), list(range(32)))
equal(list(harness.column(histograms, 'Copy 3')), counts)
for name, share in ('NullP5', 0.05), ('NullP95', 0.95):  # over the copies, bin by bin
    expected = [numpy.quantile([count, number, count], share) for number, count in enumerate(counts)]
    check(numpy.allclose(harness.column(histograms, name), expected, atol=1e-12), name)
errors = harness.Errors(compared)
for wrong, text in ((counts[1:], '31 counts, expected 32 for each copy'), ([-1, *counts[1:]], 'count 1 is -1')):
    compared.CopyHistograms = wrong
    compared.UpdatePipeline()
    check(len(errors.texts) == 1 and text in errors.texts[0], errors.texts)
    errors.texts.clear()
compared.CopyHistograms = []
equal(harness.output(compared, 1).GetNumberOfColumns(), 3)  # one copy makes no band
simple.Delete(compared)

# Ions of the pipeline, with ranges and with species; delete leaves what was given.
reader = apt.APTReader(FileName=pos)
third = analyse(reader, rrng, copies=0)
ranged = apt.APTReader(FileName=pos, RangesFileName=rrng)
fourth = analyse(ranged, pairs='Ni-Ni', box=(-2, 2, -2, 2, -5, -1), copies=0)
equal(third.results['pairs'], first.results['pairs'])
check(fourth.results['voxels'] < first.results['voxels'])
check(fourth.ions is ranged)
extracted = analyse_extracted(pos, [pos, pos], ranges=rrng, key='all')
equal(extracted.results['species'], first.results['species'])
equal(len(extracted.results['pairs']['all']['copies']), 2)
check(extracted.voxels is None and extracted.ions and 'all' in extracted.comparison)
for found in first, second, third, fourth, extracted:
    found.delete()
equal(len(simple.GetSources()), 2)

# The number of copies depends on the number of ions alone.
equal([csro_settings.default_copies(ions) for ions in (0, 12000, 20_000_000, 20_000_001)], [19, 19, 19, 4])

# What is wrong is said by a Failure.
fails('nothing.pos: No such file', analyse, os.path.join(temporary, 'nothing.pos'))
fails('null', analyse, 'a\0b')
bad = os.path.join(temporary, 'bad.pos')
with open(pos, 'rb') as whole, open(bad, 'wb') as file:
    file.write(whole.read()[:-5])
fails('16', analyse, bad, rrng)
fails('W-W', analyse, pos, rrng, pairs='W-W')
fails('the end, expected six numbers', analyse, pos, rrng, box=(1, 2))
fails('box: empty', analyse, pos, rrng, box=[])
fails('copies -1: expected 0 to 10000', analyse, copies=-1)
fails('copies 1.5: expected 0 to 10000', analyse, copies=1.5)
fails('threads 0: expected 1 to 4096', analyse, threads=0)
fails('seed -1: expected 0 to', analyse, seed=-1)
fails('nimo-002: No such file or directory; models that ship', analyse, model='nimo-002')
fails('pairs needs ranges', analyse, pos, pairs='Ni-Ni')
fails('ranges needs ions', analyse, ranges=rrng)
fails('16', analyse_extracted, pos, [bad])

# As a pipeline that stays: the numbers of the analysis, sources with names, and nothing after an error.
sources = set(simple.GetSources())
built = csro_pipeline.build(pos, rrng, pairs='Ni-Ni', copies=2, show=False)
equal(sorted(name for name, _ in set(simple.GetSources()) - sources),
      sorted(['a.pos', 'Data quality', 'Pole', 'Voxels', 'z-SDM', 'Probability', 'Domains Ni-Ni', 'Comparison Ni-Ni']
             + ['Domains by likelihood'] * (built.ordered is not None)))
equal(harness.output(built.comparison['Ni-Ni'], 1).GetNumberOfColumns(), 6)
equal([harness.output(built.domains['Ni-Ni'], 2).GetColumnByName('Domains').GetValue(i) for i in range(32)],
      second.results['pairs']['Ni-Ni']['size_histogram'])
equal(len(csro_pipeline.build(built.ions, copies=0, detect=False, show=False).domains), 1)
fails("'Zr'", csro_pipeline.build, pos, rrng, pairs='Zr-Zr', show=False)
