"""Whether data are good enough: what is named, and that nothing is on clean data."""
from harness import Errors, array, check, column, equal, output, simple

names = ['Quantity', 'Value', 'Low', 'High', 'Unit', 'Verdict', 'Words']


def judge(nominal='Co 1, Cr 1, Ni 1', **properties):
    specimen = simple.SimulateAPT(Shape='Box', Width=[12, 12], Height=16, **properties)
    table = output(simple.DataQuality(Input=specimen, PlaneSpacing=0.18, NominalComposition=nominal))
    rows = list(zip(*(column(table, name) for name in names)))
    return {row[0]: row for row in rows}, array(table, 'DataQuality', 'Field')[0]


rows, words = judge()
equal({row[5] for row in rows.values()}, {'ok'})
equal(words, 'usable along this pole')
check(abs(rows['Plane spacing'][1] - 0.18) < 0.0005 and rows['Plane spacing'][2] < rows['Plane spacing'][3])
check('SigmaZ of Ni' in rows and 'Ni seen of nominal' in rows and 'Near pairs of one species' in rows, rows.keys())
check('Ni seen of nominal' not in judge(nominal='')[0])

rows, words = judge(Tilt=3)
equal(rows['Tilt'][5], 'warning')
check('planes are tilted' in rows['Tilt'][6], rows['Tilt'])
check(words.startswith('usable along this pole, with'), words)
rows, words = judge(SigmaZ=0.2)
equal(rows['Coherence'][5], 'bad')
check(words.startswith('not usable'), words)

# Multiple hits are known where the ions say it.
specimen = simple.SimulateAPT(Shape='Box', Width=[9, 9], Height=12)
check('Multiple hits' not in column(output(simple.DataQuality(Input=specimen)), 'Quantity'))
for name in 'IonsPerPulse', 'Multiplicity':
    hits = simple.Calculator(Input=specimen, ResultArrayName=name, Function='if(IonId < 20000, 2, 1)')
    table = output(simple.DataQuality(Input=hits))
    row = column(table, 'Quantity').index('Multiple hits')
    check(abs(column(table, 'Value')[row] - 20000 / output(specimen).GetNumberOfPoints()) < 1e-12)
    equal(column(table, 'Verdict')[row], 'warning')

# Errors, each once.
quality = simple.DataQuality(Input=simple.SimulateAPT(Shape='Box', Width=[4, 4], Height=4), NominalComposition='Fe 1')
errors = Errors(quality)
output(quality)
equal(len(errors.texts), 1)
check("'Fe' is no single species" in errors.texts[0], errors.texts)
