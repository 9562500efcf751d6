"""The randomised copy, and the comparison of domains with those of copies."""
import os

import numpy
from harness import Errors, array, check, column, equal, names, output, points, simple, temporary

specimen = simple.SimulateAPT(Shape='Box', Width=[8, 8], Height=8)
ions = output(specimen)
randomized = simple.RandomizeIons(Input=specimen)
copy = output(randomized)
check((points(ions) == points(copy)).all())
check((array(ions, 'IonId') == array(copy, 'IonId')).all())
equal(copy.GetNumberOfCells(), ions.GetNumberOfPoints())
for name in 'Species', 'MassToCharge':
    check((numpy.sort(array(ions, name)) == numpy.sort(array(copy, name))).all())
    check((array(ions, name) != array(copy, name)).mean() > 0.5)
# labels move together
pairs = sorted(zip(array(ions, 'MassToCharge'), array(ions, 'Species')))
check(pairs == sorted(zip(array(copy, 'MassToCharge'), array(copy, 'Species'))))
first = array(copy, 'MassToCharge').copy()
check((array(output(simple.RandomizeIons(Input=specimen)), 'MassToCharge') == first).all())
randomized.Seed = 2
check((array(output(randomized), 'MassToCharge') != first).mean() > 0.5)

# a random label says nothing about its neighbour in the file
species = array(copy, 'Species').astype(float)
check(abs(numpy.corrcoef(species[1:], species[:-1])[0, 1]) < 0.03)

errors = Errors(plain := simple.RandomizeIons(Input=simple.PointSource(NumberOfPoints=5)))
equal(output(plain).GetNumberOfPoints(), 0)
equal(len(errors.texts), 1)
check('no labels' in errors.texts[0], errors.texts)


def domains_by(function):
    return simple.Calculator(Input=specimen, ResultArrayName='DomainId', Function=function)


def histogram(proxy):
    ids = array(output(proxy), 'DomainId').astype(int)
    sizes = numpy.bincount(ids[ids >= 0])
    return numpy.histogram(numpy.minimum(sizes, 160), bins=32, range=(0, 160))[0]


data = domains_by('TrueDomainId')
copies = [domains_by('floor(TrueDomainId / 2)'), domains_by('floor(TrueDomainId / 3)')]
compared = simple.CompareDomains(Domains=data, GivenCopies=copies)
row = output(compared)
actual, random = histogram(data), histogram(copies[0])
used = random >= 1
chi2 = ((actual - random)[used] ** 2 / random[used]).sum()
n = (actual.sum() + random.sum()) / 2
equal(column(row, 'Domains')[0], actual.sum())
equal(column(row, 'CopyDomains')[0], random.sum())
equal(column(row, 'BinsUsed')[0], used.sum())
for name, expected in (('Chi2', chi2), ('NTotal', n), ('Mu', (chi2 / (chi2 + n)) ** 0.5),
                       ('PCC', numpy.corrcoef(actual, random)[0, 1])):
    check(abs(column(row, name)[0] - expected) < 1e-9, (name, column(row, name)[0], expected))
check(1 / 3 <= column(row, 'MuPValue')[0] <= 1)


def sizes(proxy):
    ids = array(output(proxy), 'DomainId').astype(int)
    return numpy.bincount(ids[ids >= 0])


for name, of in (('Domains', len), ('OrderedIons', sum), ('LargestDomain', max)):
    value, *null = [of(sizes(proxy)) for proxy in (data, *copies)]
    equal(column(row, name)[0], value)
    found = [column(row, name + suffix)[0] for suffix in ('NullMean', 'NullP5', 'NullP95', 'PValue')]
    expected = [numpy.mean(null), *numpy.percentile(null, (5, 95)), (1 + sum(n >= value for n in null)) / 3]
    check(numpy.allclose(found, expected, rtol=1e-12), (name, found, expected))
sentence = row.GetColumnByName('Sentence').GetValue(0)
check(sentence.startswith(f'{actual.sum()} domains; 2 randomised copies have '), sentence)
check(numpy.isnan(column(row, 'NumberDensity_m3')[0]))
table = output(compared, 1)
check((column(table, 'Size') == numpy.arange(32) * 5).all())
check((column(table, 'Data') == actual).all())
check((column(table, 'Copy 1') == random).all())
check((column(table, 'Copy 2') == histogram(copies[1])).all())

# The size histogram of a copy says as much as its ions.
path = os.path.join(temporary, 'histogram.csv')
with open(path, 'w', encoding='ascii') as file:
    file.write('Domains\n' + ''.join(f'{count}\n' for count in random))
from_table = simple.CompareDomains(Domains=data, GivenCopies=[simple.CSVReader(FileName=[path]), copies[1]])
for port in 0, 1:
    unknown = [name for name in names(output(compared, port), 'Row')
               if name.startswith(('OrderedIonsNull', 'LargestDomainNull', 'OrderedIonsP', 'LargestDomainP'))]
    check(all(numpy.isnan(column(output(from_table, port), name)[0]) for name in unknown))
    for name in set(names(output(compared, port), 'Row')) - {*unknown, 'Sentence'}:
        equal(column(output(compared, port), name).tobytes(), column(output(from_table, port), name).tobytes())
errors = Errors(bad := simple.CompareDomains(Domains=data, GivenCopies=[simple.OutputPort(from_table, 0)]))
bad.UpdatePipeline()
check('copy 1: expected a table with a column Domains of 32 rows' in errors.texts[0], errors.texts)

compared.GivenCopies = [copies[1]]
equal(column(output(compared), 'CopyDomains')[0], histogram(copies[1]).sum())
check(numpy.isnan(column(output(compared), 'MuNullMean')[0]))
alone = output(simple.CompareDomains(Domains=data))
equal(column(alone, 'Domains')[0], actual.sum())
check(numpy.isnan(column(alone, 'Mu')[0]))
nothing = simple.CompareDomains(Domains=data, GivenCopies=[domains_by('-1')])
check(numpy.isnan(column(output(nothing), 'Mu')[0]))
equal(column(output(nothing), 'CopyDomains')[0], 0)
# ... but several such copies say something
nothing = output(simple.CompareDomains(Domains=data, GivenCopies=[domains_by('-1'), domains_by('-1 + 0 * TrueDomainId')]))
for name, mean in (('Mu', (2 / 3) ** 0.5 / 2), ('Domains', 0), ('OrderedIons', 0), ('LargestDomain', 0)):
    check(abs(column(nothing, name + 'NullMean')[0] - mean) < 1e-12, name)
    check(abs(column(nothing, name + 'PValue')[0] - 1 / 3) < 1e-12, name)

errors = Errors(bad := simple.CompareDomains(Domains=specimen))
equal(output(bad).GetNumberOfRows(), 0)
equal(len(errors.texts), 1)
check('DomainId' in errors.texts[0], errors.texts)

# numbers that are no domains do not end the program
errors = Errors(bad := simple.CompareDomains(Domains=domains_by('1e15')))
equal(output(bad).GetNumberOfRows(), 0)
equal(len(errors.texts), 1)
check('no domains' in errors.texts[0], errors.texts)
